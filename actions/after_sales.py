"""Returns, exchanges, cancellations: the form, driven by what one message means to it.

``read_turn`` says what was meant, ``next_step`` what follows; here both are put into events and words. Nothing is
written: the form ends with a confirmed draft, which ``action_file_case`` files.
"""

import asyncio
from dataclasses import replace
from uuid import uuid4

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_asides import answer, instead_of_stopping
from kefu.actions.case_reading import read_case
from kefu.actions.case_round import CaseRound
from kefu.actions.case_view import FORM, CaseView, look
from kefu.actions.next_matter import Matters, keep_for_later, split, split_beside
from kefu.actions.shop_action import ShopAction
from kefu.actions.turn import Turn, end_form
from kefu.dialogue.turn import Reading


class ValidateAfterSalesForm(ShopAction):
    """Takes one message; returning no event rejects it, so that the rules answer it and the form asks on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Work out what the message gives to the form, and what is asked next."""
        asked = turn.asked_by(FORM)
        if turn.was_rejected(FORM):
            return [SlotSet("requested_slot", asked)]
        later: list[EventType] = []
        view = await asyncio.to_thread(look, turn)
        matters = await asyncio.to_thread(_matters, turn, view, asked)
        if matters.then:
            turn.text, later = matters.now, [keep_for_later(turn, *matters.then)]
            if matters.wish is not None:  # the message as a whole may have been taken for what the rest of it wants
                view = replace(view, draft=replace(view.draft, wish=matters.wish))
            if asked is not None:
                dispatcher.utter_message(response="utter_noted_for_later", said=" / ".join(matters.then))
        read = await asyncio.to_thread(read_case, turn, view, asked)
        view, reading = read or (view, Reading())
        if (own := answer(dispatcher, turn, view, reading, asked)) is not None:
            return [*later, *own]
        if asked == "case_confirmed" and (instead := instead_of_stopping(turn, view)):
            view, reading = instead, Reading(values={"items": instead.draft.lines})
        elif read is None:
            return []
        key = [] if turn.slot("case_key") else [SlotSet("case_key", uuid4().hex)]
        events = await CaseRound(dispatcher, turn, view, reading).events()
        return [*later, *key, *events]

    def after_failure(self, turn: Turn) -> list[EventType]:
        """What was said is kept: the form asks on, and goes on where it was once the store is back."""
        asked = turn.asked_by(FORM)
        # With no slot but the one to ask for, the message would count as rejected.
        return [SlotSet("case_confirmed", None), SlotSet("requested_slot", asked)] if asked else end_form()


def _matters(turn: Turn, view: CaseView, asked: str | None) -> Matters:
    return split(turn) if asked is None else split_beside(turn, view.dialogue(turn))
