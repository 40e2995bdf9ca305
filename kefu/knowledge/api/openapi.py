"""The description of the routes: an OpenAPI 3 document."""

import importlib.metadata
from typing import Any

from kefu.knowledge.api.access import TOKEN_VARIABLE
from kefu.knowledge.api.operations import MOST_ENTRIES, USUAL_ENTRIES
from kefu.knowledge.exchange.formats import FORMATS
from kefu.knowledge.files.limits import LONGEST_ANSWER, LONGEST_WORDING, MOST_ALTERNATIVES
from kefu.text import LANGUAGES

LARGEST_ENTRY = 1024 * 1024  # bytes of a body
LARGEST_IMPORT = 16 * 1024 * 1024
Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer"}
_MOMENT: Json = {"type": "string", "description": "A date (2026-11-11) or a time (2026-11-11T20:00+08:00)."}
_LANGUAGE: Json = {"type": "string", "enum": list(LANGUAGES)}
_NAMES: Json = {"type": "array", "items": _TEXT}


def document() -> Json:
    """Give the document, as JSON has it."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Kefu: what the shop knows",
            "version": importlib.metadata.version("kefu"),
            "description": f"Send `Authorization: Bearer TOKEN`; the token is that of {TOKEN_VARIABLE} in the "
            "environment of the action server. Without it all routes but this description answer 403.",
        },
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _paths() -> Json:
    entry_id = _parameter("id", _TEXT, "The entry's id.", place="path")
    author = _parameter("author", _TEXT, "Who makes the change; `http` where nobody is named.")
    kind = _parameter("format", {"type": "string", "enum": list(FORMATS)}, "Of the file.")
    one, filters = _answer("An entry with its record.", "Record"), _filters()
    why = _answer("The decision with its trace.", "Why")
    return {
        "/knowledge/entries": {
            "get": _operation("List entries, ordered by id.", [*filters, *_paging()], _answer("A page.", "Page")),
        },
        "/knowledge/entries/{id}": {
            "get": _operation("Read an entry.", [entry_id], one, 404),
            "put": {
                **_operation("Add or replace an entry.", [entry_id, author], one, 400, 413, 422),
                "requestBody": _body({"application/json": _reference("Entry")}, LARGEST_ENTRY),
            },
            "delete": _operation("Delete an entry at once.", [entry_id, author], _answer("Its id.", "Report"), 404),
        },
        "/knowledge/entries/{id}/history": {
            "get": _operation("List its revisions, oldest first.", [entry_id], _answer("Revisions.", "History"), 404),
        },
        "/knowledge/import": {
            "post": {
                **_operation(
                    "Import a file: good rows go in, the others are named.",
                    [
                        _parameter("name", _TEXT, "The file's name, which tells the format."),
                        kind,
                        *_importing(),
                        author,
                    ],
                    _answer("What was done.", "Import"),
                    *(400, 413, 422),
                ),
                "requestBody": _body(
                    {"application/octet-stream": {"type": "string", "format": "binary"}}, LARGEST_IMPORT
                ),
            },
        },
        "/knowledge/export": {"get": _operation("Write entries as a file.", [kind, *filters], _file())},
        "/knowledge/changes": {
            "get": _operation(
                "List the changes after a number; 410 where they were compacted.",
                [_parameter("after", _NUMBER, "A sequence number.")],
                _answer("Changes, in their order.", "Changes"),
                410,
            ),
        },
        "/knowledge/sequence": {
            "get": _operation("Give the number of the latest change.", [], _answer("The number.", "Sequence")),
        },
        "/knowledge/why": {"get": _operation("Say how the latest decision came about.", [], why, 404)},
        "/knowledge/why/{id}": {
            "get": _operation(
                "Say how the last decision of a conversation came about.",
                [_parameter("id", _TEXT, "The conversation's sender id.", place="path")],
                why,
                404,
            ),
        },
        "/knowledge/stats": {"get": _operation("Count what there is.", [], _answer("Counts.", "Stats"))},
    }


def _operation(summary: str, parameters: list[Json], success: Json, *statuses: int) -> Json:
    reasons = {
        400: "The request cannot be read.",
        401: "The token is wrong or missing.",
        403: f"{TOKEN_VARIABLE} is not set: the routes are closed.",
        404: "There is no such entry.",
        410: "They are not listed any more.",
        413: "The body is too large.",
        422: "Something in it is wrong; rows and fields are named.",
        503: "The database or the model cannot be reached.",
    }
    failures = {str(status): _answer(reasons[status], "Error") for status in sorted({401, 403, 503, *statuses})}
    return {"summary": summary, "parameters": parameters, "responses": {"200": success, **failures}}


def _filters() -> list[Json]:
    return [
        _parameter("category", _TEXT, "Only of this category."),
        _parameter("tag", _TEXT, "Only with this tag."),
        _parameter("channel", _TEXT, "Only what may be said on this channel."),
        _parameter("lang", _LANGUAGE, "Only what there is in this language."),
        _parameter("source", _TEXT, "Only of this source; with * at its end, of all that begin so."),
        _parameter("valid_at", _MOMENT, "Only what holds at this time."),
        _parameter("text", _TEXT, "Only where a question or the answer has this text."),
    ]


def _paging() -> list[Json]:
    return [
        _parameter("limit", {**_NUMBER, "minimum": 1, "maximum": MOST_ENTRIES}, f"{USUAL_ENTRIES} where not given."),
        _parameter("offset", {**_NUMBER, "minimum": 0}, "How many to pass over."),
    ]


def _importing() -> list[Json]:
    return [
        _parameter("strict", {"type": "boolean"}, "Where anything is wrong, nothing goes in."),
        _parameter("dry_run", {"type": "boolean"}, "Only say what would be done."),
        _parameter("category", _TEXT, "Of entries that have none."),
        _parameter("lang", _LANGUAGE, "Of entries that name none."),
        _parameter("link", _TEXT, "The page that the document stands on."),
    ]


def _schemas() -> Json:
    question = {**_TEXT, "maxLength": LONGEST_WORDING}
    answer = {**_TEXT, "maxLength": LONGEST_ANSWER}
    wording = _object(
        {
            "question": question,
            "answer": answer,
            "alternatives": {"type": "array", "items": question, "maxItems": MOST_ALTERNATIVES},
        },
        "question",
        "answer",
    )
    entry: Json = {
        "id": {**_TEXT, "description": "Letters, digits, `_`, `.` and `-`."},
        "category": _TEXT,
        "popularity": {"type": "number", "minimum": 0, "maximum": 1},
        "tags": _NAMES,
        "channels": _NAMES,
        "valid_from": _MOMENT,
        "valid_to": _MOMENT,
        "link": _TEXT,
        **{language: _reference("Wording") for language in LANGUAGES},
    }
    flat = {"question": question, "answer": answer, "alternatives": _NAMES, "lang": _LANGUAGE}
    record = {"revision": _NUMBER, "source": _TEXT, "author": _TEXT, "created": _MOMENT, "updated": _MOMENT}
    counts = {"type": "object", "additionalProperties": _NUMBER}
    fault = _object({"row": _TEXT, "field": _TEXT, "message": _TEXT})
    faults = {"type": "array", "items": fault}
    return {
        "Wording": wording,
        "Entry": {
            **_object({**entry, **flat}),
            "description": "A question and an answer suffice, by language (`zh`, `en`) or flat.",
        },
        "Record": _object({**entry, **record}),
        "Page": _object({"total": _NUMBER, "entries": {"type": "array", "items": _reference("Record")}}),
        "Report": _object(dict.fromkeys(("added", "updated", "unchanged", "deleted"), _NAMES)),
        "Revision": _object(
            {
                **_part(record, "revision", "source", "author"),
                "kind": _TEXT,
                "at": _MOMENT,
                "entry": _nullable("Entry"),
            }
        ),
        "History": _object({"id": _TEXT, "revisions": {"type": "array", "items": _reference("Revision")}}),
        "Change": _object(
            {"seq": _NUMBER, "kind": _TEXT, "entry_id": _TEXT, "revision": _NUMBER, "entry": _nullable("Entry")}
        ),
        "Changes": _object({"changes": {"type": "array", "items": _reference("Change")}}),
        "Import": _object(
            {
                "file": _TEXT,
                "encoding": _TEXT,
                "stored": {"type": "boolean"},
                **dict.fromkeys(("added", "updated", "unchanged"), _NUMBER),
                "ids": _object({"added": _NAMES, "updated": _NAMES}),
                "errors": faults,
            }
        ),
        "Sequence": _object({"sequence": _NUMBER}),
        "Stats": _object(
            {
                **dict.fromkeys(("sequence", "compacted", "entries", "deleted", "revisions", "valid_now"), _NUMBER),
                **dict.fromkeys(("languages", "categories", "sources", "vectors"), counts),
                "answers": _object({"from_cache": _NUMBER, "decided": _NUMBER, "hit_rate": {"type": "number"}}),
            }
        ),
        "Why": _object({"conversation": _TEXT, "decision": {"type": "object"}}, "conversation", "decision"),
        "Error": _object({"error": _TEXT, "errors": faults}, "error"),
    }


def _part(values: Json, *names: str) -> Json:
    return {name: values[name] for name in names}


def _object(properties: Json, *required: str) -> Json:
    value: Json = {"type": "object", "properties": properties}
    return {**value, "required": list(required)} if required else value


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _nullable(name: str) -> Json:
    return {"nullable": True, "allOf": [_reference(name)]}


def _parameter(name: str, schema: Json, description: str, place: str = "query") -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": description}


def _answer(description: str, name: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


def _file() -> Json:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "The file.", "content": {"application/octet-stream": binary}}


def _body(kinds: Json, limit: int) -> Json:
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    return {"required": True, "description": f"At most {limit:,} bytes.", "content": content}
