"""Files what was confirmed: one case in one transaction, and its number for the customer."""

import asyncio
import logging

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.buttons import under_summary
from kefu.actions.case_replies import say_filed
from kefu.actions.case_view import FORM, CaseView, look
from kefu.actions.shop_action import ShopAction
from kefu.actions.turn import Turn, forget_form
from kefu.dialogue.next_step import replan
from kefu.errors import KefuError
from kefu.shop.case_store import Changed, Filing, Unproven
from kefu.shop.cases import Case
from kefu.text import Language

logger = logging.getLogger(__name__)

_BUTTONS: dict[Language, tuple[str, str]] = {"zh": ("再提交一次", "转人工"), "en": ("Try again", "A person, please")}


class ActionFileCase(ShopAction):
    """Runs when the after-sales form has ended; writes only where it ended with a yes."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_file_case"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """File the case, or put the changed summary before the customer."""
        if not turn.slot("case_confirmed"):
            return []
        try:
            view, outcome = await asyncio.to_thread(_file, turn)
        except KefuError as error:
            logger.error("%s failed: %s: %s", self.name(), type(error).__name__, error)
            return _ask_anew(dispatcher, turn)
        if isinstance(outcome, Case) and view.matter is not None:
            say_filed(dispatcher, view.matter, view.draft, outcome, turn.language)
            return [*forget_form(), SlotSet("last_order", outcome.plan.order_number)]
        if isinstance(outcome, Changed):
            dispatcher.utter_message(response="utter_case_changed")
        # The form goes on with the draft as it is: it shows what is possible now, or asks again who he is.
        return [SlotSet("case_confirmed", None), SlotSet("case_summary", None), FollowupAction(FORM)]


def _ask_anew(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """Ask for another yes, or for a person. The key stays: had the case been written all the same, it is one case."""
    again, person = _BUTTONS[turn.language]
    buttons = under_summary(turn.slot("case_summary"), again, (person, person))
    dispatcher.utter_message(response="utter_not_filed", buttons=buttons)
    waiting = SlotSet("requested_slot", "case_confirmed")
    return [SlotSet("case_confirmed", None), ActiveLoop(FORM), waiting, FollowupAction("action_listen")]


def _file(turn: Turn) -> tuple[CaseView, Case | Changed | Unproven]:
    """File the draft under a key made of draft and summary: the same yes, delivered again, gives the same case."""
    view = look(turn)
    step = view.step
    if view.matter is None or step is None:
        return view, Unproven()
    key = f"{turn.slot('case_key')}:{turn.slot('case_summary')}"
    if present := view.shop.cases.filed(turn.conversation, key):
        return view, present
    if step.plan is None or step.draft.fingerprint(step.plan) != turn.slot("case_summary"):
        return view, Changed(replan(view.matter, view.draft))
    draft = step.draft
    filing = Filing(turn.conversation, key, step.plan, draft.wishes, lambda matter: replan(matter, draft))
    return view, view.shop.cases.file(filing)
