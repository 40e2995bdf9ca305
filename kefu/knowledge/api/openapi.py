"""The description of the routes: an OpenAPI 3 document."""

import importlib.metadata

from kefu.knowledge.api.access import TOKEN_VARIABLE
from kefu.knowledge.api.operations import MOST_ENTRIES, USUAL_ENTRIES
from kefu.knowledge.api.schemas import LANGUAGE, MOMENT, NUMBER, SHARE, TEXT, Json, reference, schemas
from kefu.knowledge.exchange.formats import FORMATS
from kefu.knowledge.store.duplicates import NEAR_IN_LETTERS, NEAR_IN_MEANING
from kefu.knowledge.store.upkeep import USUAL_DAYS

LARGEST_ENTRY = 1024 * 1024  # bytes of a body
LARGEST_IMPORT = 16 * 1024 * 1024


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
            "schemas": schemas(),
        },
    }


def _paths() -> Json:
    return {**_of_entries(), **_of_files(), **_of_upkeep(), **_of_state()}


def _of_entries() -> Json:
    entry_id = _parameter("id", TEXT, "The entry's id.", place="path")
    one, author = _answer("An entry with its record.", "Record"), _author()
    body = _body({"application/json": reference("Entry")}, LARGEST_ENTRY)
    return {
        "/knowledge/entries": {
            "get": _operation("List entries, ordered by id.", [*_filters(), *_paging()], _answer("A page.", "Page")),
        },
        "/knowledge/entries/{id}": {
            "get": _operation("Read an entry.", [entry_id], one, 404),
            "put": {
                **_operation("Add or replace an entry.", [entry_id, author], one, 400, 413, 422),
                "requestBody": body,
            },
            "patch": {
                **_operation(
                    "Change the fields that are given; the others stay, an empty text or null takes one away.",
                    [entry_id, author],
                    one,
                    *(400, 404, 413, 422),
                ),
                "requestBody": body,
            },
            "delete": _operation("Delete an entry at once.", [entry_id, author], _answer("Its id.", "Report"), 404),
        },
        "/knowledge/entries/{id}/history": {
            "get": _operation("List its revisions, oldest first.", [entry_id], _answer("Revisions.", "History"), 404),
        },
    }


def _of_files() -> Json:
    kind = _parameter("format", {"type": "string", "enum": list(FORMATS)}, "Of the file.")
    name = _parameter("name", TEXT, "The file's name, which tells the format.")
    file = {"application/octet-stream": {"type": "string", "format": "binary"}}
    return {
        "/knowledge/import": {
            "post": {
                **_operation(
                    "Import a file: good rows go in, the others are named.",
                    [name, kind, *_importing(), _author()],
                    _answer("What was done.", "Import"),
                    *(400, 413, 422),
                ),
                "requestBody": _body(file, LARGEST_IMPORT),
            },
        },
        "/knowledge/export": {"get": _operation("Write entries as a file.", [kind, *_filters()], _file())},
        "/knowledge/changes": {
            "get": _operation(
                "List the changes after a number; 410 where they were compacted.",
                [_parameter("after", NUMBER, "A sequence number.")],
                _answer("Changes, in their order.", "Changes"),
                410,
            ),
        },
    }


def _of_upkeep() -> Json:
    return {
        "/knowledge/build": {
            "post": _operation(
                "Bring the index up to date with store, files, policy and model; answers when that is done.",
                [_parameter("force", {"type": "boolean"}, "Embed and fit everything anew.")],
                _answer("What was done.", "Build"),
                *(400, 422),
            ),
        },
        "/knowledge/compact": {
            "post": _operation(
                "Forget deleted texts, old changes, and vectors of no use.",
                [_parameter("days", {**NUMBER, "minimum": 0}, f"Keep what is younger; {USUAL_DAYS} if not given.")],
                _answer("How much was forgotten.", "Forgotten"),
                *(400, 422),
            ),
        },
        "/knowledge/duplicates": {
            "get": _operation(
                "List pairs of entries that ask nearly the same, the nearest first.",
                [
                    _parameter("meaning", SHARE, f"Least cosine of the vectors; {NEAR_IN_MEANING} if not given."),
                    _parameter("letters", SHARE, f"Least cosine of the n-grams; {NEAR_IN_LETTERS} if not given."),
                    _paging()[0],
                ],
                _answer("Pairs.", "Duplicates"),
                *(400, 422),
            ),
        },
    }


def _of_state() -> Json:
    why = _answer("The `decision` with its trace, or of an answer about `goods` what was read and its source.", "Why")
    return {
        "/knowledge/sequence": {
            "get": _operation("Give the number of the latest change.", [], _answer("The number.", "Sequence")),
        },
        "/knowledge/why": {"get": _operation("Say how the latest answer came about.", [], why, 404)},
        "/knowledge/why/{id}": {
            "get": _operation(
                "Say how the last answer of a conversation came about.",
                [_parameter("id", TEXT, "The conversation's sender id.", place="path")],
                why,
                404,
            ),
        },
        "/knowledge/stats": {"get": _operation("Count what there is.", [], _answer("Counts.", "Stats"))},
    }


def _author() -> Json:
    return _parameter("author", TEXT, "Who makes the change; `http` where nobody is named.")


def _operation(summary: str, parameters: list[Json], success: Json, *statuses: int) -> Json:
    reasons = {
        400: "The request cannot be read.",
        401: "The token is wrong or missing.",
        403: f"{TOKEN_VARIABLE} is not set: the routes are closed.",
        404: "There is no such entry.",
        410: "They are not listed any more.",
        413: "The body is too large.",
        422: "Something in it is wrong; rows and fields are named.",
        503: "The database, the model or the index cannot be used.",
    }
    failures = {str(status): _answer(reasons[status], "Error") for status in sorted({401, 403, 503, *statuses})}
    return {"summary": summary, "parameters": parameters, "responses": {"200": success, **failures}}


def _filters() -> list[Json]:
    return [
        _parameter("category", TEXT, "Only of this category."),
        _parameter("tag", TEXT, "Only with this tag."),
        _parameter("channel", TEXT, "Only what may be said on this channel."),
        _parameter("lang", LANGUAGE, "Only what there is in this language."),
        _parameter("source", TEXT, "Only of this source; with * at its end, of all that begin so."),
        _parameter("valid_at", MOMENT, "Only what holds at this time."),
        _parameter("text", TEXT, "Only where a question or the answer has this text."),
    ]


def _paging() -> list[Json]:
    return [
        _parameter("limit", {**NUMBER, "minimum": 1, "maximum": MOST_ENTRIES}, f"{USUAL_ENTRIES} where not given."),
        _parameter("offset", {**NUMBER, "minimum": 0}, "How many to pass over."),
    ]


def _importing() -> list[Json]:
    return [
        _parameter("strict", {"type": "boolean"}, "Where anything is wrong, nothing goes in."),
        _parameter("dry_run", {"type": "boolean"}, "Only say what would be done."),
        _parameter("prune", {"type": "boolean"}, "Delete what a file of this name had earlier and has no more."),
        _parameter("category", TEXT, "Of entries that have none."),
        _parameter("lang", LANGUAGE, "Of entries that name none."),
        _parameter("link", TEXT, "The page that the document stands on."),
    ]


def _parameter(name: str, schema: Json, description: str, place: str = "query") -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": description}


def _answer(description: str, name: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": reference(name)}}}


def _file() -> Json:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "The file.", "content": {"application/octet-stream": binary}}


def _body(kinds: Json, limit: int) -> Json:
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    return {"required": True, "description": f"At most {limit:,} bytes.", "content": content}
