"""What a message right after a warning asks of it: "what do I do", "is my money safe", "can I still use it".

A warning is not over with one reply. Whoever was told to hang up says next that he has read the code out already, and
whoever was told to stop using a power bank asks who pays for his hand. Read alone, such messages are about payments, a
refund or nothing at all.
"""

import re
from typing import Literal

from kefu.dialogue.alarms.after_alarm_words import COSTS, ELSEWHERE, MONEY, ORDERS, PAYING, USE, WHAT_NOW
from kefu.dialogue.alarms.fraud_words import TELLING
from kefu.dialogue.alarms.given_away import is_given_away
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without, wording

# What was warned of. Where somebody swallowed a thing the doctor comes first, whatever the goods are.
Topic = Literal["danger", "swallowed", "fraud", "takeover"]
# `steps`: what is to be done at once; the others belong to goods that are dangerous.
Need = Literal["steps", "keep_off", "costs"]
_LONGEST = 160  # characters that are read
_BESIDE_ZH, _BESIDE_EN = 3, 3  # characters, words: what says more tells a matter of its own
_SHORT_ZH, _SHORT_EN = 8, 4  # characters, words: an "i did it", which needs no word of the stranger
_CJK = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile("[a-z]{2,}")
_FILLER = re.compile(
    r"[你您们我他她它这那个是的了啊呀吧呢吗么嘛哦呃就都也还会能要该请问谁被把给得有没不]|现在|已经|刚才|可以|到底|东西"
    r"|\b(?:i|me|my|you|your|u|ur|it|its|this|that|he|she|they|them|him|her|his|is|are|am|was|be|been|do|does|did|can|could|will"
    r"|would|should|shall|may|have|has|had|the|an?|and|or|so|to|for|from|of|on|in|with|go|please|pls|now|then|still|just|ok"
    r"|okay|oh|but|get|back|any|all|not|no|if|when|who|what|how)\b"
)


def need_after(text: str, topic: Topic) -> Need | None:
    """Say what a message wants that follows a warning; None where it has turned to something else."""
    read = wording(text).text
    if len(read) > _LONGEST or ELSEWHERE.within(read):
        return None
    if topic in ("fraud", "takeover"):
        if ORDERS.within(read):
            return None
        return "steps" if _is_all(read, WHAT_NOW, MONEY) or _has_given(text, read) else None
    if PAYING.within(read) or not _is_all(read, COSTS, USE, WHAT_NOW):
        return None
    if COSTS.within(read):
        return "costs"
    return "keep_off" if USE.within(read) else "steps"


def _is_all(read: str, *tables: Phrases) -> bool:
    """Say whether a message says one of these things, and little beside."""
    spans = [span for table in tables for span in table.spans(read)]
    beside = _FILLER.sub(" ", without(read, spans, " "))
    return bool(spans) and len(_CJK.findall(beside)) <= _BESIDE_ZH and len(_WORD.findall(beside)) <= _BESIDE_EN


def _has_given(text: str, read: str) -> bool:
    """Say whether the stranger got what he wanted; by itself much of what is done with orders reads alike."""
    is_short = len(_CJK.findall(read)) <= _SHORT_ZH and len(_WORD.findall(read)) <= _SHORT_EN
    return is_given_away(text) and (is_short or TELLING.within(read))
