"""What the shop knows: the entries in ``data/knowledge/*.yml``, checked, with the policy's facts filled in."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from kefu.errors import DataError
from kefu.settings import unknown_key
from kefu.shop.policy import Policy, load_policy
from kefu.text import LANGUAGES, Language, normalise

_ENTRY_KEYS = ["id", "category", "popularity", *LANGUAGES]
_WORDING_KEYS = ["question", "answer", "alternatives"]
# Ids stand in TSV columns, where `|` separates them and `-` means none.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PLACEHOLDER = re.compile(r"\{[A-Za-z0-9_.]+\}")
_USUAL_POPULARITY = 0.5
_HASH_DIGITS = 16


@dataclass(frozen=True)
class Wording:
    """An entry in one language; no placeholder is left in its texts."""

    question: str
    answer: str
    alternatives: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Every way to ask, the main one first, none twice."""
        first: dict[str, str] = {}
        for text in (self.question, *self.alternatives):
            first.setdefault(normalise(text), text)
        return tuple(first.values())


@dataclass(frozen=True)
class Entry:
    """One thing that customers ask about. ``popularity`` is in [0, 1]; ``version`` changes with any of its texts."""

    id: str
    category: str
    popularity: float
    wordings: Mapping[Language, Wording]

    @property
    def version(self) -> str:
        """Hash of all that the entry says, filled facts included."""
        wordings = {language: asdict(wording) for language, wording in self.wordings.items()}
        return digest([self.id, self.category, self.popularity, wordings])


@dataclass(frozen=True)
class Knowledge:
    """All entries by id, and one hash over all of them."""

    entries: Mapping[str, Entry]
    content_hash: str


def digest(value: Any) -> str:
    """Hash a JSON-like value to 16 hex digits."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HASH_DIGITS]


def load_knowledge(folder: Path, policy_file: Path) -> Knowledge:
    """Read every ``*.yml`` of a folder and fill in the facts of the policy (which may be absent if no text needs it).

    :raises DataError: naming file, entry and field, for whatever cannot be.
    """
    files = sorted(folder.glob("*.yml")) + sorted(folder.glob("*.yaml"))
    filler = _Filler(policy_file)
    entries: dict[str, Entry] = {}
    origin: dict[str, str] = {}
    for file in files:
        for entry in _read(file, filler):
            if entry.id in entries:
                raise DataError(
                    f"{file.name}: the id `{entry.id}` stands in {origin[entry.id]} already; ids are unique."
                )
            entries[entry.id] = entry
            origin[entry.id] = file.name
    if not entries:
        raise DataError(f"There is no knowledge entry in {folder}: put one into a file `*.yml` there.")
    content_hash = digest(sorted((entry.id, entry.version) for entry in entries.values()))
    return Knowledge(entries=MappingProxyType(entries), content_hash=content_hash)


class _Filler:
    """Fills placeholders; the policy is read when the first text needs it."""

    def __init__(self, policy_file: Path) -> None:
        self._file = policy_file
        self._policy: Policy | None = None

    def fill(self, text: str, language: Language, where: str) -> str:
        if not _PLACEHOLDER.search(text):
            return text
        if self._policy is None:
            self._policy = load_policy(self._file)
        try:
            return self._policy.fill(text, language)
        except DataError as error:
            raise DataError(f"{where}: {error}") from error


def _read(file: Path, filler: _Filler) -> list[Entry]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{file} is not valid YAML: {error}") from error
    content = _mapping(content or {}, ["entries"], file.name)
    entries = content.get("entries") or []
    if not isinstance(entries, list):
        raise DataError(f"{file.name}: `entries` must be a list, not {type(entries).__name__}.")
    return [_entry(item, f"{file.name}: entry {number}", file, filler) for number, item in enumerate(entries, start=1)]


def _entry(item: Any, where: str, file: Path, filler: _Filler) -> Entry:
    item = _mapping(item, _ENTRY_KEYS, where)
    entry_id = _text(item, "id", where)
    if not _ID.fullmatch(entry_id):
        raise DataError(f"{where}: `id` must be of letters, digits, `_`, `.` and `-`; it is {entry_id!r}.")
    where = f"{file.name}: {entry_id}"
    wordings = {
        language: _wording(item[language], language, f"{where}.{language}", filler)
        for language in LANGUAGES
        if item.get(language) is not None
    }
    if not wordings:
        raise DataError(f"{where}: the entry needs `zh` or `en` with a question and an answer; it has neither.")
    return Entry(
        id=entry_id,
        category=_text(item, "category", where) if "category" in item else file.stem,
        popularity=_popularity(item, where),
        wordings=MappingProxyType(wordings),
    )


def _wording(item: Any, language: Language, where: str, filler: _Filler) -> Wording:
    item = _mapping(item, _WORDING_KEYS, where)
    alternatives = item.get("alternatives") or []
    if not isinstance(alternatives, list):
        raise DataError(f"{where}: `alternatives` must be a list of texts, not {type(alternatives).__name__}.")
    for alternative in alternatives:
        if not isinstance(alternative, str) or not alternative.strip():
            raise DataError(f"{where}: `alternatives` must be texts that are not empty; one is {alternative!r}.")
    return Wording(
        question=filler.fill(_text(item, "question", where), language, f"{where}.question"),
        answer=filler.fill(_text(item, "answer", where), language, f"{where}.answer"),
        alternatives=tuple(filler.fill(text.strip(), language, f"{where}.alternatives") for text in alternatives),
    )


def _mapping(item: Any, known: list[str], where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise DataError(f"{where} must be a mapping with {', '.join(known)}, not {type(item).__name__}.")
    for key in item:
        if key not in known:
            raise DataError(unknown_key(key, known, where))
    return item


def _text(item: dict[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: `{key}` must be a text that is not empty; it is {value!r}.")
    return value.strip()


def _popularity(item: dict[str, Any], where: str) -> float:
    value = item.get("popularity", _USUAL_POPULARITY)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise DataError(f"{where}: `popularity` must be a number from 0 to 1; it is {value!r}.")
    return float(value)
