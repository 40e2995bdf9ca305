"""JSON, one entry a line (or one list of entries), and YAML as the project's own files have it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.formats import Fault, Raw
from kefu.knowledge.files.writer import entry_item
from kefu.knowledge.files.yaml_items import yaml_items


def read_jsonl(text: str, file: str) -> Iterator[Raw | Fault]:
    """Read one entry a line; a file that is one JSON list has its entries in there.

    :raises DataError: if the list is no JSON.
    """
    if text.lstrip().startswith("["):
        yield from _items(_json_list(text, file))
        return
    for number, line in enumerate(text.split("\n"), start=1):
        where = f"line {number}"
        if line.strip():
            try:
                yield Raw(where, json.loads(line))
            except (ValueError, RecursionError) as error:
                yield Fault(where, "", f"{file}: {where} is no JSON: {error}")


def write_jsonl(entries: Iterable[Entry]) -> bytes:
    """Write one entry a line."""
    return "".join(json.dumps(entry_item(entry), ensure_ascii=False) + "\n" for entry in entries).encode("utf-8")


def read_yaml(text: str, file: str) -> Iterator[Raw | Fault]:
    """Read the entries under `entries`, or those of a list.

    :raises DataError: as :func:`kefu.knowledge.files.yaml_items.yaml_items`.
    """
    yield from _items(yaml_items(text, file))


def write_yaml(entries: Iterable[Entry]) -> bytes:
    """Write entries as a file of ``data/knowledge`` has them."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    items = [entry_item(entry) for entry in entries]
    return yaml.dump(
        {"entries": items}, Dumper=dumper, allow_unicode=True, sort_keys=False, width=110, encoding="utf-8"
    )


def _json_list(text: str, file: str) -> list[Any]:
    try:
        items: list[Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is no JSON: {error}") from error
    return items


def _items(items: list[Any]) -> Iterator[Raw]:
    return (Raw(f"entry {number}", item) for number, item in enumerate(items, start=1))
