"""Imports a file into the store: the good rows go in and the others are named; strictly, all go in or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry, Facts
from kefu.knowledge.exchange.fields import entry_of
from kefu.knowledge.exchange.formats import Defaults, Fault, Format, Raw
from kefu.knowledge.exchange.reading import named_faults, read_entries
from kefu.knowledge.exchange.updating import updated
from kefu.knowledge.files.sync import vectors_of
from kefu.knowledge.store.records import Report
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import Embedding, Progress
from kefu.protocols import Embedder
from kefu.settings import Settings


@dataclass(frozen=True)
class ImportOptions:
    """How to import.

    ``dry_run`` only says what would happen; ``strict`` lets nothing in where anything is wrong; ``prune`` deletes what
    came from a file of this name earlier and is not in it any more.
    """

    author: str
    strict: bool = False
    dry_run: bool = False
    prune: bool = False
    defaults: Defaults = field(default_factory=Defaults)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or (``stored`` is false) would have done, and what was wrong.

    ``gone`` are the entries that came from a file of this name earlier and are not in it any more. They stay unless
    the import is to prune them; then they are among the deleted ones of the ``report``, too.
    """

    file: str
    encoding: str
    stored: bool
    report: Report
    faults: tuple[Fault, ...]
    gone: tuple[Entry, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the report as JSON has it."""
        counts = {name: len(ids) for name, ids in vars(self.report).items()}
        ids = {"ids": {name: getattr(self.report, name) for name in ("added", "updated", "deleted")}}
        gone = {"gone": [{"id": entry.id, "question": entry.title} for entry in self.gone]}
        same = {"file": self.file, "encoding": self.encoding, "stored": self.stored}
        return {**same, **counts, **ids, **gone, "errors": named_faults(self.faults)}


class Importer:
    """Puts files into a store. ``facts`` fill texts in, for checking and embedding; without ``embedding`` no vectors
    are stored."""

    def __init__(self, store: KnowledgeStore, facts: Facts, embedding: Embedding | None = None) -> None:
        self._store = store
        self._facts = facts
        self._embedding = embedding

    @classmethod
    def of(cls, settings: Settings, store: KnowledgeStore, embedder: Embedder) -> "Importer":
        """Make the importer of a project: with its policy, and vectors of this model."""
        facts = Facts(settings.path(settings.knowledge.policy))
        return cls(store, facts, Embedding(store.database, embedder))

    def run(
        self, data: bytes, file: str, kind: Format, options: ImportOptions, progress: Progress | None = None
    ) -> ImportReport:
        """Import a file; its entries go in as one transaction.

        :param file: its name: the source is `import:` and this.
        :raises DataError: if the file as a whole is wrong.
        :raises ModelError: if its questions cannot be embedded; nothing is stored then.
        :raises StoreError: if the database cannot be used.
        """
        reading = read_entries(data, file, kind, replace(options.defaults, zone=self._facts.zone))
        entries, filled, faults = self._check_facts(reading.entries, file)
        faults = [*reading.faults, *faults]
        source = f"import:{file}"
        # A row that is wrong stands in the file all the same: what it said before must not be taken for gone.
        gone = () if faults or not entries else self._gone(entries, source)
        doomed = [entry.id for entry in gone] if options.prune else []

        def told(stored: bool, report: Report) -> ImportReport:
            return ImportReport(file, reading.encoding, stored, report, tuple(faults), gone)

        if options.dry_run or (options.strict and faults) or not entries:
            return told(False, replace(self._store.compare(entries, source), deleted=tuple(doomed)))
        vectors = vectors_of(filled, self._embedding, progress) if self._embedding else None
        return told(True, self._store.replace(entries, doomed, author=options.author, source=source, vectors=vectors))

    def _gone(self, entries: Sequence[Entry], source: str) -> tuple[Entry, ...]:
        """Give the entries of a source that are not among these. Who changed one by hand made it his own."""
        there = {entry.id for entry in entries}
        return tuple(entry for entry in self._store.of_source(source) if entry.id not in there)

    def read(self, fields: dict[str, Any], where: str) -> Entry:
        """Make one entry of its fields.

        :raises DataError: naming the field, if it cannot be so.
        """
        return entry_of(Raw("the entry", fields), where, Defaults(category="general", zone=self._facts.zone))

    def updated(self, entry: Entry, fields: dict[str, Any], where: str) -> Entry:
        """Give an entry with some fields changed, as :func:`kefu.knowledge.exchange.updating.updated` does."""
        return updated(entry, fields, where, self._facts.zone)

    def put(self, entry: Entry, *, author: str, source: str) -> Report:
        """Store one entry with its vectors.

        :raises DataError: if a fact that it names is unknown.
        """
        filled = self._facts.fill(entry, entry.id)
        vectors = vectors_of([filled], self._embedding) if self._embedding else None
        return self._store.put([entry], author=author, source=source, vectors=vectors)

    def _check_facts(
        self, entries: tuple[tuple[str, Entry], ...], file: str
    ) -> tuple[list[Entry], list[Entry], list[Fault]]:
        good, filled, faults = [], [], []
        for where, entry in entries:
            try:
                filled.append(self._facts.fill(entry, f"{file}: {where}"))
                good.append(entry)
            except DataError as error:
                faults.append(Fault.of(where, error))
        return good, filled, faults
