"""One message inside the after-sales form: where it leads, whose order it is about, and what it gives to the case."""

import asyncio
import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_reading import asked_before, read_in_light
from kefu.actions.case_step import NextStep
from kefu.actions.case_view import ASKED, FORM, CaseView, remember, with_order
from kefu.actions.exchange_wish import without_impossible_wish
from kefu.actions.handover import hand_over
from kefu.actions.identify import identify, misshapen, orders_of
from kefu.actions.next_matter import keep_for_later
from kefu.actions.order_replies import say_order
from kefu.actions.side_question import answer_aside
from kefu.actions.turn import Offer, Turn, end_form, forget_form
from kefu.actions.wording import all_items
from kefu.dialogue.form.case_draft import CaseDraft, Wish
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Message, Question, Reading
from kefu.dialogue.wishes.several_wishes import is_another_wish, several_wishes
from kefu.dialogue.words.acknowledged import only_gives_thanks
from kefu.dialogue.words.wording import wording
from kefu.dialogue.words.yes_no import asks_for_time
from kefu.shop.named import named_order

# What a switch within after-sales makes of the wish; every other intent belongs to another form.
_WISHES: dict[str, Wish] = {"request_return": "return", "request_exchange": "exchange", "cancel_order": "cancel"}
_IDENTITY = ("order_number", "contact", "second_contact")
_FORMS = {"track_order": TRACK_FORM}
_NAMES_AN_ORDER = re.compile(r"单|那次|\border\b|\bthe ones? (?:with|from)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"另|别的|其他|不是这|\b(?:another|other|different)\b", re.IGNORECASE)


class CaseRound:
    """One message inside the form."""

    def __init__(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView, reading: Reading) -> None:
        self._dispatcher = dispatcher
        self._turn = turn
        self._view = view
        self._reading = reading
        self._asked = turn.asked_by(FORM)
        self._is_shown = turn.slot("case_summary") is not None

    async def events(self) -> list[EventType]:
        """Say what is to be said now; the events name what is asked next."""
        moved = await self._moved()
        if moved is not None:
            return moved
        asked = self._asked
        if self._reading.answer == "yes" and asked == "case_confirmed":
            return [SlotSet("case_confirmed", True), SlotSet("requested_slot", None)]
        if self._reading.answer == "no" and asked in ("case_confirmed", "case_change"):
            return self._declined(asked)
        if self._reading.unclear and asked in ASKED and not misshapen(self._turn.text):
            self._dispatcher.utter_message(response=self._not_read(asked))
        await self._answer([question for question in self._reading.questions if question.topic is None])
        return await self._ahead()

    def _not_read(self, asked: str) -> str:
        """Name what is said to a message that answers nothing, though it was meant to be heard."""
        said = wording(self._turn.words).text
        if asked == "case_confirmed" and asks_for_time(said):
            return "utter_no_hurry"
        if asked == "case_confirmed" and self._turn.was_answered_beside and only_gives_thanks(said):
            return "utter_not_submitted"
        return f"utter_unclear_{asked.removeprefix('case_')}"

    async def _moved(self) -> list[EventType] | None:
        """Do what leads out of the form or back to its beginning; None if the message does neither."""
        move, target = self._reading.move, self._reading.target
        if move == "stop":
            self._dispatcher.utter_message(response="utter_stopped")
            return end_form()
        if move == "person":
            number = self._reading.values.get("order_number") or self._turn.slot("order_number")
            return [*await hand_over(self._dispatcher, self._turn, self._view.offer(number)), *end_form()]
        if move == "start_over":
            self._dispatcher.utter_message(response="utter_started_over")
            wish = SlotSet("case_wish", self._view.draft.wish)
            return [*forget_form(), wish, SlotSet("requested_slot", "order_number")]
        if move == "which" and self._asked:  # as the first word it can only mean the order
            return [SlotSet("case_confirmed", None), SlotSet("requested_slot", "case_which")]
        if move == "switch" and target == "track_order" and self._view.matter and not self._reading.values:
            say_order(self._dispatcher, self._view.shop, self._view.matter.order, self._turn.language)
            # With no other slot set, Rasa would take the message for rejected, and ask nothing.
            return [*self._view.slot_events(), SlotSet("requested_slot", self._asked)] if self._asked else None
        if move == "switch" and target == "track_order" and self._view.matter and self._view.summary:
            return await self._beside(self._reading.values.get("order_number"))
        if move == "switch" and target in _FORMS:
            kept = [SlotSet(name, self._turn.slot(name)) for name in ("order_number", "identity_proof")]
            return [*end_form(), *kept, FollowupAction(_FORMS[target])]
        if move == "switch" and target in _WISHES:
            draft = replace(self._view.draft, wish=_WISHES[target], remedy=None)
            self._view, self._is_shown = replace(self._view, draft=draft), False
        return None

    async def _beside(self, number: str | None) -> list[EventType]:
        """Show another order while a summary waits: at once if it is his, otherwise when this is finished."""
        number = number or self._turn.slot("order_number")
        shop, conversation = self._view.shop, self._turn.conversation
        matter = await asyncio.to_thread(with_order, self._view, str(number), conversation)
        if matter.matter is not None and matter.matter.order.number == number:
            say_order(self._dispatcher, shop, matter.matter.order, self._turn.language)
            return [SlotSet("case_confirmed", None), SlotSet("requested_slot", self._asked)]
        self._dispatcher.utter_message(response="utter_after_this", number=number)
        return [keep_for_later(self._turn, self._turn.words), SlotSet("requested_slot", self._asked)]

    def _declined(self, asked: str) -> list[EventType]:
        step = self._view.step
        is_all_or_nothing = step and step.plan and step.plan.kind in ("cancellation", "interception")
        if asked == "case_confirmed" and not is_all_or_nothing:
            return [SlotSet("case_confirmed", None), SlotSet("requested_slot", "case_change")]
        self._dispatcher.utter_message(response="utter_stopped")
        return end_form()

    async def _ahead(self) -> list[EventType]:
        """Take the values, make sure of order and customer, then go to the next step."""
        values = dict(self._reading.values)
        events: list[EventType] = []
        fresh = self._view.matter is None or (self._asked is None and bool(self._view.said))
        if values.get("order_number", self._turn.slot("order_number")) != self._turn.slot("order_number"):
            draft = replace(self._view.draft, lines=None)  # they belonged to the other order
            if self._view.matter is not None:  # and so did what was wrong with it, and what he wanted for it
                draft = CaseDraft(wish=self._view.draft.wish)
                values = {name: value for name, value in values.items() if name in _IDENTITY}
            self._view, fresh = replace(self._view, matter=None, draft=draft), True
        if fresh:
            is_assumed = self._assume_order(values)
            found = await identify(self._dispatcher, self._turn, values)
            events += found.events
            if found.asks == "order_number" and (named := await asyncio.to_thread(self._named_before)):
                found = await identify(self._dispatcher, self._turn, {"order_number": named})
                events += found.events
            if found.is_exhausted:
                return [*events, *end_form(), *Offer("handover", "identity", found.order).events()]
            if found.asks is not None:
                if self._view.draft.wish != "quote":
                    # What holds for this very order is not known yet, but he gets what holds in general.
                    await self._answer([question for question in self._reading.questions if question.topic])
                kept = self._view.after(values).slot_events()
                return [*events, *kept, remember(self._turn, self._view), SlotSet("requested_slot", found.asks)]
            assert found.order is not None
            self._view = await asyncio.to_thread(with_order, self._view, found.order, self._turn.conversation)
            events += await self._met(is_assumed)
        elif self._view.matter and is_another_wish(self._turn.words, self._reading, self._view.dialogue(self._turn)):
            events += self._note(self._view.matter.order.number, self._turn.words)
            self._reading = Reading()
        else:
            self._view = self._view.after(values)
        return [*events, *await self._step()]

    def _named_before(self) -> str | None:
        """Find his order by what he said of it ("my shoes"), once it is known which orders are his; blocks."""
        view = replace(self._view, orders=orders_of(self._view.shop, self._turn.conversation))
        draft = replace(view.dialogue(self._turn), asked="order_number")
        for text in [*self._view.said, self._turn.words]:
            reading = read_turn(Message(text, None, self._turn.language), draft)
            if number := reading.values.get("order_number"):
                return str(number)
        return None

    def _assume_order(self, values: dict[str, Any]) -> bool:
        """Take the order that was spoken of last, where he comes in without naming one."""
        last = self._view.named or self._turn.slot("last_order")
        known = values.get("order_number") or values.get("contact") or self._turn.slot("order_number")
        if known or last is None or self._asked or _ANOTHER.search(self._turn.words):
            return False
        values["order_number"] = last
        if self._view.named and self._view.contact is not None:
            values["contact"] = self._view.contact
        return True

    async def _answer(self, questions: list[Question]) -> None:
        """Answer questions by what holds in general."""
        for question in questions:
            await answer_aside(self._dispatcher, self._turn, question.text)

    async def _met(self, is_assumed: bool) -> list[EventType]:
        """The order is known now: read what was said before, and this message, in its light."""
        later = self._put_apart()
        view, again = await asyncio.to_thread(read_in_light, self._turn, self._view)
        values = dict(again.values)
        is_by_name = "order_number" in self._reading.values and named_order(self._turn.text) is None
        if is_by_name and _NAMES_AN_ORDER.search(self._turn.words):
            values.pop("items", None)  # "the one with the shoes" has named the order, not what of it goes back
        self._view = view.after(values)
        if view.draft.wish == "quote" and not again.topic:
            again = replace(again, questions=asked_before(self._turn, view))
        self._reading = again
        if view.matter is None:
            return []
        order = view.matter.order
        if is_assumed and not (view.draft.wish == "quote" and self._turn.was_quoted):  # one estimate taken further
            items = all_items(order, self._turn.language)
            self._dispatcher.utter_message(response="utter_about_order", number=order.number, items=items)
        known = [SlotSet("order_number", order.number), SlotSet("last_order", order.number)]
        return [*known, SlotSet("case_said", None), *later]

    def _put_apart(self) -> list[EventType]:
        """Keep for later what was wished for another article of the order, where that makes a case of its own."""
        assert self._view.matter is not None
        order = self._view.matter.order
        texts = [*self._view.said, self._turn.words]
        for at, text in enumerate(texts):
            if (wishes := several_wishes(text, order.items)) is not None:
                texts[at] = wishes[0]
                self._view = replace(self._view, said=tuple(texts[:-1]))
                self._turn.text = texts[-1]
                return self._note(order.number, *wishes[1:])
        return []

    def _note(self, number: str, *said: str) -> list[EventType]:
        self._dispatcher.utter_message(response="utter_noted_for_later", said=" / ".join(said))
        return [keep_for_later(self._turn, *(f"{number} {one}" for one in said))]

    async def _step(self) -> list[EventType]:
        language = self._turn.language
        self._view = await asyncio.to_thread(without_impossible_wish, self._dispatcher, self._view, language)
        step = NextStep(
            self._dispatcher, self._turn, self._view, self._reading, asked=self._asked, is_shown=self._is_shown
        )
        return await step.events()
