"""What the after-sales form says and asks next, once it is known whose order it is about."""

from dataclasses import replace

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_asides import is_on_its_way, wants_a_part
from kefu.actions.case_reading import OF_THE_RULES
from kefu.actions.case_replies import say_refusal, topic_reply
from kefu.actions.case_view import CaseView
from kefu.actions.order_replies import say_order
from kefu.actions.side_question import answer_aside
from kefu.actions.turn import Turn, end_form
from kefu.dialogue.next_step import Step
from kefu.dialogue.turn import Question, Reading

# What is asked while a summary waits for its yes: it may change meanwhile, or the proof of identity run out.
_WAITING = frozenset({"case_confirmed", "identity_proof"})
# Asked beside it: what should be different, or whether the order or the request is to end.
_ABOUT_THE_SUMMARY = frozenset({"case_change", "case_which"})


class NextStep:
    """Says what stands against a case, answers what was asked about it, and names what is asked next.

    :param asked: the slot that was asked for.
    :param is_shown: the summary that is remembered is still before the customer.
    """

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        view: CaseView,
        reading: Reading,
        *,
        asked: str | None,
        is_shown: bool,
    ) -> None:
        self._dispatcher = dispatcher
        self._turn = turn
        self._view = view
        self._reading = reading
        self._asked = asked
        self._is_shown = is_shown
        self._said: set[str] = set()  # replies to questions about this very matter

    async def events(self) -> list[EventType]:
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
        asks = self._asked if self._is_still_asking(step) else f"case_{step.asks}"
        return [*self._view.slot_events(), *self._summary(), SlotSet("requested_slot", asks)]

    def _is_still_asking(self, step: Step) -> bool:
        """Say whether what should be different at the summary, or which of two things ends, has not been answered."""
        says_nothing = not self._reading.values and self._reading.move is None and self._reading.answer is None
        return self._asked in _ABOUT_THE_SUMMARY and step.asks == "confirmed" and says_nothing

    async def _answer_topics(self, step: Step, is_refused: bool) -> None:
        """Answer questions about this very matter, unless what is said anyway answers them.

        :param is_refused: that something is refused, and why, has just been said.
        """
        view = self._view
        is_before_him = self._asked == "case_confirmed" or self._asked in _ABOUT_THE_SUMMARY
        is_new_summary = view.summary is not None and not is_before_him
        is_open = view.draft.reason is None and step.plan is None
        for question in self._reading.questions:
            is_of_the_rules = question.topic in OF_THE_RULES
            is_told = (is_new_summary and question.supposed is None) or (is_refused and is_of_the_rules)
            if question.topic is None or is_told:
                continue
            if is_open and not is_of_the_rules:
                # Who pays, say, depends on the reason, which he has not given yet.
                await answer_aside(self._dispatcher, self._turn, question.text)
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
            return not {"reason", "items", "condition"} & self._reading.values.keys()
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
        return [*end_form(), *self._view.offer(self._turn.slot("order_number")).events()]

    def _summary(self) -> list[EventType]:
        """Remember which summary is before the customer, where it is a new one."""
        step = self._view.step
        now = self._view.summary if step is not None and step.asks == "confirmed" else None
        is_before_him = self._is_shown and now == self._turn.slot("case_summary")
        return [] if is_before_him else [SlotSet("case_summary", now)]
