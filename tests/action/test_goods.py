"""Questions about goods before they are bought, outside and inside of forms, whatever they were taken for."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.smalltalk import ActionThanks, ActionWhatCanYouDo
from kefu.actions.track_order import ValidateTrackOrderForm


@pytest.mark.parametrize("intent", ["ask_question", "nlu_fallback", "out_of_scope"])
async def test_an_answer_from_the_data_has_its_source_and_moment(conversation, knowledge, intent):
    said = await conversation.says("白色T恤L码有现货没", intent).run(ActionAnswerQuestion())
    assert said == ["utter_answer_from_shop"]
    message = conversation.said[0]
    assert message["answer"] == "纯棉 T 恤：白色 L 有货（3 件）。"
    assert (message["source"], message["as_of"]) == ("商城商品目录", "2026-11-20 12:00")
    assert knowledge.asked == []


async def test_it_needs_no_knowledge_base(conversation, knowledge):
    knowledge.is_broken = True
    conversation.slots["language"] = "en"
    assert await conversation.says("recommend a quiet fan under 200").run(ActionAnswerQuestion()) == [
        "utter_answer_from_shop"
    ]


async def test_a_form_that_it_opened_is_left(conversation):
    conversation.in_form(None)
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    conversation.says("is the rice cooker still available", "track_order")
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    assert await conversation.run(ValidateTrackOrderForm()) == ["utter_answer_from_shop"]
    assert conversation.loop == {}


async def test_in_the_middle_of_a_form_it_is_answered_and_the_form_goes_on(conversation):
    conversation.in_form("order_number", "after_sales_form")
    assert await conversation.says("对了，K87 键盘还有货吗").run(ActionAnswerQuestion()) == ["utter_answer_from_shop"]
    assert conversation.loop == {"name": "after_sales_form"}
    assert conversation.returned == []


async def test_small_talk_that_asks_about_goods_is_answered(conversation):
    said = await conversation.says("do you have the jacket in XL, thanks", "thanks").run(ActionThanks())
    assert said == ["utter_answer_from_shop"]


@pytest.mark.parametrize("text", ["我的耳机发货了吗", "has my fan been sent", "电饭煲坏了怎么办", "运费多少钱"])
async def test_whatever_is_about_something_else_goes_on_untouched(conversation, text):
    assert "utter_answer_from_shop" not in await conversation.says(text).run(ActionAnswerQuestion())


async def test_goods_of_a_return_are_no_question_about_the_catalogue(conversation):
    conversation.in_form("order_number", "after_sales_form")
    said = await conversation.says("耳机有杂音，订单 SO20260001", "after_sales").run(ValidateAfterSalesForm())
    assert "utter_answer_from_shop" not in said


async def test_what_a_question_leaves_out_was_said_before(conversation):
    conversation.slots["language"] = "en"
    await conversation.says("is the K87 in stock").run(ActionAnswerQuestion())
    assert await conversation.says("how much for 2 of them").run(ActionAnswerQuestion()) == ["utter_answer_from_shop"]
    assert "K87 mechanical keyboard × 2" in conversation.said[0]["answer"]


@pytest.mark.parametrize("between", ["运费多少钱", "我的耳机发货了吗"])
async def test_what_was_said_before_something_else_is_not_meant(conversation, between):
    await conversation.says("K87 键盘还有货吗").run(ActionAnswerQuestion())
    await conversation.says(between).run(ActionAnswerQuestion())
    assert "utter_answer_from_shop" not in await conversation.says("多少钱").run(ActionAnswerQuestion())


@pytest.mark.parametrize("between", ["支持5G吗", "谢谢"])
async def test_what_had_no_answer_is_nothing_else(conversation, between):
    await conversation.says("有没有手机").run(ActionAnswerQuestion())
    action = ActionThanks() if between == "谢谢" else ActionAnswerQuestion()
    assert "utter_answer_from_shop" not in await conversation.says(between).run(action)
    assert await conversation.says("多少钱").run(ActionAnswerQuestion()) == ["utter_answer_from_shop"]
    assert "2599" in conversation.said[0]["answer"]


async def test_a_form_that_a_question_about_goods_in_talk_opened_is_left(conversation):
    conversation.slots["language"] = "en"
    await conversation.says("do you sell earbuds").run(ActionAnswerQuestion())
    conversation.says("does it have noise cancelling", "cancel_order").in_form(None, "after_sales_form")
    conversation.events.append({"event": "active_loop", "name": "after_sales_form"})
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_answer_from_shop"]
    assert conversation.loop == {}


@pytest.mark.parametrize(("text", "said"), [("what do you sell", "from_shop"), ("what can you do", "what_can_you_do")])
async def test_what_is_sold_is_no_question_for_what_the_assistant_can_do(conversation, text, said):
    conversation.slots["language"] = "en"
    heard = await conversation.says(text, "what_can_you_do").run(ActionWhatCanYouDo())
    assert len(heard) == 1 and heard[0].endswith(said)


async def test_in_a_form_a_number_means_what_the_form_asks_for(conversation):
    await conversation.says("K87 键盘多少钱").run(ActionAnswerQuestion())
    conversation.in_form("item", "after_sales_form")
    assert "utter_answer_from_shop" not in await conversation.says("那三个呢").run(ActionAnswerQuestion())
