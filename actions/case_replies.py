"""What is said about an order's case beside the form's own questions: refusals, and answers to "how much?"."""

from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_view import CaseView
from kefu.actions.wording import plan_words, policy_words, refusal_words, some_items, yuan
from kefu.dialogue.form.case_draft import CaseDraft
from kefu.dialogue.next_step import Step, next_step
from kefu.dialogue.turn import Question
from kefu.shop.after_sales import Matter, Refusal, open_lines
from kefu.shop.cases import CASE_KINDS, Case, Line, Plan
from kefu.shop.labels import label
from kefu.text import Language


def say_refusal(dispatcher: CollectingDispatcher, view: CaseView, step: Step, language: Language) -> list[EventType]:
    """Say why something cannot be done and what can; the events offer a person where nothing else is left."""
    assert step.refusal is not None and view.matter is not None
    words = refusal_words(view.matter, view.draft.lines, step.refusal, language)
    dispatcher.utter_message(response=f"utter_refused_{step.refusal.rule}", **words)
    is_told = step.refusal.rule == "not_perishable"  # which says itself what else there is
    if step.asks == "reason" and {"with_defect", "repair"} & set(step.refusal.instead) and not is_told:
        is_repair = "with_defect" not in step.refusal.instead
        dispatcher.utter_message(response="utter_instead_repair" if is_repair else "utter_instead_with_defect")
    if step.asks is None and "person" in step.refusal.instead:
        dispatcher.utter_message(response="utter_instead_person")
        return view.offer(view.matter.order.number).events()
    return []


def topic_reply(view: CaseView, question: Question, language: Language) -> tuple[str, dict[str, Any]]:
    """Answer a question about this very matter from a quote: the same rules as for filing, and nothing is written.

    Gives the response and its words.
    """
    assert view.matter is not None
    outcome, draft = quote(view.matter, view.draft, question)
    lines = draft.lines if question.topic == "amount" else None
    several = _several(view, question, lines, language) if lines is not None and len(lines) > 1 else None
    if several is not None:
        return several
    if isinstance(outcome, Refusal):
        return f"utter_refused_{outcome.rule}", refusal_words(view.matter, draft.lines, outcome, language)
    response = _topic_response(question, outcome, is_reason_known=view.draft.reason is not None)
    return response, plan_words(view.matter, draft, outcome, language)


def _several(
    view: CaseView, question: Question, lines: tuple[Line, ...], language: Language
) -> tuple[str, dict[str, Any]] | None:
    """Answer for several articles: what comes back for each, and in total for those that can go back.

    None where none of them can, or what is possible refunds nothing.
    """
    assert view.matter is not None
    alone = {line: quote(view.matter, view.draft, replace(question, supposed=(line,)))[0] for line in lines}
    possible = tuple(line for line, outcome in alone.items() if isinstance(outcome, Plan) and outcome.refund)
    total, draft = quote(view.matter, view.draft, replace(question, supposed=possible or lines))
    if not possible or not isinstance(total, Plan) or total.kind in ("cancellation", "interception"):
        return None
    each = [
        label("notes", "amount_each", language).format(
            items=some_items(view.matter.order, (line,), language), amount=said
        )
        for line, outcome in alone.items()
        if (said := _amount_or_none(outcome, language))
    ]
    words = plan_words(view.matter, draft, total, language)
    return "utter_quote_several", {**words, "each": "\n".join(f"· {one}" for one in each)}


def _amount_or_none(outcome: Plan | Refusal, language: Language) -> str:
    """Write what comes back for one article, or that it cannot go back."""
    if isinstance(outcome, Plan):
        return label("notes", "yuan", language).format(amount=yuan(outcome.refund_cents))
    return label("notes", "cannot_go_back", language)


def quote(matter: Matter, draft: CaseDraft, question: Question) -> tuple[Plan | Refusal, CaseDraft]:
    """Work out what would come of it, with what is not known yet taken at its plainest: all of it, no reason."""
    supposed = replace(
        draft,
        wish="quote",
        lines=question.supposed or draft.lines or open_lines(matter) or None,
        reason=draft.reason or "no_reason",
        remedy=draft.remedy or ("exchange" if draft.wish == "exchange" else None),
    )
    step = next_step(matter, supposed)
    if step.asks == "remedy":
        step = next_step(matter, replace(supposed, remedy=step.remedies[0]))
    return step.plan or step.refusal or Refusal("changed"), supposed


def _topic_response(question: Question, plan: Plan, is_reason_known: bool) -> str:
    if question.topic in ("amount", "eligible"):
        if plan.kind in ("cancellation", "interception"):
            return f"utter_quote_{plan.kind}"
        if not plan.refund:
            return "utter_quote_other"
        return "utter_quote_return" if is_reason_known else "utter_quote_any_reason"
    if question.topic in ("deadline", "address") and plan.send_by is None:
        return "utter_topic_nothing_to_send"
    return f"utter_topic_{question.topic}"


def filed_words(matter: Matter, draft: CaseDraft, plan: Plan, number: str, language: Language) -> dict[str, Any]:
    """Give the words of what is said once a case has its number."""
    return {**plan_words(matter, draft, plan, language), **policy_words(matter.policy, language), "case": number}


def say_filed(
    dispatcher: CollectingDispatcher, matter: Matter, draft: CaseDraft, case: Case, language: Language
) -> None:
    """Say the number of a case that was just filed, and what happens next."""
    unpaid = "_unpaid" if case.plan.rule == "cancel_unpaid" else ""
    words = filed_words(matter, draft, case.plan, case.number, language)
    dispatcher.utter_message(response=f"utter_filed_{case.plan.kind}{unpaid}", **words)


def tells_a_number(response: str) -> bool:
    """Say whether a response is one that tells the number of a new case."""
    return response.startswith(tuple(f"utter_filed_{kind}" for kind in CASE_KINDS))
