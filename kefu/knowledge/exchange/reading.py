"""Reads a file of any format into entries, and says what is wrong with the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.csv_format import read_csv
from kefu.knowledge.exchange.decoding import LARGEST_FILE, decode
from kefu.knowledge.exchange.excel_format import read_excel
from kefu.knowledge.exchange.fields import entry_of
from kefu.knowledge.exchange.formats import Defaults, Fault, Format, Raw
from kefu.knowledge.exchange.json_format import read_jsonl, read_yaml
from kefu.knowledge.exchange.markdown_format import read_markdown


@dataclass(frozen=True)
class Reading:
    """What a file holds: its entries (each with where it stands), what is wrong with the others, its encoding."""

    entries: tuple[tuple[str, Entry], ...]
    faults: tuple[Fault, ...]
    encoding: str


def read_entries(data: bytes, file: str, kind: Format, defaults: Defaults | None = None) -> Reading:
    """Read all entries of a file; rows of one id in two languages are one entry.

    :param file: its name, which errors begin with; its stem is the category of entries that have none.
    :raises DataError: if the file as a whole is wrong: its encoding, its header.
    """
    defaults = defaults or Defaults()
    if not defaults.category:
        defaults = replace(defaults, category=PurePath(file).stem)
    raws, encoding = _raws(data, file, kind, defaults)
    found: dict[str, tuple[str, Entry]] = {}
    faults = []
    for raw in raws:
        if isinstance(raw, Fault):
            faults.append(raw)
            continue
        try:
            entry = entry_of(raw, file, defaults)
            found[entry.id] = _joined(found.get(entry.id), raw.where, entry, file)
        except DataError as error:
            faults.append(Fault.of(raw.where, error))
    return Reading(tuple(found.values()), tuple(faults), encoding)


def _raws(data: bytes, file: str, kind: Format, defaults: Defaults) -> tuple[Iterator[Raw | Fault], str]:
    if kind == "xlsx":
        if len(data) > LARGEST_FILE:
            raise DataError(f"{file} has {len(data):,} bytes; {LARGEST_FILE:,} are allowed. Import it in parts.")
        return read_excel(data, file), "xlsx"
    text, encoding = decode(data, file)
    if kind == "md":
        return read_markdown(text, file, defaults), encoding
    readers = {"csv": read_csv, "jsonl": read_jsonl, "yaml": read_yaml}
    return readers[kind](text, file), encoding


def _joined(before: tuple[str, Entry] | None, where: str, entry: Entry, file: str) -> tuple[str, Entry]:
    """Put a row to an earlier one of the same id, if it is in another language and agrees in all else."""
    if before is None:
        return where, entry
    first, old = before
    both = set(old.wordings) & set(entry.wordings)
    if both:
        raise DataError(f"{file}: {where}: `id` {entry.id} stands in {first} already, in {', '.join(sorted(both))}.")
    if replace(old, wordings=entry.wordings) != entry:
        raise DataError(f"{file}: {where}: `id` {entry.id} stands in {first} too, with another category or scope.")
    return first, replace(old, wordings={**old.wordings, **entry.wordings})


def named_faults(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """Give faults as JSON has them."""
    return [{"row": fault.where, "field": fault.field, "message": fault.message} for fault in faults]
