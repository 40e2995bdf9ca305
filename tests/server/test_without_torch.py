"""Neither server imports torch or transformers, with the embedded model: that would cost seconds and half a gigabyte.

Each is brought up to its first answer in a process of its own, which then names what it has imported.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
UTTERANCES = {
    "greet": ["你好", "hello", "hi there", "早上好", "good morning"],
    "request_return": ["我要退货", "i want to return this", "申请退货", "please refund me", "帮我退款"],
    "ask_question": ["运费谁出", "how long does delivery take", "能开发票吗", "几天可以退货", "do you ship abroad"],
}
REPORT = """
import json, sys
heavy = [name for name in ("torch", "transformers", "onnxruntime") if name in sys.modules]
print(json.dumps([found, heavy]))
"""
RASA_SERVER = """
import asyncio, sys
import rasa.cli.run, rasa.core.run, rasa.server
import kefu.channels.rest
from kefu.server.agent import configured
from kefu.server.run import install
from kefu.settings import ServerSettings

install(ServerSettings())
agent = configured(ServerSettings()).load(sys.argv[1])
found = asyncio.run(agent.parse_message("我想申请退货"))["intent"]["name"]
agent.close()
"""
ACTION_SERVER = """
import asyncio, importlib.metadata
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from kefu.models.onnx_reranker import OnnxReranker

judged, score = [], OnnxReranker.score
OnnxReranker.score = lambda *given, **named: judged.append(score(*given, **named)) or judged[-1]
executor = ActionExecutor()
executor.register_package("kefu.actions")
create_app(executor)
message = {"text": "几天可以退货？", "intent": {"name": "ask_question", "confidence": 1.0}, "entities": []}
tracker = {"sender_id": "kim", "slots": {"language": "zh"}, "latest_message": message, "events": [], "paused": False,
           "followup_action": None, "active_loop": {}, "latest_action_name": None}
call = {"next_action": "action_answer_question", "sender_id": "kim", "tracker": tracker, "domain": {},
        "version": importlib.metadata.version("rasa-sdk")}
said = [response["response"] for response in asyncio.run(executor.run(call))["responses"]]
found = {"said": said, "is_reranked": any(len(chances) > 1 for chances in judged)}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's pipeline, settings and knowledge on returns, with a handful of utterances."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("config.yml", "domain.yml", "endpoints.yml", "data/shop", "data/knowledge/return.yml"):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    (folder / "data" / "shop" / "question_rules.yml").unlink()  # they name entries that are not here
    config = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))
    del config["importers"]  # its exceptions name entries that are not here
    (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    data = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in UTTERANCES.items()
    ]
    nlu = yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True)
    (folder / "nlu.yml").write_text(nlu, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(project: Path) -> Path:
    from rasa.model_training import train_nlu

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_ENDPOINTS", str(project / "endpoints.yml"))
        patch.chdir(project)
        path = train_nlu("config.yml", "nlu.yml", "models")
    assert path
    return project / path


@pytest.fixture(scope="module")
def index(project: Path) -> None:
    from kefu.knowledge.index.build import build_index
    from kefu.models import build_embedder
    from kefu.settings import load_settings

    settings = load_settings(project / "endpoints.yml")
    build_index(settings, build_embedder(settings.embedding))


def outcome(project: Path, program: str, *arguments: str) -> tuple[Any, list[str]]:
    """Run a program and the report; give what it found and what it has imported of what is heavy."""
    done = subprocess.run(
        [sys.executable, "-c", program + REPORT, *arguments],
        cwd=project,
        env={**os.environ, "KEFU_ENDPOINTS": str(project / "endpoints.yml")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found, heavy = json.loads(done.stdout.splitlines()[-1])
    return found, heavy


def test_the_rasa_server_understands_without_them(project: Path, archive: Path) -> None:
    assert outcome(project, RASA_SERVER, str(archive)) == ("request_return", ["onnxruntime"])


@pytest.mark.usefixtures("index")
def test_the_action_server_answers_without_them(project: Path) -> None:
    found = {"said": ["utter_answer"], "is_reranked": False}
    assert outcome(project, ACTION_SERVER) == (found, ["onnxruntime"])


@pytest.mark.usefixtures("index")
def test_nor_does_the_action_server_need_them_to_rerank(project: Path) -> None:
    endpoints = project / "endpoints.yml"
    before = endpoints.read_text(encoding="utf-8")
    settings = yaml.safe_load(before) | {"reranker": {"model": "embedded", "deadline": 60}}
    endpoints.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    try:
        found, heavy = outcome(project, ACTION_SERVER)
    finally:
        endpoints.write_text(before, encoding="utf-8")
    assert found["is_reranked"] and heavy == ["onnxruntime"]
