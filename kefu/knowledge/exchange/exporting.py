"""Writes entries in any of the formats; all but Markdown can be imported again without loss."""

from collections.abc import Callable, Iterable, Mapping

from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.csv_format import write_csv
from kefu.knowledge.exchange.excel_format import write_excel
from kefu.knowledge.exchange.formats import Format
from kefu.knowledge.exchange.json_format import write_jsonl, write_yaml
from kefu.knowledge.exchange.markdown_format import write_markdown

_WRITERS: Mapping[Format, Callable[[Iterable[Entry]], bytes]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "xlsx": write_excel,
    "md": write_markdown,
    "yaml": write_yaml,
}


def write_entries(entries: Iterable[Entry], kind: Format) -> bytes:
    """Give the content of a file.

    :raises DataError: if the format cannot hold an entry.
    """
    return _WRITERS[kind](entries)
