"""Files of questions that knowledge is fitted on and measured with: TSV with the columns kind, lang, query, id."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from kefu.errors import DataError
from kefu.text import LANGUAGES, Language

COLUMNS = ("kind", "lang", "query", "id")
_NOTHING_FITS = "-"
_SEPARATOR = "|"


@dataclass(frozen=True)
class Question:
    """A question and the entries that answer it; with no id, nothing does."""

    kind: str
    language: Language
    text: str
    ids: frozenset[str]


def read_questions(path: Path, known_ids: Collection[str]) -> list[Question]:
    """Read a file of questions.

    :raises DataError: naming row and field, for a missing column or value, a language or an id that does not exist.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            lines = [(number, cells) for number, cells in enumerate(reader, start=1) if any(map(str.strip, cells))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"The questions {path} cannot be read: {error}.") from error
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DataError(
            f"{path.name}: the first line must name the columns {', '.join(COLUMNS)}, separated by tabs; it lacks "
            f"{', '.join(missing)}."
        )
    questions = [_question(cells, header, f"{path.name}: row {number}", known_ids) for number, cells in lines[1:]]
    if not questions:
        raise DataError(f"{path.name} has no question.")
    return questions


def _question(cells: list[str], header: list[str], where: str, known_ids: Collection[str]) -> Question:
    if len(cells) != len(header):
        raise DataError(f"{where} has {len(cells)} fields; the header has {len(header)}.")
    values = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    for column in COLUMNS:
        if not values[column]:
            raise DataError(f"{where}: `{column}` is empty.")
    language = next((known for known in LANGUAGES if known == values["lang"]), None)
    if language is None:
        raise DataError(f"{where}: `lang` must be one of {', '.join(LANGUAGES)}; it is {values['lang']!r}.")
    return Question(values["kind"], language, values["query"], _ids(values["id"], where, known_ids))


def _ids(value: str, where: str, known_ids: Collection[str]) -> frozenset[str]:
    if value == _NOTHING_FITS:
        return frozenset()
    ids = frozenset(part.strip() for part in value.split(_SEPARATOR))
    unknown = sorted(ids - set(known_ids))
    if unknown:
        raise DataError(f"{where}: `id` names {unknown[0]!r}, which no entry has (`-` means that nothing fits).")
    return ids
