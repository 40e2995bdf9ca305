"""Taking a case back: a summary, an explicit yes, one write."""

import asyncio
import hashlib
import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Offer, ShopAction, Turn, end_form, services
from kefu.actions.handover import hand_over
from kefu.actions.own_cases import case_words
from kefu.dialogue.moves import TRACK_FORM
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message
from kefu.shop.case_changes import Stands
from kefu.shop.case_store import Unproven
from kefu.shop.cases import Case
from kefu.shop.labels import label
from kefu.shop.orders import Order
from kefu.text import Language

FORM = "withdraw_form"
_ASKED = "withdraw_confirmed"
# Beside a yes: what was asked about, said once more.
_SAYS_IT = re.compile(
    r"\W*(?:先|那|就|快点?|还是|我要|麻烦|是的?|对|嗯|好的?|确认|确定|请|就|帮我|yes|yep|ok|okay|please|sure)*"
    r"\W*(?:确认|请|帮我|please )?"
    r"(?:撤销|撤回|撤了)(?:吧|申请|掉|它|这个)*\W*|\W*(?:yes|yep|ok|okay|please|sure|confirm)?\W*"
    r"(?:please )?(?:withdraw|take back|cancel)(?: it| the \w+| my \w+)?(?: please)?\W*",
    re.IGNORECASE,
)
_BUTTONS: dict[Language, tuple[str, str]] = {
    "zh": ("确认撤销", "不撤销"),
    "en": ("Yes, withdraw it", "No, keep it"),
}
# Nothing follows: the message has been answered.
_OVER = (SlotSet("withdraw_case", None), FollowupAction("action_listen"))


class ValidateWithdrawForm(ShopAction):
    """Takes the yes or the no to a case's withdrawal."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Take the case back on a yes; say that it stands otherwise."""
        if turn.was_rejected(FORM) or turn.asked_by(FORM) is None:
            return [SlotSet("requested_slot", _ASKED)]
        _, case = await asyncio.to_thread(_case, turn)
        if case is None:
            return [*end_form(), *_OVER]
        draft = Draft(FORM, ("confirmed",), "confirmed", known={"wish": "withdraw"}, summary=_fingerprint(case))
        reading = read_turn(Message(turn.text, turn.intent, turn.language), draft)
        if reading.answer == "yes" or _SAYS_IT.fullmatch(turn.words or "-"):
            return await _withdraw(dispatcher, turn, case)
        over = [*end_form(), *_OVER]
        if reading.move == "person":
            offer = Offer("handover", "return", turn.slot("order_number"))
            return [*await hand_over(dispatcher, turn, offer), *over]
        if reading.answer == "no" or reading.move is not None:
            dispatcher.utter_message(response="utter_withdraw_declined", case=case.number)
            return over
        return []

    def after_failure(self, turn: Turn) -> list[EventType]:
        """Nothing was written; the next yes tries again."""
        return [SlotSet("requested_slot", _ASKED)]


class ActionAskWithdrawConfirmed(ShopAction):
    """Shows what would be taken back and asks for a yes."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"action_ask_{_ASKED}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Show the summary; its button names the case as it is now."""
        order, case = await asyncio.to_thread(_case, turn)
        if order is None or case is None:
            return []
        yes, no = _BUTTONS[turn.language]
        payload = f'/affirm{{"summary": "{_fingerprint(case)}"}}'
        buttons = [{"title": yes, "payload": payload}, {"title": no, "payload": "/deny"}]
        words = case_words(services(), order, case, turn.language)
        dispatcher.utter_message(response="utter_summary_withdraw", buttons=[] if turn.is_shell else buttons, **words)
        return []


async def _withdraw(dispatcher: CollectingDispatcher, turn: Turn, case: Case) -> list[EventType]:
    order = case.plan.order_number
    outcome = await asyncio.to_thread(services().changes.withdraw, order, case.number, turn.conversation)
    if isinstance(outcome, Unproven):
        # The proof has run out: he shows again who he is, and is asked again.
        again = [SlotSet("order_number", order), SlotSet("case_request", "withdraw")]
        return [*end_form(), *again, FollowupAction(TRACK_FORM)]
    response = "utter_case_stands" if isinstance(outcome, Stands) else "utter_withdrawn"
    kind = label("kinds", case.plan.kind, turn.language)
    dispatcher.utter_message(response=response, case=case.number, kind=kind)
    return [*end_form(), SlotSet("last_order", order), *_OVER]


def _case(turn: Turn) -> tuple[Order | None, Case | None]:
    """Read the order and the case that is to be taken back, if they are his; blocks."""
    shop, number = services(), turn.slot("order_number")
    if not number or not shop.identity.is_proven(number, turn.conversation):
        return None, None
    order = shop.orders.order(number)
    cases = shop.cases.of_order(number)
    return order, next((case for case in cases if case.number == turn.slot("withdraw_case")), None)


def _fingerprint(case: Case) -> str:
    return hashlib.sha256(f"{case.number} {case.state}".encode()).hexdigest()[:12]
