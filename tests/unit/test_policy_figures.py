"""What the demo shop promises, figure by figure, and that each figure is put to use."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from kefu.shop.policy import Condition, Policy, ReasonRule, load_policy
from kefu.shop.promises import InvoiceRules, PriceProtection

ROOT = Path(__file__).parents[2]
POLICY = load_policy(ROOT / "data" / "shop" / "policy.yml")
# The shop's figures once more, so that a slip of the pen in policy.yml is seen: who changes one there does so here.
FACTS: dict[str, int] = {
    "shop.callback_hours": 2,
    "shop.complaint_hours": 24,
    "shop.complaint_days": 3,
    "policy.free_delivery_from": 99,
    "policy.delivery_fee": 8,
    "policy.dispatch_hours": 48,
    "policy.express_fee": 15,
    "policy.delay_coupon": 10,
    "policy.tracking_stuck_hours": 48,
    "policy.lost_after_days": 5,
    "policy.pickup_keep_days": 3,
    "policy.return_days": 7,
    "policy.return_days_gold": 15,
    "policy.return_days_vip": 30,
    "policy.defect_days": 30,
    "policy.photo_hours": 48,
    "policy.inspect_days": 2,
    "policy.send_back_days": 7,
    "policy.freight_insurance_max": 12,
    "policy.freight_insurance_hours": 72,
    "policy.instalment_from": 300,
    "policy.pay_within_minutes": 30,
    "policy.invoice_hours": 24,
    "policy.vat_invoice_days": 5,
    "policy.invoice_months": 12,
    "policy.warranty_months": 12,
    "policy.repair_days": 7,
    "policy.vip_accident_cover_times": 1,
    "policy.points_per_yuan": 1,
    "policy.points_for_one_yuan": 100,
    "policy.points_valid_months": 12,
    "policy.gold_from": 2000,
    "policy.vip_from": 8000,
    "policy.vip_card_fee": 199,
    "policy.gold_discount_percent": 2,
    "policy.vip_discount_percent": 5,
    "policy.referral_coupon": 20,
    "policy.full_reduction_from": 300,
    "policy.full_reduction_off": 40,
    "policy.gift_card_valid_months": 36,
    "policy.child_age": 18,
    "policy.delete_account_days": 15,
    "policy.code_wait_seconds": 60,
    "policy.lock_minutes": 30,
    "policy.lock_attempts": 5,
    "price_protection.days": 7,
}
# Facts in words that hold figures, in English.
WORDED = {
    "shop.service_hours": "9:00–21:00 every day (China time)",
    "shop.store_hours": "10:00–22:00 every day",
    "policy.delivery_days": "2–4 days",
    "policy.delivery_days_remote": "5–8 days",
    "policy.refund_days": "1–3 working days",
    "policy.refund_days_card": "3–7 working days",
    "policy.instalment_months": "3, 6 or 12 months",
    "price_protection.times": "once",
}
RULES: dict[str, Any] = {
    "opens_at": 9 * 60,
    "closes_at": 21 * 60,
    "return_window_by_level": {"silver": 7, "gold": 15, "vip": 30},
    "defect_days": 30,
    "warranty_months": 12,
    "send_back_days": 7,
    "after_defect_window": "warranty",
    "no_warranty": ("perishable", "download", "newspaper", "gift_card", "beauty", "book"),
    "delivery_refunded": ("cancellation", "shop_fault_whole_order"),
    "withdrawable": ("return", "exchange", "resend", "refund_only", "repair"),
    "condition": Condition(("intact", "accessories", "gifts"), ("opened_to_inspect",), ("tags_cut", "activated")),
    "not_returnable": ("custom_made", "perishable", "download", "unsealed_media", "newspaper"),
    "not_returnable_if_confirmed": ("opened_underwear", "activated_device", "gift_card"),
    "price_protection": PriceProtection(days=7, same_article_only=True, times=1, excluded=("flash_sale",)),
    "invoice": InvoiceRules("electronic", "companies_only", "actually_paid", "red_letter"),
    "reasons": {
        "no_reason": ReasonRule("customer", ("return", "exchange"), "no_reason"),
        "defect": ReasonRule("shop", ("return", "exchange", "repair"), "defect"),
        "damage": ReasonRule("shop", ("return", "exchange", "refund_only"), "defect"),
        "wrong_item": ReasonRule("shop", ("exchange", "return"), "defect"),
        "missing_item": ReasonRule("shop", ("resend", "refund_only"), "defect"),
        "spoiled": ReasonRule("shop", ("refund_only", "resend"), "defect"),
    },
}
# Read by the kernel and said by no text as they stand there: the same hours are said in words.
_UNSAID = {"policy.timezone", "shop.human_hours_start", "shop.human_hours_end"}
# Rules that no code applies: texts say them.
_SAID_ONLY = {"facts", "price_protection", "invoice"}
# Read by the policy itself: whether people are at their desks, and whether goods are allowed and refused at once.
_OF_THE_POLICY = {"opens_at", "closes_at", "allowed"}


def test_every_figure_is_the_one_that_was_decided() -> None:
    assert {name: fact for name, fact in POLICY.facts.items() if isinstance(fact, int | float)} == FACTS


@pytest.mark.parametrize(("name", "said"), WORDED.items())
def test_every_figure_in_words_is_the_one_that_was_decided(name: str, said: str) -> None:
    chinese, english = POLICY.fact(name, "zh"), POLICY.fact(name, "en")
    assert english == said
    figures = {"once": ["一"]}.get(said) or re.findall(r"\d+", said)
    assert re.findall(r"\d+|一", chinese) == figures


@pytest.mark.parametrize(("name", "value"), RULES.items())
def test_every_rule_is_the_one_that_was_decided(name: str, value: object) -> None:
    assert getattr(POLICY, name) == value


def test_every_fact_is_said_to_customers() -> None:
    files = [*(ROOT / "data" / "knowledge").glob("*.yml"), ROOT / "domain.yml"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert {name for name in POLICY.facts if f"{{{name}}}" not in text} == _UNSAID


def test_every_rule_is_applied_by_code() -> None:
    readers = [file for folder in ("kefu", "actions") for file in (ROOT / folder).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in readers if file.name != "policy.py")
    rules = [*fields(Policy), *fields(ReasonRule), *fields(Condition)]
    unread = {rule.name for rule in rules if not re.search(rf"\.{rule.name}\b", code)}
    assert unread - _SAID_ONLY - _OF_THE_POLICY == set()
