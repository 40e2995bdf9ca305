"""A Rasa project on disk: which files a model is made from, and where Kefu keeps what it made."""

import re
from dataclasses import dataclass
from pathlib import Path

from kefu.errors import SettingsError
from kefu.settings import Settings, endpoints_path, load_settings

# What a file of training data has at its left margin; Rasa decides alike, but parses each file to find out.
_TRAINING_KEY = re.compile(r"^(nlu|stories|rules|responses|intents)[ \t]*:", re.MULTILINE)

# Rasa's, TensorFlow's and SQLAlchemy's talk that is no use to whoever runs a shop, for processes started by Kefu.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "USE_TF": "0",  # keeps transformers from importing TensorFlow
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",  # the end of a log must be there when a server dies
}


@dataclass(frozen=True)
class Project:
    """The project that an ``endpoints.yml`` stands in."""

    endpoints: Path
    settings: Settings

    @property
    def root(self) -> Path:
        """The folder of ``endpoints.yml``, which relative paths start from."""
        return self.settings.root

    @property
    def config(self) -> Path:
        """The pipeline and policies."""
        return self.root / "config.yml"

    @property
    def domain(self) -> Path:
        """The domain: one file, or a folder of them."""
        file = self.root / "domain.yml"
        return file if file.is_file() else self.root / "domain"

    @property
    def models(self) -> Path:
        """Where ``rasa run`` and ``rasa shell`` look for a model."""
        return self.root / "models"

    @property
    def work(self) -> Path:
        """What Kefu makes and can make again: index, logs, databases, stamps."""
        return self.root / ".kefu"

    @property
    def logs(self) -> Path:
        """Where the servers' logs go."""
        return self.work / "logs"

    def training_files(self) -> list[Path]:
        """The YAML files below ``data/`` that hold utterances, rules or stories."""
        files = sorted([*self.root.glob("data/**/*.yml"), *self.root.glob("data/**/*.yaml")])
        return [file for file in files if _TRAINING_KEY.search(file.read_text(encoding="utf-8"))]

    def environment(self) -> dict[str, str]:
        """Environment variables for a process that works on this project."""
        return {**QUIET, "KEFU_ENDPOINTS": str(self.endpoints)}


def open_project(endpoints: str | Path | None = None) -> Project:
    """Find and check the project.

    :raises SettingsError: if the folder holds no Rasa project, or ``endpoints.yml`` is wrong.
    """
    file = endpoints_path(endpoints).resolve()
    project = Project(endpoints=file, settings=load_settings(file))
    missing = [path.name for path in (project.config, project.domain, file) if not path.exists()]
    if missing:
        raise SettingsError(
            f"{project.root} holds no Rasa project: {', '.join(missing)} is missing. Run `kefu` in the project's "
            "folder, or start a project of your own with `kefu init DIR`."
        )
    return project
