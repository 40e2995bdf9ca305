"""What a message says, clause by clause and slot by slot, before it is decided what counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kefu.dialogue.form.details import Details, read_details
from kefu.dialogue.form.move_words import DECIDES
from kefu.dialogue.form.moves import Leaving, names_move, own_intents, read_move
from kefu.dialogue.form.pickup import read_pickup
from kefu.dialogue.form.pressed import YES_NO
from kefu.dialogue.form.references import read_references
from kefu.dialogue.goods.another_one import another_one, fits_not, names_one
from kefu.dialogue.hearing import Heard, hear
from kefu.dialogue.questions.side_questions import read_questions
from kefu.dialogue.turn import Draft, Message, Question
from kefu.dialogue.words.clauses import clauses
from kefu.dialogue.words.wording import Span, Wording, wording
from kefu.shop.cases import Line

# Slots that come along with another one.
_COMES_WITH = {"second_contact": "contact", "condition": "items", "pickup": "confirmed"}
_AFTER_SALES = frozenset({"items", "reason", "remedy", "confirmed"})


@dataclass(frozen=True)
class Parts:
    """The folded message, the values that it gives, the slots tried for in vain, its questions, and where it leads."""

    words: Wording
    heard: Heard
    details: Details
    values: dict[str, Any]
    tried: frozenset[str]
    questions: tuple[Question, ...]
    leaving: Leaving | None


def read_parts(message: Message, draft: Draft) -> Parts:
    """Read all that the words of a message say to a form; the classifier is not asked."""
    words = wording(message.text)
    heard = hear(words.text, draft)
    references = read_references(message.text, heard.said, draft)
    is_after_sales = not _AFTER_SALES.isdisjoint(draft.fills)
    details = read_details(heard.said, draft) if is_after_sales else Details()
    leaving = _leaving(words.text, draft, details)
    asking = [clause for clause in heard.asking if not names_move(words.text[slice(*clause.span)], leaving)]
    questions = read_questions(words, asking, heard.telling, draft)
    values = {**references.values, **details.values}
    if is_after_sales:
        values |= _in_his_words(words, heard, details, draft)
    if fits_not(heard.said, values, draft):
        values["reason"] = "no_reason"
    if "exchange_for" in values and _is_a_size(values.get("items"), draft):
        del values["items"]
    tried = (details.tried | ({"order_number"} if references.tried else set())) & set(draft.fills)
    if "exchange_for" in values and names_one(message.text):
        tried -= {"items", "reason", "remedy"}  # "41 please" is a size, and no place in a list
    values = {slot: value for slot, value in values.items() if _COMES_WITH.get(slot, slot) in draft.fills}
    return _supposing(Parts(words, heard, details, values, tried, questions, leaving), draft)


def _leaving(text: str, draft: Draft, details: Details) -> Leaving | None:
    own = own_intents(draft.form, draft.known.get("wish"))
    leaving = read_move(text, clauses(text), own, yes_no=draft.asked in YES_NO)
    return None if leaving and leaving.move == "stop" and details.goes_on else leaving


def _in_his_words(words: Wording, heard: Heard, details: Details, draft: Draft) -> dict[str, str]:
    """Give what is kept as the customer says it: how to collect the goods, and what to send in place of them."""
    said: dict[str, str] = {}
    plain = [clause.span for clause in heard.telling if not _overlaps(clause.span, details.spans)]
    if draft.asked == "confirmed" and (pickup := read_pickup(words, plain)):
        said["pickup"] = pickup
    if wanted := another_one(words, heard, details, draft):
        said["exchange_for"] = wanted
    return said


def _is_a_size(lines: tuple[Line, ...] | None, draft: Draft) -> bool:
    """Say whether a number of pieces that are not there was a size: "make it 44" of one pair of shoes."""
    there = {line.position: line.quantity for line in draft.open_lines}
    return lines is not None and any(line.quantity > there.get(line.position, 0) for line in lines)


def _supposing(parts: Parts, draft: Draft) -> Parts:
    """Take pieces named beside a question about the amount as supposed: "只退耳机，能退多少？" decides nothing."""
    lines = parts.values.get("items")
    is_aside = draft.asked != "items" and draft.known.get("items") is not None and not DECIDES.within(parts.heard.said)
    if lines is None or not is_aside or all(question.topic != "amount" for question in parts.questions):
        return parts
    values = {slot: value for slot, value in parts.values.items() if slot != "items"}
    questions = tuple(
        replace(question, supposed=question.supposed or lines) if question.topic == "amount" else question
        for question in parts.questions
    )
    return replace(parts, values=values, questions=questions)


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
