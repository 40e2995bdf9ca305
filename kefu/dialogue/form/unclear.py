"""Whether a customer tried to answer what was asked, though nothing could be read."""

import re

from kefu.dialogue.turn import Draft
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import content
from kefu.dialogue.words.yes_no import is_nothing_but_filler
from kefu.shop.named import looks_like_a_number

SMALL_TALK = frozenset(
    {"greet", "are_you_there", "thanks", "goodbye", "what_can_you_do", "are_you_robot", "feedback", "out_of_scope"}
)
_CHOICES = frozenset({"items", "reason", "remedy", "exchange_for", "confirmed", "change", "which"})
_CJK = re.compile("[\u4e00-\u9fff]")
_DIGITS = re.compile(r"\d{4}")
_LONGEST_ZH, _LONGEST_EN = 40, 15  # characters, words: an answer is short
_HAS_NONE = Phrases(
    "none",
    zh=("忘|不(?:知道|记得|清楚|晓得)|没有|找不[到着]|哪有|没记|查不到|就?那[个单]|这[个单]",),
    en=(
        "do not (?:know|remember|have)|forgot|forgotten|lost|no idea|can not find|not sure|that one|this one|the one",
    ),
)


def is_attempt(original: str, text: str, intent: str | None, draft: Draft) -> bool:
    """Say whether a message that gave nothing to the slot asked for looks like an attempt at it.

    :param original: the message as it was typed; ``text`` is the folded one.
    """
    if draft.asked == "order_number":
        describes = bool(draft.orders) and intent not in SMALL_TALK and not is_nothing_but_filler(text)
        has_digits = looks_like_a_number(original) or _DIGITS.search(original) is not None
        return has_digits or ((describes or _HAS_NONE.within(text)) and _is_short(text))
    if draft.asked == "contact":
        return looks_like_a_number(original) or "@" in original or (_HAS_NONE.within(text) and _is_short(text))
    if draft.asked not in _CHOICES or intent in SMALL_TALK:
        return False
    if not any(character.isalnum() for character in text):  # an emoji
        return True
    return not is_nothing_but_filler(text) and _is_short(text)


def _is_short(text: str) -> bool:
    plain = content(text)
    characters = len(_CJK.findall(plain))
    return len(plain) <= _LONGEST_ZH if characters else 0 < len(plain.split()) <= _LONGEST_EN and len(plain) <= 120
