"""What would come back: answered for the articles that are asked about, and nothing is filed."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.shop.identity import Contact

FORM = "after_sales_form"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("SO20260019 8078 T恤退了能拿回多少钱？", "zh"),
        ("SO20260019 8078 how much do I get back for the T-shirts?", "en"),
    ],
)
async def test_a_quote_for_a_named_article_asks_nothing(conversation, text, language):
    conversation.slots["language"] = language
    said = await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_quote_any_reason"] and conversation.said[0]["amount"] == "158"
    assert conversation.loop == {}


async def test_a_quote_for_a_named_article_needs_only_the_proof(conversation):
    form = ValidateAfterSalesForm()
    await conversation.says("SO20260019 的T恤退了能拿回多少钱？", "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["requested_slot"] == "identity_proof"
    assert await conversation.says("8078").in_form("identity_proof", FORM).run(form) == ["utter_quote_any_reason"]
    assert conversation.said[0]["amount"] == "158"


@pytest.mark.parametrize(
    ("first", "further", "language"),
    [
        ("SO20260019 8078 退T恤能退多少钱？", "两样都退呢", "zh"),
        ("SO20260019 8078 how much do I get back for the T-shirts?", "and both?", "en"),
    ],
)
async def test_several_articles_are_quoted_one_by_one_and_in_total(conversation, first, further, language):
    conversation.slots["language"] = language
    await conversation.says(first, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.slots["last_order"] = "SO20260019"
    await conversation.says(further, "nlu_fallback").run(ActionAnswerQuestion())
    assert conversation.slots["case_wish"] == "quote"
    conversation.in_form(None, FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_quote_several"]
    told = conversation.said[0]
    assert told["each"].count("\n") == 1 and "158" in told["each"] and "89" in told["each"]
    assert told["amount"] == "247" and conversation.loop == {}


async def test_an_estimate_is_taken_further_though_it_was_taken_for_a_return(conversation):
    first = "SO20260019 8078 退T恤能退多少钱？"
    await conversation.says(first, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.loop, conversation.slots["last_order"] = {}, "SO20260019"
    said = await conversation.says("两样都退呢", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_quote_several"] and conversation.loop == {}


async def test_a_return_behind_an_estimate_says_which_order_it_is(conversation, shop):
    """The estimate names articles only."""
    shop.identity.check("SO20260026", Contact("phone_tail", "8007"), "c1")
    first = "SO20260026 瑜伽垫退了能拿回多少钱？"
    assert await conversation.says(first).in_form(None, FORM).run(ValidateAfterSalesForm()) == [
        "utter_quote_any_reason"
    ]
    conversation.loop = {}
    said = await conversation.says("好，我要退货", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_about_order"] and conversation.said[0]["number"] == "SO20260026"
