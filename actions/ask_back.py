"""Where two entries come near a question: the customer is asked which is meant, and the next message may say so."""

import asyncio
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer, say_no_answer
from kefu.actions.buttons import buttons_of
from kefu.actions.explained import decisions
from kefu.actions.services import Answer, services
from kefu.actions.turn import ASKED_BACK, Turn
from kefu.dialogue.questions.asked_back import read_choice
from kefu.errors import DataError
from kefu.shop.labels import label
from kefu.text import LANGUAGES


def ask_back(dispatcher: CollectingDispatcher, turn: Turn, decision: Answer) -> list[EventType]:
    """Ask which of the entries is meant: the events that keep them. No form may be open, which would ask on.

    A button sends its title, which the customer may as well type.
    """
    titles = [option.title for option in decision.options]
    choices = [*titles, label("asked_back", "neither", turn.language)]
    dispatcher.utter_message(
        response="utter_ask_back",
        buttons=buttons_of(zip(choices, choices, strict=True)),
        first=titles[0],
        second=titles[1],
    )
    return [SlotSet(ASKED_BACK, [option.entry_id for option in decision.options])]


async def on_asked_back(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Answer with what was chosen; None where nothing was asked back, or the message does not answer that.

    :raises KefuError: if the knowledge base cannot be used.
    """
    offered = turn.asked_back
    if not offered:
        return None
    answers = await asyncio.to_thread(_chosen, offered, turn)
    if answers is None:
        return None
    for answer in answers:
        say_answer(dispatcher, answer)
        decisions.keep(turn.conversation, answer)
    events: list[EventType] = [*turn.leave_form(), SlotSet(ASKED_BACK, None)]
    return events if answers else [*events, *say_no_answer(dispatcher)]


def _chosen(offered: Sequence[str], turn: Turn) -> list[Answer] | None:
    """Give the answers that a message chooses, none for "neither"; None if it chooses nothing. Blocks.

    An entry that has been deleted meanwhile is no answer any more.
    """
    knowledge = services().knowledge()
    titles: list[tuple[str, ...]] = []
    for entry_id in offered:
        try:
            titles.append(tuple(knowledge.entry_title(entry_id, language) for language in LANGUAGES))
        except DataError:
            titles.append(())
    places = read_choice(turn.text, titles)
    if places is None:
        return None
    answers: list[Answer] = []
    for place in places:
        try:
            answers.append(knowledge.entry_answer(offered[place - 1], turn.language))
        except DataError:
            continue
    return answers
