"""Figures of a text with what they count, and addresses: an answer must have them from its evidence. No model."""

import re
from dataclasses import dataclass

from kefu.text import normalise

_UNITS = {
    "yuan": r"元|块|yuan|rmb|cny",
    "%": r"%|percent|per cent",
    "discount": r"折",
    "day": r"(?:个)?(?:工作)?日|天|(?:working |business )?days?",
    "week": r"周|星期|weeks?",
    "month": r"个月|months?|期",
    "year": r"年|years?",
    "hour": r"(?:个)?小时|hours?",
    "minute": r"分钟|minutes?",
    "second": r"秒|seconds?",
    "times": r"倍|times|fold",
    "point": r"积分|points?",
}
_UNIT = "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(_UNITS.values()))
_ZH_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九十")} | {"两": 2, "双": 2}
_EN_DIGITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
} | {"twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "twice": 2, "double": 2, "triple": 3, "half": 50}
_NUMBER = re.compile(
    rf"(?P<value>\d+(?:\.\d+)?)(?:\s*(?:[-–—~至到、,]|or|to|and|或)\s*\d+(?:\.\d+)?)*?\s*-?(?:{_UNIT})?", re.I
)
_ZH_NUMBER = re.compile(r"(?P<value>[二两三四五六七八九十双]+)\s*(?:倍|天|年|个月|个|小时|分钟|张|次|件|元|折|周|成)")
_EN_NUMBER = re.compile(rf"\b(?P<value>{'|'.join(word for word in _EN_DIGITS if word != 'one')})\b", re.I)
_ADDRESS = re.compile(
    r"https?://[^\s，。]+|www\.[^\s，。]+|[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d -]{6,}\d"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|example)\b"
    r"|(?:微信|wechat|qq)\s*[号:：]?\s*[a-z0-9_-]{5,}",
    re.I,
)


@dataclass(frozen=True)
class Figure:
    """A number, and what it counts (empty: not said)."""

    value: float
    unit: str

    def fits(self, other: "Figure") -> bool:
        """Say whether both may mean the same; a unit that only one of them has is passed over."""
        return self.value == other.value and (self.unit == other.unit or "" in (self.unit, other.unit))


def addresses(text: str) -> set[str]:
    """Give links, e-mail addresses, telephone numbers and other ways to reach somebody."""
    return {re.sub(r"[\s.。]+$|[ -]", "", found).lower() for found in _ADDRESS.findall(normalise(text))}


def figures(text: str) -> list[Figure]:
    """Give the numbers of a text, addresses aside; of a range both ends, with the unit behind it."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", _ADDRESS.sub(" ", normalise(text)))
    found: list[Figure] = []
    unit = ""
    # From the end: in "1–3 天" and "3、6 或 12 期" each number has the unit that stands behind the last.
    matches = list(_NUMBER.finditer(plain))
    for at in range(len(matches) - 1, -1, -1):
        own = next((name for number, name in enumerate(_UNITS) if matches[at].group(f"u{number}")), "")
        follows = at + 1 < len(matches) and _joins(plain[matches[at].end() : matches[at + 1].start()])
        unit = own or (unit if follows else "")
        found.append(Figure(float(matches[at]["value"]), unit))
    found += [Figure(_chinese(match["value"]), _unit_of(match.group())) for match in _ZH_NUMBER.finditer(plain)]
    return found + [Figure(float(_EN_DIGITS[match["value"].lower()]), "") for match in _EN_NUMBER.finditer(plain)]


def _joins(between: str) -> bool:
    return re.fullmatch(r"\s*(?:[-–—~至到、,:]|or|to|and|或)?\s*(?:or|或)?\s*", between, re.I) is not None


def _unit_of(text: str) -> str:
    return next((name for name, pattern in _UNITS.items() if re.search(f"(?:{pattern})$", text, re.I)), "")


def _chinese(text: str) -> float:
    """Read a numeral below a hundred."""
    if "十" not in text:
        return float(_ZH_DIGITS[text[0]])
    tens, _, ones = text.partition("十")
    return float((_ZH_DIGITS[tens[0]] if tens else 1) * 10 + (_ZH_DIGITS[ones[0]] if ones else 0))
