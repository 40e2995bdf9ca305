"""What the routes do. All of it blocks: a server calls it in a thread."""

import threading
from dataclasses import asdict

from kefu.errors import ChangesGone, DataError
from kefu.knowledge.api.errors import ApiError
from kefu.knowledge.api.parameters import (
    FILTERS,
    LONGEST_NAME,
    Json,
    Parameters,
    author_of,
    flag,
    format_given,
    json_object,
    language_of,
    number,
    query_of,
    refuse_unknown,
    share,
    wrong,
)
from kefu.knowledge.entries import Facts
from kefu.knowledge.exchange.exporting import write_entries
from kefu.knowledge.exchange.formats import Defaults, Fault, Format
from kefu.knowledge.exchange.importing import Importer, ImportOptions
from kefu.knowledge.exchange.reading import named_faults
from kefu.knowledge.files.writer import entry_item
from kefu.knowledge.index.build import build_index
from kefu.knowledge.store.duplicates import NEAR_IN_LETTERS, NEAR_IN_MEANING
from kefu.knowledge.store.record_json import record_json, report_json, revision_json
from kefu.knowledge.store.records import Record
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.knowledge.store.upkeep import USUAL_DAYS, compact, duplicates
from kefu.models import shared_embedder
from kefu.protocols import Embedder
from kefu.settings import Settings

MOST_ENTRIES = 1000  # in one answer
USUAL_ENTRIES = 50
MOST_DAYS = 36_500
_BODY = "request"


class Operations:
    """The store for one process; opened when it is first asked for, and tried again where that failed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._opened: tuple[KnowledgeStore, Importer] | None = None

    def list(self, parameters: Parameters) -> Json:
        """Find entries."""
        allowed = (*FILTERS, "limit", "offset")
        refuse_unknown(parameters, allowed)
        limit = number(parameters, "limit", USUAL_ENTRIES, 1, MOST_ENTRIES)
        offset = number(parameters, "offset", 0, 0, 10**9)
        page = self._store.find(query_of(parameters, self._facts), limit=limit, offset=offset)
        return {"total": page.total, "entries": [record_json(record) for record in page.records]}

    def get(self, entry_id: str) -> Json:
        """Read an entry."""
        return record_json(self._require(entry_id))

    def put(self, entry_id: str, body: bytes, parameters: Parameters) -> tuple[int, Json]:
        """Add or replace an entry: 201 or 200."""
        refuse_unknown(parameters, ("author",))
        fields = json_object(body)
        if fields.setdefault("id", entry_id) != entry_id:
            raise wrong("id", f"{_BODY}: `id` is {fields['id']!r}, and {entry_id!r} in the address.")
        try:
            entry = self._importer.read(fields, _BODY)
            report = self._importer.put(entry, author=author_of(parameters), source="http")
        except DataError as error:
            raise _unfit(error) from error
        return 201 if report.added else 200, self.get(entry_id)

    def patch(self, entry_id: str, body: bytes, parameters: Parameters) -> Json:
        """Change the fields of an entry that are given; the others stay."""
        refuse_unknown(parameters, ("author",))
        fields, record = json_object(body), self._require(entry_id)
        if fields.pop("id", entry_id) != entry_id:
            raise wrong("id", f"{_BODY}: an entry keeps its `id`; add another one and delete {entry_id!r}.")
        try:
            entry = self._importer.updated(record.entry, fields, _BODY)
            self._importer.put(entry, author=author_of(parameters), source="http")
        except DataError as error:
            raise _unfit(error) from error
        return self.get(entry_id)

    def delete(self, entry_id: str, parameters: Parameters) -> Json:
        """Delete an entry at once."""
        refuse_unknown(parameters, ("author",))
        self._require(entry_id)
        return report_json(self._store.delete([entry_id], author=author_of(parameters)))

    def history(self, entry_id: str) -> Json:
        """List the revisions of an entry, deleted ones' too."""
        revisions = self._store.history(entry_id)
        if not revisions:
            raise ApiError(404, f"There never was a knowledge entry `{entry_id}`.")
        return {"id": entry_id, "revisions": [revision_json(revision) for revision in revisions]}

    def changes(self, parameters: Parameters) -> Json:
        """List the changes after a number."""
        refuse_unknown(parameters, ("after",))
        try:
            changes = self._store.changes(number(parameters, "after", 0, 0, 2**31 - 1))
        except ChangesGone as error:
            raise ApiError(410, f"{error} Read all entries instead.") from error
        shown = ("seq", "kind", "entry_id", "revision")
        values = [
            {**{name: getattr(change, name) for name in shown}, "entry": change.entry and entry_item(change.entry)}
            for change in changes
        ]
        return {"changes": values}

    def import_file(self, body: bytes, parameters: Parameters) -> Json:
        """Import a file: the good rows go in, the others are named; strictly all or none (422)."""
        allowed = ("name", "format", "strict", "dry_run", "prune", "category", "lang", "link", "author")
        refuse_unknown(parameters, allowed)
        name = parameters.get("name") or f"upload.{parameters.get('format', '')}"
        if "/" in name or len(name) > LONGEST_NAME:
            raise wrong("name", f"`name` must be a file's name of at most {LONGEST_NAME} characters.")
        defaults = Defaults(
            parameters.get("category", ""), language_of(parameters), (), (), parameters.get("link", "")
        )
        strict, dry_run = flag(parameters, "strict"), flag(parameters, "dry_run")
        options = ImportOptions(author_of(parameters), strict, dry_run, flag(parameters, "prune"), defaults)
        try:
            report = self._importer.run(body, name, format_given(parameters, name), options).to_json()
        except DataError as error:
            raise _unfit(error) from error
        if strict and report["errors"]:
            raise ApiError(
                422, f"{name}: {len(report['errors'])} rows are wrong; nothing was stored.", report["errors"]
            )
        return report

    def export(self, parameters: Parameters) -> tuple[Format, bytes]:
        """Write entries as a file."""
        refuse_unknown(parameters, (*FILTERS, "format"))
        kind = format_given(parameters, "export.jsonl")
        page = self._store.find(query_of(parameters, self._facts))
        return kind, write_entries((record.entry for record in page.records), kind)

    def stats(self) -> Json:
        """Count what there is."""
        return asdict(self._store.stats())

    def sequence(self) -> Json:
        """Give the number of the latest change."""
        return {"sequence": self._store.sequence()}

    def build(self, parameters: Parameters) -> Json:
        """Bring the index up to date with store, files, policy and model; only what changed is done again."""
        refuse_unknown(parameters, ("force",))
        return asdict(build_index(self._settings, self._embedder, force=flag(parameters, "force")))

    def compact(self, parameters: Parameters) -> Json:
        """Forget deleted texts, old changes, and vectors of no use."""
        refuse_unknown(parameters, ("days",))
        days = number(parameters, "days", USUAL_DAYS, 0, MOST_DAYS)
        return asdict(compact(self._store, self._settings, self._embedder.identity(), days=days))

    def duplicates(self, parameters: Parameters) -> Json:
        """List pairs of entries that ask nearly the same, the nearest first."""
        refuse_unknown(parameters, ("meaning", "letters", "limit"))
        near = share(parameters, "meaning", NEAR_IN_MEANING), share(parameters, "letters", NEAR_IN_LETTERS)
        limit = number(parameters, "limit", USUAL_ENTRIES, 1, MOST_ENTRIES)
        found = duplicates(self._store, self._settings, self._embedder, *near)
        return {"total": len(found.pairs), "pairs": [asdict(pair) for pair in found.pairs[:limit]]}

    @property
    def _embedder(self) -> Embedder:
        return shared_embedder(self._settings.embedding)

    @property
    def _facts(self) -> Facts:
        return Facts(self._settings.path(self._settings.knowledge.policy))

    @property
    def _store(self) -> KnowledgeStore:
        return self._open()[0]

    @property
    def _importer(self) -> Importer:
        return self._open()[1]

    def _open(self) -> tuple[KnowledgeStore, Importer]:
        with self._opening:
            if self._opened is None:
                store = open_store(self._settings)
                self._opened = store, Importer.of(self._settings, store, self._embedder)
            return self._opened

    def _require(self, entry_id: str) -> Record:
        record = self._store.get(entry_id)
        if record is None:
            raise ApiError(404, f"There is no knowledge entry `{entry_id}`.")
        return record


def _unfit(error: DataError) -> ApiError:
    """Answer that an entry or a file cannot be so, naming the field where one is to blame."""
    return ApiError(422, str(error), named_faults([Fault.of("", error)]))
