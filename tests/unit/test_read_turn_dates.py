"""Days that customers name, seen from Friday, 20 November 2026."""

from datetime import date

import pytest

from kefu.dialogue.words.named_dates import named_period
from kefu.dialogue.words.wording import folded

TODAY = date(2026, 11, 20)


def days(text: str, today: date = TODAY) -> tuple[str, str] | None:
    period = named_period(folded(text), today)
    return None if period is None else (period.first.isoformat(), period.last.isoformat())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天下的单", "2026-11-20"),
        ("today", "2026-11-20"),
        ("昨晚买的", "2026-11-19"),
        ("yesterday's order", "2026-11-19"),
        ("前天", "2026-11-18"),
        ("the day before yesterday", "2026-11-18"),
        ("大前天", "2026-11-17"),
        ("三天前", "2026-11-17"),
        ("十二天之前", "2026-11-08"),
        ("3 days ago", "2026-11-17"),
        ("a couple of days ago", "2026-11-18"),
        ("周三买的", "2026-11-18"),
        ("星期五", "2026-11-20"),
        ("周六", "2026-11-14"),
        ("这周一", "2026-11-16"),
        ("上周二", "2026-11-10"),
        ("上個禮拜天", "2026-11-15"),
        ("上上周一", "2026-11-02"),
        ("last Tuesday", "2026-11-17"),
        ("on Friday", "2026-11-13"),
        ("Tuesday of last week", "2026-11-10"),
        ("last week on Sunday", "2026-11-15"),
        ("from Mon", "2026-11-16"),
        ("11月3号", "2026-11-03"),
        ("十一月三日", "2026-11-03"),
        ("12月24号", "2025-12-24"),
        ("Nov 3rd", "2026-11-03"),
        ("November 3", "2026-11-03"),
        ("the 3rd of November", "2026-11-03"),
        ("11/3", "2026-11-03"),
        ("24/12", "2025-12-24"),
        ("2026-11-03", "2026-11-03"),
        ("2026年11月3日", "2026-11-03"),
        ("15号买的", "2026-11-15"),
        ("25号", "2026-10-25"),
        ("on the 15th", "2026-11-15"),
        ("双十一", "2026-11-11"),
        ("双12买的", "2025-12-12"),
    ],
)
def test_one_day(text: str, day: str) -> None:
    assert days(text) == (day, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("上周买的", "2026-11-09", "2026-11-15"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("上上周", "2026-11-02", "2026-11-08"),
        ("这周", "2026-11-16", "2026-11-20"),
        ("this week", "2026-11-16", "2026-11-20"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("这个月", "2026-11-01", "2026-11-20"),
        ("一周前", "2026-11-10", "2026-11-16"),
        ("two weeks ago", "2026-11-03", "2026-11-09"),
        ("半个月前", "2026-11-01", "2026-11-09"),
    ],
)
def test_several_days(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "耳机那单",
        "the mugs",
        "2月31号",
        "13/45",
        "SO20260001",
        "8019",
        "第二个",
        "sat on it",
        "sun cream",
        "a month",
        "",
    ],
)
def test_no_day(text: str) -> None:
    assert days(text) is None


def test_the_turn_of_the_year() -> None:
    assert days("上个月", date(2027, 1, 4)) == ("2026-12-01", "2026-12-31")
    assert days("12月31号", date(2027, 1, 4)) == ("2026-12-31", "2026-12-31")
    assert days("30号", date(2027, 3, 4)) is None  # February had none
