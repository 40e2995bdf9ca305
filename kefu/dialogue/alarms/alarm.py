"""Messages that must be met with a warning at once, whatever else they are about: danger to people, and fraud.

The words of danger are those of food, colours and praise as well ("火锅", "smoked salmon", "deals on fire"). What
is harmless, denied or only supposed is taken out of a message first; what is left must still sound like an alarm.
Where no table of words knows a message at all, a second opinion is asked, which goes by meaning.
"""

import re
from itertools import pairwise
from typing import Literal, cast

from kefu.dialogue.alarms import danger_words, fraud_words
from kefu.dialogue.alarms.mood import mood
from kefu.dialogue.alarms.swallow_words import SWALLOWED
from kefu.dialogue.turn import SecondOpinion
from kefu.dialogue.words.wording import without, wording
from kefu.text import is_payload, is_program

Alarm = Literal["danger", "fraud", "takeover"]

# The help pages that say what to do. For an account that somebody else has taken over, an answer of the domain does.
ENTRIES: dict[Alarm, str] = {"danger": "product_safety", "fraud": "account_scam"}

_HARMLESS = (
    danger_words.SUPPOSED,
    danger_words.HARMLESS,
    danger_words.HARMLESS_THINGS,
    fraud_words.HARMLESS,
)
_CJK = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile("[a-z]{2,}")
_CHARACTERS, _WORDS = 6, 4  # that a message has at least; what is shorter answers a question, or greets
_PAUSES = re.compile(r"[,;!?。\n]+|\.(?=\s)")


def alarm(text: str) -> Alarm | None:
    """Say what a message must be warned of, None where of nothing."""
    read = wording(text).text
    dangers = _without_harmless(read)
    if danger_words.DANGER.within(dangers) or SWALLOWED.within(dangers):
        return "danger"
    return "fraud" if fraud_words.FRAUD.within(without(read, fraud_words.HARMLESS.spans(read))) else None


def is_swallowed(text: str) -> bool:
    """Say whether somebody has swallowed a thing that is no food, or chokes."""
    return SWALLOWED.within(_without_harmless(wording(text).text))


def heard_alarm(text: str, opinion: SecondOpinion) -> Alarm | None:
    """Say what a message must be warned of, by its words or else by its meaning.

    :param opinion: gives a kind of alarm for each of some texts, None where it is not sure.
    """
    told = alarm(text)
    if told is not None or not _may_mean_one(text):
        return told
    found = cast("Alarm | None", opinion([text])[0])
    return None if found in ("fraud", "takeover") and _only_scolds_the_shop(text) else found


def _only_scolds_the_shop(text: str) -> bool:
    """Say whether a message is angry without a word of a stranger, a call, a code, a transfer or an account."""
    return mood(text) == "angry" and not fraud_words.TELLING.within(wording(text).text)


def _may_mean_one(text: str) -> bool:
    """Say whether a message tells enough to be judged, and nothing that the tables know to be harmless."""
    if is_payload(text) or is_program(text):
        return False
    read = wording(text).text
    is_long = len(_CJK.findall(read)) >= _CHARACTERS or len(_WORD.findall(read)) >= _WORDS
    return is_long and not any(table.within(read) for table in _HARMLESS)


def _without_harmless(text: str) -> str:
    """Take out what is no danger; what only some things may do counts where nothing that is plugged in does it."""
    text = without(text, danger_words.SUPPOSED.spans(text))
    text = without(text, danger_words.HARMLESS.spans(text))
    cut = [0, *(match.end() for match in _PAUSES.finditer(text)), len(text)]
    powered = [(start, end) for start, end in pairwise(cut) if danger_words.POWERED.within(text[start:end])]
    things = danger_words.HARMLESS_THINGS.spans(text)
    return without(text, [thing for thing in things if not any(a <= thing[0] < b for a, b in powered)])
