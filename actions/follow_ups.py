"""Follow-up questions ("那运费呢 / and the postage?"), whatever they were taken for."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.identify import orders_of
from kefu.actions.services import services
from kefu.actions.side_question import answer_or_offer
from kefu.actions.turn import Turn, end_form
from kefu.dialogue.form.move_words import TRACK
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.questions.aspects import Aspect, tells
from kefu.dialogue.questions.follow_up import FollowUp, follow_up, goes_with
from kefu.dialogue.questions.no_parcel import OF_THE_SHOP
from kefu.dialogue.questions.own_words import WANTS_INVOICE
from kefu.dialogue.questions.topic_before import completed
from kefu.dialogue.words.wording import wording
from kefu.knowledge.sentences import sentences


async def on_follow_up(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Answer a follow-up about the shop, or, in a form that has just opened, one that means no order of his.

    Where it means a return, an exchange or a repair, the question before it said so. None where it is no such thing.
    """
    if (asked := completed(turn.words, turn.answered_in_a_row)) is not None:
        return await _answered(dispatcher, turn, asked.question, asked.aspect)
    found = follow_up(turn.words)
    if found is None:
        return None
    before = turn.answered_before
    if before and goes_with(found, before):
        return await _answered(dispatcher, turn, f"{before}, {found.question}")
    if found.kind == "other" and not await asyncio.to_thread(_means_no_order, found, turn):
        return None
    return await _answered(dispatcher, turn, found.question)


async def on_no_parcel(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Answer a wish for an invoice, or a question about the shop itself, that has opened a look-up; else None."""
    text = wording(turn.words).text
    is_of_papers = WANTS_INVOICE.within(text) and not TRACK.within(text)
    if turn.form != TRACK_FORM or not (is_of_papers or OF_THE_SHOP.within(text)):
        return None
    return [*end_form(), *await answer_or_offer(dispatcher, turn, turn.words)]


async def _answered(
    dispatcher: CollectingDispatcher, turn: Turn, question: str, aspect: Aspect | None = None
) -> list[EventType]:
    answered = await answer_or_offer(dispatcher, turn, question)
    if aspect is not None:
        _leave_out_what_was_said(dispatcher, turn, aspect)
    return [*(end_form() if turn.form else []), *answered]


def _leave_out_what_was_said(dispatcher: CollectingDispatcher, turn: Turn, aspect: Aspect) -> None:
    """Where the turn before gave the same answer whole, say again only what of it tells what is asked now."""
    for message in dispatcher.messages:
        answer = str(message.get("answer") or "")
        if answer and turn.has_just_said(answer):
            told = [one for one in sentences(answer) if tells(one, aspect)]
            message["answer"] = ("" if turn.language == "zh" else " ").join(told) or answer


def _means_no_order(found: FollowUp, turn: Turn) -> bool:
    """Say whether tracking was begun for something that is in none of his orders, which are known."""
    orders = orders_of(services(), turn.conversation) if turn.form == TRACK_FORM and found.is_led else ()
    text = wording(turn.words).text
    return bool(orders) and not any(mentions(text, order.items) for order in orders)
