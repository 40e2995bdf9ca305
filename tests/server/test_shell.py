"""`kefu shell`: Rasa's console, with the agent that answers whatever fails."""

import asyncio
import os
import subprocess
import sys
from asyncio import Queue
from pathlib import Path

import pytest

from kefu.channels.shell import ShellChannel
from kefu.errors import SettingsError
from kefu.server import shell

_SECONDS = 240


def kefu_shell(project: Path, typed: str, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in ("LOG_LEVEL", "KEFU_ENDPOINTS")}
    return subprocess.run(
        [sys.executable, "-m", "kefu.cli", "shell", *options],
        cwd=project,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def test_with_the_action_server_away_the_customer_is_told_and_the_end_of_the_input_ends(project):
    done = kefu_shell(project, "lookup\n查一下\n")
    assert done.returncode == 0, done.stderr
    assert "we are busy" in done.stdout and "系统忙" in done.stdout
    assert "Kefu is ready" not in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_model_it_ends_with_one_line(tmp_path):
    with pytest.raises(SettingsError, match="kefu train"):
        shell.main(["--endpoints", str(tmp_path / "endpoints.yml"), "--model", str(tmp_path)])


def test_options_are_those_of_rasa_shell():
    options = shell.parse(["--model", "mine", "--port", "7000", "--conversation-id", "kim", "--debug"])
    assert (options.model, options.port, options.conversation_id) == ("mine", 7000, "kim")
    assert options.interface == "127.0.0.1"
    first, second = shell.parse([]), shell.parse([])
    assert first.port != second.port or first.port > 1024
    assert not hasattr(first, "conversation_id"), "Rasa makes an id of its own"


async def test_console_gets_the_responses_for_it(agent):
    queue: Queue = Queue()
    await ShellChannel.on_message_wrapper(agent.handle_message, "measure", queue, "kim", ShellChannel.name(), None)
    replies = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [reply["text"] for reply in replies[:-1]] == ["type a size"]
    assert replies[-1] == "DONE"


async def test_console_does_not_wait_for_a_turn_that_broke():
    async def fail(_):
        raise RuntimeError

    queue: Queue = Queue()
    with pytest.raises(RuntimeError):
        await ShellChannel.on_message_wrapper(fail, "hello", queue, "kim", ShellChannel.name(), None)
    assert queue.get_nowait() == "DONE"


@pytest.mark.parametrize(("error", "result"), [(EOFError(), 0), (ConnectionError("my-secret-words"), 1)])
def test_console_that_is_gone_ends(error, result, caplog):
    async def record(*_, **__):
        raise error

    assert asyncio.run(shell.ending_with_its_input(record)()) == result
    assert "my-secret-words" not in caplog.text
