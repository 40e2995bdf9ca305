"""What the routes do. All of it blocks: a server calls it in a thread."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kefu.errors import ChangesGone, DataError
from kefu.knowledge.api.errors import ApiError
from kefu.knowledge.entries import Facts
from kefu.knowledge.exchange.exporting import write_entries
from kefu.knowledge.exchange.fields import entry_of
from kefu.knowledge.exchange.formats import FORMATS, Defaults, Fault, Format, Raw, format_of
from kefu.knowledge.exchange.importing import Importer, ImportOptions
from kefu.knowledge.files.reader import read_moment
from kefu.knowledge.files.writer import entry_item
from kefu.knowledge.store.record_json import record_json, report_json, revision_json
from kefu.knowledge.store.records import Query, Record
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.knowledge.store.text_vectors import Embedding
from kefu.models import shared_embedder
from kefu.settings import Settings
from kefu.text import LANGUAGES

Json = dict[str, Any]
Parameters = Mapping[str, str]
MOST_ENTRIES = 1000  # in one answer
USUAL_ENTRIES = 50
_BODY = "request"
_AUTHOR = "http"
_LONGEST_NAME = 120
_MOST_DIGITS = 20  # of a number in an address, leading zeros too
_FILTERS = ("category", "tag", "channel", "lang", "source", "valid_at", "text")


class Operations:
    """The store for one process; opened when it is first asked for, and tried again where that failed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._opened: tuple[KnowledgeStore, Importer] | None = None

    def list(self, parameters: Parameters) -> Json:
        """Find entries."""
        allowed = (*_FILTERS, "limit", "offset")
        _refuse_unknown(parameters, allowed)
        limit = _number(parameters, "limit", USUAL_ENTRIES, 1, MOST_ENTRIES)
        page = self._store.find(_query(parameters), limit=limit, offset=_number(parameters, "offset", 0, 0, 10**9))
        return {"total": page.total, "entries": [record_json(record) for record in page.records]}

    def get(self, entry_id: str) -> Json:
        """Read an entry."""
        return record_json(self._require(entry_id))

    def put(self, entry_id: str, body: bytes, parameters: Parameters) -> tuple[int, Json]:
        """Add or replace an entry: 201 or 200."""
        _refuse_unknown(parameters, ("author",))
        fields = _json(body)
        if fields.setdefault("id", entry_id) != entry_id:
            raise _wrong("id", f"{_BODY}: `id` is {fields['id']!r}, and {entry_id!r} in the address.")
        try:
            entry = entry_of(Raw("the entry", fields), _BODY, Defaults(category="general"))
            report = self._importer.put(entry, author=_author(parameters), source="http")
        except DataError as error:
            raise ApiError(422, str(error), [_fault(Fault.of("", error))]) from error
        return 201 if report.added else 200, self.get(entry_id)

    def delete(self, entry_id: str, parameters: Parameters) -> Json:
        """Delete an entry at once."""
        _refuse_unknown(parameters, ("author",))
        self._require(entry_id)
        return report_json(self._store.delete([entry_id], author=_author(parameters)))

    def history(self, entry_id: str) -> Json:
        """List the revisions of an entry, deleted ones' too."""
        revisions = self._store.history(entry_id)
        if not revisions:
            raise ApiError(404, f"There never was a knowledge entry `{entry_id}`.")
        return {"id": entry_id, "revisions": [revision_json(revision) for revision in revisions]}

    def changes(self, parameters: Parameters) -> Json:
        """List the changes after a number."""
        _refuse_unknown(parameters, ("after",))
        try:
            changes = self._store.changes(_number(parameters, "after", 0, 0, 2**31 - 1))
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
        allowed = ("name", "format", "strict", "dry_run", "category", "lang", "link", "author")
        _refuse_unknown(parameters, allowed)
        name = parameters.get("name") or f"upload.{parameters.get('format', '')}"
        if "/" in name or len(name) > _LONGEST_NAME:
            raise _wrong("name", f"`name` must be a file's name of at most {_LONGEST_NAME} characters.")
        language = parameters.get("lang")
        if language not in (None, *LANGUAGES):
            raise _wrong("lang", f"`lang` must be one of {', '.join(LANGUAGES)}; it is {language!r}.")
        defaults = Defaults(parameters.get("category", ""), language, (), (), parameters.get("link", ""))
        strict, dry_run = _flag(parameters, "strict"), _flag(parameters, "dry_run")
        options = ImportOptions(_author(parameters), strict, dry_run, defaults)
        try:
            report = self._importer.run(body, name, _format(parameters, name), options).to_json()
        except DataError as error:
            raise ApiError(422, str(error), [_fault(Fault.of("", error))]) from error
        if strict and report["errors"]:
            raise ApiError(
                422, f"{name}: {len(report['errors'])} rows are wrong; nothing was stored.", report["errors"]
            )
        return report

    def export(self, parameters: Parameters) -> tuple[Format, bytes]:
        """Write entries as a file."""
        _refuse_unknown(parameters, (*_FILTERS, "format"))
        kind = _format(parameters, "export.jsonl")
        page = self._store.find(_query(parameters))
        return kind, write_entries((record.entry for record in page.records), kind)

    def stats(self) -> Json:
        """Count what there is."""
        return asdict(self._store.stats())

    def sequence(self) -> Json:
        """Give the number of the latest change."""
        return {"sequence": self._store.sequence()}

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
                facts = Facts(self._settings.path(self._settings.knowledge.policy))
                embedding = Embedding(store.database, shared_embedder(self._settings.embedding))
                self._opened = store, Importer(store, facts, embedding)
            return self._opened

    def _require(self, entry_id: str) -> Record:
        record = self._store.get(entry_id)
        if record is None:
            raise ApiError(404, f"There is no knowledge entry `{entry_id}`.")
        return record


def _query(parameters: Parameters) -> Query:
    language = parameters.get("lang")
    if language not in (None, *LANGUAGES):
        raise _wrong("lang", f"`lang` must be one of {', '.join(LANGUAGES)}; it is {language!r}.")
    try:
        valid_at = read_moment(parameters.get("valid_at"), "valid_at", "query")
    except DataError as error:
        raise _wrong("valid_at", str(error)) from error
    same = {name: parameters.get(name) for name in ("category", "tag", "channel", "source", "text")}
    return Query(language=language, valid_at=valid_at, **same)


def _format(parameters: Parameters, name: str) -> Format:
    kind = parameters.get("format")
    if kind is None:
        try:
            return format_of(name)
        except DataError as error:
            raise _wrong("format", f"`format` must be one of {', '.join(FORMATS)}, or `name` must tell it.") from error
    for known in FORMATS:
        if kind == known:
            return known
    raise _wrong("format", f"`format` must be one of {', '.join(FORMATS)}; it is {kind!r}.")


def _json(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, f"The body is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ApiError(422, f"The body must be an entry as a JSON object, not {type(value).__name__}.")
    return value


def _author(parameters: Parameters) -> str:
    author = parameters.get("author", "").strip() or _AUTHOR
    if len(author) > _LONGEST_NAME or not author.isprintable():
        raise _wrong("author", f"`author` must be a name of at most {_LONGEST_NAME} characters.")
    return author


def _flag(parameters: Parameters, name: str) -> bool:
    value = parameters.get(name, "false").lower()
    if value not in ("true", "1", "false", "0"):
        raise _wrong(name, f"`{name}` must be true or false; it is {value!r}.")
    return value in ("true", "1")


def _number(parameters: Parameters, name: str, usual: int, least: int, most: int) -> int:
    text = parameters.get(name, str(usual))
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not is_number or not least <= int(text) <= most:
        raise _wrong(name, f"`{name}` must be a whole number from {least} to {most}; it is {text[:80]!r}.")
    return int(text)


def _refuse_unknown(parameters: Parameters, allowed: tuple[str, ...]) -> None:
    for name in parameters:
        if name not in allowed:
            raise _wrong(name, f"There is no parameter `{name}` here. Known: {', '.join(allowed)}.")


def _wrong(field: str, message: str) -> ApiError:
    return ApiError(400, message, [{"row": "", "field": field, "message": message}])


def _fault(fault: Fault) -> dict[str, str]:
    return {"row": fault.where, "field": fault.field, "message": fault.message}
