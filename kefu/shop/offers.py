"""What the policy offers for goods that have arrived: by category, by state, and by the days since the signing."""

from collections.abc import Iterable, Sequence

from kefu.shop.cases import Remedy
from kefu.shop.matter import Instead, Matter, Refusal, Remedies
from kefu.shop.orders import Item
from kefu.shop.policy import ReasonRule
from kefu.shop.windows import closed

# Of these the customer sends something in; the others leave the goods, if any, where they are.
SENT_BACK: frozenset[Remedy] = frozenset({"return", "exchange", "repair"})
_SPOILED, _PERISHABLE = "spoiled", "perishable"


def offer(matter: Matter, items: Sequence[Item], reason: str, condition: frozenset[str]) -> Remedies | Refusal:
    """Say what may be chosen for all of the items together.

    :param condition: what the customer said of their state: names of ``policy.condition``, those of what it requires
        with ``no_`` before them where that is lacking.
    :raises KeyError: if the policy has no such reason.
    """
    rule = matter.policy.reasons[reason]
    if rule.window == "no_reason":
        return _no_reason(matter, items, rule, condition)
    others = tuple(item.position for item in items if item.category != _PERISHABLE)
    if reason == _SPOILED and others:
        return Refusal("not_perishable", ("choose_items", "with_defect"), {"positions": others})
    return _defect(matter, items, rule)


def _no_reason(
    matter: Matter, items: Sequence[Item], rule: ReasonRule, condition: frozenset[str]
) -> Remedies | Refusal:
    policy = matter.policy
    instead = _instead(matter, items)
    never = [item for item in items if item.category in policy.not_returnable]
    if never:
        return Refusal("never_returnable", instead, _category(never))
    excluded = [item for item in items if item.category in policy.not_returnable_if_confirmed and item.return_excluded]
    if excluded:
        return Refusal("excluded_at_checkout", instead, _category(excluded))
    lacking = (f"no_{name}" for name in policy.condition.required)
    spoilt_by = next((name for name in (*policy.condition.refused, *lacking) if name in condition), None)
    if spoilt_by is not None:
        # He has lost the right by what he did: where no fault can help any more, a person may still look at it.
        return Refusal("condition", instead or ("person",), {"condition": spoilt_by})
    over = closed(matter, items, "no_reason")
    if over is not None:
        return Refusal("no_reason_window_over", instead, over)
    return Remedies("no_reason_window", rule.remedies, rule.postage)


def _category(items: Sequence[Item]) -> dict[str, object]:
    return {"category": items[0].category, "positions": tuple(item.position for item in items)}


def _instead(matter: Matter, items: Sequence[Item]) -> tuple[Instead, ...]:
    """What is possible for goods that cannot go back without a reason, should something be wrong with them."""
    if closed(matter, items, "defect") is None:
        return ("with_defect",)
    return ("repair",) if _warranty_follows(matter, items) and closed(matter, items, "warranty") is None else ()


def _defect(matter: Matter, items: Sequence[Item], rule: ReasonRule) -> Remedies | Refusal:
    kinds = tuple(kind for kind in rule.remedies if kind != "repair" or _have_warranty(matter, items))
    over = closed(matter, items, "defect")
    if over is None:
        if not kinds:
            return Refusal("remedy_not_offered", ("person",), {"kinds": ()})
        return Remedies("defect_window", kinds, rule.postage if SENT_BACK & set(kinds) else "none")
    if "repair" not in kinds or not _warranty_follows(matter, items):
        return Refusal("defect_window_over", ("person",), over)
    expired = closed(matter, items, "warranty")
    if expired is not None:
        return Refusal("warranty_over", ("person",), expired)
    return Remedies("warranty", ("repair",), "shop")


def _warranty_follows(matter: Matter, items: Sequence[Item]) -> bool:
    return matter.policy.after_defect_window == "warranty" and _have_warranty(matter, items)


def _have_warranty(matter: Matter, items: Iterable[Item]) -> bool:
    return all(item.category not in matter.policy.no_warranty for item in items)
