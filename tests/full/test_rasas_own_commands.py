"""`rasa train`, `rasa test` and `rasa shell` in the clone, as the README says; and `kefu shell` beside the latter."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.full

_PROMPT = "Your input ->"


def models(clone: Any) -> set[Path]:
    return set((clone.folder / "models").glob("*.tar.gz"))


def test_rasa_train_makes_a_model_that_is_loaded(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    before = models(clone)
    done = clone.run(".venv/bin/rasa", "train")
    made = models(clone) - before
    try:
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (model,) = made
        assert model.name in done.stdout
        tested = clone.run(".venv/bin/rasa", "test", "nlu", "--model", str(model), "--nlu", "data/nlu", "--no-plot")
        assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
    finally:
        for model in made:  # the one that `kefu train` made is the newest again
            model.unlink()


def test_rasa_test_plays_every_story_of_the_project_and_no_other(
    clone: Any, first: "subprocess.CompletedProcess[str]"
) -> None:
    files = (clone.folder / "tests" / "stories").glob("test_*.yml")
    stories = sum(len(yaml.safe_load(file.read_text(encoding="utf-8"))["stories"]) for file in files)
    assert stories > 10
    done = clone.run(".venv/bin/rasa", "test")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    assert re.search(rf"Evaluating {stories} stories", said), said[-3000:]
    assert re.search(rf"CONVERSATION level:\n.*Correct: +{stories} / {stories}", said), said[-3000:]
    assert "None of the test stories failed" in (clone.folder / "results/failed_test_stories.yml").read_text("utf-8")
    assert (clone.folder / "results/intent_report.json").is_file()


@pytest.fixture
def endpoints(clone: Any, first: "subprocess.CompletedProcess[str]") -> Iterator[Path]:
    """The action server on the clone's port, and endpoints that name it."""
    content = yaml.safe_load((clone.folder / "endpoints.yml").read_text(encoding="utf-8"))
    content["action_endpoint"]["url"] = f"http://127.0.0.1:{clone.action_port}/webhook"
    file = clone.folder / "endpoints-shell.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    command = [".venv/bin/python", "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(clone.action_port)]
    with subprocess.Popen(
        command, cwd=clone.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as action_server:
        yield file
        action_server.terminate()
    file.unlink()


@pytest.mark.parametrize("program", ["rasa", "kefu"])
def test_the_shell_holds_a_conversation(clone: Any, endpoints: Path, program: str) -> None:
    options = ("--endpoints", str(endpoints), "--port", str(clone.port))
    with clone.terminal(f".venv/bin/{program}", "shell", *options) as screen:
        screen.wait_for(_PROMPT)
        for line, expected in [
            ("你好", "您好"),
            ("付款后还没发货怎么办？", "48 小时"),
            ("where is my order SO20260001", "last four digits"),
            ("never mind", "anything else|never mind|stopped|All right"),
            ("what do you think of my neighbour's haircut", r"1\. Yes, please\s+2\. No, thanks"),
            ("2", "All right"),
        ]:
            screen.type(f"{line}\r")
            screen.wait_for(rf"{expected}[\s\S]*{_PROMPT}", 60)
        screen.type("/stop\r")
        assert screen.wait_for_end() == 0
    assert "Traceback" not in screen.text
    assert [line for line in clone.left_behind() if "rasa_sdk" not in line] == []
