"""CSV: commas, semicolons or tabs between the cells, whichever the header has."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.decoding import LARGEST_FILE
from kefu.knowledge.exchange.formats import Fault, Raw
from kefu.knowledge.exchange.tables import COLUMNS, cells_of, known_columns, raws_of


def read_csv(text: str, file: str) -> Iterator[Raw | Fault]:
    """Read the rows after the header.

    :raises DataError: if the header is wrong, or a quote never ends.
    """
    # Python's limit is one for the process, and less than a long answer; what is too long is refused by name later.
    csv.field_size_limit(LARGEST_FILE)
    if not text.strip():
        raise DataError(f"{file} is empty: its first row must name the columns, such as question, answer.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    yield from raws_of(_rows(reader, file), file)


def _rows(reader: Any, file: str) -> Iterator[list[str]]:
    """Give the rows; a fault is named by the line that its row begins in, which may be far above."""
    begins = 1
    try:
        for row in reader:
            yield row
            begins = reader.line_num + 1
    except csv.Error as error:
        why = "a quote is opened and never closed" if "unexpected end" in str(error) else str(error)
        raise DataError(f"{file}: the row that begins in line {begins}: {why}.") from error


def write_csv(entries: Iterable[Entry]) -> bytes:
    """Write entries with a byte order mark, without which Excel takes UTF-8 for something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(cells_of(entry) for entry in entries)
    return text.getvalue().encode("utf-8-sig")


def _delimiter(text: str) -> str:
    line = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")

    def fits(delimiter: str) -> int:
        try:
            return known_columns(next(csv.reader([line], delimiter=delimiter)))
        except csv.Error:
            return 0

    return max(",", "\t", ";", key=fits)
