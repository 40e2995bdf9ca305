"""Somebody's own Rasa project: the wheel is installed, its components are named in config.yml, its actions are served.

The environment is made from the wheel and the pinned dependencies alone; nothing of the checkout is on its path.
"""

import json
import os
import subprocess
import time
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

import pytest
import requests
import yaml

pytestmark = pytest.mark.full

CONFIG = """
recipe: default.v1
assistant_id: somebodys
language: en
pipeline:
  - name: kefu.components.tokenizer.Qwen3Tokenizer
  - name: kefu.components.featurizer.Qwen3Featurizer
  - name: kefu.components.char_ngrams.CharNgramFeaturizer
  - name: kefu.components.intent_classifier.Qwen3IntentClassifier
  - name: kefu.components.entities.ShopEntityExtractor
  - name: FallbackClassifier
    threshold: 0.3
policies:
  - name: RulePolicy
"""
INTENTS = {
    "book_table": ["I'd like to book a table", "table for two tonight", "can I reserve a table for friday"],
    "opening_hours": ["when do you open", "are you open on sunday", "what are your opening hours"],
    "see_menu": ["show me the menu", "what do you serve", "what dishes do you have"],
    "complain": ["my soup was cold", "the waiter was rude", "I'm not happy with the food"],
    "say_hello": ["hello there", "good morning", "hi"],
}
# A newcomer's shell: nothing of this process but what programs need to run, and to reach the package registry.
QUIET = {
    **{
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "KEFU_ENDPOINTS", "PYTHONPATH")
    },
    "USE_TF": "0",
    "RASA_TELEMETRY_ENABLED": "false",
}
PARSE = """
import asyncio, json, sys
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
print(json.dumps([asyncio.run(agent.parse_message(text)) for text in sys.argv[2:]]))
"""


@pytest.fixture(scope="module")
def wheel(clone: Any, first: "subprocess.CompletedProcess[str]", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as for a release."""
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    folder = tmp_path_factory.mktemp("wheel")
    builder = clone.folder / ".venv/bin/python"
    run(builder, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, clone.folder, cwd=folder)
    (built,) = folder.glob("kefu-*.whl")
    return built


@pytest.fixture(scope="module")
def python(clone: Any, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel and the pinned dependencies, and no checkout anywhere."""
    folder = tmp_path_factory.mktemp("somebody")
    uv, builder = clone.folder / ".venv/bin/uv", clone.folder / ".venv/bin/python"
    run(uv, "venv", "--quiet", "--python", builder.resolve(), folder / "venv", cwd=folder)
    installed = folder / "venv/bin/python"
    lock = clone.folder / "requirements.lock"
    run(uv, "pip", "install", "--quiet", "--python", installed, "--require-hashes", "-r", lock, cwd=folder)
    run(uv, "pip", "install", "--quiet", "--python", installed, "--no-deps", wheel, cwd=folder)
    return installed


@pytest.fixture(scope="module")
def project(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Rasa project of five intents in English, trained."""
    folder = tmp_path_factory.mktemp("restaurant")
    (folder / "data").mkdir()
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "domain.yml").write_text(f'version: "3.1"\nintents: {json.dumps(list(INTENTS))}\n', encoding="utf-8")
    nlu = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in INTENTS.items()]
    (folder / "data/nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}), encoding="utf-8")
    run(python.parent / "rasa", "train", "nlu", "--fixed-model-name", "somebodys", cwd=folder)
    return folder


def run(*command: object, cwd: Path) -> str:
    """Run a command as from a newcomer's shell, and give what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=QUIET,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def parse(python: Path, model: Path, *texts: str, cwd: Path) -> list[dict[str, Any]]:
    """Understand some texts with a trained model."""
    return json.loads(run(python, "-c", PARSE, model, *texts, cwd=cwd).splitlines()[-1])


def test_the_wheel_has_the_product_alone(wheel: Path) -> None:
    paths = [PurePosixPath(name) for name in ZipFile(wheel).namelist()]
    assert {path.parts[0] for path in paths if ".dist-info" not in path.parts[0]} == {"kefu"}
    assert not {"training", "bench", "tests", "scripts", "docs"} & {part for path in paths for part in path.parts}
    assert PurePosixPath("kefu/checkpoints/embedder/model.safetensors") in paths


def test_the_package_comes_from_the_wheel(python: Path, clone: Any, tmp_path: Path) -> None:
    where = run(
        python, "-c", "import kefu.components, kefu.actions, kefu.channels; print(kefu.__file__)", cwd=tmp_path
    )
    assert Path(where.strip()).is_relative_to(python.parent.parent)


def test_an_english_project_of_five_intents_trains_and_parses(python: Path, project: Path) -> None:
    texts = ["could we have a table for four tomorrow", "do you open on mondays", "the fish tasted awful"]
    found = parse(python, next((project / "models").glob("*.tar.gz")), *texts, cwd=project)
    assert [one["intent"]["name"] for one in found] == ["book_table", "opening_hours", "complain"]
    assert all(len(one["intent_ranking"]) >= len(INTENTS) for one in found)


def test_a_model_trained_in_the_repository_loads(python: Path, clone: Any, project: Path) -> None:
    assert clone.make("train").returncode == 0  # does nothing where it is trained already
    models = sorted((clone.folder / "models").glob("*.tar.gz"))
    (found,) = parse(python, models[-1], "我要退货 SO20260003", cwd=project)
    assert found["intent"]["name"] == "request_return"
    assert [entity["value"] for entity in found["entities"] if entity["entity"] == "order_number"] == ["SO20260003"]


def test_the_actions_are_served(python: Path, clone: Any, project: Path) -> None:
    command = [python.parent / "rasa", "run", "actions", "--actions", "kefu.actions", "--port", str(clone.action_port)]
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=project,
        env=QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as serving:
        try:
            names = _actions(f"http://127.0.0.1:{clone.action_port}/actions", serving)
        finally:
            serving.terminate()
            serving.wait(30)
    assert {"action_answer_question", "validate_after_sales_form", "action_file_case"} <= names


def _actions(url: str, serving: "subprocess.Popen[bytes]") -> set[str]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert serving.poll() is None, "the action server has ended"
        try:
            return {action["name"] for action in requests.get(url, timeout=5).json()}
        except requests.RequestException:
            time.sleep(0.5)
    raise AssertionError(f"no action server at {url}")
