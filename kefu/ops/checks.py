"""What `kefu doctor` looks at. Each check says what it found and, where that is not well, what to do."""

import importlib.metadata
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kefu.errors import KefuError, KnowledgeIndexError
from kefu.ops.ports import answers, is_free, local
from kefu.ops.project import QUIET, Project, open_project
from kefu.ops.training import fresh_model, newest_model

# Import names of what Kefu stands on; each is really imported, since a wrong numpy shows only then.
_MODULES = (
    *("numpy", "scipy", "sklearn", "faiss", "onnxruntime", "tokenizers", "torch", "transformers"),
    *("sqlalchemy", "rasa", "rasa_sdk"),
)
_IMPORT_ALL = """
import importlib, json, sys
broken = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:  # whatever a broken package raises is the finding
        broken[name] = f"{type(error).__name__}: {error}"
print(json.dumps(broken))
"""
_SAMPLE = "你好, hello"


@dataclass(frozen=True)
class Finding:
    """One check's result; ``remedy`` is empty where all is well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def all_findings(endpoints: Path | None, port: int, action_port: int) -> Iterator[Finding]:
    """Run the checks one after the other; those of a project are left out where there is none."""
    yield _python()
    yield _versions()
    yield _imports()
    try:
        project = open_project(endpoints)
    except KefuError as error:
        yield Finding("project", False, str(error), "Correct the file that is named, or go to the project's folder.")
        return
    yield Finding("project", True, str(project.endpoints))
    yield _guarded("embedding model", lambda: _embedding(project), "Correct `embedding` in endpoints.yml.")
    yield _guarded("knowledge index", lambda: _knowledge(project), "kefu index")
    yield _guarded("Rasa model", lambda: _rasa_model(project), "kefu train")
    for section in ("knowledge", "orders", "handoff"):
        url = getattr(project.settings, section).url
        remedy = f"Correct `{section}.url` in endpoints.yml, or start the database."
        yield _guarded(f"database: {section}", lambda url=url: _database(project, url), remedy)  # type: ignore[misc]
    yield _port("Rasa server", port, "/webhooks/rest/", "--port")
    yield _port("action server", action_port, "/health", "--action-port")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    is_right = sys.version_info[:2] == (3, 10)
    return Finding("Python", is_right, version, "" if is_right else "Rasa 3.6 needs Python 3.10: make setup")


def _versions() -> Finding:
    """Compare what is installed with the ranges that Kefu declares."""
    from packaging.requirements import Requirement

    wrong = []
    for line in importlib.metadata.requires("kefu") or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version}, not {requirement.specifier}")
    if wrong:
        return Finding("package versions", False, "; ".join(wrong), "make setup (or install Kefu again)")
    shown = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("rasa", "torch", "transformers"))
    return Finding("package versions", True, shown)


def _imports() -> Finding:
    """Import everything in a process of its own: a broken binary may take its process with it."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, *_MODULES], capture_output=True, text=True, env=_quiet(), check=False
    )
    remedy = "make setup (or install the pinned versions again)"
    if done.returncode:
        return Finding("package imports", False, f"importing them ended with status {done.returncode}", remedy)
    broken: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    if broken:
        return Finding("package imports", False, "; ".join(f"{name}: {why}" for name, why in broken.items()), remedy)
    return Finding("package imports", True, f"{len(_MODULES)} packages")


def _quiet() -> dict[str, str]:
    import os

    return {**os.environ, **QUIET}


def _guarded(name: str, check: Callable[[], str], remedy: str) -> Finding:
    """Turn a check that gives a detail, or raises, into a finding."""
    try:
        return Finding(name, True, check())
    except KefuError as error:
        return Finding(name, False, str(error), remedy)


def _embedding(project: Project) -> str:
    from kefu.models import shared_embedder

    embedder = shared_embedder(project.settings.embedding)
    vector = embedder.embed([_SAMPLE])[0]
    length = math.sqrt(float(vector @ vector))
    if not math.isclose(length, 1.0, abs_tol=1e-3):
        raise KefuError(f"The model's vector has length {length:g}, not 1.")
    model = embedder.identity()
    return f"{model.name} ({model.fingerprint}), {model.dim} dimensions"


def _knowledge(project: Project) -> str:
    from kefu.knowledge.entries import Facts
    from kefu.knowledge.files.sync import is_behind
    from kefu.knowledge.shared import shared_base
    from kefu.knowledge.store.store import open_store

    known = len(shared_base(project.settings).entry_ids)
    folder, policy = map(
        project.settings.path, (project.settings.knowledge.entries, project.settings.knowledge.policy)
    )
    store = open_store(project.settings)
    try:
        if is_behind(store, folder, project.root, Facts(policy)):
            raise KnowledgeIndexError("The files of entries have changed since the index was made.")
    finally:
        store.database.close()
    return f"{known} entries"


def _rasa_model(project: Project) -> str:
    newest = newest_model(project.models)
    if newest is None:
        raise KefuError(f"There is no model in {project.models}.")
    if fresh_model(project, project.models) is None:
        raise KefuError(f"{newest.name} was not trained from what the project holds now.")
    return newest.name


def _database(project: Project, url: str) -> str:
    from kefu.database import Database

    database = Database(project.settings.database_url(url))
    try:
        with database.reading():
            return url.split("://", 1)[0]  # the rest may hold a password
    finally:
        database.close()


def _port(name: str, port: int, health: str, option: str) -> Finding:
    if is_free(port):
        return Finding(f"port {port}", True, f"free for the {name}")
    if answers(local(port, health)):
        return Finding(f"port {port}", True, f"a healthy {name} answers")
    remedy = f"End that program, or choose another port: kefu up {option} PORT"
    return Finding(f"port {port}", False, f"taken, and no {name} answers", remedy)
