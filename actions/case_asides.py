"""What a customer says at the form's questions that has an answer of its own, from the order and the rules."""

import re
from dataclasses import replace

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_replies import say_refusal
from kefu.actions.case_view import CaseView
from kefu.actions.identify import misshapen
from kefu.actions.remembered import read_alone
from kefu.actions.turn import Turn, end_form
from kefu.actions.wording import some_items
from kefu.dialogue.next_step import Step
from kefu.dialogue.turn import Reading
from kefu.shop.after_sales import open_lines, stage

_HOW_MANY = re.compile(
    r"几[件个张双条瓶盒本支包]|多少[件个]|一共几|\bhow many\b(?! (?:more )?(?:days?|weeks?|hours?|times)\b)",
    re.IGNORECASE,
)
_NOTHING_WRONG = re.compile(
    r"\W*(?:(?:商品|东西|它|都|是|就是|倒|也)*(?:没有?(?:什么|啥)?(?:问题|毛病|质量问题|坏)|好好的|好的|没坏)"
    r"(?:的|啊|呀|吧|就是.*)?"
    r"|(?:no[,. ]+)?(?:nothing(?:'s| is)?(?: wrong.*)?|there(?:'s| is) nothing wrong.*"
    r"|(?:it'?s|they'?re|they are|it is) "
    r"(?:all )?(?:fine|ok|okay|good)|no (?:defects?|faults?|problem).*|not (?:faulty|damaged|broken).*))\W*",
    re.IGNORECASE,
)
# Why it is refused, or whether it has to be.
_WHY = re.compile(
    r"为什么|为啥|凭什么|怎么就不|通融|破例|就不能|不行吗|行吗|可以吗|能不能|\bwhy\b|\bhow come\b|without a reason"
    r"|\bexception\b|\bany way\b|\bplease\b.*\bjust\b",
    re.IGNORECASE,
)
_A_PART = re.compile(
    r"只(?:要|想|用|需)?(?:退|取消|要|留)|就(?:退|取消)[一1两]|(?:退|取消)(?:掉)?[一1][张个件只瓶盒条本双支包]|一部分|其中|单独"
    r"|\b(?:only|just) (?:the |one\b|1\b|a part|part|half|my )|\bpart of\b|\bone of (?:them|it|the)\b|\bhalf of\b",
    re.IGNORECASE,
)
_CANCELS = re.compile(r"取消|\bcancel", re.IGNORECASE)
_THE_DELIVERED = re.compile(
    r"已经?(?:收到|到了|签收)|收到的|到了的|签收的"
    r"|\b(?:delivered|arrived|already (?:here|have|got)|that came|i (?:got|have))\b",
    re.IGNORECASE,
)
# With no slot but the one to ask for, the message would count as rejected.
_ANSWERED = SlotSet("case_confirmed", None)


def wants_a_part(turn: Turn, step: Step) -> bool:
    """Say whether a message wants a part only of an order that can but be cancelled as a whole."""
    plan = step.plan
    pieces = sum(line.quantity for line in plan.lines) if plan else 0
    return plan is not None and plan.kind == "cancellation" and pieces > 1 and bool(_A_PART.search(turn.words))


def is_on_its_way(view: CaseView) -> bool:
    """Say whether what is said to be missing has not arrived yet."""
    matter, draft = view.matter, view.draft
    if matter is None or draft.reason != "missing_item" or draft.remedy is not None:
        return False
    left = open_lines(matter)
    lines = draft.lines or tuple(line for line in left if stage(matter, (line,)) == "underway")
    return bool(lines) and stage(matter, lines) == "underway"


def answer(
    dispatcher: CollectingDispatcher, turn: Turn, view: CaseView, reading: Reading, asked: str | None
) -> list[EventType] | None:
    """Answer what has an answer of its own; None where the form goes on by itself."""
    if asked is None and _asks_about_a_part(turn):
        dispatcher.utter_message(response="utter_refused_whole_order")
        return end_form()
    if view.matter is None or view.step is None:
        return None
    if asked and reading == Reading() and (digits := misshapen(turn.text)):
        dispatcher.utter_message(response="utter_number_misshapen", digits=digits)
        return [_ANSWERED, SlotSet("requested_slot", asked)]
    if asked == "case_confirmed":
        return _at_the_summary(dispatcher, turn, view, reading)
    is_about_a_fault = asked == "case_reason" and "no_reason" not in view.step.reasons
    if is_about_a_fault and _NOTHING_WRONG.fullmatch(turn.words):
        is_repair = view.step.refusal is not None and "repair" in view.step.refusal.instead
        days = view.matter.policy.fact("policy.defect_days", turn.language)
        response = "utter_nothing_wrong_repair" if is_repair else "utter_nothing_wrong"
        dispatcher.utter_message(response=response, days=days)
        return end_form()
    if is_about_a_fault and view.step.refusal and _WHY.search(turn.words):
        say_refusal(dispatcher, view, view.step, turn.language)
        return [_ANSWERED, SlotSet("requested_slot", asked)]
    return None


def instead_of_stopping(turn: Turn, view: CaseView) -> CaseView | None:
    """Give the view of a return of what has arrived, to whoever is asked about stopping the rest and means that."""
    step, matter = view.step, view.matter
    if matter is None or step is None or step.plan is None or step.plan.kind != "interception":
        return None
    arrived = tuple(line for line in open_lines(matter) if stage(matter, (line,)) == "delivered")
    if not arrived or not _THE_DELIVERED.search(turn.words):
        return None
    draft = replace(view.draft, wish="return", lines=arrived, remedy=None)
    return replace(view, draft=draft)


def _asks_about_a_part(turn: Turn) -> bool:
    """Say whether he only asks whether a part of an order can be cancelled."""
    asked = [question.text for question in read_alone(turn.words, turn.language).questions]
    return any(_CANCELS.search(question) and _A_PART.search(question) for question in asked)


def _at_the_summary(
    dispatcher: CollectingDispatcher, turn: Turn, view: CaseView, reading: Reading
) -> list[EventType] | None:
    assert view.matter is not None and view.step is not None
    plan = view.step.plan
    if plan is None:
        return None
    if _HOW_MANY.search(turn.words) and "items" not in reading.values:
        items = some_items(view.matter.order, plan.lines, turn.language)
        dispatcher.utter_message(
            response="utter_topic_quantity", items=items, count=sum(line.quantity for line in plan.lines)
        )
        return [_ANSWERED, SlotSet("requested_slot", "case_confirmed")]
    if reading.answer != "yes" and wants_a_part(turn, view.step):
        dispatcher.utter_message(response="utter_refused_whole_order")
        return [_ANSWERED, SlotSet("requested_slot", "case_confirmed")]
    return None
