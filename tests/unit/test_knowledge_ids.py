"""The ids of the knowledge entries and their categories, frozen.

Questions that measure, rows of tables and whoever links to an answer name entries by id: one that goes or is renamed
takes them along. A new entry is added here; to rename one is a decision.
"""

from pathlib import Path

from kefu.knowledge.evaluation.questions import read_questions
from kefu.knowledge.files.project import load_knowledge

DATA = Path(__file__).parents[2] / "data"
IDS = {
    "account": (
        "account_code_missing account_delete account_email_change account_locked account_phone_change "
        "account_privacy account_register account_scam newsletter_unsubscribe password_change password_reset"
    ),
    "invoice": "invoice_change invoice_request invoice_vat",
    "membership": "membership_benefits membership_upgrade points_redeem referral subscription_cancel",
    "order": (
        "order_cancel_how order_change_address order_change_items order_deposit order_history order_intercept "
        "order_minor order_no_confirmation order_not_shipped order_other_platform order_preorder "
        "order_seller_cancelled order_split"
    ),
    "payment": (
        "payment_cod payment_double_charged payment_failed payment_instalments payment_methods payment_security"
    ),
    "problem": (
        "damage_accidental_cover damage_defective damage_missing_item damage_package damage_wrong_item "
        "device_not_charging"
    ),
    "product": (
        "product_authentic product_compatible product_gift_wrap product_install product_restock "
        "product_review product_safety product_size_guide"
    ),
    "promotion": (
        "coupon_invalid coupon_stacking coupon_use gift_card promo_bargain promo_full_reduction promo_trade_in"
    ),
    "refund": (
        "price_protection refund_gifts_points refund_method refund_not_received refund_only refund_partial refund_time"
    ),
    "return": (
        "exchange_how return_cancel return_excluded return_freight_insurance return_gift return_how "
        "return_progress return_rejected return_shipping_cost return_window"
    ),
    "shipping": (
        "shipping_carriers shipping_cost shipping_customs shipping_delay shipping_express "
        "shipping_failed_attempt shipping_free_threshold shipping_international shipping_marked_delivered "
        "shipping_package_lost shipping_pickup_point shipping_time shipping_tracking_stuck"
    ),
    "support": "bulk_purchase store_location support_callback support_complaint support_hours support_human",
    "warranty": "repair_service warranty_claim warranty_period",
}
CATEGORY = {entry_id: category for category, ids in IDS.items() for entry_id in ids.split()}


def test_every_entry_keeps_its_id_and_its_category() -> None:
    entries = load_knowledge(DATA / "knowledge", DATA / "shop" / "policy.yml").entries
    assert {entry.id: entry.category for entry in entries.values()} == CATEGORY
    assert len(CATEGORY) == sum(len(ids.split()) for ids in IDS.values()) == 98


def test_every_entry_lies_in_the_file_of_its_category() -> None:
    for category, ids in IDS.items():
        text = (DATA / "knowledge" / f"{category}.yml").read_text(encoding="utf-8")
        assert [entry_id for entry_id in ids.split() if f"- id: {entry_id}\n" not in text] == []


def test_questions_that_measure_name_frozen_ids_only() -> None:
    for name in ("dev", "test"):
        read_questions(DATA / "eval" / f"{name}.tsv", frozenset(CATEGORY))
