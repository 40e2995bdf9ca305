"""Danger and fraud: the help page that warns, if there is one, then the offer of a person. No form goes on over it.

What is asked of it in the next turns belongs to it still: who has read a code out after all, or asks whether his money
is safe, must not be shown the page about safe payments, nor who has swallowed a battery the list of skills.
"""

import asyncio
from typing import cast

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer
from kefu.actions.pages import page_of
from kefu.actions.services import Answer, services
from kefu.actions.turn import Offer, Turn
from kefu.desk.tickets import Reason
from kefu.dialogue.alarms.after_alarm import Need, Topic, need_after
from kefu.dialogue.alarms.alarm import ENTRIES, Alarm, alarm, heard_alarm, is_swallowed
from kefu.dialogue.alarms.given_away import is_given_away
from kefu.shop.named import named_order

_TOPIC = "alarm"  # the slot
_TURNS = 3  # that a warning lasts
_FRAUD_STEPS, _FRAUD_ON = "utter_fraud_given_away", "utter_fraud_bank_and_police"
_SWALLOWED, _SWALLOWED_ON = "utter_swallowed", "utter_swallowed_now"
_HANDED_OVER = ("utter_handover_now", "utter_handover_later")
_DECEIT = ("fraud", "takeover")
_NEEDS: dict[Need, str] = {
    "steps": "utter_danger_what_now",
    "keep_off": "utter_danger_keep_off",
    "costs": "utter_danger_costs",
}


async def on_alarm(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Warn of what a message tells of, and offer a person; None where it tells of nothing such.

    Goods that smoke or swell must not be posted, so that an open form ends, with what it gathered for the person.
    """
    if not turn.words:
        return None
    if (followed := _on_follow_up(dispatcher, turn)) is not None:
        return followed
    kind = await asyncio.to_thread(lambda: heard_alarm(turn.words, services().alarms))
    if kind is None:
        return None
    topic: Topic = "swallowed" if kind == "danger" and is_swallowed(turn.words) else kind
    if topic == "swallowed":
        dispatcher.utter_message(response=_SWALLOWED)
    elif topic == "takeover":
        dispatcher.utter_message(response="utter_account_takeover")
    elif topic == "fraud" and is_given_away(turn.words):
        dispatcher.utter_message(response=_FRAUD_STEPS)
    elif (page := await asyncio.to_thread(_page, kind, turn)) is not None:
        say_answer(dispatcher, page)
    return _with_a_person(dispatcher, turn, topic)


def _on_follow_up(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Answer what belongs to the warning of the last turns; None where there was none, or something else is meant."""
    topic = cast(Topic | None, turn.slot(_TOPIC)) if turn.was_set_lately(_TOPIC, _TURNS) else None
    if topic is None or named_order(turn.text) is not None:
        return None
    told_now = alarm(turn.words)
    if told_now is not None and (told_now in _DECEIT) != (topic in _DECEIT):
        return None  # another matter, which is warned of first
    if (
        topic in ("danger", "swallowed")
        and told_now is not None
        and is_swallowed(turn.words) != (topic == "swallowed")
    ):
        return None
    need = need_after(turn.words, topic)
    if need is None:
        return None
    dispatcher.utter_message(response=_reply(turn, topic, need))
    return _with_a_person(dispatcher, turn, topic)


def _reply(turn: Turn, topic: Topic, need: Need) -> str:
    if topic in _DECEIT:
        return _FRAUD_ON if turn.was_told_lately((_FRAUD_STEPS, _FRAUD_ON), _TURNS) else _FRAUD_STEPS
    return _SWALLOWED_ON if topic == "swallowed" and need == "steps" else _NEEDS[need]


def _with_a_person(dispatcher: CollectingDispatcher, turn: Turn, topic: Topic) -> list[EventType]:
    """Offer a person, unless one has just been given the matter; the events of that, and of a form that ends."""
    warned = [*turn.leave_form(), SlotSet(_TOPIC, topic)]
    if turn.was_told_lately(_HANDED_OVER, _TURNS):
        return [*warned, SlotSet("offer", None)]
    dispatcher.utter_message(response="utter_alarm_person")
    order = named_order(turn.text) or turn.slot("order_number") or turn.slot("last_order")
    reason: Reason = "human" if topic in _DECEIT else "return"
    return [*warned, *Offer("handover", reason, order, turn.draft).events()]


def _page(kind: Alarm, turn: Turn) -> Answer | None:
    return page_of(turn, ENTRIES[kind]) if kind in ENTRIES else None
