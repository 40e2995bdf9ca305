"""What all actions have in common: a turn to work on, errors that end in words, what comes before and after."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.next_matter import then
from kefu.actions.turn import ASKED_BACK, Turn
from kefu.dialogue.alarms.mood import mood, only_scolds
from kefu.dialogue.form.told_state import told_state
from kefu.errors import KefuError

logger = logging.getLogger(__name__)

# The actions whose messages may be about a case that exists.
_CASES_FIRST = frozenset(
    {
        *("action_answer_question", "action_stop", "action_deny", "action_affirm"),
        *("action_feedback", "action_thanks", "action_are_you_there"),
        *("validate_track_order_form", "validate_after_sales_form"),
    }
)
# Danger and fraud are heard in this form, too, as what is wanted with the case has led into it; and what is asked
# after a warning may sound like a question about the assistant ("what do I do").
_ALARMED = _CASES_FIRST | {"validate_withdraw_form", "action_what_can_you_do"}
SERVICE_TROUBLE = "utter_service_trouble"
SORRY = "utter_sorry"


def _calls_for_an_apology(turn: Turn) -> bool:
    """Say whether a message to a form is angry, and nobody has apologised for it yet."""
    return (
        mood(turn.words) == "angry" and not (turn.form and turn.was_rejected(turn.form)) and not turn.has_heard(SORRY)
    )


async def _what_waits(dispatcher: CollectingDispatcher, turn: Turn, events: list[EventType]) -> list[EventType]:
    """Go on with what was left for later unless something is open: a form, an offer, a choice, an action that follows.

    Where that fails it is left for later still, and what has been said stands.
    """
    loops = [event["name"] for event in events if event["event"] == "active_loop"]
    waiting = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    is_open = loops[-1] is not None if loops else turn.form is not None
    is_led_on = any(event["event"] == "followup" for event in events)
    if is_open or is_led_on or any(waiting.get(slot) is not None for slot in ("offer", ASKED_BACK)):
        return []
    try:
        return await asyncio.to_thread(then, turn, dispatcher)
    except KefuError as error:
        logger.error("What was left for later failed: %s: %s", type(error).__name__, error)
        return []


class ShopAction(Action, ABC):
    """An action that works on a turn. An error of the kernel ends in a service message instead of silence."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer one message."""
        try:
            turn = Turn(tracker)
            if self.name() == f"validate_{turn.form}" and _calls_for_an_apology(turn):
                dispatcher.utter_message(response=SORRY)
                if turn.asked_by(str(turn.form)) and only_scolds(turn.words):
                    # It tells the form nothing, which asks on. With this slot alone the message would be rejected.
                    return [SlotSet("requested_slot", turn.slot("requested_slot")), SlotSet("offer", None)]
            events = await self._overruled(dispatcher, turn) or await self.act(dispatcher, turn)
            if self.name() == f"validate_{turn.form}" and not events:
                dispatcher.messages.clear()  # rejected: the rules say what is to be said
            return [*events, *await _what_waits(dispatcher, turn, events)]
        except KefuError as error:
            # Kefu's own errors never carry a customer's words.
            logger.error("%s failed: %s: %s", self.name(), type(error).__name__, error)
            dispatcher.messages.clear()
            turn = Turn(tracker)
            if (handed := await self._handed_over(dispatcher, turn)) is not None:
                return handed
            if not turn.has_heard(SERVICE_TROUBLE):  # a form's question may fail right after its validation
                dispatcher.utter_message(response=SERVICE_TROUBLE)
            return self.after_failure(turn)

    async def _handed_over(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
        """Give a person to whoever asks a form for one though it cannot work; None for every other message."""
        from kefu.actions.handover import hand_over_all_the_same

        if self.name() != f"validate_{turn.form}":
            return None
        try:
            return await hand_over_all_the_same(dispatcher, turn)
        except KefuError:
            dispatcher.messages.clear()
            return None

    async def _overruled(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
        """Answer what a form would misunderstand, whatever the message was taken for, unless a form is open.

        That is what is wanted with a case that exists, and a follow-up question that opens a form. Danger and fraud
        are warned of in the middle of a form, too.
        """
        is_opening = turn.form is not None and self.name() == f"validate_{turn.form}" and not turn.asked_by(turn.form)
        if self.name() not in _ALARMED:
            return None
        from kefu.actions.alarms import on_alarm  # these themselves need what stands here
        from kefu.actions.ask_back import on_asked_back
        from kefu.actions.follow_ups import on_follow_up, on_no_parcel
        from kefu.actions.offers import on_offer
        from kefu.actions.own_cases import on_own_case
        from kefu.actions.side_question import answer_about_goods

        is_heard = turn.form is None or self.name() == f"validate_{turn.form}"
        if is_heard and (warned := await on_alarm(dispatcher, turn)) is not None:
            return warned
        if not (turn.form is None or is_opening) or self.name() not in _CASES_FIRST:
            return None
        if (answered := await on_offer(dispatcher, turn)) is not None:
            return answered
        if (chosen := await on_asked_back(dispatcher, turn)) is not None:
            return chosen
        on_case = await on_own_case(dispatcher, turn)
        if on_case:
            return on_case
        if (state := told_state(turn.words)) is not None:
            dispatcher.utter_message(response=f"utter_told_{state}")
            return [*turn.leave_form(), SlotSet("offer", None)]
        if self.name() != "action_answer_question" and await answer_about_goods(dispatcher, turn, turn.words):
            return [*turn.leave_form(), SlotSet("offer", None)]
        if not is_opening:
            return on_case
        asked = await on_follow_up(dispatcher, turn)
        return asked if asked is not None else await on_no_parcel(dispatcher, turn)

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say what is to be said, and return the events that follow.

        :raises KefuError: if the kernel cannot do what was asked.
        """

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The events that follow a failure: a form is left, so that the customer is not asked in vain."""
        return turn.leave_form()
