"""A question in the middle of something else: answered at once, after which the form asks on."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer, say_no_answer, say_no_answer_in_form
from kefu.actions.ask_back import ask_back
from kefu.actions.asker import asker_of
from kefu.actions.explained import decisions
from kefu.actions.services import Answer, services
from kefu.actions.turn import Turn
from kefu.actions.worded_answer import say_worded
from kefu.entities import only_words
from kefu.knowledge.live.presale import PresaleAnswer


async def answer_aside(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> None:
    """Answer from the knowledge base, or say that there is no sure answer.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if await answer_about_goods(dispatcher, turn, question):
        return
    decision = await asyncio.to_thread(decide, turn, question)
    if decision is not None and decision.kind == "answer":
        say_answer(dispatcher, decision)
    elif not await say_not_sold(dispatcher, turn, question):
        say_no_answer_in_form(dispatcher, turn)


async def answer_or_offer(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> list[EventType]:
    """Answer outside of every form, put several entries into words, ask back, or offer a person.

    :returns: the events of what then waits for an answer.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if await answer_about_goods(dispatcher, turn, question):
        return []
    decision = await asyncio.to_thread(decide, turn, question)
    if decision is not None and decision.kind == "answer":
        say_answer(dispatcher, decision)
        return []
    if await say_not_sold(dispatcher, turn, question) or await say_worded(dispatcher, turn, decision, question):
        return []
    if decision is not None and decision.kind == "ask_back":
        return ask_back(dispatcher, turn, decision)
    return say_no_answer(dispatcher)


async def answer_about_goods(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> bool:
    """Answer a question about goods before they are bought from the shop's data; say whether it was one."""
    if not question:
        return False
    answer = await asyncio.to_thread(services().goods.answer, question, turn.language, turn.asked_of_goods)
    return _say_of_goods(dispatcher, turn, answer)


async def say_not_sold(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> bool:
    """Where the help pages have no answer: say what the shop sells, if goods were asked for that it does not."""
    answer = await asyncio.to_thread(services().goods.of_no_shelf, question, turn.language)
    return _say_of_goods(dispatcher, turn, answer)


def _say_of_goods(dispatcher: CollectingDispatcher, turn: Turn, answer: PresaleAnswer | None) -> bool:
    if answer is None:
        return False
    decisions.keep(turn.conversation, answer)
    moment = (answer.as_of or services().clock()).astimezone(services().policy.timezone)
    dispatcher.utter_message(
        response="utter_answer_from_shop",
        answer=answer.text,
        source=answer.source,
        as_of=moment.strftime("%Y-%m-%d %H:%M"),
    )
    return True


def decide(turn: Turn, question: str, *, strict: bool = False) -> Answer | None:
    """Ask the knowledge base; None for a question without words. Blocks, so call it in a thread.

    What the help pages say depends on no order's number, which would only lead their search astray.
    """
    words = only_words(question)
    asked = question if words == question else " ".join(words.split())
    if not asked.strip():
        return None
    knowledge = services().knowledge()
    decision = knowledge.answer(asked, language=turn.language, strict=strict, asker=asker_of(turn))
    decisions.keep(turn.conversation, decision)
    return decision
