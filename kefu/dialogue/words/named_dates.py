"""Days that customers name: "上周五", "three days ago", "11月3号", "last month". Weeks begin on Monday."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kefu.dialogue.words.numerals import CHINESE, ENGLISH, number
from kefu.dialogue.words.wording import Span

_WEEKDAYS_ZH = "一二三四五六日天"
_WEEKDAYS_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_EN = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}"
_WEEKDAY_EN = r"(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day"
_WEEKDAY_SHORT = r"(?P<weekday>mon|tues?|wed|thur?s?|fri|sat|sun)"
_N = rf"(?P<n>[0-9]{{1,2}}|{CHINESE}|{ENGLISH}|a|a couple of|a few)"
_MONTH_NUMBER = rf"(?P<month>[0-9]{{1,2}}|{CHINESE})"
_DAY_NUMBER = rf"(?P<day>[0-9]{{1,2}}|{CHINESE})"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included, and where they were named."""

    first: date
    last: date
    span: Span


_Found = tuple[date, date] | None
_Reader = Callable[[re.Match[str], date], _Found]


def named_period(text: str, today: date) -> Period | None:
    """Give the day or days, not after ``today``, that a folded text names first."""
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            try:
                days = read(match, today)
            except (ValueError, OverflowError):  # the 31st of February
                continue
            if days is not None:
                return Period(*days, match.span())
    return None


def _one(day: date) -> _Found:
    return day, day


def _back(days: int) -> _Reader:
    return lambda _, today: _one(today - days * _DAY)


def _iso(match: re.Match[str], today: date) -> _Found:
    return _one(date(int(match["year"]), int(match["month"]), int(match["day"])))


def _month_and_day(match: re.Match[str], today: date) -> _Found:
    """The last such day; "11/3" is read as in China, and as in Europe where only that makes a date."""
    named = match["month"]
    month = _MONTHS.index(named) + 1 if named in _MONTHS else number(named)
    day = number(match["day"])
    if month is None or day is None:
        return None
    if month > 12:
        month, day = day, month
    found = date(today.year, month, day)
    return _one(found if found <= today else found.replace(year=today.year - 1))


def _day_of_month(match: re.Match[str], today: date) -> _Found:
    day = number(match["day"])
    if day is None:
        return None
    found = today.replace(day=day)
    return _one(found if found <= today else _month_before(today).replace(day=day))


def _ago(match: re.Match[str], today: date) -> _Found:
    """So many days, weeks or months ago; of weeks and months nobody means the very day."""
    many = {"a": 1, "a couple of": 2, "a few": 3}.get(match["n"]) or number(match["n"])
    unit = match["unit"]
    if many is None:
        return None
    if unit in ("天", "日", "day"):
        around = _DAY if match["n"] == "a few" else timedelta(0)
        return today - many * _DAY - around, today - many * _DAY + around
    width = 7 if unit in ("week", "周", "星期", "礼拜") else 30
    middle = today - many * width * _DAY
    return middle - (width // 2) * _DAY, middle + (width // 2) * _DAY


def _each_year(month: int, day: int) -> _Reader:
    """Days on which shops sell; the last one."""

    def read(_: re.Match[str], today: date) -> _Found:
        found = date(today.year, month, day)
        return _one(found if found <= today else found.replace(year=today.year - 1))

    return read


def _half_a_month_ago(_: re.Match[str], today: date) -> _Found:
    return today - 19 * _DAY, today - 11 * _DAY


def _week(back: int) -> _Reader:
    def read(_: re.Match[str], today: date) -> _Found:
        monday = today - (today.weekday() + 7 * back) * _DAY
        return monday, min(monday + 6 * _DAY, today)

    return read


def _weekday_zh(match: re.Match[str], today: date) -> _Found:
    """A day of the week named (上周三), or else the last one (周三); 日 and 天 are both Sunday."""
    weekday = min(_WEEKDAYS_ZH.index(match["weekday"]), 6)
    monday = today - today.weekday() * _DAY
    if match["which"].startswith("上上"):
        return _one(monday + (weekday - 14) * _DAY)
    if match["which"].startswith("上"):
        return _one(monday + (weekday - 7) * _DAY)
    found = monday + weekday * _DAY
    return _one(found if found <= today else found - 7 * _DAY)


def _weekday_en(match: re.Match[str], today: date) -> _Found:
    """The last such day before today."""
    weekday = _WEEKDAYS_EN.index(match["weekday"][:3])
    return _one(today - ((today.weekday() - weekday - 1) % 7 + 1) * _DAY)


def _weekday_of_last_week(match: re.Match[str], today: date) -> _Found:
    return _one(today + (_WEEKDAYS_EN.index(match["weekday"][:3]) - today.weekday() - 7) * _DAY)


def _month(back: int) -> _Reader:
    def read(_: re.Match[str], today: date) -> _Found:
        if back == 0:
            return today.replace(day=1), today
        first = _month_before(today)
        return first, today.replace(day=1) - _DAY

    return read


def _month_before(today: date) -> date:
    return (today.replace(day=1) - _DAY).replace(day=1)


_NO_LETTER, _ENDS = r"(?<![a-z0-9])", r"(?![a-z0-9])"

# The longer ways of saying it first: 大前天 before 前天, 上周三 before 上周.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?<![0-9])(?P<year>20[0-9]{2})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})(?![0-9])", _iso),
        (rf"(?<![0-9]){_MONTH_NUMBER}月{_DAY_NUMBER}[号日]?", _month_and_day),
        (rf"{_NO_LETTER}{_MONTH_EN}\.? (?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?{_ENDS}", _month_and_day),
        (rf"{_NO_LETTER}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH_EN}{_ENDS}", _month_and_day),
        (r"(?<![0-9./-])(?P<month>[0-9]{1,2})[/-](?P<day>[0-9]{1,2})(?![0-9./-])", _month_and_day),
        (rf"{_N}个?(?P<unit>天|日|周|星期|礼拜|月)(?:之|以)?前", _ago),
        (rf"{_NO_LETTER}{_N} (?P<unit>day|week|month)s? (?:ago|back|earlier){_ENDS}", _ago),
        (r"双(?:十一|11)|光棍节", _each_year(11, 11)),
        (r"双(?:十二|12)", _each_year(12, 12)),
        (r"(?<![0-9])618(?![0-9])|六一八", _each_year(6, 18)),
        (r"国庆", _each_year(10, 1)),
        (r"元旦", _each_year(1, 1)),
        (r"半个?月前", _half_a_month_ago),
        (r"大前天", _back(3)),
        (rf"前天|前日|{_NO_LETTER}(?:the )?day before yesterday{_ENDS}", _back(2)),
        (rf"昨天|昨晚|昨日|昨儿|昨夜|{_NO_LETTER}(?:yesterday|last night){_ENDS}", _back(1)),
        (
            rf"今天|今早|今日|今儿|今晚|刚刚?(?=[下买拍])|{_NO_LETTER}(?:today|this morning|just now|tonight){_ENDS}",
            _back(0),
        ),
        (rf"(?P<which>上上个?|上个?|这个?|本)(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS_ZH}])", _weekday_zh),
        (rf"(?P<which>)(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS_ZH}])", _weekday_zh),
        (rf"{_NO_LETTER}{_WEEKDAY_EN} (?:of )?last week{_ENDS}", _weekday_of_last_week),
        (rf"{_NO_LETTER}last week (?:on )?{_WEEKDAY_EN}{_ENDS}", _weekday_of_last_week),
        (rf"{_NO_LETTER}{_WEEKDAY_EN}{_ENDS}", _weekday_en),
        (rf"{_NO_LETTER}(?:last|on|this|past|from) {_WEEKDAY_SHORT}{_ENDS}", _weekday_en),
        (r"上上个?(?:周|星期|礼拜)", _week(2)),
        (rf"上个?(?:周|星期|礼拜)|{_NO_LETTER}last week{_ENDS}", _week(1)),
        (rf"(?:这个?|本)(?:周|星期|礼拜)|{_NO_LETTER}this week{_ENDS}", _week(0)),
        (rf"上个?月|{_NO_LETTER}last month{_ENDS}", _month(1)),
        (rf"(?:这个?|本)月|{_NO_LETTER}this month{_ENDS}", _month(0)),
        (rf"(?<![0-9月第]){_DAY_NUMBER}号", _day_of_month),
        (rf"{_NO_LETTER}(?:on )?the (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th){_ENDS}", _day_of_month),
    )
)
