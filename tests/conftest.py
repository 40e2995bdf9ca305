"""Fixtures that tests of more than one kind use."""

import contextlib
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from kefu.models.fake_embedder import FakeEmbedder
from tests.model_server import ModelServer, RecordingHandler, listening

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]
_FULL = Path(__file__).parent / "full"
_ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to `make test-full` what needs other programs: outside tests/full it runs where `-m full` asks for it."""
    full = {item for item in items if item.get_closest_marker("full")}
    if not config.option.markexpr:
        left_out = [item for item in items if item in full and not item.path.is_relative_to(_FULL)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if any("postgres" in item.nodeid for item in full.intersection(items)):
        _server_program("postgres")  # said once and at once, not by a hundred tests after a quarter of an hour


@pytest.fixture(scope="session", autouse=True)
def seeds_parsed_once() -> Iterator[None]:
    """Parse each file of orders once: a fresh shop for every test is a quarter of a second of YAML otherwise."""
    from kefu.shop import seed

    read, parsed = seed.read_yaml, {}

    def read_once(file: Path, *what: str) -> Any:
        key = (file, file.stat().st_mtime_ns) if file.is_file() else None
        if key is None or key not in parsed:
            parsed[key] = read(file, *what)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed, "read_yaml", read_once)
        yield


@pytest.fixture(scope="session")
def load_script() -> Callable[[str], ModuleType]:
    """A loader of files that belong to no package (scripts, benchmarks, conftests), by their paths in the repository.

    Each call gives a new module, so that a test may change what is in it.
    """

    def load(path: str) -> ModuleType:
        name = f"kefu_script_{path.removesuffix('.py').replace('/', '_')}"
        spec = importlib.util.spec_from_file_location(name, _ROOT / path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look their module up there
        spec.loader.exec_module(module)
        return module

    return load


@contextlib.contextmanager
def served(answers: Mapping[str, Callable[[dict[str, Any]], Any]]) -> Iterator[ModelServer]:
    """Run a server on a free port of the loopback interface; ``answers`` maps a path to what it gives, as JSON."""

    class Handler(RecordingHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.keep(body)
            if self.path not in answers:
                status, content = 404, b"{}"
            elif self.record.faults:
                status, content = self.record.faults.pop(0)(body)
            else:
                status, content = 200, json.dumps(answers[self.path](body)).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "60")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with listening(Handler) as record:
        yield record


@pytest.fixture
def serve() -> Iterator[Callable[[Mapping[str, Callable[[dict[str, Any]], Any]]], ModelServer]]:
    """Start servers for one test."""
    with contextlib.ExitStack() as running:
        yield lambda answers: running.enter_context(served(answers))


def right_answer(body: dict[str, Any]) -> dict[str, Any]:
    """Give what a faultless server answers, in reversed order: the index says which is which."""
    rows = FakeEmbedder().embed(body["input"])
    data = [{"object": "embedding", "index": at, "embedding": row.tolist()} for at, row in enumerate(rows)]
    return {"object": "list", "model": body["model"], "data": data[::-1]}


@pytest.fixture
def embedding_server(serve: Callable[..., ModelServer]) -> ModelServer:
    """A server that speaks ``/v1/embeddings``."""
    server = serve({"/v1/embeddings": right_answer})
    server.url += "/v1"
    return server


# --- databases


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, for what must hold on each of them."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/shop.db"
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    """A private Postgres server, for as long as the tests run; its password stands where a shop's would."""
    server = Postgres()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PGPASSWORD", server.password)
        try:
            server.start()
            yield server
        finally:
            server.remove()


class Postgres:
    """A server of one's own. Files and socket lie in a folder that only its user may enter; it opens no port."""

    _PATIENCE = 30.0  # seconds until it answers, or has ended
    # Speed for what need not survive a crash of the machine.
    _OPTIONS = (
        "fsync=off",
        "listen_addresses=",
        "shared_buffers=16MB",
        "max_connections=200",
        "logging_collector=off",
    )

    def __init__(self) -> None:
        self._user = _server_user()
        self._folder = Path(tempfile.mkdtemp(prefix="kefu-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.password = uuid4().hex
        if self._user:
            shutil.chown(self._folder, self._user)
        options = ("--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
        secret = self._folder / "password"
        secret.write_text(self.password, encoding="utf-8")
        self._spawn("initdb", *options, f"--pwfile={secret}", f"--pgdata={self._data}").wait()
        assert (self._data / "PG_VERSION").is_file(), self._log.read_text()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"-c{option}" for option in (*self._OPTIONS, f"unix_socket_directories={self._folder}")]
        self._process = self._spawn("postgres", "-D", str(self._data), *options)
        deadline = time.monotonic() + self._PATIENCE
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an administrator in a hurry does: transactions are broken off, connections closed."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a crash does."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """End it where it runs, and delete its files."""
        if self._process is not None:
            self.stop()
        shutil.rmtree(self._folder)

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql://postgres@/{name}?host={self._folder}"

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, give its URL, and drop it, whoever is still connected."""
        name = f"kefu_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement outside of every transaction; give the rows where there are some."""
        import psycopg2

        with contextlib.closing(psycopg2.connect(self.url("postgres"))) as admin:
            admin.autocommit = True
            with admin.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _answers(self) -> bool:
        import psycopg2

        try:
            return bool(self.execute("SELECT 1"))
        except psycopg2.OperationalError:
            return False

    def _spawn(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        as_user: dict[str, Any] = {}
        if self._user:
            as_user = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [_server_program(program), *arguments], cwd=self._folder, stdout=log, stderr=log, **as_user
            )

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(self._PATIENCE)
        self._process = None


def _server_program(name: str) -> str:
    """Find a program of Postgres: on the PATH, or where Debian keeps it."""
    by_version = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = shutil.which(name) or next((str(path) for path in reversed(by_version)), None)
    if found is None:
        raise pytest.UsageError(f"`make test-full` needs Postgres: no {name} here. Debian: apt-get install postgresql")
    return found


def _server_user() -> str | None:
    """Say as whom the server runs: it refuses root, whose tests use the user that Debian's package makes."""
    if os.geteuid() != 0:
        return None
    if "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.fail("root may not run Postgres, and there is no user `postgres` to run it as", pytrace=False)
    return "postgres"
