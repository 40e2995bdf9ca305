"""What the knowledge store gives: entries with their record, their history, and what a change did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kefu.knowledge.entries import Entry
from kefu.text import Language

Kind = Literal["upsert", "delete"]


@dataclass(frozen=True)
class Record:
    """An entry as it is kept: its texts have their placeholders; ``revision`` counts its changes from 1."""

    entry: Entry
    revision: int
    source: str
    author: str
    created: datetime
    updated: datetime


@dataclass(frozen=True)
class Version:
    """How far a store has come: the number of its latest change, and a mark that tells it from any other change with
    this number, such as one made after an older copy of the database was put back."""

    sequence: int
    mark: str


@dataclass(frozen=True)
class Change:
    """One line of the change log; ``entry`` is what the entry became, None where it was deleted or changed again. For
    ``mark`` see :class:`Version`."""

    seq: int
    kind: Kind
    entry_id: str
    revision: int
    at: datetime
    entry: Entry | None
    mark: str

    @property
    def version(self) -> Version:
        """What a store has that has come up to this change."""
        return Version(self.seq, self.mark)


@dataclass(frozen=True)
class Revision:
    """One revision of an entry, who made it and when; ``entry`` is None for a deletion, and once compacted."""

    revision: int
    kind: Kind
    entry: Entry | None
    source: str
    author: str
    at: datetime


@dataclass(frozen=True)
class Snapshot:
    """All entries there are, and the latest change among them."""

    version: Version
    records: tuple[Record, ...]

    @property
    def sequence(self) -> int:
        """The number of the latest change."""
        return self.version.sequence

    @property
    def entries(self) -> Iterator[Entry]:
        """The entries, ordered by id."""
        return (record.entry for record in self.records)


@dataclass(frozen=True)
class Report:
    """What a change did, by ids; what was the same already is ``unchanged``."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is different now."""
        return bool(self.added or self.updated or self.deleted)


@dataclass(frozen=True)
class Query:
    """What entries are looked for; what is None is not asked about.

    ``channel`` finds what may be answered with there, so that an entry without channels fits; ``valid_at`` likewise.
    ``source`` is a whole source or, with ``*`` at its end, the beginning of one. ``text`` stands in a question, an
    answer or another wording, in capitals or not.
    """

    category: str | None = None
    tag: str | None = None
    channel: str | None = None
    language: Language | None = None
    source: str | None = None
    valid_at: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class Page:
    """Part of what was found, ordered by id, and how much there is in all."""

    total: int
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Stats:
    """The size of the store; ``vectors`` counts them by model."""

    sequence: int
    compacted: int
    entries: int
    deleted: int
    revisions: int
    valid_now: int
    languages: dict[str, int]
    categories: dict[str, int]
    sources: dict[str, int]
    vectors: dict[str, int]
