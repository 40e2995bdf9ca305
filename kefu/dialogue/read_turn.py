"""What one message means to the form that is open. A pure function: no store is read.

The words come first. What the classifier took a message for is believed only where no table knows a word of it: it may
be wrong, and what follows from a message here may end in a refund. The same holds for a second opinion on the reason.
"""

from dataclasses import replace

from kefu.dialogue.by_intent import with_intent
from kefu.dialogue.by_meaning import with_reason
from kefu.dialogue.form.corrections import corrected, new
from kefu.dialogue.form.move_words import CANCEL_ORDER
from kefu.dialogue.form.moves import Leaving, own_intents, resigns, resigns_at_last
from kefu.dialogue.form.pressed import YES_NO, read_pressed
from kefu.dialogue.form.unclear import SMALL_TALK, is_attempt
from kefu.dialogue.goods.the_whole import takes_the_whole
from kefu.dialogue.parts import Parts, read_parts
from kefu.dialogue.turn import Draft, Message, Reading, SecondOpinion
from kefu.dialogue.wishes.withdrawal import WITHDRAW, withdrawal_stance
from kefu.dialogue.words.acknowledged import only_gives_thanks
from kefu.dialogue.words.clauses import clauses
from kefu.dialogue.words.yes_no import CANCEL_IT, STOP_IT, Stance, read_stance
from kefu.text import is_blank, is_payload

_IDENTITY = ("order_number", "contact", "second_contact")


def read_turn(message: Message, draft: Draft, opinion: SecondOpinion | None = None) -> Reading:
    """Say what a message means to an open form; a message that means nothing to it gives an empty reading.

    Who leaves the form decides nothing in it: only the order and the contact that he names are kept.

    :param opinion: is asked for the reason where one is wanted and the words of the message are in no table.
    """
    if is_payload(message.text):
        return read_pressed(message.text, draft)
    if is_blank(message.text):
        return Reading()
    own = own_intents(draft.form, draft.known.get("wish"))
    parts = read_parts(message, draft)
    if opinion is not None:
        parts = with_reason(parts, message, draft, opinion)
    stance = _stance(message, draft, parts, own)
    reading = _of_words(draft, parts, stance)
    if not parts.tried and (parts.questions or not stance.waits):
        reading = with_intent(reading, message, parts.words.text, draft, own)
    if reading.move not in (None, "person"):
        kept = {slot: value for slot, value in reading.values.items() if slot in _IDENTITY}
        reading = replace(reading, values=kept)
    is_unclear = _is_unclear(message, draft, parts, reading, stance)
    return replace(reading, corrected=corrected(reading.values, draft.known), unclear=is_unclear)


def _of_words(draft: Draft, parts: Parts, stance: Stance) -> Reading:
    """Decide what of the parts counts: a yes is one only if nothing else is said."""
    leaving = parts.leaving or _resigning(draft, parts, stance)
    if (
        leaving is not None
        and leaving.move in ("which", "stop")
        and stance.answer == "yes"
        and _asks_to_end(draft, parts)
    ):
        leaving = None  # "cancel it" says yes where cancelling is what was asked about
    says_more = bool(new(parts.values, draft.known) or leaving or parts.questions or parts.tried)
    answer = None if says_more or (stance.answer == "yes" and draft.summary is None) else stance.answer
    reading = Reading(values=parts.values, questions=parts.questions, answer=answer)
    return reading if leaving is None else replace(reading, move=leaving.move, target=leaving.target)


def _stance(message: Message, draft: Draft, parts: Parts, own: frozenset[str]) -> Stance:
    # What says yes for a page may take it back on the next, which is not read.
    if draft.asked not in YES_NO or draft.asked not in draft.fills or not parts.words.is_whole:
        return Stance(None)
    text = parts.words.text
    if takes_the_whole(text, draft):
        return Stance(None)  # the "no" in it is meant for the part
    cut = [clause.span for clause in clauses(text)]
    if draft.known.get("wish") == WITHDRAW:
        return withdrawal_stance(text, message.intent, cut)
    # Where the form is there to cancel the order, "cancel the order" goes on with it.
    proceeds = [*CANCEL_ORDER.spans(text), *CANCEL_IT.spans(text)] if CANCEL_ORDER.key in own else []
    if draft.known.get("wish") == "intercept":
        proceeds = STOP_IT.spans(text)
    stance = read_stance(text, message.intent, cut=cut, understood=parts.details.spans, proceeds=proceeds)
    if stance.answer == "yes" and draft.answered and only_gives_thanks(text):
        return Stance(None, waits=True)
    return stance


def _asks_to_end(draft: Draft, parts: Parts) -> bool:
    """Say whether ending something is what he is asked about; the bare word may mean the order or the form."""
    is_bare = parts.words.text.strip(" .!。！") in ("取消", "cancel")
    return draft.known.get("wish") in ("cancel", "intercept", WITHDRAW) and not is_bare


def _resigning(draft: Draft, parts: Parts, stance: Stance) -> Leaving | None:
    """Take "算了" for a stop unless something goes on behind it: "算了，退吧"."""
    is_last = draft.asked != "reason" or resigns_at_last(parts.words.text)
    weightless = {"condition", "reason"} if is_last else {"condition"}
    goes_on = bool(parts.questions) or stance.answer == "yes" or not parts.values.keys() <= weightless
    return Leaving("stop") if resigns(parts.words.text) and not goes_on else None


def _is_unclear(message: Message, draft: Draft, parts: Parts, reading: Reading, stance: Stance) -> bool:
    if draft.asked is None or reading.move is not None:
        return False
    if draft.asked in parts.tried and draft.asked not in reading.values:
        return True
    if reading.questions or draft.asked in reading.values or new(reading.values, draft.known) or stance.answer:
        return False
    waits = stance.waits and message.intent not in SMALL_TALK
    return waits or is_attempt(message.text, parts.words.text, message.intent, draft)
