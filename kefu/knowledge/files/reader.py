"""Makes an entry of a mapping, whichever file format or request it came in, and names each fault by its place."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import USUAL_POPULARITY, USUAL_ZONE, Entry, Scope, Wording
from kefu.knowledge.live.placeholders import check_placeholders
from kefu.settings import unknown_key
from kefu.text import LANGUAGES

ENTRY_KEYS = ["id", "category", "popularity", "tags", "channels", "valid_from", "valid_to", "link", *LANGUAGES]
_WORDING_KEYS = ["question", "answer", "alternatives"]
# Ids stand in TSV columns, where `|` separates them and `-` means none.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST_ID = 120


def read_entry(item: Any, where: str, usual_category: str, file: str, zone: tzinfo = USUAL_ZONE) -> Entry:
    """Make an entry; its texts keep their placeholders.

    :param where: names the entry in errors until its id is known; then that is ``file: id``.
    :param zone: of dates and times that carry none.
    :raises DataError: naming place and field, for whatever cannot be.
    """
    item = mapping(item, ENTRY_KEYS, where)
    entry_id = _text(item, "id", where)
    if not _ID.fullmatch(entry_id) or len(entry_id) > _LONGEST_ID:
        raise DataError(
            f"{where}: `id` must be of at most {_LONGEST_ID} letters, digits, `_`, `.` and `-`; it is {entry_id!r}."
        )
    where = f"{file}: {entry_id}"
    wordings = {
        language: _wording(item[language], f"{where}.{language}")
        for language in LANGUAGES
        if item.get(language) is not None
    }
    if not wordings:
        raise DataError(f"{where}: the entry needs `zh` or `en` with a question and an answer; it has neither.")
    return Entry(
        id=entry_id,
        category=_text(item, "category", where) if "category" in item else usual_category,
        popularity=_popularity(item, where),
        wordings=MappingProxyType(wordings),
        tags=_names(item, "tags", where),
        scope=_scope(item, where, zone),
        link=_link(item, where),
    )


def mapping(item: Any, known: list[str], where: str) -> dict[str, Any]:
    """Check that something is a mapping with no other keys than the known ones.

    :raises DataError: naming the key, with the nearest known one.
    """
    if not isinstance(item, dict):
        raise DataError(f"{where} must be a mapping with {', '.join(known)}, not {type(item).__name__}.")
    for key in item:
        if key not in known:
            raise DataError(unknown_key(key, known, where))
    return item


def _wording(item: Any, where: str) -> Wording:
    item = mapping(item, _WORDING_KEYS, where)
    return Wording(
        question=_text(item, "question", where),
        answer=_answer(item, where),
        alternatives=_names(item, "alternatives", where),
    )


def _answer(item: dict[str, Any], where: str) -> str:
    text = _text(item, "answer", where)
    try:
        check_placeholders(text)
    except DataError as error:
        raise DataError(f"{where}: `answer`: {error}") from error
    return text


def _text(item: dict[str, Any], key: str, where: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{where}: `{key}` must be a text that is not empty; it is {value!r}.")
    try:
        check_placeholders(value)
    except DataError as error:
        raise DataError(f"{where}: `{key}`: {error}") from error
    return value.strip()


def _names(item: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = item.get(key) or []
    if not isinstance(values, list):
        raise DataError(f"{where}: `{key}` must be a list of texts, not {type(values).__name__}.")
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise DataError(f"{where}: `{key}` must be texts that are not empty; one is {value!r}.")
    return tuple(value.strip() for value in values)


def _popularity(item: dict[str, Any], where: str) -> float:
    value = item.get("popularity", USUAL_POPULARITY)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise DataError(f"{where}: `popularity` must be a number from 0 to 1; it is {value!r}.")
    return float(value)


def _scope(item: dict[str, Any], where: str, zone: tzinfo) -> Scope:
    begins = read_moment(item.get("valid_from"), "valid_from", where, zone)
    # Whoever writes a day means all of it.
    ends = read_moment(item.get("valid_to"), "valid_to", where, zone, days_later=1)
    if begins and ends and ends <= begins:
        raise DataError(f"{where}: `valid_to` ({item['valid_to']}) lies before `valid_from` ({item['valid_from']}).")
    return Scope(_names(item, "channels", where), begins, ends)


def read_moment(value: Any, key: str, where: str, zone: tzinfo = USUAL_ZONE, days_later: int = 0) -> datetime | None:
    """Read a date or time; None where there is none. A date is the beginning of the day that many days later.

    :raises DataError: naming place and field, if it is neither.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            text = value.strip().replace("Z", "+00:00")
            value = date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=zone)
        if isinstance(value, date):
            return datetime.combine(value, time(), zone) + timedelta(days=days_later)
    except (ValueError, OverflowError):
        pass
    raise DataError(
        f"{where}: `{key}` must be a date or time such as 2026-11-11 or 2026-11-11T20:00; it is {value!r}."
    )


def _link(item: dict[str, Any], where: str) -> str:
    value = item.get("link") or ""
    if not isinstance(value, str) or (value and not re.fullmatch(r"https?://\S+", value.strip())):
        raise DataError(f"{where}: `link` must be an address that begins with http:// or https://; it is {value!r}.")
    return value.strip()
