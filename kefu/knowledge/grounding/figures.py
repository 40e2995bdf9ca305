"""Figures of a text with what they count, and addresses: an answer must have them from its evidence. No model."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kefu.knowledge.grounding.dates import taken
from kefu.text import normalise

_MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080}
_MONTHS = {"month": 1, "year": 12}
_MONTH_MINUTES = 30 * 1440
_UNITS = {
    "cny": r"元|块钱?|yuan|rmb|cny",
    "usd": r"美元|usd|(?:us )?dollars?",
    "gbp": r"英镑|gbp|pounds?",
    "eur": r"欧元|eur|euros?",
    "%": r"%|percent|per cent",
    "discount": r"折",
    "day": r"个?(?:工作)?日|天|(?:working |business |calendar )?days?",
    "week": r"周|个?星期|weeks?",
    "month": r"个月|月|months?|期",
    "year": r"年|years?",
    "hour": r"个?(?:小时|钟头)|hours?|hrs?|h\b",
    "minute": r"分钟|minutes?|mins?",
    "second": r"秒|seconds?",
    "fold": r"倍|times as|fold",
    "point": r"积分|points?",
    "weight": r"千克|公斤|kg|kilos?",
}
_UNIT = "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(_UNITS.values()))
_SIGNS = {"¥": "cny", "￥": "cny", "rmb": "cny", "cny": "cny", "$": "usd", "usd": "usd", "£": "gbp", "gbp": "gbp"}
_SIGNS |= {"€": "eur", "eur": "eur"}
_ZH_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ZH_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_COUNTED = "次|件|张|份|个|位|节|片|枚|成|岁|层|项|种|款|单|笔|人|只|级|元|块|折|倍|天|日|周|星期"
_COUNTED += "|月|年|小时|分钟|秒|期|点|公斤"
_ZH_NUMBER = re.compile(
    rf"(?<![\d.])([零〇一二两三四五六七八九十百千万]+)(?=[到至或、]?[零一二两三四五六七八九十百千万]*(?:个?工作日|{_COUNTED}))"
)
_EN_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_DIGITS = {word: value for value, word in enumerate(_EN_WORDS)} | {
    word: value
    for value, word in zip(
        range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}
_EN_DIGITS |= {"hundred": 100, "thousand": 1000}
_EN_NUMBER = re.compile(rf"\b(?:{'|'.join(sorted(_EN_DIGITS, key=len, reverse=True))})\b", re.I)
_ONE = re.compile(
    r"(?<![\d€$£¥])(?<!\d )\b(?:an?)\s+(?=(?:second|minute|hour|day|week|month|year|dollar|euro|pound)s?\b)", re.I
)
_HALF = re.compile(r"半个?(?=小时|天|月|年|钟头)|\bhalf an? (?=hour|day|month|year)", re.I)
_FOLD = re.compile(r"双倍|\b(?:double|twice)\b|(\btriple\b)", re.I)
_CLOCK = re.compile(
    r"(?P<half>上午|早上|早|凌晨|中午|下午|晚上|晚)?\s*(?P<hour>[0-2]?\d)(?:[:点时](?P<minute>[0-5]\d)?)(?!\d|间)"
    r"\s*(?P<after>am|pm|a\.m\.|p\.m\.)?|(?<![\d.])(?P<bare>1?\d)\s*(?P<suffix>am|pm|a\.m\.|p\.m\.)",
    re.I,
)
_NUMBER = re.compile(
    rf"(?P<sign>¥|￥|\$|£|€|(?:rmb|cny|usd|gbp|eur)\s?)?(?P<value>\d+(?:\.\d+)?)\s*(?P<scale>[千万kK](?![a-z]))?\s*-?(?:{_UNIT})?",
    re.I,
)
_PERCENT_ZH = re.compile(r"百分之(\d+(?:\.\d+)?|[零一二三四五六七八九十百]+)")
_ADDRESS = re.compile(
    r"https?://[^\s，。)）\]]+|www\.[^\s，。]+|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<!\d)(?!\d{4}-\d{1,2}-\d{1,2}(?!\d))\+?\d[\d -]{6,}\d"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|example|cc|vip|top|xyz|ru|io|shop|info)\b"
    r"|[\u3400-\u9fff]{2}(?:路|街|大道|胡同)(?![上程线由障灯途过面])"
    r"|(?:微信|wechat|qq|whatsapp)\s*[号:：]?\s*[a-z0-9_+-]{5,}",
    re.I,
)


@dataclass(frozen=True)
class Figure:
    """A number, and what it counts (empty: not said)."""

    value: float
    unit: str

    @property
    def measured(self) -> tuple[float, str]:
        """The same in one unit of its kind: 2 weeks and 14 days are as long, 1 year and 12 months."""
        if self.unit in _MINUTES:
            return round(self.value * _MINUTES[self.unit], 6), "time"
        return (self.value * _MONTHS[self.unit], "months") if self.unit in _MONTHS else (self.value, self.unit)

    def fits(self, other: "Figure") -> bool:
        """Say whether both may mean the same; a unit that only one of them has is passed over."""
        if "" in (self.unit, other.unit):
            return self.value == other.value
        (mine, kind), (its, its_kind) = self.measured, other.measured
        if {kind, its_kind} == {"time", "months"}:  # half a month is 15 days, a month 30
            return {mine * _MONTH_MINUTES if kind == "months" else mine} == {
                its * _MONTH_MINUTES if its_kind == "months" else its
            }
        return (mine, kind) == (its, its_kind)


def addresses(text: str) -> set[str]:
    """Give links, e-mail addresses, telephone numbers and other ways to reach somebody."""
    return {re.sub(r"[\s.。]+$|[ -]", "", found).lower() for found in _ADDRESS.findall(normalise(text))}


def figures(text: str) -> list[Figure]:
    """Give the numbers of a text, addresses aside, however they are written; of a range both ends, with its unit."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", _ADDRESS.sub(" ", normalise(text)))
    plain, dates = taken(plain)
    found = [Figure(value, kind) for value, kind in dates]
    plain = _in_digits(_PERCENT_ZH.sub(_percent, plain))
    plain = _taken(plain, _FOLD, lambda match: found.append(Figure(3 if match[1] else 2, "fold")))
    plain = _taken(plain, _CLOCK, lambda match: found.append(Figure(_hour(match), "clock")))
    return [*_measures(plain), *found]


def _measures(plain: str) -> Iterator[Figure]:
    unit = ""
    # From the end: in "1–3 天" and "3、6 或 12 期" each number has the unit that stands behind the last.
    matches = list(_NUMBER.finditer(plain))
    for at in range(len(matches) - 1, -1, -1):
        match = matches[at]
        own = _SIGNS.get((match["sign"] or "").strip().lower(), "")
        own = own or next((name for number, name in enumerate(_UNITS) if match.group(f"u{number}")), "")
        follows = at + 1 < len(matches) and _joins(plain[match.end() : matches[at + 1].start()])
        unit = own or (unit if follows else "")
        scale = {"千": 1000, "k": 1000, "万": 10000}.get((match["scale"] or "").lower(), 1)
        yield Figure(float(match["value"]) * scale, unit)


def _in_digits(plain: str) -> str:
    """Write numbers that stand in words as digits."""
    plain = _HALF.sub("0.5", plain)
    plain = _ZH_NUMBER.sub(lambda match: format(_chinese(match[1]), "g"), plain)
    plain = _ONE.sub("1 ", plain)
    return _EN_NUMBER.sub(lambda match: str(_EN_DIGITS[match.group().lower()]), plain)


def _percent(match: re.Match[str]) -> str:
    return f"{match[1] if match[1][0].isdigit() else format(_chinese(match[1]), 'g')}%"


def _taken(plain: str, pattern: re.Pattern[str], take: Callable[[re.Match[str]], None]) -> str:
    """Take what a pattern finds, and leave a gap in its place."""
    for match in pattern.finditer(plain):
        take(match)
    return pattern.sub(" ; ", plain)


def _hour(match: re.Match[str]) -> float:
    hour = float(match["hour"] or match["bare"]) + float(match["minute"] or 0) / 60
    mark = (match["half"] or match["after"] or match["suffix"] or "").lower()
    return hour + 12 if hour < 12 and (mark.startswith("p") or mark in ("下午", "晚上", "晚")) else hour


def _joins(between: str) -> bool:
    return re.fullmatch(r"\s*(?:[-–—~至到、,:]|or|to|and|或)?\s*(?:or|或)?\s*", between, re.I) is not None


def _chinese(text: str) -> float:
    """Read a numeral: 十二, 两千, 一千五 (hundreds behind a thousand), 三百六十五."""
    total, digit, scale = 0.0, 0, 1
    for character in text:
        if character in _ZH_SCALES:
            scale = _ZH_SCALES[character]
            total = (total + digit) * scale if scale == _ZH_SCALES["万"] else total + (digit or 1) * scale
            digit = 0
        else:
            digit = _ZH_DIGITS[character]
    return total + digit * (scale // 10 if scale > 10 and "零" not in text[-2:] else 1)
