"""Filters in Milvus's language of expressions, over the columns that :mod:`kefu.knowledge.vectors.milvus` writes."""

import json

from kefu.knowledge.vectors.labels import microseconds, validity
from kefu.protocols import Label, Where


def columns(label: Label) -> dict[str, object]:
    """Give a label as a row's scalar fields.

    :raises KnowledgeIndexError: for a moment without a zone.
    """
    begin, end = validity(label)
    return {
        "entry": label.entry_id,
        "language": label.language,
        "category": label.category,
        "channels": list(label.channels),
        "valid_from": begin,
        "valid_to": end,
    }


def expression(where: Where | None) -> str:
    """Give a filter as an expression; an empty one lets all through."""
    if where is None:
        return ""
    parts = []
    if where.language is not None:
        parts.append(f"language == {_literal(where.language)}")
    if where.category is not None:
        parts.append(f"category == {_literal(where.category)}")
    if where.channel is not None:
        parts.append(f"(array_length(channels) == 0 or array_contains(channels, {_literal(where.channel)}))")
    if where.moment is not None:
        now = microseconds(where.moment)
        parts.append(f"valid_from <= {now} and valid_to > {now}")
    if where.without:
        parts.append(f"id not in {sorted(where.without)}")
    return " and ".join(parts)


def _literal(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
