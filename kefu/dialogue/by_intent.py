"""What the classifier's word adds to a reading: it decides only where the words of a message do not."""

import re
from dataclasses import replace

from kefu.dialogue.form.corrections import new
from kefu.dialogue.form.move_words import CANCELS
from kefu.dialogue.form.moves import TRACK_FORM, refuses_a_person, target_of
from kefu.dialogue.turn import Draft, Message, Question, Reading
from kefu.dialogue.words.question_words import ASKS_A_FACT
from kefu.dialogue.words.wording import content
from kefu.dialogue.words.yes_no import asks_for_time
from kefu.shop.named import looks_like_a_number

_IDENTITY = frozenset({"order_number", "contact", "second_contact"})
_TOLD = frozenset({"reason", "items"})
_SHORTEST_QUESTION = 4  # characters; below, nothing can be looked up
# Asked of the assistant as a favour rather than for an answer.
_FAVOUR = re.compile(r"帮|给[我俺咱]|(?<![a-z])(?:can|could|would|will) (?:you|we|someone|somebody)(?![a-z])")


def with_intent(reading: Reading, message: Message, text: str, draft: Draft, own: frozenset[str]) -> Reading:
    """Complete what the words of a message gave.

    :param text: the folded message.
    :param own: intents that are what the form is for.
    """
    fresh = new(reading.values, draft.known)
    target = target_of(message.intent, own)
    if target is not None and _leads_out(reading, fresh, message, text, draft, target):
        return replace(reading, questions=(), move="switch", target=target)
    if reading.move is not None or reading.answer is not None:
        return reading
    if not reading.questions and not fresh:
        reading = _of_silence(reading, message, text, draft, own)
    elif reading.topic is None and not fresh:
        reading = _of_question(reading, message, text, draft, own)
    wants_exchange = message.intent == "request_exchange" and "remedy" in draft.fills and not reading.questions
    if wants_exchange and "remedy" not in reading.values and draft.known.get("remedy") is None:
        return replace(reading, values={**reading.values, "remedy": "exchange"})
    return reading


def _leads_out(
    reading: Reading, fresh: frozenset[str], message: Message, text: str, draft: Draft, target: str
) -> bool:
    """Say whether a message with values of its own still goes elsewhere: "SO20260007物流", "买重了，取消其中一单"."""
    if reading.move is not None or reading.answer is not None or looks_like_a_number(message.text):
        return False
    if target == "cancel_order":
        return CANCELS.within(text) and not reading.questions
    # An address alone only says who he is; another order's number, where it was not asked for, is another matter.
    only_identity = fresh <= _IDENTITY
    return only_identity and "order_number" in fresh and draft.asked != "order_number" and reading.topic is None


def _of_silence(reading: Reading, message: Message, text: str, draft: Draft, own: frozenset[str]) -> Reading:
    """Believe the classifier where no table knows a word of the message."""
    target = target_of(message.intent, own)
    if message.intent == "talk_to_human" and not refuses_a_person(text):
        return replace(reading, move="person")
    # What is to be done with the goods was said once more: "不想要了退掉" ends nothing.
    if message.intent == "stop" and "remedy" not in reading.values and not asks_for_time(text):
        return replace(reading, move="stop")
    if target is not None and not looks_like_a_number(message.text):
        return replace(reading, move="switch", target=target)
    # A problem told without a wish is taken for a question, and so is an article by itself; where they were asked for,
    # they answer. So does what only says again what is known.
    is_told = draft.asked in _TOLD or bool(reading.values)
    if message.intent == "ask_question" and not is_told and len(content(text)) >= _SHORTEST_QUESTION:
        return replace(reading, questions=(Question(" ".join(message.text.split())),))
    return reading


def _of_question(reading: Reading, message: Message, text: str, draft: Draft, own: frozenset[str]) -> Reading:
    """Take a question that no table knows for what the classifier takes it: "where did my kettle get to"."""
    target = target_of(message.intent, own)
    asks_a_fact = ASKS_A_FACT.within(text)
    if message.intent == "talk_to_human" and not asks_a_fact:
        return replace(reading, questions=(), move="person")
    if target is not None and (target == "track_order" or not asks_a_fact):
        return replace(reading, questions=(), move="switch", target=target)
    is_own = message.intent in own and (draft.form == TRACK_FORM or (not asks_a_fact and _FAVOUR.search(text)))
    return replace(reading, questions=()) if is_own else reading
