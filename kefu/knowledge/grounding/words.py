"""The words of a clause that carry its content, compared by what they have in common. Pure functions."""

import re

from kefu.text import Language, normalise

_CJK_RUN = re.compile("[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z\u00c0-\u024f]+(?:['’][a-z]+)?")
# What any answer may say without its standing in the evidence.
_FREE_ZH = re.compile(
    r"很?抱歉|您好|其他|可以|不能|不可以|不支持|能够|需要|一般|通常|目前|暂时|如果|的话|由于|因为|所以|但是|不过"
    r"|另外|其中|以及|或者"
    r"|分别|大约|左右|之内|以内|期间|的时候|这个|那个|就是|还是|也就|也是|都是|是的|不是|没有|请|您|的|了|吗|呢"
    r"|吧|啊|和|与|也|还"
    r"|就|都|会|要|是|有|在|到|把|被|对|从|向|内|后|前|时|再|则|但|而|且|若|用|花|做|中|里|及|并|等|这|那|每|个|种|次"
)
_FREE_EN = frozenset(
    "a an the this that these those it its is are was were be been being am do does did have has had of to in on "
    "at by "
    "for from with within without about as and or but if so than then though once there here you your yours we our us "
    "they them their i me my he she can could may might will would shall should must cannot not no yes sorry please "
    "available allowed possible supported offered most usually generally normally also just only any some each "
    "every all up out after before until since per which who "
    "what when where how while during isn't aren't don't doesn't can't won't it's that's there's you've you're we're "
    "you'll get gets take takes".split()
)
_IRREGULAR = {
    "paid": "pay", "cost": "cost", "sent": "send", "took": "take", "bought": "buy", "kept": "keep", "lost": "lose",
    "cheaper": "cheap", "earned": "earn", "gone": "go", "chose": "choose", "chosen": "choose", "shipped": "ship",
    "cancelled": "cancel", "became": "become",
}  # fmt: skip


def content(text: str, language: Language) -> list[str]:
    """Give the units of content of a clause, in order: pairs of neighbouring characters, or stems of words."""
    plain = normalise(text).lower().replace("’", "'")
    words = [stem(word) for word in _WORD.findall(plain) if word not in _FREE_EN and len(word) > 1]
    if language == "en":
        return words
    runs = [run for piece in _CJK_RUN.findall(plain) for run in _FREE_ZH.sub(" ", piece).split()]
    return [*words, *(pair for run in runs for pair in _pairs(run))]


def all_content(text: str, language: Language) -> set[str]:
    """Give every unit that a text has for others to share, whatever words stand between."""
    units = set(content(text, language))
    if language == "zh":
        plain = normalise(text).lower()
        for run in _CJK_RUN.findall(plain):
            units.update(_pairs(run))
            units.update(run)
    return units


def share(units: list[str], there: set[str]) -> float:
    """Give the share of units that are there; 1 if there are none to look for."""
    return sum(unit in there for unit in units) / len(units) if units else 1.0


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] if len(run) > 1 else [run]


def stem(word: str) -> str:
    """Cut an English word to what its forms have in common; roughly, as both sides are cut alike."""
    base = word.removesuffix("'s")
    base = _IRREGULAR.get(base, base)
    for ending in ("ations", "ation", "ingly", "ments", "ment", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y"):
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            return base[: -len(ending)]
    return base
