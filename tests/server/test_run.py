"""`kefu run`: what it refuses, and the real command with a model."""

import json
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
import rasa.core.agent

from kefu.errors import SettingsError
from kefu.server.agent import KefuAgent
from kefu.server.run import (
    LARGEST_REQUEST,
    _parse,
    bound_requests,
    check_deadlines,
    check_model,
    check_rasa_version,
    install,
    main,
    read_early,
    with_model_named,
)
from kefu.settings import ServerSettings, endpoints_path

_SECONDS_TO_START = 180


def test_known_rasa_passes():
    check_rasa_version("3.6.21")


@pytest.mark.parametrize("version", ["3.7.0", "3.5.9", "2.8.0"])
def test_other_rasa_is_refused(version):
    with pytest.raises(SettingsError, match=version):
        check_rasa_version(version)


@pytest.mark.parametrize(("action", "lock"), [(60, 60), (90, 60), (0, 60)])
def test_action_must_end_before_its_lock(action, lock):
    with pytest.raises(SettingsError, match="lock_lifetime"):
        check_deadlines(ServerSettings(action_timeout=action, lock_lifetime=lock))


def test_pool_needs_a_thread():
    with pytest.raises(SettingsError, match="parse_threads"):
        check_deadlines(ServerSettings(parse_threads=0))


def test_refusal_comes_before_rasa_is_started(tmp_path):
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("server: {action_timeout: 90, lock_lifetime: 60}")
    with pytest.raises(SettingsError, match="90 s and 60 s"):
        main(["--endpoints", str(endpoints)])


def test_endpoints_come_from_the_option_or_the_environment(monkeypatch):
    monkeypatch.setenv("KEFU_ENDPOINTS", "theirs.yml")
    assert endpoints_path(read_early(["--port", "1", "--endpoints=mine.yml"]).endpoints) == Path("mine.yml")
    assert endpoints_path(read_early(["--enable-api"]).endpoints) == Path("theirs.yml")


def test_options_are_those_of_rasa_run(tmp_path):
    model = tmp_path / "model.tar.gz"
    model.touch()
    options = _parse(["--port", "7000", "--cors", "*", "--enable-api", "-vv"])
    assert (options.port, options.cors, options.enable_api, options.loglevel) == (7000, ["*"], True, logging.DEBUG)
    assert _parse(with_model_named([str(model)])).model == str(model)
    assert _parse(with_model_named(["--credentials", str(model)])).credentials == str(model)
    assert _parse(with_model_named([])).model == "models"
    assert _parse(["actions"]).func.__name__ == "run_actions"


def test_start_needs_a_model_from_somewhere(tmp_path):
    endpoints = tmp_path / "endpoints.yml"
    nowhere = ["--model", str(tmp_path)]
    for options in (["--enable-api"], ["--remote-storage", "aws"], ["actions"], ["--help"]):
        check_model(read_early([*nowhere, *options]), endpoints)
    with pytest.raises(SettingsError, match="kefu train"):
        check_model(read_early(nowhere), endpoints)
    endpoints.write_text("models: {url: http://models.example}")
    check_model(read_early(nowhere), endpoints)
    endpoints.unlink()
    (tmp_path / "20260101.tar.gz").touch()
    check_model(read_early(nowhere), endpoints)


def test_agent_stands_in_for_rasas(monkeypatch):
    monkeypatch.setattr(rasa.core.agent, "Agent", rasa.core.agent.Agent)
    install(ServerSettings(parse_threads=7))
    assert issubclass(rasa.core.agent.Agent, KefuAgent)
    assert rasa.core.agent.Agent.settings.parse_threads == 7


@pytest.mark.parametrize(("with_api", "size"), [(False, LARGEST_REQUEST), (True, 10**8)])
async def test_large_requests_are_refused_unless_models_may_be_sent(with_api, size):
    app = SimpleNamespace(config=SimpleNamespace(REQUEST_MAX_SIZE=10**8))
    await bound_requests(with_api=with_api)(app, None)
    assert size == app.config.REQUEST_MAX_SIZE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def kefu_run(project: Path, *options: str) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name not in ("LOG_LEVEL", "KEFU_ENDPOINTS")}
    return subprocess.Popen(
        [sys.executable, "-m", "kefu.cli", "run", *options],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lines_of(process: "subprocess.Popen[str]") -> "queue.Queue[str | None]":
    """Read a process's output as it comes; None is its end."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line.rstrip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def say(port: int, text: str) -> list[str]:
    body = json.dumps({"sender": "kim", "message": text}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, timeout=60) as response:
        return [reply["text"] for reply in json.load(response)]


def test_command_answers_and_keeps_quiet(project):
    port = free_port()
    process = kefu_run(project, "--port", str(port), "--interface", "127.0.0.1")
    lines = lines_of(process)
    try:
        ready = lines.get(timeout=_SECONDS_TO_START)
        assert ready == f"Kefu is ready: http://localhost:{port}"
        assert say(port, "hello") == ["hello"]
        assert say(port, "查一下") == ["系统忙"]
        failure = lines.get(timeout=60)
        assert "action_lookup failed with ActionServerError" in failure
        assert "查一下" not in failure
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    rest = []
    while (line := lines.get(timeout=60)) is not None:
        rest.append(line)
    assert rest == []


def test_command_without_a_model_ends_with_one_line(tmp_path):
    process = kefu_run(tmp_path)
    output, _ = process.communicate(timeout=_SECONDS_TO_START)
    assert process.returncode == 1
    assert output.splitlines() == ["kefu: There is no trained model in `models`. Train one: kefu train"]
