"""What a message right after a warning asks of it: "what do I do", "is my money safe", "can I still use it".

A warning is not over with one reply. Whoever was told to hang up says next that he has read the code out already, and
whoever was told to stop using a power bank asks who pays for his hand. Read alone, such messages are about payments, a
refund or nothing at all.
"""

from typing import Literal

from kefu.dialogue.alarms.after_alarm_words import COSTS, ELSEWHERE, MONEY, ORDERS, USE, WHAT_NOW
from kefu.dialogue.alarms.given_away import is_given_away
from kefu.dialogue.words.wording import wording

# What was warned of. Where somebody swallowed a thing the doctor comes first, whatever the goods are.
Topic = Literal["danger", "swallowed", "fraud", "takeover"]
# `steps`: what is to be done at once; the others belong to goods that are dangerous.
Need = Literal["steps", "keep_off", "costs"]
_LONGEST = 160  # characters: a longer message tells a matter of its own


def need_after(text: str, topic: Topic) -> Need | None:
    """Say what a message wants that follows a warning; None where it has turned to something else."""
    read = wording(text).text
    if len(read) > _LONGEST or ELSEWHERE.within(read):
        return None
    if topic in ("fraud", "takeover"):
        if ORDERS.within(read):
            return None
        return "steps" if any(table.within(read) for table in (WHAT_NOW, MONEY)) or is_given_away(text) else None
    if COSTS.within(read):
        return "costs"
    if USE.within(read):
        return "keep_off"
    return "steps" if WHAT_NOW.within(read) else None
