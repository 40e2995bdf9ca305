"""Messages that must be met with a warning at once, whatever else they are about: danger to people, and fraud.

The words of danger are those of food, colours and praise as well ("火锅", "smoked salmon", "deals on fire"). What
is harmless, denied or only supposed is taken out of a message first; what is left must still sound like an alarm.
"""

import re
from itertools import pairwise
from typing import Literal

from kefu.dialogue import danger_words, fraud_words
from kefu.dialogue.wording import without, wording

Alarm = Literal["danger", "fraud"]

# The help pages that say what to do.
ENTRIES: dict[Alarm, str] = {"danger": "product_safety", "fraud": "account_scam"}

_PAUSES = re.compile(r"[,;!?。\n]+|\.(?=\s)")


def alarm(text: str) -> Alarm | None:
    """Say what a message must be warned of, None where of nothing."""
    read = wording(text).text
    if danger_words.DANGER.within(_without_harmless(read)):
        return "danger"
    return "fraud" if fraud_words.FRAUD.within(without(read, fraud_words.HARMLESS.spans(read))) else None


def _without_harmless(text: str) -> str:
    """Take out what is no danger; what only some things may do counts where nothing that is plugged in does it."""
    text = without(text, danger_words.SUPPOSED.spans(text))
    text = without(text, danger_words.HARMLESS.spans(text))
    cut = [0, *(match.end() for match in _PAUSES.finditer(text)), len(text)]
    powered = [(start, end) for start, end in pairwise(cut) if danger_words.POWERED.within(text[start:end])]
    things = danger_words.HARMLESS_THINGS.spans(text)
    return without(text, [thing for thing in things if not any(a <= thing[0] < b for a, b in powered)])
