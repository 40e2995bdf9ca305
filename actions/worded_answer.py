"""Where no approved text is sure enough: several entries quoted, or put into words by a model and checked."""

import asyncio

from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import Answer, services
from kefu.actions.turn import Turn
from kefu.entities import only_words
from kefu.protocols import Message


async def say_worded(dispatcher: CollectingDispatcher, turn: Turn, decision: Answer | None) -> bool:
    """Say what several entries together answer, and whose words they are; say whether there was anything to say.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if decision is None or decision.kind == "answer":
        return False
    found = await asyncio.to_thread(_worded, turn, decision)
    if found is None:
        return False
    response = "utter_generated_answer" if found.origin == "generated" else "utter_quoted_answer"
    dispatcher.utter_message(
        response=response, answer=found.text, source=found.title, as_of=found.as_of, link=found.link
    )
    return True


def _worded(turn: Turn, decision: Answer) -> Answer | None:
    """Ask the knowledge base, with what was said before; blocks."""
    history = [Message("user" if line.speaker == "customer" else "assistant", line.text) for line in turn.lines()[:-1]]
    question = " ".join(only_words(turn.words).split())
    return services().knowledge().worded(question, decision, turn.language, history) if question else None
