"""Writes an entry as the mapping that :func:`kefu.knowledge.files.reader.read_entry` reads."""

from typing import Any

from kefu.knowledge.entries import Entry, Wording
from kefu.text import LANGUAGES


def entry_item(entry: Entry) -> dict[str, Any]:
    """Give an entry as JSON and YAML have it, without what is empty; texts as they are."""
    scope = entry.scope
    item: dict[str, Any] = {"id": entry.id, "category": entry.category, "popularity": entry.popularity}
    more = {
        "tags": list(entry.tags),
        "channels": list(scope.channels),
        "valid_from": scope.valid_from and scope.valid_from.isoformat(),
        "valid_to": scope.valid_to and scope.valid_to.isoformat(),
        "link": entry.link,
    }
    item.update({name: value for name, value in more.items() if value})
    item.update({name: _wording(entry.wordings[name]) for name in LANGUAGES if name in entry.wordings})
    return item


def _wording(wording: Wording) -> dict[str, Any]:
    item: dict[str, Any] = {"question": wording.question, "answer": wording.answer}
    if wording.alternatives:
        item["alternatives"] = list(wording.alternatives)
    return item
