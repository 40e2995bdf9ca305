"""What the actions say exists in the domain, in both languages, with every variable that it names."""

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from kefu.desk.tickets import REASONS
from kefu.dialogue.form.told_state import State
from kefu.shop.after_sales import RULES
from kefu.shop.cases import CASE_KINDS
from kefu.shop.orders import ORDER_STATES, PARCEL_STATES

ROOT = Path(__file__).parents[2]
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
# The rules that allow something are never said as a refusal.
REFUSALS = set(RULES) - {
    *("no_reason_window", "defect_window", "warranty"),
    *("cancel_unpaid", "cancel_before_shipping", "intercept_underway"),
}
_CJK = re.compile("[\u4e00-\u9fff]")


def language_of(variation):
    conditions = variation.get("condition")
    return conditions[0]["value"] if conditions else None


@pytest.mark.parametrize("name", RESPONSES)
def test_each_response_has_both_languages_and_one_for_neither(name):
    plain = [variation for variation in RESPONSES[name] if "channel" not in variation]
    assert [language_of(variation) for variation in plain] == ["zh", "en", None]
    zh, en, both = (variation["text"] for variation in plain)
    assert not _CJK.search(en)
    variables = [set(re.findall(r"\{(\w+)\}", text)) for text in (zh, en)]
    assert variables[0] == variables[1]
    # What is named in a language is given in English, too, where both have to be said.
    assert {name.removesuffix("_en") for name in re.findall(r"\{(\w+)\}", both)} <= variables[0]


def test_every_response_that_the_actions_name_is_there():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    named = set(re.findall(r'"(utter_\w*[a-z])"', source)) - {"utter_action", "utter_unclear", "utter_refused"}
    composed = {f"utter_order_{state}" for state in (*ORDER_STATES, "shipped_in_parts", "delivered")}
    composed |= {f"utter_next_{state}" for state in ("delivered", "underway", "in_parts", "not_shipped")}
    composed |= {f"utter_case_{kind}_open" for kind in CASE_KINDS}
    composed |= {f"utter_parcel_{state}" for state in PARCEL_STATES}
    unclear = (
        "order_number",
        "identity_proof",
        "items",
        "reason",
        "remedy",
        "confirmed",
        "exchange_for",
        "change",
        "which",
    )
    composed |= {f"utter_unclear_{slot}" for slot in unclear}
    composed |= {"utter_unclear_second_contact"}
    composed |= {f"utter_refused_{rule}" for rule in REFUSALS}
    composed |= {f"utter_{said}_{kind}" for said in ("summary", "filed") for kind in CASE_KINDS}
    composed |= {f"utter_quote_{kind}" for kind in ("cancellation", "interception")}
    composed |= {f"utter_told_{state}" for state in get_args(State)}
    composed |= {f"utter_topic_{topic}" for topic in ("postage", "deadline", "address", "payout")}
    assert named | composed <= set(RESPONSES)


def test_only_the_language_is_filled_without_an_action():
    """Everything else is `custom`: neither an entity nor a typed payload fills a slot of a form."""
    slots = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["slots"]
    kinds = {name: {mapping["type"] for mapping in slot["mappings"]} for name, slot in slots.items()}
    assert {name for name, kind in kinds.items() if kind != {"custom"}} == {"language"}


def test_reasons_of_offers_are_reasons_of_tickets():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    assert set(re.findall(r'Offer\("handover", "(\w+)"', source)) <= set(REASONS)
