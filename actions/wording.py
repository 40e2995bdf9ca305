"""What replies about an order are filled with: names, amounts, dates, in the customer's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kefu.dialogue.form.case_draft import CaseDraft
from kefu.shop.after_sales import Matter, Refusal
from kefu.shop.cases import Line, Plan
from kefu.shop.labels import label, labels
from kefu.shop.orders import Item, Order
from kefu.shop.policy import Policy
from kefu.text import Language

_SEPARATOR: dict[Language, str] = {"zh": "、", "en": ", "}
_POLICY_FACTS = ("refund_days", "refund_days_card", "inspect_days", "repair_days")


def yuan(cents: int) -> str:
    """Write an amount of cents in yuan, without needless decimals."""
    return f"{cents / 100:.2f}".removesuffix(".00")


def joined(parts: Iterable[str], language: Language) -> str:
    """Write a list; English names that hold commas are kept apart by semicolons."""
    listed = list(parts)
    has_commas = language == "en" and any("," in part for part in listed)
    return ("; " if has_commas else _SEPARATOR[language]).join(listed)


def item_name(item: Item, quantity: int, language: Language) -> str:
    """Write an item with its number of pieces, and of how many, where the order has several: T-shirt ×1 of 2."""
    if item.quantity == 1:
        return item.name.in_language(language)
    of = (
        ""
        if quantity == item.quantity
        else (f"（共 {item.quantity} 件）" if language == "zh" else f" of {item.quantity}")
    )
    return f"{item.name.in_language(language)} ×{quantity}{of}"


def all_items(order: Order, language: Language) -> str:
    """Write all items of an order."""
    return joined((item_name(item, item.quantity, language) for item in order.items), language)


def some_items(order: Order, lines: Iterable[Line], language: Language) -> str:
    """Write the items of some lines."""
    return joined((item_name(order.item(line.position), line.quantity, language) for line in lines), language)


def day(value: date, language: Language, today: date) -> str:
    """Write a day: 11 月 28 日, 28 November; with the year where it is not this one."""
    if language == "zh":
        year = "" if value.year == today.year else f"{value.year} 年 "
        return f"{year}{value.month} 月 {value.day} 日"
    return f"{value.day} {value:%B}" + ("" if value.year == today.year else f" {value.year}")


def plan_words(matter: Matter, draft: CaseDraft, plan: Plan, language: Language) -> dict[str, Any]:
    """Give the words of a summary."""
    parts = joined((f"{label('methods', s.method, language)} {yuan(s.cents)}" for s in plan.refund), language)
    return {
        "number": plan.order_number,
        "items": some_items(matter.order, plan.lines, language),
        "reason": label("reasons", plan.reason, language) if plan.reason else "",
        "amount": yuan(plan.refund_cents),
        "parts": parts,
        "parts_note": _in_brackets(parts, language),
        "postage": label("postage", plan.postage, language) + _insurance(matter, plan, language),
        "send_by": day(plan.send_by, language, matter.today) if plan.send_by else "",
        "notes": _notes(draft, language),
        "kind": label("kinds", plan.kind, language),
        **policy_words(matter.policy, language),
    }


def policy_words(policy: Policy, language: Language) -> dict[str, str]:
    """Give the facts of the policy that replies about cases name."""
    words = {name: policy.fact(f"policy.{name}", language) for name in _POLICY_FACTS}
    return {**words, "address": policy.fact("shop.return_address", language)}


def refusal_words(
    matter: Matter, lines: tuple[Line, ...] | None, refusal: Refusal, language: Language
) -> dict[str, Any]:
    """Give the words of a refusal, from the facts that it rests on."""
    facts: Mapping[str, Any] = refusal.facts
    concerned = facts.get("positions") or [line.position for line in lines or ()]
    items = [item for item in matter.order.items if not concerned or item.position in concerned]
    words: dict[str, Any] = {
        "number": matter.order.number,
        "items": joined((item.name.in_language(language) for item in items), language),
        "category": joined(sorted({label("categories", item.category, language) for item in items}), language),
        "condition": label("conditions", str(facts.get("condition", "")), language),
        "must": soundness(matter.policy, language),
        "remedy": label("remedies", str(facts.get("remedy", "")), language),
        "kinds": joined((label("remedies", kind, language) for kind in facts.get("kinds", ())), language),
        "last_day": day(facts["last_day"], language, matter.today) if "last_day" in facts else "",
    }
    return {**words, **{name: facts[name] for name in ("days", "left", "asked", "case") if name in facts}}


def soundness(policy: Policy, language: Language) -> str:
    """Write what goods must be like to go back without a defect."""
    known, refuses = labels("sound"), "没有 " if language == "zh" else "not "
    wanted = dict.fromkeys(policy.condition.required, "") | dict.fromkeys(policy.condition.refused, refuses)
    return joined(
        (
            known[name].in_language(language) if name in known else before + name.replace("_", " ")
            for name, before in wanted.items()
        ),
        language,
    )


def _insurance(matter: Matter, plan: Plan, language: Language) -> str:
    if plan.postage != "customer" or not matter.order.freight_insurance:
        return ""
    most = matter.policy.fact("policy.freight_insurance_max", language)
    return _in_brackets(label("notes", "insured", language).format(most=most), language)


def _in_brackets(parts: str, language: Language) -> str:
    if not parts:
        return ""
    return f"（{parts}）" if language == "zh" else f" ({parts})"


def _notes(draft: CaseDraft, language: Language) -> str:
    """Write what the customer added in his own words, a line each."""
    added = {"exchange_for": draft.exchange_for, "pickup": draft.pickup}
    colon = "：" if language == "zh" else ": "
    return "".join(f"\n· {label('notes', name, language)}{colon}{said}" for name, said in added.items() if said)
