"""`kefu init`: a project of one's own, complete and without the demo shop's orders."""

from pathlib import Path

import pytest
import tomli
import yaml
from click.testing import CliRunner

from kefu.cli.init import SHIPPED, STARTER, command, create_project
from kefu.errors import SettingsError
from kefu.knowledge.files.project import load_knowledge
from kefu.ops.project import open_project

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "new" / "shop"
    result = CliRunner().invoke(command, [str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def test_the_new_folder_is_a_project(shop: Path) -> None:
    project = open_project(shop / "endpoints.yml")
    assert (project.domain, project.config) == (shop / "domain.yml", shop / "config.yml")
    assert project.training_files()
    assert (shop / "credentials.yml").is_file()
    assert len((shop / "README.md").read_text(encoding="utf-8").strip().splitlines()) <= 8


def test_it_has_no_demo_orders_and_nothing_that_was_built(shop: Path) -> None:
    assert open_project(shop / "endpoints.yml").settings.orders.seed is None
    assert not list(shop.glob("data/shop/orders*"))
    assert not list(shop.glob("data/eval/*"))
    assert not (shop / ".kefu").exists()


def test_its_example_entries_fit_its_policy(shop: Path) -> None:
    knowledge = load_knowledge(shop / "data" / "knowledge", shop / "data" / "shop" / "policy.yml")
    assert len(knowledge.entries) >= 3


def test_utterances_and_domain_are_those_of_this_repository(shop: Path) -> None:
    for name in ("domain.yml", "config.yml", "data/nlu/orders.yml", "data/shop/policy.yml"):
        assert (shop / name).read_bytes() == (ROOT / name).read_bytes()


@pytest.mark.parametrize("pattern", SHIPPED)
def test_nothing_is_shipped_that_does_not_exist(pattern: str) -> None:
    assert list(ROOT.glob(pattern))


def test_a_policy_that_learns_from_stories_has_some() -> None:
    policies = {
        policy["name"] for policy in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    }
    assert bool(policies - {"RulePolicy"}) == bool(list(ROOT.glob("data/stories/*.yml")))


def test_comments_of_endpoints_are_kept(shop: Path) -> None:
    text = (shop / "endpoints.yml").read_text(encoding="utf-8")
    assert text.count("#") == (ROOT / "endpoints.yml").read_text(encoding="utf-8").count("#")
    assert yaml.safe_load(text)["orders"]["seed"] is None


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SettingsError, match="not empty"):
        create_project(tmp_path)
    with pytest.raises(SettingsError, match="not empty"):
        create_project(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_wheel_carries_what_init_copies() -> None:
    tools = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert tuple(tools["package-data"][f"kefu.{STARTER}"]) == SHIPPED
    assert tools["package-dir"][f"kefu.{STARTER}"] == "."
    # With it setuptools would put the whole repository into the wheel a second time.
    assert tools["include-package-data"] is False
