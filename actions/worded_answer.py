"""Where no approved text is sure enough: several entries quoted, or put into words by a model and checked."""

import asyncio
import threading
import time

from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.explained import decisions
from kefu.actions.services import Answer, services
from kefu.actions.turn import Turn
from kefu.entities import only_words
from kefu.protocols import Message

_TO_SEND = 2.0  # seconds of the server's patience that are kept for all but the generator


async def say_worded(dispatcher: CollectingDispatcher, turn: Turn, decision: Answer | None, question: str) -> bool:
    """Say what several entries together answer, and whose words they are; say whether there was anything to say.

    The generator stops when the server has given this action up, as it then does when nobody waits any more.

    :raises KefuError: if the knowledge base cannot be used.
    """
    if decision is None or decision.kind == "answer":
        return False
    gone = threading.Event()
    try:
        found = await asyncio.to_thread(_worded, turn, decision, question, gone)
    finally:
        gone.set()
    if found is None:
        return False
    decisions.keep(turn.conversation, found)
    response = "utter_generated_answer" if found.origin == "generated" else "utter_quoted_answer"
    dispatcher.utter_message(
        response=response, answer=found.text, source=found.title, as_of=found.as_of, link=found.link
    )
    return True


def _worded(turn: Turn, decision: Answer, question: str, gone: threading.Event) -> Answer | None:
    """Ask the knowledge base, with what was said before; blocks."""
    asked = " ".join(only_words(question).split())
    if not asked:
        return None
    shop = services()
    history = [Message("user" if line.speaker == "customer" else "assistant", line.text) for line in turn.lines()[:-1]]
    left = shop.patience - _TO_SEND - (time.monotonic() - turn.began)
    return shop.knowledge().worded(asked, decision, turn.language, history, timeout=max(0.0, left), cancel=gone)
