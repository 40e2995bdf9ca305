"""A question in the middle of something else: answered at once, after which the form asks on."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import Answer, services
from kefu.actions.turn import Offer, Turn
from kefu.entities import only_words
from kefu.text import Language


async def answer_aside(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> None:
    """Answer from the knowledge base, or say that there is no sure answer.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if await answer_about_goods(dispatcher, turn, question):
        return
    decision = await asyncio.to_thread(decide, question, turn.language)
    if decision is not None and decision.kind == "answer":
        say_answer(dispatcher, decision)
    else:
        # The form asks on right after this: a yes would then be an answer to the form, not to an offer.
        dispatcher.utter_message(response="utter_no_answer_in_form")


async def answer_or_offer(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> list[EventType]:
    """Answer outside of every form; without an answer a person is offered: the events of that offer.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if await answer_about_goods(dispatcher, turn, question):
        return []
    decision = await asyncio.to_thread(decide, question, turn.language)
    if decision is not None and decision.kind == "answer":
        say_answer(dispatcher, decision)
        return []
    dispatcher.utter_message(response="utter_no_answer")
    return Offer("handover", "no_answer").events()


async def answer_about_goods(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> bool:
    """Answer a question about goods before they are bought from the shop's data; say whether it was one."""
    if not question:
        return False
    answer = await asyncio.to_thread(services().goods.answer, question, turn.language)
    if answer is None:
        return False
    moment = (answer.as_of or services().clock()).astimezone(services().policy.timezone)
    dispatcher.utter_message(
        response="utter_answer_from_shop",
        answer=answer.text,
        source=answer.source,
        as_of=moment.strftime("%Y-%m-%d %H:%M"),
    )
    return True


def decide(question: str, language: Language, *, strict: bool = False) -> Answer | None:
    """Ask the knowledge base; None for a question without words. Blocks, so call it in a thread.

    What the help pages say depends on no order's number, which would only lead their search astray.
    """
    words = only_words(question)
    asked = question if words == question else " ".join(words.split())
    return services().knowledge().answer(asked, language=language, strict=strict) if asked.strip() else None


def say_answer(dispatcher: CollectingDispatcher, decision: Answer) -> None:
    """Say an answer with its source."""
    dispatcher.utter_message(
        response="utter_answer", answer=decision.text, source=decision.title, as_of=decision.as_of
    )
