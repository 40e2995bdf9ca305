"""Danger and fraud: the help page that warns, if there is one, then the offer of a person. No form goes on over it."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer
from kefu.actions.services import Answer, services
from kefu.actions.side_question import decide
from kefu.actions.turn import Offer, Turn
from kefu.dialogue.alarms.alarm import ENTRIES, Alarm, heard_alarm
from kefu.dialogue.alarms.given_away import is_given_away
from kefu.errors import DataError
from kefu.shop.named import named_order


async def on_alarm(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Warn of what a message tells of, and offer a person; None where it tells of nothing such.

    Goods that smoke or swell must not be posted, so that an open form ends, with what it gathered for the person.
    """
    if not turn.words:
        return None
    kind = await asyncio.to_thread(lambda: heard_alarm(turn.words, services().alarms))
    if kind is None:
        return None
    page = await asyncio.to_thread(_page, kind, turn)
    if kind == "takeover":
        dispatcher.utter_message(response="utter_account_takeover")
    elif kind == "fraud" and is_given_away(turn.words):
        dispatcher.utter_message(response="utter_fraud_given_away")
    elif page is not None:
        say_answer(dispatcher, page)
    dispatcher.utter_message(response="utter_alarm_person")
    order = named_order(turn.text) or turn.slot("order_number") or turn.slot("last_order")
    offer = Offer("handover", "return" if kind == "danger" else "human", order, turn.draft)
    return [*turn.leave_form(), *offer.events()]


def _page(kind: Alarm, turn: Turn) -> Answer | None:
    if kind not in ENTRIES:
        return None
    try:
        title = services().knowledge().entry_title(ENTRIES[kind], turn.language)
    except DataError:  # the shop has no such page
        return None
    found = decide(turn, title)
    return found if found is not None and found.kind == "answer" and found.entry_id == ENTRIES[kind] else None
