"""What the assistant does next about an order: ask for one more thing, show a summary, or say why it cannot be done.

The rules decide (:mod:`kefu.shop.after_sales`); here is only the order in which things are asked. What follows by
itself is not asked: the only piece of an order, the only remedy of a reason.
"""

from dataclasses import dataclass, replace
from typing import Literal

from kefu.dialogue.form.case_draft import CaseDraft
from kefu.shop.after_sales import (
    Matter,
    Refusal,
    open_lines,
    plan_cancellation,
    plan_interception,
    plan_remedy,
    remedies,
    stage,
)
from kefu.shop.cases import Line, Plan, Remedy

Asked = Literal["items", "reason", "remedy", "exchange_for", "confirmed"]


@dataclass(frozen=True)
class Step:
    """The next step.

    ``asks`` is what is asked for, None where the matter ends here. ``draft`` has what followed by itself filled in,
    and what was refused taken out. ``refusal`` is said first. ``plan`` is there where the draft is complete.
    """

    draft: CaseDraft
    asks: Asked | None = None
    refusal: Refusal | None = None
    plan: Plan | None = None
    reasons: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


def next_step(matter: Matter, draft: CaseDraft) -> Step:
    """Decide on the next step for an order whose customer has shown who he is."""
    whole = stage(matter)
    if whole in ("unpaid", "not_shipped", "cancelled"):
        return _cancel(matter, draft)
    if draft.wish == "cancel":
        return _cancel_shipped(matter, draft)
    return _after_shipping(matter, draft)


def replan(matter: Matter, draft: CaseDraft) -> Plan | Refusal:
    """Work out a complete draft again, for the moment at which it is filed."""
    step = next_step(matter, draft)
    return step.plan or step.refusal or Refusal("changed")


def _cancel(matter: Matter, draft: CaseDraft) -> Step:
    """Before anything left there is only the cancellation of the whole order, whatever he came for."""
    outcome = plan_cancellation(matter)
    if isinstance(outcome, Refusal):
        return Step(draft, refusal=outcome)
    if "exchange" in (draft.wish, draft.remedy):  # another size, other words engraved: he wants the order all the same
        return Step(draft, refusal=Refusal("change_before_dispatch", ("person",)))
    if draft.lines is not None and draft.lines != outcome.lines:
        return Step(replace(draft, lines=None), "confirmed", Refusal("whole_order"), outcome)
    if draft.wish == "cancel":
        return Step(draft, "confirmed", plan=outcome)
    why = Refusal("not_paid" if outcome.rule == "cancel_unpaid" else "not_shipped")
    return Step(draft, "confirmed", why, outcome)


def _cancel_shipped(matter: Matter, draft: CaseDraft) -> Step:
    """What has left cannot be cancelled: what is on its way can be stopped, what has arrived can be returned."""
    underway = tuple(line for line in open_lines(matter) if stage(matter, (line,)) == "underway")
    if underway:
        return _intercept(matter, replace(draft, lines=draft.lines or underway), Refusal("already_shipped"))
    # Who cancels wants his money back, not another one.
    step = _after_shipping(matter, replace(draft, wish="return", remedy=draft.remedy or "return"))
    return step if step.refusal else replace(step, refusal=Refusal("already_delivered"))


def _after_shipping(matter: Matter, draft: CaseDraft) -> Step:
    left = open_lines(matter)
    if not left:
        return Step(draft, refusal=_held(matter))
    is_only_one = sum(line.quantity for line in left) == 1 and draft.refused_lines is None
    lines = draft.lines or (left if is_only_one else None)
    if lines is None:
        return _which_items(matter, draft, left)
    draft = replace(draft, lines=lines)
    reached = stage(matter, lines)
    if reached == "mixed":
        return Step(_without_lines(draft), "items", _first_refusal(matter, lines))
    if reached == "underway":
        return _intercept(matter, draft, Refusal("underway"))
    return _with_reason(matter, draft, lines)


def _which_items(matter: Matter, draft: CaseDraft, left: tuple[Line, ...]) -> Step:
    """Ask which items, of those that have arrived: the others are under way, and nobody asked to stop them."""
    arrived = tuple(line for line in left if stage(matter, (line,)) == "delivered")
    if not arrived or arrived == left:
        return Step(draft, "items")
    others = tuple(line.position for line in left if line not in arrived)
    note = Refusal("rest_underway", facts={"positions": others})
    if sum(line.quantity for line in arrived) > 1:
        return Step(draft, "items", note)
    step = _with_reason(matter, replace(draft, lines=arrived), arrived)
    return step if step.refusal else replace(step, refusal=note)


def _intercept(matter: Matter, draft: CaseDraft, note: Refusal) -> Step:
    outcome = plan_interception(matter, draft.lines)
    if isinstance(outcome, Plan):
        return Step(draft, "confirmed", note, outcome)
    return _unless_other_items(matter, draft, outcome)


def _with_reason(matter: Matter, draft: CaseDraft, lines: tuple[Line, ...]) -> Step:
    outcomes = {reason: remedies(matter, lines, reason, draft.condition) for reason in matter.policy.reasons}
    possible = tuple(reason for reason, outcome in outcomes.items() if not isinstance(outcome, Refusal))
    if draft.reason is None and draft.refused_reason in possible:
        draft = replace(draft, reason=draft.refused_reason)  # it was refused for other goods, and holds for these
    if draft.reason is None or draft.reason not in outcomes:
        if possible:
            # What cannot go back unless something is wrong with it: he hears why, before he is asked what is wrong.
            unwanted = outcomes.get("no_reason")
            why = unwanted if isinstance(unwanted, Refusal) else None
            return Step(replace(draft, reason=None), "reason", why, reasons=possible)
        return _unless_other_items(matter, draft, _first_refusal(matter, lines))
    outcome = outcomes[draft.reason]
    if not isinstance(outcome, Refusal):
        return _with_remedy(matter, replace(draft, refused_lines=None, refused_reason=None), lines, outcome.kinds)
    if possible and {"with_defect", "repair"} & set(outcome.instead):
        refused = replace(draft, reason=None, refused_lines=lines, refused_reason=draft.reason)
        return Step(refused, "reason", outcome, reasons=possible)
    return _unless_other_items(matter, draft, outcome)


def _with_remedy(matter: Matter, draft: CaseDraft, lines: tuple[Line, ...], kinds: tuple[Remedy, ...]) -> Step:
    wanted = draft.remedy or ("exchange" if draft.wish == "exchange" else None)
    if wanted == "return" and "return" not in kinds and "refund_only" in kinds:
        wanted = "refund_only"  # he wants his money back, and need not even send anything
    refusal = None
    if wanted not in kinds:
        refusal = _why_not(matter, lines, draft.reason, wanted, kinds)
        if len(kinds) > 1:
            return Step(replace(draft, remedy=None, wish=_plain(draft)), "remedy", refusal, remedies=kinds)
        wanted = kinds[0]
    # What was wanted in exchange is no note of a return.
    draft = replace(draft, remedy=wanted, exchange_for=draft.exchange_for if wanted == "exchange" else None)
    assert draft.reason is not None and draft.remedy is not None
    outcome = plan_remedy(matter, lines, draft.reason, draft.remedy, draft.condition)
    if isinstance(outcome, Refusal):
        return _unless_other_items(matter, draft, outcome)
    # For goods that are as they should be, an exchange is for something else.
    is_for_another = outcome.kind == "exchange" and draft.reason == "no_reason" and draft.wish != "quote"
    if is_for_another and draft.exchange_for is None:
        return Step(draft, "exchange_for", refusal, remedies=kinds)
    return Step(draft, "confirmed", refusal, outcome, remedies=kinds)


def _why_not(
    matter: Matter, lines: tuple[Line, ...], reason: str | None, wanted: Remedy | None, kinds: tuple[Remedy, ...]
) -> Refusal | None:
    """Say why a remedy is not possible: where only the warranty is left, because it is too late for the others."""
    if wanted is None:
        return None
    late = remedies(matter, lines, "damage") if reason == "defect" and "damage" in matter.policy.reasons else None
    if isinstance(late, Refusal) and late.rule == "defect_window_over" and kinds == ("repair",):
        return late
    return Refusal("remedy_not_offered", facts={"kinds": kinds, "remedy": wanted})


def _plain(draft: CaseDraft) -> Literal["return", "quote"]:
    return "quote" if draft.wish == "quote" else "return"


def _unless_other_items(matter: Matter, draft: CaseDraft, refusal: Refusal) -> Step:
    """Ask for the items again where others may be possible; otherwise the matter ends."""
    left = open_lines(matter)
    others = {line.position for line in left} - {line.position for line in draft.lines or ()}
    is_taken = refusal.rule == "already_in_case"
    if is_taken and refusal.facts.get("left"):  # some of them are free: he may have fewer
        return Step(_without_lines(draft), "items", Refusal("too_many", ("choose_items",), refusal.facts))
    if (is_taken and others) or ("choose_items" in refusal.instead and sum(line.quantity for line in left) > 1):
        return Step(_without_lines(draft), "items", refusal)
    return Step(draft, refusal=refusal)


def _without_lines(draft: CaseDraft) -> CaseDraft:
    """Take out the items, which are impossible; what he says next may be about them."""
    return replace(draft, lines=None, refused_lines=draft.lines)


def _first_refusal(matter: Matter, lines: tuple[Line, ...]) -> Refusal:
    outcome = remedies(matter, lines, next(iter(matter.policy.reasons)))
    return outcome if isinstance(outcome, Refusal) else Refusal("changed")


def _held(matter: Matter) -> Refusal:
    """Everything of the order is held by cases."""
    every = tuple(Line(item.position, item.quantity) for item in matter.order.items)
    return _first_refusal(matter, every)
