"""Amounts of money in a customer's words: a budget, what goods come to."""

import re
from dataclasses import dataclass

_HUNDREDS = r"[一二两三四五六七八九]百(?:[一二三四五六七八九]十?)?|[一二两三四五六七八九]千"
_AMOUNT = rf"(?:[¥￥$] ?)?([0-9]{{1,6}}(?:\.[0-9]{{1,2}})?|{_HUNDREDS})"
_UNIT = r" ?(?:元|块钱?|rmb|cny|yuan|kuai|bucks)?"
_AT_MOST = re.compile(
    rf"{_AMOUNT}{_UNIT}(?:以内|以下|之内|内|封顶| or less| or under| max)"
    rf"|(?:不超过|不高于|低于|少于|预算(?:是|在|大概|只有|为)?|最多"
    r"|under|below|less than|within|up to|at most|max(?:imum)?"
    rf"|cheaper than|not more than|no more than|budget (?:of|is)) ?{_AMOUNT}"
)
_AT_LEAST = re.compile(
    rf"{_AMOUNT}{_UNIT}(?:以上|起)|(?:不低于|(?<!不)(?:高于|超过)|over|above"
    rf"|(?<!not )(?<!no )more than|at least) ?{_AMOUNT}"
)
_ABOUT = re.compile(rf"{_AMOUNT}{_UNIT} ?(?:左右|上下)|(?:大概|差不多|around|about) ?{_AMOUNT}")
_RANGE = re.compile(rf"{_AMOUNT}{_UNIT} ?(?:到|至|-|~|–|to|and) ?{_AMOUNT}")
_GOODS = re.compile(
    rf"(?:买|花|消费) ?{_AMOUNT}{_UNIT}(?:的(?:东西|商品|货))?|(?:spend|goods (?:for|worth)|order of) ?{_AMOUNT}"
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ABOUT_PERCENT = 20


@dataclass(frozen=True)
class Budget:
    """What something may cost, in cents; None: no bound."""

    at_least: int | None = None
    at_most: int | None = None

    def holds(self, cents: int) -> bool:
        """Say whether a price lies within it."""
        return (self.at_least is None or cents >= self.at_least) and (self.at_most is None or cents <= self.at_most)


def budget(text: str) -> Budget | None:
    """Read what something may cost in a folded text; None where nothing says."""
    if between := _RANGE.search(text):
        low, high = sorted(_cents(amount) for amount in between.groups())
        if low > 0:
            return Budget(low, high)
    if about := _first(_ABOUT, text):
        return Budget(about * (100 - _ABOUT_PERCENT) // 100, about * (100 + _ABOUT_PERCENT) // 100)
    at_most, at_least = _first(_AT_MOST, text), _first(_AT_LEAST, text)
    return Budget(at_least, at_most) if at_most or at_least else None


def worth(text: str) -> int | None:
    """Read how much is bought for, in cents, where only that is said."""
    return _first(_GOODS, text)


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return next((_cents(amount) for amount in found.groups() if amount), None) if found else None


def _cents(amount: str) -> int:
    if amount[0] in _DIGITS:
        high, low = _DIGITS[amount[0]], _DIGITS.get(amount[2:3], 0)
        return (high * 1000 if amount[1] == "千" else high * 100 + low * 10) * 100
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") if part else 0)
