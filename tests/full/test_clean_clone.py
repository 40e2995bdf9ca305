"""What a newcomer sees: a clean clone, `make chat`, a conversation in each language, and nothing left behind.

The first conversation (`first`, in conftest.py) sets everything up.
"""

import re
import signal
import subprocess
from typing import Any
from uuid import uuid4

import pytest
import requests
import yaml

from kefu.cli import up
from kefu.ops.ports import answers, is_free, local

pytestmark = pytest.mark.full

ENGLISH = ["hello", "How many days do I have to return something?", "where is my order SO20260001", "never mind"]
SORRY = re.compile(r"no reply|没有回复|Traceback|not delivered")


def replies(output: str) -> list[str]:
    """Cut a transcript into the replies to each line typed."""
    return [turn.split("\n", 1)[1].strip() for turn in output.split("you  › ")[1:]]


def test_the_first_run_sets_up_and_answers(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    for step in (
        "pinned packages",
        "kefu (editable)",
        "knowledge index",
        "Rasa model",
        "Rasa server on",
        "first answer",
    ):
        assert re.search(rf"✓ {re.escape(step)}.* \d+\.\d s", first.stdout), step
    answers = replies(first.stdout)
    assert len(answers) == 5, answers
    assert "帮助中心" in answers[1] and "48 小时" in answers[1], answers[1]
    assert "后四位" in answers[2]
    assert re.search(r"T\d{8}-\d{4}", answers[4])
    assert not SORRY.search(first.stdout)


def test_the_first_run_says_how_much_it_downloads_and_what_to_try(first: "subprocess.CompletedProcess[str]") -> None:
    assert re.search(r"\d+ packages to install: a download of up to [\d.]+ GB, [\d.]+ GB on disk", first.stdout)
    assert "Ctrl-C is safe" in first.stdout
    tried = re.search(r"Three things to try:\n((?:  · .+\n)+)\n", first.stdout)
    assert tried, first.stdout[-3000:]
    things = tried.group(1).splitlines()
    assert len(things) == 3
    assert all(re.search(r"[\u4e00-\u9fff]", thing) and re.search(r"[a-z]{4}", thing) for thing in things)


def test_nothing_is_left_running(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    assert clone.left_behind() == []
    assert is_free(clone.port) and is_free(clone.action_port)


def test_no_noise_reaches_the_terminal(first: "subprocess.CompletedProcess[str]") -> None:
    said = first.stdout + first.stderr
    assert not re.search(r"Warning:|WARNING +rasa|tensorflow/|oneDNN|MovedIn20|telemetry", said)


def test_the_second_run_repeats_nothing_and_speaks_english(
    clone: Any, first: "subprocess.CompletedProcess[str]"
) -> None:
    models = sorted((clone.folder / "models").glob("*.tar.gz"))
    second = clone.make("chat", typed="\n".join(ENGLISH) + "\n")
    assert second.returncode == 0, second.stdout[-3000:] + second.stderr[-3000:]
    assert "pinned packages" not in second.stdout
    for step in ("knowledge index", "Rasa model"):
        assert re.search(rf"✓ {step} +unchanged", second.stdout), step
    assert sorted((clone.folder / "models").glob("*.tar.gz")) == models
    answers = replies(second.stdout)
    assert len(answers) == len(ENGLISH)
    assert "7 days" in answers[1]
    assert "last four digits" in answers[2]
    assert not re.search(r"[\u4e00-\u9fff]", "".join(answers[1:3]))
    assert clone.left_behind() == []


def test_nothing_typed_ends_at_once(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    done = clone.make("chat")
    assert done.returncode == 0, done.stderr
    assert "试试看" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_with_its_signal(
    clone: Any, first: "subprocess.CompletedProcess[str]", number: signal.Signals
) -> None:
    with clone.serving() as serving:
        talked = clone.run(".venv/bin/kefu", "chat", "--url", f"http://127.0.0.1:{clone.port}", typed="你好\n")
        serving.send_signal(number)
        serving.wait(60)
    assert talked.returncode == 0 and "您好" in talked.stdout
    assert clone.left_behind() == []


def test_make_serve_answers_on_both_ports(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    """5005 and 5055, where nobody says otherwise; here the test's own ports are said."""
    assert (up.RASA_PORT, up.ACTION_PORT) == (5005, 5055)
    endpoints = yaml.safe_load((clone.folder / "endpoints.yml").read_text(encoding="utf-8"))
    assert endpoints["action_endpoint"]["url"] == "http://localhost:5055/webhook"
    with clone.terminal("make", "serve", f"PORT={clone.port}", f"ACTION_PORT={clone.action_port}") as screen:
        shown = screen.wait_for("Ctrl-C ends both servers")
        assert f"http://127.0.0.1:{clone.port}/webhooks/rest/webhook" in shown
        assert f"http://127.0.0.1:{clone.action_port}" in shown
        assert "您好" in clone.say("你好", uuid4().hex)
        assert answers(local(clone.action_port, "/health"))
        named = requests.get(local(clone.action_port, "/actions"), timeout=10).json()
        assert {"name": "action_answer_question"} in named
        screen.type(screen.CTRL_C)
        assert screen.wait_for_end() in (0, -signal.SIGINT)  # make ends itself by the signal that it got
    assert "Traceback" not in screen.text
    assert clone.left_behind() == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["kefu", "ask", "几天可以退货"], r"7"),
        (["kefu", "ask", "do you ship to the moon base on jupiter", "--json"], r'"kind"'),
        (["kefu", "doctor"], r"✓ Rasa model"),
        (["kefu", "index"], r"nothing changed"),
        (["kefu", "train"], r"unchanged"),
        (["rasa", "--version"], r"3\.6\."),
    ],
)
def test_the_commands_of_the_readme_work(
    clone: Any, first: "subprocess.CompletedProcess[str]", command: list[str], expected: str
) -> None:
    done = clone.run(f".venv/bin/{command[0]}", *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(expected, done.stdout)


def test_a_shop_of_ones_own_starts_from_nothing(clone: Any, first: "subprocess.CompletedProcess[str]") -> None:
    shop = clone.folder.parent / "shop"
    kefu = str(clone.folder / ".venv" / "bin" / "kefu")
    assert clone.run(kefu, "init", str(shop)).returncode == 0
    ports = ("--port", str(clone.port), "--action-port", str(clone.action_port))
    done = clone.run(kefu, "up", *ports, "--endpoints", str(shop / "endpoints.yml"), typed="一般几天出库\n我要退货\n")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    answers = replies(done.stdout)
    assert "帮助中心“多久发货？”" in answers[0]
    assert "订单号" in answers[1]
    assert (shop / "models").is_dir()
    assert clone.left_behind() == []
