"""Excel workbooks (.xlsx): the first sheet is read."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.decoding import LARGEST_FILE
from kefu.knowledge.exchange.formats import Fault, Raw
from kefu.knowledge.exchange.tables import COLUMNS, cells_of, raws_of

_UNPACKED_AT_MOST = 4 * LARGEST_FILE  # bytes; a packed file may hold a thousand times its size
_LONGEST_CELL = 32767  # characters, by Excel's own limit
_MOST_ROWS = 1 << 20  # by Excel's own limit; a file of a few bytes may number its one row a million times higher
_COLUMNS_READ = 64  # more than there are fields; one cell in the last column would make 16,384 of each row


def read_excel(data: bytes, file: str) -> Iterator[Raw | Fault]:
    """Read the rows after the header of the first sheet; of a formula, the value that Excel has stored.

    :raises DataError: if it is no workbook, has more rows than Excel allows, or the header is wrong.
    """
    try:
        yield from raws_of(_rows(data, file), file)
    except DataError:
        raise
    except Exception as error:  # a file may be broken in any way, and openpyxl reads it while its rows are asked for
        raise DataError(f"{file} is no Excel workbook (.xlsx): {error}") from error


def _rows(data: bytes, file: str) -> Iterator[Sequence[Any]]:
    """Give the rows of the first sheet, the missing ones as empty ones."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > _UNPACKED_AT_MOST:
        raise DataError(f"{file} has {size:,} bytes unpacked; {_UNPACKED_AT_MOST:,} are allowed.")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        first = book.worksheets[0]
        first.reset_dimensions()  # the size that a file states may be too small, and rows behind it would be left out
        for number, row in enumerate(first.iter_rows(max_col=_COLUMNS_READ, values_only=True), start=1):
            if number > _MOST_ROWS:
                raise DataError(f"{file} has more than {_MOST_ROWS:,} rows.")
            yield row
    finally:
        book.close()


def write_excel(entries: Iterable[Entry]) -> bytes:
    """Write entries as a workbook of one sheet.

    :raises DataError: if a cell would be longer than Excel allows.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("knowledge")
    sheet.append(COLUMNS)
    for entry in entries:
        cells = cells_of(entry)
        for column, cell in zip(COLUMNS, cells, strict=True):
            if len(cell) > _LONGEST_CELL:
                raise DataError(
                    f"{entry.id}: `{column}` has {len(cell):,} characters; Excel allows {_LONGEST_CELL:,} in a cell. "
                    "Export as jsonl."
                )
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
