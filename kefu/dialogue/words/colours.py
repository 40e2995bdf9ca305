"""Colours in a customer's words, whether or not an article comes in them."""

import re
from collections.abc import Iterable

from kefu.dialogue.words.wording import Span, without
from kefu.shop.orders import Bilingual

# By the character that stands for it in Chinese: its name in both languages, and other English words for it.
_COLOURS = {
    "黑": ("黑色", "black"),
    "白": ("白色", "white"),
    "红": ("红色", "red"),
    "蓝": ("蓝色", "blue"),
    "绿": ("绿色", "green"),
    "黄": ("黄色", "yellow"),
    "灰": ("灰色", "grey", "gray"),
    "粉": ("粉色", "pink"),
    "紫": ("紫色", "purple"),
    "橙": ("橙色", "orange"),
    "棕": ("棕色", "brown"),
    "金": ("金色", "gold", "golden"),
    "银": ("银色", "silver"),
    "藏青": ("藏青", "navy"),
    "米": ("米色", "beige"),
}
_ENGLISH = {word: zh for zh, *words in _COLOURS.values() for word in words}
_ZH = "|".join(_COLOURS)
_SHORT = "黑白红蓝绿黄灰紫橙棕银"  # what stands for a colour by itself; "1米的" is none
_SHADES = "深浅粉酒玫天藏墨军宝湖亮淡暗"
# "黑五" and "红包" are no colours: 色 stands behind one, or 的, or the article itself ("白T恤"). A shade is its own.
_COLOUR = re.compile(
    rf"([{_SHADES}]?)(?:({_ZH})色的?|([{_SHORT}])的|(藏青)色?)|()(?<![a-z])({'|'.join(_ENGLISH)})(?![a-z])"
)
_RIGHT_BEFORE = re.compile(f"[{_SHORT}]$")


def colours(text: str, goods: list[Span], known: Iterable[Bilingual] = ()) -> dict[Span, str]:
    """Find colours in a folded text outside names of goods: their Chinese names by where they stand.

    :param known: what the goods come in, which goes first.
    """
    found: dict[Span, str] = {}
    for colour in known:
        names = (
            rf"(?<![{_SHADES}]){re.escape(colour.zh)}(?:色?的|色)?|(?<![a-z]){re.escape(colour.en.lower())}(?![a-z])"
        )
        for match in re.finditer(names, without(text, found, " ")):
            if len(colour.zh) > 1:
                found[match.span()] = colour.zh
    rest = without(text, found, " ")
    for match in _COLOUR.finditer(rest):
        shade, *names_said = (group for group in match.groups() if group is not None)
        short = names_said[-1]
        found[match.span()] = shade + (_ENGLISH.get(short) or _COLOURS[short][0])
    for start, _ in goods:
        if before := _RIGHT_BEFORE.search(rest[:start]):
            found[before.span()] = _COLOURS[before.group()][0]
    return {span: name for span, name in found.items() if not any(span[0] < end and at < span[1] for at, end in goods)}


def in_english(colour: str) -> str:
    """Give the English name of a colour; a shade keeps its own."""
    return next((words[0] for zh, *words in _COLOURS.values() if zh == colour), colour)
