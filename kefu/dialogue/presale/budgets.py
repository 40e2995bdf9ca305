"""Amounts of money in a customer's words: a budget, what goods come to.

Only what is surely an amount of money is read; whoever asks must look for figures in what is left of the text.
"""

import re
from dataclasses import dataclass

from kefu.dialogue.words.numerals import large
from kefu.dialogue.words.wording import Span, without

_ZH = "零一二两三四五六七八九十百千万"
_FIGURE = (
    r"(?<![0-9a-z])(?<![0-9][.,])[¥￥]? ?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?:\.[0-9]{1,2})?"
    rf"(?: ?(?:k(?![a-z])|[千万百]))?(?![0-9{_ZH}]|[.,][0-9])"
)
# "300多" and "三百来块" are no bounds.
_AMOUNT = rf"({_FIGURE}|(?<![{_ZH}0-9])[{_ZH}]{{1,9}}(?![{_ZH}0-9]))(?! ?[多来几余])"
_MONEY = r" ?(?:元|块钱?|rmb|cny|yuan|kuai|bucks)"
# What may follow a figure without a unit: nothing that could be what it counts ("10 to 12 year old", "20到30岁").
_END = (
    r"(?= *(?:$|[,，。;；!?？、()§]|[给送买](?!家|货)|\.(?:$| )"
    r"|的(?![人女男孩老朋])|之间|以内|左右|上下|价|档|区间|吧|吗|呢|有|推荐"
    r"|(?:for|with|please|and|that|which|or|if|any|can|is|range|in total|on|here|what|how|then)(?![a-z])))"
)
_WHOLE = rf"(?:{_MONEY}|{_END})"
_AT_MOST = re.compile(
    rf"{_AMOUNT}(?:{_MONEY})?(?:以内|以下|之内|内(?![存衣裤部外])|封顶|的?预算| or less| or under| or below"
    r"| max(?![a-z])| budget(?![a-z]))"
    r"|(?:不(?:要|能|想|可|会)?(?:超过|超|高于|大于|多于)|别超过|不到|(?<![不能要])(?:低于|少于|小于)"
    r"|预算(?:是|在|大概|只有|为|有|:)?|最多|最高|顶多"
    r"|(?<![a-z])(?:(?<!not )(?:under|below|less than|cheaper than)|within|up to|at most|max(?:imum)?"
    rf"|not (?:over|above|more than)|no more than|budget(?: of| is|:)?)) ?{_AMOUNT}{_WHOLE}"
)
_AT_LEAST = re.compile(
    rf"{_AMOUNT}(?:{_MONEY})?(?:以上|起(?![来到]))"
    r"|(?:不(?:要|能|可|会)?(?:低于|少于|小于)|(?<![不别要能想可会])(?:高于|超过|大于)|至少|最少|起码"
    r"|(?<![a-z])(?:not (?:under|below|less than)|no less than|at least"
    rf"|(?<!not )(?<!no )(?:over|above|more than))) ?{_AMOUNT}{_WHOLE}"
)
_ABOUT = re.compile(
    rf"{_AMOUNT}(?:{_MONEY})? ?(?:左右|上下)|(?:大概|差不多|(?<![a-z])(?:around|about|roughly)) ?{_AMOUNT}{_WHOLE}"
)
_RANGE = re.compile(rf"{_AMOUNT}(?:{_MONEY})? ?(?:到|至|-|~|–|—|to|and) ?{_AMOUNT}{_WHOLE}")
# Before a bound, in the same clause: it is turned round, or is something else.
_DENIED = re.compile(
    r"(?:不(?![错吵贵响重])|别|没(?!有))[^,，。;；.!?]{0,6}$|(?<![a-z])(?:not|no|never|without|cannot)(?![a-z])[^,;.!?]{0,30}$"
)
_GOODS = re.compile(
    rf"(?:买|花|消费) ?{_AMOUNT}(?: ?(?:元|块钱|rmb|cny|yuan)"
    r"(?= *(?:$|[,，。;；!?？、]|的(?:东西|商品|货)|一共|总共|要|应|实付|能|可以|用|再|得|需|合计|算))"
    r"|块?的(?:东西|商品|货))"
    rf"|(?<![a-z])(?:spend|goods (?:for|worth)|order of) {_AMOUNT}{_WHOLE}"
)
_ALONE = re.compile(f"{_AMOUNT}{_MONEY}")
_TIMES = {"k": 1000, "百": 100, "千": 1000, "万": 10000}
_ABOUT_PERCENT = 20
_NO_RANGE_FROM = 1000  # cents: "2到3百" and "1-2k" leave the unit of the first out


@dataclass(frozen=True)
class Budget:
    """What something may cost, in cents; None: no bound."""

    at_least: int | None = None
    at_most: int | None = None

    def holds(self, cents: int) -> bool:
        """Say whether a price lies within it."""
        return (self.at_least is None or cents >= self.at_least) and (self.at_most is None or cents <= self.at_most)


def read_budget(text: str) -> tuple[Budget | None, str]:
    """Read what something may cost in a folded text, and give what is left of it; None where nothing surely says."""
    if (between := _amounts(_RANGE, text)) and len(between[0]) > 1:
        low, high = sorted(between[0])
        return (None, text) if low < _NO_RANGE_FROM else (Budget(low, high), without(text, [between[1]], " "))
    if about := _amounts(_ABOUT, text):
        cents = about[0][0]
        limits = Budget(cents * (100 - _ABOUT_PERCENT) // 100, cents * (100 + _ABOUT_PERCENT) // 100)
        return limits, without(text, [about[1]], " ")
    found = [_amounts(pattern, text) for pattern in (_AT_LEAST, _AT_MOST)]
    at_least, at_most = (bound[0][0] if bound else None for bound in found)
    if (at_least is None and at_most is None) or (at_least and at_most and at_least > at_most):
        return None, text
    return Budget(at_least, at_most), without(text, [bound[1] for bound in found if bound], " ")


def bare_amount(text: str) -> tuple[Budget | None, str]:
    """Read an amount by itself as what may be spent, and give what is left of the text."""
    found = _amounts(_ALONE, text)
    return (Budget(None, found[0][0]), without(text, [found[1]], " ")) if found else (None, text)


def worth(text: str) -> tuple[int | None, str]:
    """Read how much is bought for, in cents, where only that is said, and give what is left of the text."""
    found = _amounts(_GOODS, text)
    return (found[0][0], without(text, [found[1]], " ")) if found else (None, text)


def _amounts(pattern: re.Pattern[str], text: str) -> tuple[list[int], Span] | None:
    for found in pattern.finditer(text):
        cents = [_cents(amount) for amount in found.groups() if amount]
        known = [each for each in cents if each]
        if len(known) == len(cents) and not _DENIED.search(text[: found.start()]):
            return known, found.span()
    return None


def _cents(amount: str) -> int | None:
    """Read an amount in cents; None for what is no number ("三四百", "百")."""
    figure = amount.strip("¥￥ ")
    if not figure[0].isdigit():
        whole = large(figure)
        return whole * 100 if whole else None
    times = _TIMES.get(figure[-1], 1)
    whole_part, _, part = figure.rstrip("k百千万 ").replace(",", "").partition(".")
    return (int(whole_part) * 100 + int(part.ljust(2, "0") if part else 0)) * times
