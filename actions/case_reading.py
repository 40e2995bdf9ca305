"""What a message means to the after-sales form where that depends on what the form itself has just said or asked."""

import re
from dataclasses import replace

from kefu.actions.case_view import CaseView, with_order
from kefu.actions.turn import Turn
from kefu.dialogue.form.no_number import lacks_number
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Message, Question, Reading, Topic
from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.wording import wording

OF_THE_RULES: frozenset[Topic] = frozenset({"amount", "eligible"})
# What he may name when asked what should be different at the summary.
_CHANGES = {
    "lines": re.compile(r"商品|件数|数量|东西|\b(?:items?|articles?|goods|quantity|how many)\b", re.IGNORECASE),
    "reason": re.compile(r"原因|理由|\breason\b", re.IGNORECASE),
    "remedy": re.compile(r"处理|方式|怎么办|\bwhat (?:you|we) do\b|\bremedy\b", re.IGNORECASE),
}
_ANOTHER_SIZE = re.compile(r"[改换]成?|还是要|码|\b(?:make it|rather|instead|size|actually)\b", re.IGNORECASE)
_FREE_TEXT = 120  # characters of his own words that are kept
# "If I send back just one, how much …": he only wants to know.
_SUPPOSES = re.compile(r"如果|要是|假如|假设|万一|\bif\b|\bsuppose|\bwhat would\b", re.IGNORECASE)
_THE_REQUEST = re.compile(r"申请|退货|换货|售后|\b(?:request|return|exchange|form)\b", re.IGNORECASE)
_THE_ORDER = re.compile(r"单|\border\b", re.IGNORECASE)


def read_case(turn: Turn, view: CaseView, asked: str | None) -> tuple[CaseView, Reading] | None:
    """Read a message; None where it means nothing to the form. Blocks where a second opinion is asked.

    What he wants to give anew is taken out of the view, and a mere question about amounts makes it one of a quote.

    :param asked: the slot that was asked for.
    """
    if asked is None and (further := _further(turn, view)) is not None:
        return further
    reading = read_turn(turn.message, view.dialogue(turn), view.shop.reasons)
    reading = _which(turn, _in_own_words(turn, view, reading, asked), asked)
    if changed := _named_change(turn, reading, asked):
        return replace(view, draft=replace(view.draft, **{changed: None})), Reading()  # type: ignore[arg-type]
    if asked is None and reading.topic in OF_THE_RULES and _only_asks(turn, reading):
        view = replace(view, draft=replace(view.draft, wish="quote"))
    if asked is None:
        reading = _of_what_he_asks(view, reading)
    if asked == "order_number" and not view.orders and lacks_number(turn.words, asked=True):
        return view, Reading(values=reading.values)
    is_nothing = asked and reading == Reading() and not view.has_changed(turn)
    return None if is_nothing else (view, reading)


def said_before(turn: Turn, view: CaseView) -> CaseView:
    """Read again what was said before the order was known: it may have named items, a reason, a remedy. Blocks."""
    for text in view.said:
        message = Message(text, None, turn.language)
        view = view.after(dict(read_turn(message, view.dialogue_of(turn, None), view.shop.reasons).values))
    return view


def asked_before(turn: Turn, view: CaseView) -> tuple[Question, ...]:
    """Find the questions that a quote is to answer, where they came before the order was known."""
    for text in reversed(view.said):
        reading = read_turn(Message(text, None, turn.language), view.dialogue_of(turn, None))
        if reading.topic is not None:
            return reading.questions
    return (Question("", "amount"),)


def read_in_light(turn: Turn, view: CaseView) -> tuple[CaseView, Reading]:
    """Read what was said before, and this message, in the light of the order that is known now. Blocks."""
    view = said_before(turn, view)
    reading = read_turn(turn.message, replace(view.dialogue(turn), asked=None), view.shop.reasons)
    return view, _of_what_he_asks(view, reading)


def _further(turn: Turn, view: CaseView) -> tuple[CaseView, Reading] | None:
    """Read a message that opens the form as an estimate taken further ("两样都退呢"); None where it is none."""
    last = turn.slot("last_order")
    if not turn.was_quoted or not last or view.matter is not None:
        return None
    known = with_order(view, str(last), turn.conversation)
    reading = read_turn(turn.message, known.dialogue(turn))
    if reading.topic != "amount" or not _only_asks(turn, reading):
        return None
    return replace(known, draft=replace(view.draft, wish="quote")), reading


def _only_asks(turn: Turn, reading: Reading) -> bool:
    """Say whether he wants to know what would come back, and tells nothing that is to be done."""
    tells = {"items", "reason", "remedy", "exchange_for"} & reading.values.keys()
    return _SUPPOSES.search(turn.words) is not None or (reading.topic == "amount" and not tells)


def _of_what_he_asks(view: CaseView, reading: Reading) -> Reading:
    """Take the article that he asks about ("can the T-shirt go back?") for the one that the case is about."""
    asked = (question.supposed for question in reading.questions if question.topic in OF_THE_RULES)
    supposed = next(filter(None, asked), None)
    is_open = view.draft.wish != "quote" and view.draft.lines is None and "items" not in reading.values
    return replace(reading, values={**reading.values, "items": supposed}) if supposed and is_open else reading


def _which(turn: Turn, reading: Reading, asked: str | None) -> Reading:
    """Read "the order" or "the request" where he was asked which of them to end."""
    if asked != "case_which" or reading.move or reading.values or reading.questions:
        return reading
    places = [choice.place for choice in chosen(wording(turn.words).text, 2)]  # as the two were listed
    if places == [2] or _THE_REQUEST.search(turn.words):
        return Reading(move="stop")
    return Reading(move="switch", target="cancel_order") if places == [1] or _THE_ORDER.search(turn.words) else reading


def _named_change(turn: Turn, reading: Reading, asked: str | None) -> str | None:
    """Which answer he wants to give anew, where he names it and nothing in its place ("the reason")."""
    if asked != "case_change" or reading.values or reading.move or reading.answer:
        return None
    return next((name for name, words in _CHANGES.items() if words.search(turn.words)), None)


def _in_own_words(turn: Turn, view: CaseView, reading: Reading, asked: str | None) -> Reading:
    """At the summary of an exchange, "make it 44" is another size, not another number of pieces."""
    is_open = asked == "case_confirmed" and view.draft.exchange_for and not (reading.questions or reading.move)
    if not is_open or reading.answer or "exchange_for" in reading.values or not _ANOTHER_SIZE.search(turn.words):
        return reading
    return replace(reading, values={"exchange_for": turn.words.strip()[:_FREE_TEXT]}, unclear=False)
