"""`kefu index` is killed at random moments: store and index open afterwards, with the old answers or the new ones."""

import json
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.knowledge.base import KnowledgeBase
from kefu.models import build_embedder
from kefu.settings import Settings, load_settings

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
QUESTION = "几天可以退货？"
_KILLS = 5
_SEED = 23


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own with some of the demo shop's knowledge, indexed."""
    for name in ("endpoints.yml", "data/shop/policy.yml", "data/knowledge/return.yml", "data/knowledge/warranty.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    output, _ = index(tmp_path).communicate(timeout=600)
    assert (tmp_path / ".kefu" / "index" / "manifest.json").is_file(), output
    return tmp_path


def index(project: Path, *options: str) -> "subprocess.Popen[str]":
    """Start `kefu index` there."""
    command = [str(ROOT / ".venv" / "bin" / "kefu"), "index", "--endpoints", str(project / "endpoints.yml"), *options]
    return subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def edits(project: Path) -> Iterator[str]:
    """Write an entry anew again and again; gives what it says then."""
    file = project / "data" / "knowledge" / "killed.yml"
    for number in range(_KILLS):
        answer = f"第{number}版答复。"
        wording = {"question": f"第{number}次问的稀奇问题", "answer": answer}
        entry = {"id": "killed", "category": "return", "zh": wording}
        file.write_text(json.dumps({"entries": [entry]}, ensure_ascii=False), encoding="utf-8")
        yield answer


def opened(project: Path) -> KnowledgeBase:
    settings: Settings = load_settings(project / "endpoints.yml")
    return KnowledgeBase(settings, build_embedder(settings.embedding))


def test_a_kill_at_a_random_moment_loses_nothing(project: Path) -> None:
    chance = random.Random(_SEED)
    began = time.monotonic()
    index(project, "--force").communicate(timeout=600)
    whole = time.monotonic() - began
    killed = 0
    for answer in edits(project):
        running = index(project, "--force")
        time.sleep(chance.uniform(0.1, 0.9) * whole)
        killed += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.communicate()
        base = opened(project)
        assert base.answer(QUESTION, language="zh").kind == "answer"
        told = base.entry_text("killed", "zh") if "killed" in base.entry_ids else ""
        assert told in ("", answer) or told.endswith("版答复。")
        base.close()
    assert killed > _KILLS // 2, "most builds were done before they were killed"
    done = index(project)
    output, _ = done.communicate(timeout=600)
    assert done.returncode == 0, output
    assert opened(project).entry_text("killed", "zh") == answer
