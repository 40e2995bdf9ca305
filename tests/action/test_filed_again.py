"""The same yes once more after its case was filed: the number is told again, and nothing is written."""

from datetime import timedelta

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.case_questions import ActionAskCaseConfirmed
from kefu.actions.file_case import ActionFileCase
from kefu.actions.yes_or_no import ActionAffirm
from kefu.settings import OrderSettings

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream for 159 yuan, signed for two days ago; phone 8063


async def test_the_same_yes_after_the_form_has_ended_is_told_the_number_again(confirmed, shop):
    await confirmed.run(ActionFileCase())
    told = dict(confirmed.said[0])
    confirmed.loop = {}
    for _ in range(2):
        assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_filed_return"]
        assert confirmed.said[0] == told
    confirmed.says("谢谢", "thanks")  # a rule utters: no action runs
    assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]
    assert len(shop.cases.of_order(ORDER)) == 1


@pytest.mark.parametrize(("text", "intent"), [("ok", "affirm"), ("太好了", "affirm"), ("/affirm", "affirm")])
async def test_another_yes_after_the_filing_is_not_taken_for_the_same_one(confirmed, text, intent):
    await confirmed.run(ActionFileCase())
    confirmed.loop = {}
    assert await confirmed.says(text, intent).run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_the_title_of_the_button_that_filed_the_case_is_the_same_yes(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    # What the server makes of a typed title: the payload that was offered with it.
    await conversation.says(yes["payload"], "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    conversation.loop = {}
    assert await conversation.says(yes["title"], "affirm").run(ActionAffirm()) == ["utter_filed_return"]
    assert len(shop.cases.of_order(ORDER)) == 1


async def test_the_button_of_the_summary_pressed_late_is_told_the_number(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    conversation.loop = {}
    assert await conversation.says(yes["payload"], "affirm").run(ActionAffirm()) == ["utter_filed_return"]
    assert len(shop.cases.of_order(ORDER)) == 1


async def test_a_yes_after_the_proof_ran_out_tells_nothing_of_the_case(confirmed, clock):
    await confirmed.run(ActionFileCase())
    confirmed.loop = {}
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_what_is_wanted_instead_and_the_collection_are_told_apart_again(conversation, shop):
    said = "SO20260007的跑鞋太小了，换43码，8034"
    await conversation.says(said, "request_exchange").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.says("下午六点以后上门取件").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    (case,) = shop.cases.of_order("SO20260007")
    assert case.pickup == "43码; 下午六点以后上门取件"
    told = conversation.said[0]["notes"]
    conversation.loop = {}
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_filed_exchange"]
    assert conversation.said[0]["notes"] == told
