"""How many pieces a customer means: "退一个", "两双", "2 of them", "just one", "x2"."""

import re

from kefu.dialogue.words.numerals import CHINESE, ENGLISH, FIGURE, number
from kefu.dialogue.words.phrases import Hit

MEASURE = "[个件双对条只台本盒瓶支箱包套部份副把张块斤袋组枚根颗罐顶枝]"
_UNITS = "pieces?|pcs?|packs?|items?|units?|of|pairs?|x|sets?|bottles?|boxes|books?"
# 这一个, 另一个, 换一个 and 有一个问题 count nothing.
_ZH = re.compile(
    rf"(?<![这那哪另每第换再发寄了留剩最后月号前0-9])({FIGURE}|{CHINESE}|[俩仨]) ?({MEASURE})"
    r"(?!月|星期|礼拜|小时|工作日|人|问题|单|订单|[都也](?:不|没))"
)
_TOGETHER = re.compile(r"([俩仨])(?!人)")
_TIMES = re.compile(r"(?<![a-z0-9])(?:[x×*] ?([0-9]{1,2})|([0-9]{1,2}) ?[x×*])(?![a-z0-9])")
# "the white one" and "that one" count nothing, "just one" does.
_EN_UNIT = re.compile(rf"(?<![a-z0-9])(a|{ENGLISH}|{FIGURE}) ({_UNITS})(?![a-z0-9])")
_EN_VERB = re.compile(
    r"(?<![a-z0-9])(?:just|only|return|returning|back|refund|exchange|swap|replace|send|sending|make it|"
    rf"say|want|cancel|is|are|but|actually|instead|for|take) (?:the )?({ENGLISH}|{FIGURE})"
    r"(?![a-z0-9:/%.])(?! (?:thing|more|question))"
)
_EN_BEFORE = re.compile(rf"(?<![a-z0-9])({ENGLISH}|{FIGURE}|both|couple)(?: of)?(?: the| my)? (?=[a-z¤])")
# "是两个不是三个", "2 not 3"
_TAKEN_BACK = re.compile(r"(?:不是|而不是|(?<![a-z])(?:not|instead of)) ?$")
# "三个里面坏的那个"
_THAT_ONE_OF = re.compile(r"(?:里面?|当?中)[^\n]{0,5}([那这][个只件双本台])(?!都)")
_HALF = re.compile(r"一半|(?<![a-z])half(?: of)?(?![a-z])")


def counts(text: str, nouns: frozenset[int] = frozenset()) -> list[Hit]:
    """Find counts in a folded text; their keys are the numbers.

    :param nouns: where things are named: an English number right before one counts it ("two mugs").
    """
    found: dict[tuple[int, int], int] = {}
    for pattern in (_ZH, _TOGETHER, _TIMES, _EN_UNIT, _EN_VERB, _EN_BEFORE):
        for match in pattern.finditer(text):
            word = next(group for group in match.groups() if group)
            value = 1 if word == "a" else number(word)
            if word == "a" and not match.group(2).startswith("pair"):
                continue
            if pattern is _EN_BEFORE and not nouns & set(range(match.end(), match.end() + 12)):
                continue
            if _TAKEN_BACK.search(text, 0, match.start(1) if match.lastindex == 1 else match.start()):
                continue
            if value is not None and not any(start < match.end() and match.start() < end for start, end in found):
                found[match.span()] = value
    found |= {match.span(1): 1 for match in _THAT_ONE_OF.finditer(text)}
    # Half of it is no number of pieces.
    found |= {match.span(): 0 for match in _HALF.finditer(text)}
    return [Hit(str(value), *span) for span, value in sorted(found.items())]
