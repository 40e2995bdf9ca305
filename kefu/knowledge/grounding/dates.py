"""Days of the year, months and weekdays that a text names, in both languages, as numbers to compare. No model."""

import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["date", "month of the year", "weekday"]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# "May" and "March" are months with a capital, or beside a day.
_NAME = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_CAPITAL = re.sub(r"(^|\|)([a-z])", lambda match: match[1] + match[2].upper(), _NAME)
_DAY_OF_YEAR = re.compile(
    r"(?<!\d)\d{4}[-/.年]\s?(?P<m0>\d{1,2})[-/.月]\s?(?P<d0>\d{1,2})[日号]?(?!\d)"
    r"|(?<!\d)(?P<m1>\d{1,2})\s?月\s?(?P<d1>\d{1,2})\s?[日号]"
    rf"|\b(?P<m2>{_NAME})\b\.?\s+(?:the )?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:,]?\d)"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of )?(?P<m3>{_NAME})\b",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(
    rf"(?<!\d)(?P<number>1?\d)\s?月(?:份|初|中|底|末|上旬|下旬)|\b(?:mid-?)?(?P<name>{_CAPITAL})\b"
)
_WEEKDAYS = {sign: at for at, sign in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {day: at for at, day in enumerate("mon tue wed thu fri sat sun".split())}
_WEEKDAY = re.compile(
    r"(?<![\d一二两三四五六七八九十几半])(?:周|星期|礼拜)(?P<sign>[一二三四五六日天])(?![次个天般共])"
    r"|\b(?P<name>mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    re.IGNORECASE,
)


def taken(text: str) -> tuple[str, list[tuple[float, Kind]]]:
    """Take the dates out of a text: what is left (a gap for each), and a number for each with its kind.

    A day of the year is 100 times its month and its day, whatever the year; a weekday counts from Monday, 0.
    """
    found: list[tuple[float, Kind]] = []
    for pattern, read in ((_DAY_OF_YEAR, _day), (_MONTH_OF_YEAR, _month), (_WEEKDAY, _weekday)):
        found += [one for match in pattern.finditer(text) for one in read(match)]
        text = pattern.sub(" ; ", text)
    return text, found


def _day(match: re.Match[str]) -> Iterator[tuple[float, Kind]]:
    parts = {name[0]: value for name, value in match.groupdict().items() if value}
    yield 100 * _number(parts["m"]) + int(parts["d"]), "date"


def _month(match: re.Match[str]) -> Iterator[tuple[float, Kind]]:
    yield _number(match["number"] or match["name"]), "month of the year"


def _weekday(match: re.Match[str]) -> Iterator[tuple[float, Kind]]:
    yield _WEEKDAYS[match["sign"] or match["name"][:3].lower()], "weekday"


def _number(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
