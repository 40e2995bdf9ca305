"""What the shop knows: entries, each in one or two languages, as somebody wrote them or with the facts filled in."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from kefu.errors import DataError
from kefu.shop.policy import Policy, load_policy
from kefu.text import Language, normalise

USUAL_POPULARITY = 0.5
# `{policy.return_days}`; what names something live (`{stock:SKU}`) has a colon, and is filled when it is said.
_FACT = re.compile(r"\{[A-Za-z0-9_.]+\}")
_HASH_DIGITS = 16
USUAL_ZONE = ZoneInfo("Asia/Shanghai")  # of a shop without a policy


@dataclass(frozen=True)
class Wording:
    """An entry in one language."""

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
class Scope:
    """Where and when an entry holds: on these channels (none named: on all), from ``valid_from`` until before
    ``valid_to`` (None: without an end; both carry their zone)."""

    channels: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def holds(self, moment: datetime, channel: str | None = None) -> bool:
        """Say whether the entry may be answered with at a moment, on a channel (None: whatever it is)."""
        begun = self.valid_from is None or self.valid_from <= moment
        over = self.valid_to is not None and self.valid_to <= moment
        return begun and not over and (channel is None or not self.channels or channel in self.channels)


@dataclass(frozen=True)
class Entry:
    """One thing that customers ask about. ``popularity`` is in [0, 1]; ``link`` leads to the page it stands on;
    ``version`` changes with whatever of it a customer or the search could notice."""

    id: str
    category: str
    popularity: float
    wordings: Mapping[Language, Wording]
    tags: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    link: str = ""

    @property
    def title(self) -> str:
        """What it is known by among people: its question, in the first of its languages."""
        return next(iter(self.wordings.values())).question

    @property
    def version(self) -> str:
        """Hash of all that the entry says, filled facts included."""
        wordings = {language: asdict(wording) for language, wording in self.wordings.items()}
        said: list[Any] = [self.id, self.category, self.popularity, wordings]
        extra = {"tags": self.tags, "link": self.link, **asdict(self.scope)}
        if given := {name: str(value) for name, value in extra.items() if value}:
            said.append(given)
        return digest(said)


@dataclass(frozen=True)
class Knowledge:
    """All entries by id, and one hash over all of them."""

    entries: Mapping[str, Entry]
    content_hash: str

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Knowledge":
        """Put entries together, whose ids differ."""
        by_id = {entry.id: entry for entry in entries}
        versions = sorted((entry.id, entry.version) for entry in by_id.values())
        return cls(MappingProxyType(by_id), digest(versions))


class Facts:
    """Fills in the policy's facts; the policy is read when the first text needs it, so that it may be absent."""

    def __init__(self, policy_file: Path) -> None:
        self._file = policy_file
        self._policy: Policy | None = None
        self._version = digest(policy_file.read_text(encoding="utf-8")) if policy_file.is_file() else ""

    def _read(self) -> Policy:
        self._policy = load_policy(self._file)
        return self._policy

    @property
    def version(self) -> str:
        """Hash of the policy's file as it was when these facts were made; empty where there is none."""
        return self._version

    @property
    def zone(self) -> tzinfo:
        """The shop's time zone, in which its days are counted."""
        return (self._policy or self._read()).timezone if self._file.is_file() else USUAL_ZONE

    def fill(self, entry: Entry, where: str) -> Entry:
        """Give an entry with every `{policy.…}` and `{shop.…}` filled in.

        :raises DataError: naming `where`, language and field, for a fact that the policy does not have.
        """
        wordings = {language: self._wording(wording, language, where) for language, wording in entry.wordings.items()}
        return replace(entry, wordings=MappingProxyType(wordings))

    def _wording(self, wording: Wording, language: Language, where: str) -> Wording:
        def filled(text: str, name: str) -> str:
            return self._fill(text, language, f"{where}.{language}.{name}")

        return Wording(
            filled(wording.question, "question"),
            filled(wording.answer, "answer"),
            tuple(filled(text, "alternatives") for text in wording.alternatives),
        )

    def _fill(self, text: str, language: Language, where: str) -> str:
        if not _FACT.search(text):
            return text
        policy = self._policy or self._read()
        try:
            return policy.fill(text, language)
        except DataError as error:
            raise DataError(f"{where}: {error}") from error


def text_hash(text: str) -> str:
    """What a text's vector is known by: texts that are embedded alike have the same."""
    return digest(normalise(text))


def digest(value: Any) -> str:
    """Hash a JSON-like value to 16 hex digits."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HASH_DIGITS]
