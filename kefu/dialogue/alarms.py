"""Messages that must be met with a warning at once, whatever else they are about: danger to people, and fraud.

The words of danger are those of food, colours and praise as well ("火锅", "smoked salmon", "deals on fire"). What
is harmless, denied or only supposed is taken out of a message first; what is left must still sound like an alarm.
"""

from typing import Literal

from kefu.dialogue import danger_words, fraud_words
from kefu.dialogue.wording import without, wording

Alarm = Literal["danger", "fraud"]

# The help pages that say what to do.
ENTRIES: dict[Alarm, str] = {"danger": "product_safety", "fraud": "account_scam"}


def alarm(text: str) -> Alarm | None:
    """Say what a message must be warned of, None where of nothing."""
    read = wording(text).text
    harmless = [*danger_words.HARMLESS.spans(read), *danger_words.SUPPOSED.spans(read)]
    if danger_words.DANGER.within(without(read, harmless)):
        return "danger"
    return "fraud" if fraud_words.FRAUD.within(without(read, fraud_words.HARMLESS.spans(read))) else None
