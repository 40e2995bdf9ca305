"""What the actions say exists in the domain, in both languages, with every variable that it names."""

import re
from pathlib import Path

import pytest
import yaml

from kefu.desk.tickets import REASONS
from kefu.shop.orders import ORDER_STATES, PARCEL_STATES

ROOT = Path(__file__).parents[2]
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
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
    assert set(re.findall(r"\{(\w+)\}", both)) <= variables[0]


@pytest.mark.parametrize("name", RESPONSES)
def test_choices_are_typed_in_the_shell(name):
    """`rasa shell` takes Enter for the first button."""
    with_buttons = [variation for variation in RESPONSES[name] if "buttons" in variation]
    shell = [variation for variation in RESPONSES[name] if variation.get("channel") == "cmdline"]
    assert {language_of(variation) for variation in shell} == {language_of(variation) for variation in with_buttons}
    assert not any("buttons" in variation for variation in shell)


def test_every_response_that_the_actions_name_is_there():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    named = set(re.findall(r'"(utter_\w+)"', source))
    composed = {f"utter_order_{state}" for state in ORDER_STATES} | {"utter_order_shipped_in_parts"}
    composed |= {f"utter_parcel_{state}" for state in PARCEL_STATES}
    composed |= {f"utter_offer_{reason}" for reason in ("return", "exchange", "cancel")}
    composed |= {f"utter_unclear_{slot}" for slot in ("order_number", "identity_proof")}
    assert named | composed <= set(RESPONSES)


def test_reasons_of_offers_are_reasons_of_tickets():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    assert set(re.findall(r'Offer\("handover", "(\w+)"', source)) <= set(REASONS)
