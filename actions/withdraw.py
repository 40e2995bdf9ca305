"""Taking a case back: a summary, an explicit yes, one write."""

import asyncio
import hashlib

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.buttons import under_summary
from kefu.actions.handover import hand_over
from kefu.actions.own_cases import case_words
from kefu.actions.services import services
from kefu.actions.shop_action import ShopAction
from kefu.actions.side_question import answer_aside
from kefu.actions.turn import Offer, Turn, end_form
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.form.pressed import DENY
from kefu.dialogue.questions.own_matter import FORM as CASE_FORM
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Reading
from kefu.dialogue.wishes.withdrawal import WITHDRAW
from kefu.shop.case_changes import Stands
from kefu.shop.case_store import Unproven
from kefu.shop.cases import Case
from kefu.shop.labels import label
from kefu.shop.orders import Order
from kefu.text import Language

FORM = "withdraw_form"
_ASKED = "withdraw_confirmed"
_BUTTONS: dict[Language, tuple[str, str]] = {
    "zh": ("确认撤销", "不撤销"),
    "en": ("Yes, withdraw it", "No, keep it"),
}


class ValidateWithdrawForm(ShopAction):
    """Takes the yes or the no to a case's withdrawal."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Take the case back on a yes to the summary shown; say that it stands where he lets it be."""
        if turn.was_rejected(FORM) or turn.asked_by(FORM) is None:
            return [SlotSet("requested_slot", _ASKED)]
        _, case = await asyncio.to_thread(_case, turn)
        if case is None:
            return _identify_again(turn.slot("order_number"), turn.slot("withdraw_case"))
        shown, now = turn.slot("withdraw_summary"), _fingerprint(case)
        draft = Draft(
            FORM, ("confirmed",), "confirmed", known={"wish": WITHDRAW}, summary=now if shown == now else None
        )
        reading = read_turn(turn.message, draft)
        if reading.answer == "yes":
            return await _withdraw(dispatcher, turn, case)
        if (over := await _left(dispatcher, turn, case, reading)) is not None:
            return over
        if reading == Reading() and shown == now:
            return []
        if reading == Reading():
            dispatcher.utter_message(response="utter_case_changed")
        if reading.unclear or reading.move == "which":
            dispatcher.utter_message(response="utter_unclear_withdraw")
        for question in reading.questions:
            await answer_aside(dispatcher, turn, question.text)
        # With no slot but the one to ask for, the message would count as rejected.
        return [SlotSet(_ASKED, None), SlotSet("requested_slot", _ASKED)]

    def after_failure(self, turn: Turn) -> list[EventType]:
        """Nothing was written: the summary is shown again, and a new yes asked for."""
        return [SlotSet(_ASKED, None), SlotSet("requested_slot", _ASKED)]


class ActionAskWithdrawConfirmed(ShopAction):
    """Shows what would be taken back and asks for a yes."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"action_ask_{_ASKED}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Show the summary, and remember which it was: a yes counts for no other."""
        order, case = await asyncio.to_thread(_case, turn)
        if order is None or case is None:
            return []
        yes, no = _BUTTONS[turn.language]
        buttons = under_summary(_fingerprint(case), yes, (no, DENY))
        words = case_words(services(), order, case, turn.language)
        dispatcher.utter_message(response="utter_summary_withdraw", buttons=buttons, **words)
        return [SlotSet("withdraw_summary", _fingerprint(case))]


async def _left(dispatcher: CollectingDispatcher, turn: Turn, case: Case, reading: Reading) -> list[EventType] | None:
    """Leave the case as it is, for a person or for another matter; None where the message does neither."""
    if reading.move == "person":
        offer = Offer("handover", "return", turn.slot("order_number"))
        return [*await hand_over(dispatcher, turn, offer), *end_form()]
    if reading.answer != "no" and reading.move not in ("stop", "switch", "start_over"):
        return None
    dispatcher.utter_message(response="utter_withdraw_declined", case=case.number)
    form = TRACK_FORM if reading.target == "track_order" else CASE_FORM
    return [*end_form(), *([FollowupAction(form)] if reading.move == "switch" else [])]


async def _withdraw(dispatcher: CollectingDispatcher, turn: Turn, case: Case) -> list[EventType]:
    order = case.plan.order_number
    outcome = await asyncio.to_thread(services().changes.withdraw, order, case.number, turn.conversation)
    if isinstance(outcome, Unproven):
        return _identify_again(order, case.number)
    response = "utter_case_stands" if isinstance(outcome, Stands) else "utter_withdrawn"
    kind = label("kinds", case.plan.kind, turn.language)
    dispatcher.utter_message(response=response, case=case.number, kind=kind)
    offer = Offer("handover", "return", order).events() if isinstance(outcome, Stands) else []
    return [*end_form(), SlotSet("last_order", order), *offer]


def _identify_again(order: str | None, case: str | None) -> list[EventType]:
    """The proof has run out: he shows again who he is, and is asked again about the same case."""
    again = [SlotSet("order_number", order), SlotSet("withdraw_case", case), SlotSet("case_request", "withdraw")]
    return [*end_form(), *again, FollowupAction(TRACK_FORM)]


def _case(turn: Turn) -> tuple[Order | None, Case | None]:
    """Read the order and the case that is to be taken back, if they are his; blocks."""
    shop, number = services(), turn.slot("order_number")
    if not number or not shop.identity.is_proven(number, turn.conversation):
        return None, None
    order = shop.orders.order(number)
    cases = shop.cases.of_order(number)
    return order, next((case for case in cases if case.number == turn.slot("withdraw_case")), None)


def _fingerprint(case: Case) -> str:
    """Identify what the summary says of a case."""
    return hashlib.sha256(repr((case.number, case.state, case.plan)).encode()).hexdigest()[:12]
