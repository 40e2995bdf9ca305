"""The formats, what reading one gives, and where its faults are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import PurePath
from typing import Any, Literal, get_args

from kefu.errors import DataError
from kefu.knowledge.entries import USUAL_ZONE
from kefu.text import Language

Format = Literal["csv", "jsonl", "xlsx", "md", "yaml"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SUFFIXES: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "md",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".md": "md",
    ".markdown": "md",
    ".yml": "yaml",
    ".yaml": "yaml",
}
# The field in "shop.csv: row 3: `answer` must be …" or "shop.csv: row 3.zh.answer: There is no …".
_FIELD = re.compile(
    r"(?:\.(?P<language>zh|en))?(?:: (?:one of )?`(?P<field>\w+)`|\.(?P<text>question|answer|alternatives):)"
)


@dataclass(frozen=True)
class Raw:
    """One entry as a file has it: a mapping as JSON and YAML have it, flat or by language, and where it stands."""

    where: str
    fields: Any


@dataclass(frozen=True)
class Fault:
    """What is wrong with one entry of a file: where it stands (`row 3`), the field if one is to blame, and why."""

    where: str
    field: str
    message: str

    @classmethod
    def of(cls, where: str, error: Exception) -> "Fault":
        """Take an error's message apart."""
        message = str(error)
        found = _FIELD.search(message)
        parts = (found["field"] or found["text"], found["language"]) if found else ()
        return cls(where, "_".join(part for part in parts if part), message)


@dataclass(frozen=True)
class Defaults:
    """What entries have that do not say otherwise. ``link`` is the page that a document stands on, ``zone`` that of
    dates and times that carry none."""

    category: str = ""
    language: Language | None = None
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    link: str = ""
    zone: tzinfo = USUAL_ZONE


def format_of(name: str) -> Format:
    """Tell a format by the end of a file's name.

    :raises DataError: if it is none that Kefu knows.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(sorted(_SUFFIXES))
        raise DataError(f"{name}: what format it has cannot be told by its name; known are {known}. Use `--format`.")
    return _SUFFIXES[suffix]
