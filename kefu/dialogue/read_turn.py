"""What one message means to the form that is open. A pure function: no model is asked, no store is read.

The words come first. What the classifier took a message for is believed only where no table knows a word of it: it may
be wrong, and what follows from a message here may end in a refund.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kefu.dialogue.clauses import clauses, content
from kefu.dialogue.corrections import corrected, new
from kefu.dialogue.details import Details, read_details
from kefu.dialogue.hearing import Heard, hear
from kefu.dialogue.move_words import CANCEL_ORDER, DECIDES
from kefu.dialogue.moves import Leaving, names_move, own_intents, read_move, refuses_a_person, resigns, target_of
from kefu.dialogue.pickup import read_in_words, read_pickup
from kefu.dialogue.pressed import YES_NO, read_pressed
from kefu.dialogue.references import read_references
from kefu.dialogue.side_questions import Question, read_question
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.dialogue.unclear import is_attempt
from kefu.dialogue.wording import Span, Wording, wording
from kefu.dialogue.yes_no import Stance, asks_for_time, read_stance
from kefu.shop.named import looks_like_a_number
from kefu.text import is_blank, is_payload

# Slots that come along with another one.
_COMES_WITH = {"second_contact": "contact", "condition": "items", "pickup": "confirmed"}
_AFTER_SALES = frozenset({"items", "reason", "remedy", "confirmed"})
_SHORTEST_QUESTION = 4  # characters; below, nothing can be looked up
_IDENTITY = ("order_number", "contact", "second_contact")


@dataclass(frozen=True)
class _Parts:
    """What was read of a message, before it is decided what counts."""

    words: Wording
    heard: Heard
    values: dict[str, Any]
    details: Details
    tried: frozenset[str]
    question: Question | None
    leaving: Leaving | None


def read_turn(message: Message, draft: Draft) -> Reading:
    """Say what a message means to an open form; a message that means nothing to it gives an empty reading."""
    if is_payload(message.text):
        return read_pressed(message.text, draft)
    if is_blank(message.text):
        return Reading()
    parts = _parts(message, draft)
    stance = _stance(message, draft, parts)
    leaving = parts.leaving or _resigning(draft, parts, stance)
    if leaving is None and _is_silent(parts, stance):
        return _by_intent(message, draft, parts)
    values = parts.values
    if leaving is not None and leaving.move != "person":
        values = {slot: value for slot, value in values.items() if slot in _IDENTITY}
    fresh = new(values, draft.known)
    says_more = bool(fresh or leaving or parts.question or parts.tried)
    answer = None if says_more or (stance.answer == "yes" and draft.summary is None) else stance.answer
    reading = Reading(
        values=values,
        corrected=corrected(values, draft.known),
        question=parts.question.text if parts.question else None,
        topic=parts.question.topic if parts.question else None,
        supposed=parts.question.supposed if parts.question else None,
        answer=answer,
        move=leaving.move if leaving else None,
        target=leaving.target if leaving else None,
    )
    return replace(reading, unclear=_is_unclear(message, draft, parts, reading, stance))


def _parts(message: Message, draft: Draft) -> _Parts:
    words = wording(message.text)
    heard = hear(words.text, draft)
    references = read_references(message.text, heard.said, draft)
    is_after_sales = not _AFTER_SALES.isdisjoint(draft.fills)
    details = read_details(heard.said, draft) if is_after_sales else Details()
    leaving = _leaving(words.text, draft, details)
    asking = [clause for clause in heard.asking if not names_move(words.text[slice(*clause.span)], leaving)]
    question = read_question(words, asking, heard.telling, draft)
    values = {**references.values, **details.values}
    if is_after_sales:
        values |= _in_his_words(words, heard, details, draft)
    tried = details.tried | ({"order_number"} if references.tried else set())
    values = {slot: value for slot, value in values.items() if _COMES_WITH.get(slot, slot) in draft.fills}
    return _supposing(_Parts(words, heard, values, details, tried, question, leaving), draft)


def _in_his_words(words: Wording, heard: Heard, details: Details, draft: Draft) -> dict[str, str]:
    """Give what is kept as the customer says it: how to collect the goods, and what to send in place of them."""
    said: dict[str, str] = {}
    plain = [clause.span for clause in heard.telling if not _overlaps(clause.span, details.spans)]
    if draft.asked == "confirmed" and (pickup := read_pickup(words, plain)):
        said["pickup"] = pickup
    spans = [details.in_place] if details.in_place else []
    is_answer = details.values.get("remedy") in (None, "exchange") and not asks_for_time(words.text)
    if draft.asked == "exchange_for" and not spans and is_answer:
        spans = [clause.span for clause in heard.telling]
    if spans and (wanted := read_in_words(words, spans)):
        said["exchange_for"] = wanted
    return said


def _supposing(parts: _Parts, draft: Draft) -> _Parts:
    """Take pieces named right before a question about the amount as supposed: "只退耳机，能退多少？" decides nothing."""
    question, lines = parts.question, parts.values.get("items")
    is_aside = draft.asked != "items" and draft.known.get("items") is not None and not DECIDES.within(parts.heard.said)
    if question is None or question.topic != "amount" or lines is None or not is_aside:
        return parts
    values = {slot: value for slot, value in parts.values.items() if slot != "items"}
    return replace(parts, values=values, question=replace(question, supposed=question.supposed or lines))


def _stance(message: Message, draft: Draft, parts: _Parts) -> Stance:
    if draft.asked not in YES_NO or draft.asked not in draft.fills:
        return Stance(None)
    text = parts.words.text
    own = own_intents(draft.form, draft.known.get("wish"))
    # Where the form is there to cancel the order, "cancel the order" goes on with it.
    proceeds = CANCEL_ORDER.spans(text) if CANCEL_ORDER.key in own else []
    return read_stance(text, message.intent, understood=parts.details.spans, proceeds=proceeds)


def _leaving(text: str, draft: Draft, details: Details) -> Leaving | None:
    own = own_intents(draft.form, draft.known.get("wish"))
    leaving = read_move(text, clauses(text), own, yes_no=draft.asked in YES_NO)
    return None if leaving and leaving.move == "stop" and details.goes_on else leaving


def _resigning(draft: Draft, parts: _Parts, stance: Stance) -> Leaving | None:
    """Take "算了" for a stop unless something goes on behind it: "算了，退吧"."""
    weightless = {"condition"} if draft.asked == "reason" else {"condition", "reason"}
    goes_on = parts.question is not None or stance.answer == "yes" or not parts.values.keys() <= weightless
    return Leaving("stop") if resigns(parts.words.text) and not goes_on else None


def _is_silent(parts: _Parts, stance: Stance) -> bool:
    """Say whether the words gave nothing at all."""
    return not parts.values and not parts.tried and parts.question is None and stance == Stance(None)


def _by_intent(message: Message, draft: Draft, parts: _Parts) -> Reading:
    """Believe the classifier where no table knows a word of the message."""
    intent, text = message.intent, parts.words.text
    target = target_of(intent, own_intents(draft.form, draft.known.get("wish")))
    if intent == "talk_to_human" and not refuses_a_person(text):
        return Reading(move="person")
    if intent == "stop" and not asks_for_time(text):
        return Reading(move="stop")
    if target is not None and not looks_like_a_number(message.text):
        return Reading(move="switch", target=target)
    if intent == "request_exchange" and "remedy" in draft.fills and draft.known.get("remedy") is None:
        return Reading(values={"remedy": "exchange"})
    # A problem told without a wish is taken for a question, too; where the reason was asked, it answers.
    if intent == "ask_question" and draft.asked != "reason" and len(content(text)) >= _SHORTEST_QUESTION:
        return Reading(question=parts.words.source)
    return Reading(unclear=is_attempt(message.text, text, intent, draft))


def _is_unclear(message: Message, draft: Draft, parts: _Parts, reading: Reading, stance: Stance) -> bool:
    if draft.asked is None or reading.move is not None:
        return False
    if draft.asked in parts.tried and draft.asked not in reading.values:
        return True
    if reading.question or draft.asked in reading.values or new(reading.values, draft.known) or stance.answer:
        return False
    return stance.waits or is_attempt(message.text, parts.words.text, message.intent, draft)


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
