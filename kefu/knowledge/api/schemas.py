"""The shapes of what the routes take and give, as OpenAPI has them."""

from typing import Any

from kefu.knowledge.files.limits import LONGEST_ANSWER, LONGEST_WORDING, MOST_ALTERNATIVES
from kefu.text import LANGUAGES

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
_FLAG: Json = {"type": "boolean"}
_FIGURE: Json = {"type": "number"}
NUMBER: Json = {"type": "integer"}
MOMENT: Json = {"type": "string", "description": "A date (2026-11-11) or a time (2026-11-11T20:00+08:00)."}
LANGUAGE: Json = {"type": "string", "enum": list(LANGUAGES)}
SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
NAMES: Json = {"type": "array", "items": TEXT}


def schemas() -> Json:
    """Give them by name."""
    question = {**TEXT, "maxLength": LONGEST_WORDING}
    answer = {**TEXT, "maxLength": LONGEST_ANSWER}
    wording = object_of(
        {
            "question": question,
            "answer": answer,
            "alternatives": {"type": "array", "items": question, "maxItems": MOST_ALTERNATIVES},
        },
        "question",
        "answer",
    )
    entry: Json = {
        "id": {**TEXT, "description": "Letters, digits, `_`, `.` and `-`."},
        "category": TEXT,
        "popularity": {"type": "number", "minimum": 0, "maximum": 1},
        "tags": NAMES,
        "channels": NAMES,
        "valid_from": MOMENT,
        "valid_to": MOMENT,
        "link": TEXT,
        **{language: reference("Wording") for language in LANGUAGES},
    }
    flat = {"question": question, "answer": answer, "alternatives": NAMES, "lang": LANGUAGE}
    record = {"revision": NUMBER, "source": TEXT, "author": TEXT, "created": MOMENT, "updated": MOMENT}
    counts = {"type": "object", "additionalProperties": NUMBER}
    fault = object_of({"row": TEXT, "field": TEXT, "message": TEXT})
    faults = {"type": "array", "items": fault}
    pair = object_of(
        {"first": TEXT, "second": TEXT, "meaning": SHARE, "letters": SHARE, "questions": NAMES}, "first", "second"
    )
    return {
        "Wording": wording,
        "Entry": {
            **object_of({**entry, **flat}),
            "description": "A question and an answer suffice, by language (`zh`, `en`) or flat.",
        },
        "Record": object_of({**entry, **record}),
        "Page": object_of({"total": NUMBER, "entries": {"type": "array", "items": reference("Record")}}),
        "Report": object_of(dict.fromkeys(("added", "updated", "unchanged", "deleted"), NAMES)),
        "Revision": object_of(
            {
                **_part(record, "revision", "source", "author"),
                "kind": TEXT,
                "at": MOMENT,
                "entry": _nullable("Entry"),
            }
        ),
        "History": object_of({"id": TEXT, "revisions": {"type": "array", "items": reference("Revision")}}),
        "Change": object_of(
            {"seq": NUMBER, "kind": TEXT, "entry_id": TEXT, "revision": NUMBER, "entry": _nullable("Entry")}
        ),
        "Changes": object_of({"changes": {"type": "array", "items": reference("Change")}}),
        "Import": object_of(
            {
                "file": TEXT,
                "encoding": TEXT,
                "stored": _FLAG,
                **dict.fromkeys(("added", "updated", "unchanged", "deleted"), NUMBER),
                "ids": object_of(dict.fromkeys(("added", "updated", "deleted"), NAMES)),
                "gone": {"type": "array", "items": object_of({"id": TEXT, "question": TEXT})},
                "errors": faults,
            }
        ),
        "Build": object_of(
            {
                **dict.fromkeys(("changed", "fitted"), _FLAG),
                **dict.fromkeys(("entries", "rows", "embedded", "reused"), NUMBER),
                **dict.fromkeys(("threshold", "strict_threshold", "seconds"), _FIGURE),
                "fit": {"type": "object", "description": "What was reached on the questions that it was fitted on."},
            }
        ),
        "Forgotten": object_of(dict.fromkeys(("changes", "vectors", "compacted"), NUMBER)),
        "Duplicates": object_of({"total": NUMBER, "pairs": {"type": "array", "items": pair}}),
        "Sequence": object_of({"sequence": NUMBER}),
        "Stats": object_of(
            {
                **dict.fromkeys(("sequence", "compacted", "entries", "deleted", "revisions", "valid_now"), NUMBER),
                **dict.fromkeys(("languages", "categories", "sources", "vectors"), counts),
                "answers": object_of({"from_cache": NUMBER, "decided": NUMBER, "hit_rate": SHARE}),
            }
        ),
        "Why": object_of(
            {"conversation": TEXT, "decision": {"type": "object"}, "goods": {"type": "object"}}, "conversation"
        ),
        "Error": object_of({"error": TEXT, "errors": faults}, "error"),
    }


def _part(values: Json, *names: str) -> Json:
    return {name: values[name] for name in names}


def object_of(properties: Json, *required: str) -> Json:
    """Describe an object."""
    value: Json = {"type": "object", "properties": properties}
    return {**value, "required": list(required)} if required else value


def reference(name: str) -> Json:
    """Refer to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _nullable(name: str) -> Json:
    return {"nullable": True, "allOf": [reference(name)]}
