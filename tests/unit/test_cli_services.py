"""Servers as child processes: ready, dead, stopped, and never left behind."""

import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kefu.errors import SettingsError
from kefu.ops.ports import is_free, local, require_free
from kefu.ops.services import Service, ServiceError, ended_together, run_logged

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
# Listens at once, as Rasa does, and is ready only after so many answers of another status; each is a line of the log.
LOADING = """
import http.server, sys
left = int(sys.argv[3])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global left
        status = 200 if left == 0 else int(sys.argv[2])
        left -= left > 0
        print("answered", status, flush=True)
        self.send_response(status); self.end_headers()
    def log_message(self, *a): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
# Starts a child of its own and ignores SIGTERM, as a hung server does; "up" once both are there.
STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
subprocess.Popen([sys.executable, "-c", child])
print("up", flush=True)
signal.pause()
"""


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    yield number


def service(tmp_path: Path, code: str, port: int, *arguments: str) -> Service:
    command = [sys.executable, "-c", code, str(port), *arguments]
    return Service("the test's server", command, tmp_path / "log", local(port, "/"), tmp_path)


def group_of(leader: int) -> list[psutil.Process]:
    return [psutil.Process(leader), *psutil.Process(leader).children(recursive=True)]


def all_end(processes: list[psutil.Process]) -> bool:
    """Wait until processes that are not this one's children have ended (whoever reaps them may be slow)."""
    for process in processes:
        try:
            process.wait(0 if process.status() == psutil.STATUS_ZOMBIE else 10)
        except psutil.NoSuchProcess:
            continue
        except psutil.TimeoutExpired:
            if process.status() != psutil.STATUS_ZOMBIE:
                return False
    return True


def test_a_server_becomes_ready_and_ends(tmp_path: Path, port: int) -> None:
    server = service(tmp_path, SERVER, port)
    with ended_together([server]):
        server.start()
        server.wait_until_ready(30)
        assert server.is_running()
        assert not is_free(port)
    assert not server.is_running()
    assert is_free(port)


@pytest.mark.parametrize("status", [204, 404, 409, 503])
def test_a_server_is_asked_until_it_answers_200(tmp_path: Path, port: int, status: int) -> None:
    server = service(tmp_path, LOADING, port, str(status), "2")
    with ended_together([server]):
        server.start()
        server.wait_until_ready(30)
        assert server.log.read_text().splitlines() == [f"answered {status}"] * 2 + ["answered 200"]


def test_a_server_that_is_never_ready_is_given_up_with_the_end_of_its_log(tmp_path: Path, port: int) -> None:
    server = service(tmp_path, LOADING, port, "503", "1000000")
    with ended_together([server]):
        server.start()
        with pytest.raises(ServiceError, match=r"(?s)the test's server is not ready after 3 s\..*\| answered 503"):
            server.wait_until_ready(3)
        assert server.is_running(), "it is for who started it to end it"
    assert not server.is_running()


def test_a_server_that_was_never_started_is_said_so(tmp_path: Path, port: int) -> None:
    with pytest.raises(ServiceError, match="has ended \\(status never started\\)"):
        service(tmp_path, SERVER, port).wait_until_ready(30)


def test_a_server_that_dies_shows_the_end_of_its_log(tmp_path: Path, port: int) -> None:
    server = service(tmp_path, "print('line 1'); print('the reason'); raise SystemExit(3)", port)
    with ended_together([server]):
        server.start()
        with pytest.raises(ServiceError, match=r"(?s)status 3.*\| the reason"):
            server.wait_until_ready(30)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path, port: int) -> None:
    server = service(tmp_path, "import signal; signal.pause()", port)
    with ended_together([server]):
        server.start()
        with pytest.raises(ServiceError, match="not ready after 0 s"):
            server.wait_until_ready(0)
    assert not server.is_running()


def test_a_hung_server_and_its_children_are_killed(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kefu.ops.services._GRACE_SECONDS", 0.1)
    server = service(tmp_path, STUBBORN, port)
    with ended_together([server]):
        server.start()
        while "up" not in server.log.read_text():
            server.require_running()
        assert server._process is not None
        group = group_of(server._process.pid)
        assert len(group) == 2
    assert all_end(group)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_no_signal_to_the_parent_leaves_a_server_behind(tmp_path: Path, number: signal.Signals) -> None:
    if number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends the children of a parent that was killed outright")
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import signal, sys
                from pathlib import Path
                from kefu.ops.services import Service, ended_together
                folder = Path({str(tmp_path)!r})
                code = "import signal; signal.pause()"
                # Tests that run in the background of a shell inherit an ignored SIGINT.
                signal.signal(signal.SIGINT, signal.default_int_handler)
                server = Service("server", [sys.executable, "-c", code], folder / "log", "", folder)
                with ended_together([server]):
                    server.start()
                    print(server._process.pid, flush=True)
                    signal.pause()
            """),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(number)
        try:
            parent.wait(30)
        finally:
            parent.kill()
    assert all_end([child])


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Port {port}.*--port.*PORT="):
            require_free(port, "the Rasa server", "--port", "PORT")
    require_free(port, "the Rasa server", "--port", "PORT")


def test_a_command_is_run_with_its_output_in_a_file(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "log"
    code = "import os, sys; print(os.environ['WORD']); sys.exit(4)"
    assert run_logged([sys.executable, "-c", code], log, folder=tmp_path, environment={"WORD": "here"}) == 4
    assert log.read_text() == "here\n"
