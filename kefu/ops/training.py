"""Training the Rasa model, if anything that it is made from has changed."""

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kefu.errors import KefuError, SettingsError
from kefu.knowledge.recall.rows import questions_by_entry
from kefu.ops.progress import Show
from kefu.ops.project import Project
from kefu.ops.services import end_of, run_logged
from kefu.ops.stamps import Stamp, digest_of, embedding_facts, read_stamp, write_stamp
from kefu.yaml_text import load_yaml

STAMP_NAME = "kefu-train.json"
_VERSIONS = ("rasa", "kefu", "numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers", "torch", "transformers")
# The kernel's modules that components stand on.
_KERNEL = ("text.py", "entities.py", "settings.py", "protocols.py", "models/*.py")


class TrainingError(KefuError):
    """Rasa could not train a model from this project."""


@dataclass(frozen=True)
class Trained:
    """The model that fits the project, and whether it had to be trained now."""

    model: Path
    is_new: bool


def train(project: Project, *, force: bool = False, out: Path | None = None, show: Show | None = None) -> Trained:
    """Train a model into ``out`` unless the newest one there was trained from the same inputs.

    The archive is written elsewhere and moved when whole: a run that is interrupted leaves no broken model behind.

    :param force: train even so, and without Rasa's cache of components.
    :param show: is told how far the training is.
    :raises TrainingError: if Rasa refuses the project; the message holds the end of its output.
    """
    folder = out or project.models
    with _only_one(project):
        digest = inputs_digest(project)
        fresh = fresh_model(project, folder, digest)
        if fresh and not force:
            return Trained(model=fresh, is_new=False)
        archive = _run_rasa(project, force, show)
        folder.mkdir(parents=True, exist_ok=True)
        model = Path(shutil.move(archive, folder / archive.name))
        write_stamp(folder / STAMP_NAME, Stamp(digest=digest, product=model.name))
    return Trained(model=model, is_new=True)


def fresh_model(project: Project, folder: Path, digest: str | None = None) -> Path | None:
    """Give the newest model, which Rasa would load, if it was trained from what the project holds now."""
    stamp = read_stamp(folder / STAMP_NAME)
    newest = newest_model(folder)
    if stamp is None or newest is None or stamp.product != newest.name:
        return None
    return newest if stamp.digest == (digest or inputs_digest(project)) else None


def newest_model(folder: Path) -> Path | None:
    """Give the model that Rasa would load from a folder."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def inputs_digest(project: Project) -> str:
    """Hash all that a trained model depends on: project files, components, embedding model, package versions."""
    files = [project.config, *_domain_files(project), *project.training_files(), *_sources()]
    facts = [f"{name}={importlib.metadata.version(name)}" for name in _VERSIONS]
    facts += _knowledge_questions(project)
    return digest_of(
        files, [*facts, *embedding_facts(project.settings.embedding, _models_in(project.config))], project.root
    )


def _domain_files(project: Project) -> list[Path]:
    if project.domain.is_dir():
        return sorted(project.domain.rglob("*.yml"))
    return [project.domain]


def _sources() -> list[Path]:
    kernel = Path(__file__).parent.parent
    found = importlib.util.find_spec("kefu.components")
    folders = [Path(folder) for folder in (found.submodule_search_locations if found else None) or []]
    return [
        *(path for pattern in _KERNEL for path in kernel.glob(pattern)),
        *(path for folder in folders for path in folder.glob("*.py")),
    ]


def _knowledge_questions(project: Project) -> list[str]:
    """Give the questions that training takes from the knowledge base; changed answers change no model."""
    if "KnowledgeImporter" not in project.config.read_text(encoding="utf-8"):
        return []
    if not project.settings.path(project.settings.knowledge.entries).is_dir():
        return []
    return [text for questions in questions_by_entry(project.settings).values() for text in questions]


def _models_in(config: Path) -> list[str]:
    """Read the models that the pipeline itself names, which outrank endpoints.yml."""
    try:
        content: Any = load_yaml(config.read_text(encoding="utf-8"))
        pipeline = content.get("pipeline") or []
    except (yaml.YAMLError, AttributeError) as error:
        raise SettingsError(f"{config} is not a Rasa configuration: {error}") from error
    return [str(item["model"]) for item in pipeline if isinstance(item, dict) and item.get("model")]


def _run_rasa(project: Project, force: bool, show: Show | None) -> Path:
    """Run ``rasa train`` quietly into a folder of our own, and give the archive it made."""
    files = project.training_files()
    if not files:
        raise TrainingError(f"{project.root / 'data'} holds no training data (a YAML file with `nlu:` or `rules:`).")
    folder = project.work / "training"
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob("*.tar.gz"):
        leftover.unlink()
    command = [sys.executable, "-m", "rasa", "train", "--config", str(project.config), "--domain", str(project.domain)]
    command += ["--data", *map(str, files), "--out", str(folder), *(["--force"] if force else [])]
    log = project.logs / "train.log"
    status = run_logged(command, log, folder=project.root, environment=project.environment(), show=show)
    made = newest_model(folder)
    if status or made is None:
        raise TrainingError(f"`rasa train` failed (status {status}).{end_of(log)}")
    return made


@contextlib.contextmanager
def _only_one(project: Project) -> Iterator[None]:
    """Let two trainings of one project that start together run one after the other."""
    project.work.mkdir(parents=True, exist_ok=True)
    with (project.work / "train.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
