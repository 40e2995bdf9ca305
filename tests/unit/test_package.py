"""What goes into the wheel, by setuptools' own list; tests/full/test_anybodys_project.py builds and installs one."""

from pathlib import Path, PurePath

import pytest
from safetensors import safe_open
from setuptools import Distribution

from kefu.models.checkpoint import CHECKPOINTS

ROOT = Path(__file__).parents[2]
AT_MOST = 60_000_000  # bytes of everything under kefu/checkpoints: what a package may weigh


@pytest.fixture
def packed(monkeypatch: pytest.MonkeyPatch) -> set[PurePath]:
    """The files that a build would copy, as their paths in the wheel."""
    monkeypatch.chdir(ROOT)
    distribution = Distribution({"script_name": "setup.py"})
    distribution.parse_config_files()
    build = distribution.get_command_obj("build_py")
    build.ensure_finalized()
    return {PurePath(file).relative_to(build.build_lib) for file in build.get_outputs(include_bytecode=False)}


def test_what_makes_and_measures_the_product_is_no_part_of_it(packed: set[PurePath]) -> None:
    assert {path.parts[0] for path in packed} == {"kefu"}
    assert not {"training", "bench", "tests", "scripts", "docs"} & {part for path in packed for part in path.parts}


def test_every_module_is_part_of_it(packed: set[PurePath]) -> None:
    folders = {"kefu": "kefu", **{name: f"kefu/{name}" for name in ("components", "actions", "channels", "server")}}
    modules = {
        PurePath(inside, file.relative_to(ROOT / folder))
        for folder, inside in folders.items()
        for file in (ROOT / folder).rglob("*.py")
        if "template" not in file.parts
    }
    assert modules - packed == set()


def test_the_chat_page_is_part_of_it(packed: set[PurePath]) -> None:
    files = {PurePath("kefu", file.relative_to(ROOT)) for file in (ROOT / "channels" / "webchat_files").iterdir()}
    assert PurePath("kefu/channels/webchat_files/chat.html") in files
    assert files - packed == set()


def test_the_embedded_models_are_part_of_it(packed: set[PurePath]) -> None:
    found = {path.relative_to("kefu/checkpoints") for path in packed if path.is_relative_to("kefu/checkpoints")}
    there = {file.relative_to(CHECKPOINTS) for file in CHECKPOINTS.rglob("*") if file.is_file()}
    assert found == {PurePath(path) for path in there}
    assert PurePath("embedder/model.safetensors") in found


def test_the_embedded_models_are_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in CHECKPOINTS.rglob("*") if file.is_file()) <= AT_MOST


@pytest.mark.parametrize("file", sorted(CHECKPOINTS.rglob("*.safetensors")), ids=lambda file: file.parent.name)
def test_their_weights_are_stored_in_half(file: Path) -> None:
    with safe_open(file, framework="numpy") as weights:
        types = {name: weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118 (no mapping)
    assert types and {name for name, kind in types.items() if kind not in ("F16", "BF16")} == set()
