"""What the after-sales form takes from a message, and what it refuses."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.shop.identity import Contact

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream for 159 yuan, signed for two days ago; phone 8063


@pytest.mark.parametrize(
    ("said", "condition", "language"),
    [
        ("不想要了，用过几次了", "用过", "zh"),
        ("不喜欢，已经洗过了", "洗过", "zh"),
        ("不喜欢，吊牌剪了", "吊牌已剪", "zh"),
        ("changed my mind, but I used it twice", "used", "en"),
        ("I don't like it, I cut the tags off", "tags", "en"),
    ],
)
async def test_goods_that_were_used_are_refused_with_the_reason_and_what_else_there_is(
    conversation, said, condition, language
):
    conversation.slots["language"] = language
    conversation.says(f"{ORDER} 8063 {said}", "request_return").in_form(None, FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_refused_condition", "utter_instead_with_defect"]
    assert condition in conversation.said[0]["condition"]
    must = "商品完好、没有穿过洗过用过" if language == "zh" else "intact and unused (not worn or washed)"
    assert conversation.said[0]["must"].startswith(must)
    assert conversation.slots["requested_slot"] == "case_reason"


async def test_the_state_of_the_goods_told_by_itself_is_met_with_what_follows(conversation):
    await conversation.says(f"退 {ORDER}，8063", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.says("吊牌剪了", "ask_question").in_form("case_reason", FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_refused_condition", "utter_instead_with_defect"]


async def test_the_article_of_a_question_is_not_asked_for(conversation):
    text = "SO20260019 8078 我想退货，T恤能退吗？"
    await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] == [[1, 2]] and conversation.slots["requested_slot"] == "case_reason"


async def test_items_wait_until_the_order_is_known(conversation):
    said = "退 SO20260019 里的T恤，太小了"
    await conversation.says(said, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] is None and conversation.slots["requested_slot"] == "identity_proof"
    await conversation.says("8078").in_form("identity_proof", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] == [[1, 2]]
    assert conversation.slots["case_reason"] == "no_reason"


async def test_another_customers_order_answers_like_one_that_does_not_exist(conversation, another_conversation):
    replies = []
    for one, number in ((conversation, "SO20260004"), (another_conversation, "SO20269999")):
        await one.says(f"退 {number}，8063，坏了", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
        replies.append((one.said, one.slots["requested_slot"], one.slots["identity_proof"]))
    assert replies[0] == replies[1]


@pytest.mark.parametrize("text", ["can u stop it and give my money back", "try to stop the parcel, I want my money"])
async def test_stop_it_behind_a_parcel_that_was_shown_cancels(conversation, shop, text):
    shop.identity.check("SO20260052", Contact("phone_tail", "8072"), "c1")
    conversation.slots |= {"last_order": "SO20260052", "language": "en"}
    said = await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_about_order", "utter_refused_already_shipped"]
    assert conversation.slots["requested_slot"] == "case_confirmed"


@pytest.mark.parametrize(
    "text", ["SO20260022 的戒指想换个刻字，8086", "exchange the ring of SO20260022 for another one, 8086"]
)
async def test_what_has_not_left_is_changed_by_a_person_and_not_cancelled(conversation, text):
    said = await conversation.says(text, "request_exchange").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_refused_change_before_dispatch", "utter_instead_person"]
    assert (conversation.slots["offer"], conversation.slots["offer_order"]) == ("handover", "SO20260022")
    assert conversation.slots.get("case_summary") is None
