"""Imports a file into the store: the good rows go in and the others are named; strictly, all go in or none."""

from dataclasses import dataclass, field
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry, Facts
from kefu.knowledge.exchange.formats import Defaults, Fault, Format
from kefu.knowledge.exchange.reading import named_faults, read_entries
from kefu.knowledge.files.sync import vectors_of
from kefu.knowledge.store.records import Report
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import Embedding, Progress


@dataclass(frozen=True)
class ImportOptions:
    """How to import. ``dry_run`` only says what would happen; ``strict`` lets nothing in where anything is wrong."""

    author: str
    strict: bool = False
    dry_run: bool = False
    defaults: Defaults = field(default_factory=Defaults)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or (``stored`` is false) would have done, and what was wrong."""

    file: str
    encoding: str
    stored: bool
    report: Report
    faults: tuple[Fault, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the report as JSON has it."""
        counts = {name: len(ids) for name, ids in vars(self.report).items() if name != "deleted"}
        ids = {"ids": {"added": self.report.added, "updated": self.report.updated}}
        same = {"file": self.file, "encoding": self.encoding, "stored": self.stored}
        return {**same, **counts, **ids, "errors": named_faults(self.faults)}


class Importer:
    """Puts files into a store. ``facts`` fill texts in, for checking and embedding; without ``embedding`` no vectors
    are stored."""

    def __init__(self, store: KnowledgeStore, facts: Facts, embedding: Embedding | None = None) -> None:
        self._store = store
        self._facts = facts
        self._embedding = embedding

    def run(
        self, data: bytes, file: str, kind: Format, options: ImportOptions, progress: Progress | None = None
    ) -> ImportReport:
        """Import a file; its entries go in as one transaction.

        :param file: its name: the source is `import:` and this.
        :raises DataError: if the file as a whole is wrong.
        :raises ModelError: if its questions cannot be embedded; nothing is stored then.
        :raises StoreError: if the database cannot be used.
        """
        reading = read_entries(data, file, kind, options.defaults)
        entries, filled, faults = self._check_facts(reading.entries, file)
        faults = [*reading.faults, *faults]
        source = f"import:{file}"
        if options.dry_run or (options.strict and faults) or not entries:
            return ImportReport(file, reading.encoding, False, self._store.compare(entries, source), tuple(faults))
        vectors = vectors_of(filled, self._embedding, progress) if self._embedding else None
        report = self._store.put(entries, author=options.author, source=source, vectors=vectors)
        return ImportReport(file, reading.encoding, True, report, tuple(faults))

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
