"""Records of the store as the command line and the HTTP routes give them."""

from typing import Any

from kefu.knowledge.files.writer import entry_item
from kefu.knowledge.store.records import Record, Report, Revision


def record_json(record: Record) -> dict[str, Any]:
    """Give an entry with its record."""
    return {
        **entry_item(record.entry),
        "revision": record.revision,
        "source": record.source,
        "author": record.author,
        "created": record.created.isoformat(timespec="seconds"),
        "updated": record.updated.isoformat(timespec="seconds"),
    }


def revision_json(revision: Revision) -> dict[str, Any]:
    """Give one revision of an entry; ``entry`` is null for a deletion."""
    return {
        "revision": revision.revision,
        "kind": revision.kind,
        "source": revision.source,
        "author": revision.author,
        "at": revision.at.isoformat(timespec="seconds"),
        "entry": entry_item(revision.entry) if revision.entry else None,
    }


def report_json(report: Report) -> dict[str, Any]:
    """Give the ids of what a change did."""
    return {name: list(ids) for name, ids in vars(report).items()}
