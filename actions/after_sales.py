"""Returns, exchanges, cancellations: the form, driven by what one message means to it.

``read_turn`` says what was meant, ``next_step`` what follows; here both are put into events and words. Nothing is
written: the form ends with a confirmed draft, which ``action_file_case`` files.
"""

import asyncio
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_asides import answer, instead_of_stopping, is_on_its_way, wants_a_part
from kefu.actions.case_reading import OF_THE_RULES, asked_before, read_case, read_in_light
from kefu.actions.case_replies import say_refusal, topic_reply
from kefu.actions.case_view import FORM, SLOTS, CaseView, look, remember, with_order
from kefu.actions.context import Offer, ShopAction, Turn, end_form, forget_form
from kefu.actions.handover import hand_over
from kefu.actions.identify import identify, misshapen, orders_of
from kefu.actions.next_matter import split, then
from kefu.actions.order_replies import say_order
from kefu.actions.side_question import answer_aside
from kefu.actions.wording import all_items
from kefu.desk.tickets import Reason
from kefu.dialogue.case_draft import CaseDraft, Wish
from kefu.dialogue.moves import TRACK_FORM
from kefu.dialogue.next_step import Step
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Message, Question, Reading
from kefu.dialogue.two_wishes import is_another_wish, two_wishes
from kefu.dialogue.wording import wording
from kefu.dialogue.yes_no import asks_for_time
from kefu.shop.named import named_order

_TICKET_REASONS: dict[Wish, Reason] = {"exchange": "exchange", "cancel": "cancel"}
# What a switch within after-sales makes of the wish; every other intent belongs to another form.
_WISHES: dict[str, Wish] = {"request_return": "return", "request_exchange": "exchange", "cancel_order": "cancel"}
_IDENTITY = ("order_number", "contact", "second_contact")
_FORMS = {"track_order": TRACK_FORM}
_UNCLEAR = frozenset({"order_number", "identity_proof", "case_items", "case_reason", "case_remedy", "case_confirmed"})
# What is asked while a summary waits for its yes: it may change meanwhile, or the proof of identity run out.
_WAITING = frozenset({"case_confirmed", "identity_proof"})
_NAMES_AN_ORDER = re.compile(r"单|那次|\border\b|\bthe ones? (?:with|from)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"另|别的|其他|不是这|\b(?:another|other|different)\b", re.IGNORECASE)


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
        if asked is None and (matters := await asyncio.to_thread(split, turn)).then:
            turn.text, later = matters.now, [SlotSet("case_next", matters.then)]
        view = await asyncio.to_thread(look, turn)
        read = await asyncio.to_thread(read_case, turn, view, asked)
        view, reading = read or (view, Reading())
        if (own := answer(dispatcher, turn, view, reading, asked)) is not None:
            return own
        if asked == "case_confirmed" and (instead := instead_of_stopping(turn, view)):
            view, reading = instead, Reading(values={"items": instead.draft.lines})
        elif read is None:
            return []
        key = [] if turn.slot("case_key") else [SlotSet("case_key", uuid4().hex)]
        events = await _Round(dispatcher, turn, view, reading).events()
        return [*later, *key, *events, *await _afterwards(dispatcher, turn, events)]

    def after_failure(self, turn: Turn) -> list[EventType]:
        """What was said is kept: the form asks on, and goes on where it was once the store is back."""
        asked = turn.asked_by(FORM)
        return [SlotSet("requested_slot", asked)] if asked else end_form()


async def _afterwards(dispatcher: CollectingDispatcher, turn: Turn, events: list[EventType]) -> list[EventType]:
    """Go on with what was left for later, where the form ends here and nobody else takes over."""
    ends = any(event["event"] == "active_loop" and event["name"] is None for event in events)
    taken = any(event["event"] == "followup" or event.get("name") == "offer" for event in events)
    return await asyncio.to_thread(then, turn, dispatcher) if ends and not taken else []


class _Round:
    """One message inside the form."""

    def __init__(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView, reading: Reading) -> None:
        self._dispatcher = dispatcher
        self._turn = turn
        self._view = view
        self._reading = reading
        self._asked = turn.asked_by(FORM)
        self._is_shown = turn.slot("case_summary") is not None
        self._said: set[str] = set()  # replies to questions about this very matter

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
        if self._reading.unclear and asked in _UNCLEAR and not misshapen(self._turn.text):
            is_asking_for_time = asked == "case_confirmed" and asks_for_time(wording(self._turn.words).text)
            name = "no_hurry" if is_asking_for_time else f"unclear_{asked.removeprefix('case_')}"
            self._dispatcher.utter_message(response=f"utter_{name}")
        await self._answer([question for question in self._reading.questions if question.topic is None])
        return await self._ahead()

    async def _moved(self) -> list[EventType] | None:
        """Do what leads out of the form or back to its beginning; None if the message does neither."""
        move, target = self._reading.move, self._reading.target
        if move == "stop":
            self._dispatcher.utter_message(response="utter_stopped")
            return end_form()
        if move == "person":
            number = self._reading.values.get("order_number") or self._turn.slot("order_number")
            offer = Offer("handover", _TICKET_REASONS.get(self._view.draft.wish, "return"), number)
            return [*await hand_over(self._dispatcher, self._turn, offer), *end_form()]
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
        return [SlotSet("case_next", self._turn.words), SlotSet("requested_slot", self._asked)]

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
        elif is_another_wish(self._turn.words, self._reading, self._view.dialogue(self._turn)):
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
        if is_assumed:
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
            if (wishes := two_wishes(text, order.items)) is not None:
                texts[at] = wishes[0]
                self._view = replace(self._view, said=tuple(texts[:-1]))
                self._turn.text = texts[-1]
                return self._note(order.number, wishes[1])
        return []

    def _note(self, number: str, said: str) -> list[EventType]:
        self._dispatcher.utter_message(response="utter_noted_for_later", said=said)
        return [SlotSet("case_next", f"{number} {said}")]

    async def _step(self) -> list[EventType]:
        """Say what stands against it, answer what was asked about this matter, and name what is asked next."""
        view, step, language = self._view, self._view.step, self._turn.language
        if view.matter is None or step is None:  # the store no longer has the order, or the proof has run out
            return [SlotSet("identity_proof", None), SlotSet("requested_slot", "identity_proof")]
        if view.draft.wish == "quote":
            self._say_topics([question for question in self._reading.questions if question.topic])
            return end_form()
        is_his_doing = self._reading.values or self._reading.move or self._asked not in _WAITING
        if view.has_changed(self._turn) and not is_his_doing:
            self._dispatcher.utter_message(response="utter_case_changed")
        if is_on_its_way(view):
            say_order(self._dispatcher, view.shop, view.matter.order, language)
            self._dispatcher.utter_message(response="utter_rest_on_its_way")
            return end_form()
        if self._is_stuck(step):
            return self._give_up()
        offer: list[EventType] = []
        is_refused = step.refusal is not None and not self._is_stale(step)
        if is_refused:
            offer = say_refusal(self._dispatcher, view, step, language)
        elif self._asked is None and wants_a_part(self._turn, step):
            self._dispatcher.utter_message(response="utter_refused_whole_order")
        await self._answer_topics(step, is_refused)
        if step.asks is None:
            return [*end_form(), *offer]
        self._view = replace(view, draft=step.draft)
        return [*self._view.slot_events(), *self._summary(), SlotSet("requested_slot", f"case_{step.asks}")]

    async def _answer_topics(self, step: Step, is_refused: bool) -> None:
        """Answer questions about this very matter, unless what is said anyway answers them.

        :param is_refused: that something is refused, and why, has just been said.
        """
        view = self._view
        is_new_summary = view.summary is not None and self._asked != "case_confirmed"
        is_open = view.draft.reason is None and step.plan is None
        for question in self._reading.questions:
            is_of_the_rules = question.topic in OF_THE_RULES
            is_told = (is_new_summary and question.supposed is None) or (is_refused and is_of_the_rules)
            if question.topic is None or is_told:
                continue
            if is_open and not is_of_the_rules:
                # Who pays, say, depends on the reason, which he has not given yet.
                await self._answer([question])
            else:
                self._say_topics([question])

    def _say_topics(self, questions: list[Question]) -> None:
        """Answer questions by what holds for this very matter, in one reply where one answers several."""
        for question in questions:
            response, words = topic_reply(self._view, question, self._turn.language)
            if response not in self._said:
                self._dispatcher.utter_message(response=response, **words)
            self._said.add(response)

    def _is_stale(self, step: Step) -> bool:
        """A note that was said with the question or the summary, or a remedy that another reason took away."""
        refusal = step.refusal
        assert refusal is not None
        if refusal.rule == "remedy_not_offered":
            return "reason" in self._reading.corrected and "remedy" not in self._reading.values
        if step.asks == "reason" and self._asked == "case_reason":
            return not {"reason", "items"} & self._reading.values.keys()
        if refusal.rule == "whole_order":  # he has just named a part
            return False
        return self._is_shown and self._view.summary is not None and not self._view.has_changed(self._turn)

    def _is_stuck(self, step: Step) -> bool:
        """Say whether the same would be asked a fourth time, though he has tried to answer three times."""
        again = step.asks is not None and f"case_{step.asks}" == self._asked
        return again and not self._reading.questions and self._turn.was_in_vain(self._asked or "")

    def _give_up(self) -> list[EventType]:
        """Offer a person, with all that was gathered."""
        self._dispatcher.messages.clear()  # that it is unclear, once more
        self._dispatcher.utter_message(response="utter_stuck")
        draft = {SLOTS[name]: value for name, value in self._view.draft.values().items() if value is not None}
        reason = _TICKET_REASONS.get(self._view.draft.wish, "return")
        return [*end_form(), *Offer("handover", reason, self._turn.slot("order_number"), draft).events()]

    def _summary(self) -> list[EventType]:
        """Remember which summary is before the customer, where it is a new one."""
        now = self._view.summary
        is_before_him = self._is_shown and now == self._turn.slot("case_summary")
        return [] if is_before_him else [SlotSet("case_summary", now)]
