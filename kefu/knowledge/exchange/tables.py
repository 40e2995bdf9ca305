"""Tables with a header, as CSV and Excel have them: columns by their names, cells that no spreadsheet computes."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.fields import FLAT_KEYS, TEXTS, join
from kefu.knowledge.exchange.formats import Fault, Raw
from kefu.text import LANGUAGES, normalise

COLUMNS = [
    *("id", "category", "popularity", "tags", "channels", "valid_from", "valid_to", "link"),
    *(f"{text}_{language}" for language in LANGUAGES for text in TEXTS),
]
# Names that shops' own tables have.
_OTHER_NAMES = {
    "问题": "question",
    "标准问题": "question",
    "标准问": "question",
    "q": "question",
    "答案": "answer",
    "回答": "answer",
    "回复": "answer",
    "a": "answer",
    "reply": "answer",
    "相似问": "alternatives",
    "相似问题": "alternatives",
    "similar": "alternatives",
    "synonyms": "alternatives",
    "编号": "id",
    "分类": "category",
    "类别": "category",
    "标签": "tags",
    "tag": "tags",
    "渠道": "channels",
    "channel": "channels",
    "语言": "lang",
    "language": "lang",
    "链接": "link",
    "url": "link",
    "热度": "popularity",
    "生效时间": "valid_from",
    "失效时间": "valid_to",
}
# A spreadsheet program computes a cell that begins so, whoever wrote it; a quote before it makes it text.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


def columns_of(header: Sequence[Any], file: str) -> list[str]:
    """Give the fields that the columns hold; empty for one without a name at the end.

    :raises DataError: naming the column that is unknown, stands twice, or is missing.
    """
    names = [_column(str(cell or "")) for cell in header]
    while names and not names[-1]:
        names.pop()
    for name, cell in zip(names, header, strict=False):
        if name not in FLAT_KEYS:
            near = difflib.get_close_matches(name, FLAT_KEYS, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(FLAT_KEYS)}."
            raise DataError(f"{file}: row 1: there is no field for the column {str(cell or '')[:80]!r}. {hint}")
        if names.count(name) > 1:
            raise DataError(f"{file}: row 1: the column `{name}` stands twice.")
    for needed in ("question", "answer"):
        if not any(name == needed or name.startswith(f"{needed}_") for name in names):
            raise DataError(
                f"{file}: row 1: the column `{needed}` is missing; the first row must name the columns. "
                f"It has: {', '.join(names) or 'nothing'}."
            )
    return names


def known_columns(header: Sequence[Any]) -> int:
    """Count the columns whose names are known."""
    return sum(_column(str(cell or "")) in FLAT_KEYS for cell in header)


def raws_of(rows: Iterable[Sequence[Any]], file: str) -> Iterator[Raw | Fault]:
    """Give the entries of a table whose first row is its header; empty rows are passed over.

    :raises DataError: if the header is wrong, or there is none.
    """
    numbered = enumerate(rows, start=1)
    _, header = next(numbered, (1, []))
    columns = columns_of(header, file)
    for number, row in numbered:
        cells = list(row)
        while len(cells) > len(columns) and cells[-1] in (None, ""):
            cells.pop()
        where = f"row {number}"
        if len(cells) > len(columns):
            message = f"{file}: {where} has {len(cells)} cells, the header {len(columns)}: is a quote missing?"
            yield Fault(where, "", message)
        elif any(cell not in (None, "") for cell in cells):
            named = zip(columns, cells, strict=False)
            yield Raw(where, {name: _read_cell(cell, name) for name, cell in named})


def cells_of(entry: Entry) -> list[str]:
    """Write an entry as the cells of :data:`COLUMNS`."""
    scope = entry.scope
    values = {
        "id": entry.id,
        "category": entry.category,
        "popularity": repr(entry.popularity),
        "tags": join(entry.tags, "tags"),
        "channels": join(scope.channels, "channels"),
        "valid_from": scope.valid_from.isoformat() if scope.valid_from else "",
        "valid_to": scope.valid_to.isoformat() if scope.valid_to else "",
        "link": entry.link,
    }
    for language, wording in entry.wordings.items():
        values[f"question_{language}"] = wording.question
        values[f"answer_{language}"] = wording.answer
        values[f"alternatives_{language}"] = join(wording.alternatives, "alternatives")
    return [_written(values.get(column, "")) for column in COLUMNS]


def _written(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _read_cell(cell: Any, name: str) -> Any:
    if isinstance(cell, str):
        return cell[1:] if _QUOTED_FORMULA.match(cell) else cell
    if name in ("popularity", "valid_from", "valid_to") or cell is None:
        return cell
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _column(cell: str) -> str:
    """Give the field that a column's name means: `Question (zh)`, `zh_question`, `en.answer`, `问题`."""
    name = re.sub(r"[\s().\-:（）：]+", "_", normalise(cell).strip().lower()).strip("_")
    for language in LANGUAGES:
        if name.startswith(f"{language}_"):
            name = f"{name.removeprefix(language + '_')}_{language}"
    base, _, last = name.rpartition("_")
    if last in LANGUAGES and base:
        return f"{_OTHER_NAMES.get(base, base)}_{last}"
    return _OTHER_NAMES.get(name, name)
