"""Bringing the knowledge index up to date in a process of its own, if anything that it is made from has changed.

The builder itself knows best what changed, but has to load the embedding model to find out, which takes seconds. The
stamp here says in milliseconds that nothing did.
"""

import hashlib
import importlib.metadata
import sys
from pathlib import Path

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.index.snapshot import MANIFEST
from kefu.ops.progress import Show
from kefu.ops.project import Project
from kefu.ops.services import end_of, run_logged
from kefu.ops.stamps import Stamp, digest_of, embedding_facts, read_stamp, write_stamp

_STAMP = "kefu-index.json"
_SQLITE = "sqlite:///"
_KERNEL = ("text.py", "knowledge/**/*.py", "models/*.py", "shop/policy*.py")
_VERSIONS = ("kefu", "numpy", "faiss-cpu", "tantivy", "onnxruntime", "tokenizers", "torch", "transformers")


def bring_up_to_date(project: Project, show: Show | None = None) -> bool:
    """Run ``kefu index`` where needed; say whether it changed the index.

    :param show: is told how far it is.
    :raises KnowledgeIndexError: if it failed; the message holds the end of its output.
    """
    if is_fresh(project):
        return False
    folder = _folder(project)
    before = _state(project)
    log = project.logs / "index.log"
    command = [sys.executable, "-m", "kefu.cli", "index", "--endpoints", str(project.endpoints)]
    status = run_logged(command, log, folder=project.root, environment=project.environment(), show=show)
    if status:
        raise KnowledgeIndexError(f"`kefu index` failed (status {status}).{end_of(log)}")
    write_stamp(folder / _STAMP, Stamp(digest=_inputs_digest(project), product=_state(project)))
    return _state(project) != before


def is_fresh(project: Project) -> bool:
    """Say whether the index was made from what the project holds now, and not touched since."""
    stamp = read_stamp(_folder(project) / _STAMP)
    return stamp == Stamp(digest=_inputs_digest(project), product=_state(project))


def _inputs_digest(project: Project) -> str:
    settings, kernel = project.settings, Path(__file__).parent.parent
    paths = settings.knowledge
    files = [
        *settings.path(paths.entries).glob("**/*.y*ml"),
        *(file for file in map(settings.path, (paths.policy, paths.dev, paths.rules)) if file.is_file()),
        *(file for pattern in _KERNEL for file in kernel.glob(pattern)),
    ]
    facts = [f"{name}={importlib.metadata.version(name)}" for name in _VERSIONS]
    chosen = [repr(paths), repr(settings.reranker)]
    return digest_of(files, [*facts, *chosen, *embedding_facts(settings.embedding)], project.root)


def _folder(project: Project) -> Path:
    return project.settings.path(project.settings.knowledge.index)


def _state(project: Project) -> str:
    """Hash what is on disk: the manifest names all files of the index. An index without its store is none."""
    manifest = _folder(project) / MANIFEST
    url = project.settings.database_url(project.settings.knowledge.url)
    file = Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None
    has_store = file is None or file.is_file()
    return hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() and has_store else "none"
