"""How many pieces are faulty or missing, where a customer says so with the fault: "碎了一个", "only one came"."""

import re
from collections.abc import Iterable, Sequence

from kefu.dialogue.words.counts import MEASURE
from kefu.dialogue.words.numerals import CHINESE, ENGLISH, FIGURE, number
from kefu.dialogue.words.wording import Span, without

_FAULT = "\x01"  # stands where the fault is named
_FLAW = "\x02"  # and where it is named by a noun, which numbers count: "two cracks in the handle"
_NOUNS = re.compile(r"(?:cracks?|dents?|scratch(?:es)?|chips?|holes?|marks?|裂[纹缝痕]|划痕|口子|缺口)(?: in)?")
_ZH = rf"(?<![第每这那另])({FIGURE}|{CHINESE}|[俩仨])"
_EN = rf"(?<![a-z0-9])(?<!no )(?<!the )(?<!that )(?<!this )(?<!another )({ENGLISH}|{FIGURE})(?![a-z0-9])"
_OF_THEM = r"(?: of (?:it|them|those|these|the \w+|my \w+))?"
_NO_TIME = r"(?! (?:days?|weeks?|months?|years?|hours?|minutes?|times?)(?![a-z]))"
_VERBS = r"(?: (?:is|are|was|were|has|have|had|came|arrived|got|completely|already|all|just))*"

# So many came: the rest is missing.
_CAME: tuple[re.Pattern[str], ...] = (
    re.compile(rf"[只就才](?:收|拿|发|寄|到|给|来|有|送|见|装)(?:到|了|来|着|过来)?[了我]?{_ZH}{MEASURE}?(?!问题)"),
    re.compile(
        r"(?<![a-z])(?:only|just) (?:got|received|came with|sent|sent me|delivered|found|contains|contained|had|get) "
        + _EN
    ),
    re.compile(rf"(?<![a-z])only {_EN}(?=(?: \w+){{0,5}} (?:came|arrived|was|were|turned up|in the)(?![a-z]))"),
)
_MISSING: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<![多至减])[少缺漏差](?:了|发|寄|装|给|送|拿|配|放)?[了我]?{_ZH}(?:{MEASURE}|(?<=[俩仨]))"),
    re.compile(rf"有{_ZH}{MEASURE}[^\n]{{0,3}}(?:没|未)(?:有)?(?:收|到|发|寄|见|送|装)"),
    re.compile(rf"{_EN}(?: \w+){{0,4}}? (?:is |are |was |were )?missing(?![a-z])"),
    re.compile(rf"{_EN} (?:short|too few|less)(?![a-z])"),
    re.compile(rf"(?<![a-z])missing {_EN}"),
)
_FAULTY: tuple[re.Pattern[str], ...] = (
    re.compile(rf"{_FAULT}[了掉过]*{_ZH}{MEASURE}(?![\u4e00-\u9fff])"),
    re.compile(rf"{_FAULT}[了掉过]*{_ZH}{MEASURE}(?=[的了补换退给想要])"),
    re.compile(rf"(?!一.[都也]){_ZH}{MEASURE}(?:是|都|已经|全|就|也|给)*{_FAULT}"),
    re.compile(rf"{_ZH}{MEASURE}[\u4e00-\u9fff]{{1,4}}?(?:是|都是|已经){_FAULT}"),
    re.compile(rf"{_EN}{_NO_TIME}{_OF_THEM}(?: \w+)?{_VERBS} {_FAULT}"),
    re.compile(rf"{_EN}{_OF_THEM} (?:have|has|had|got|with)(?: \w+)? {_FLAW}"),
    re.compile(rf"[{_FAULT}{_FLAW}](?: \w+)? (?:in|of|on) {_EN}(?: of (?:them|those|these)|\W*$)"),
    re.compile(rf"{_FAULT}[了掉过]*([俩仨])(?![\u4e00-\u9fff])"),
)
# "the broken mug": one of however many there are.
_THE_ONE = re.compile(rf"(?<![a-z])(?:the|my|that|this) {_FAULT}(?: [a-z]+)? [a-z]*[a-rt-z](?![a-z])")


def pieces_that_came(text: str) -> int | None:
    """Say how many pieces a folded text says to have come, where it says that not all did."""
    return _first(_CAME, text)


def faulty_pieces(text: str, reasons: Sequence[Span]) -> int | None:
    """Say of how many pieces a folded text tells a fault.

    :param reasons: where it names faults.
    """
    missing = _first(_MISSING, text)
    if missing is not None:
        return missing
    flaws = [span for span in reasons if _NOUNS.fullmatch(text, *span)]
    text = without(text, flaws, _FLAW)
    marked = re.sub(
        f"([{_FAULT}{_FLAW}])\\1+", r"\1", without(text, [span for span in reasons if span not in flaws], _FAULT)
    )
    found = [value for pattern in _FAULTY for match in pattern.finditer(marked) if (value := number(match.group(1)))]
    if found:
        return min(found)  # "三个碎俩"
    return 1 if _THE_ONE.search(marked) else None


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> int | None:
    found = [match for pattern in patterns if (match := pattern.search(text))]
    return number(min(found, key=lambda match: match.start()).group(1)) if found else None
