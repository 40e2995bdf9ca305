"""Praise and blame."""

import pytest
from rasa_sdk.events import FollowupAction

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.smalltalk import ActionAreYouThere, ActionFeedback, ActionStop
from kefu.actions.yes_or_no import ActionAffirm


@pytest.mark.parametrize("text", ["服务真好，谢谢", "great service", "一般"])
async def test_what_is_no_blame_is_thanked_for(conversation, text):
    assert await conversation.says(text, "feedback").run(ActionFeedback()) == ["utter_feedback"]
    assert conversation.returned == []


async def test_a_fault_of_his_own_goods_opens_the_form(conversation):
    assert await conversation.says("this mug has a crack", "feedback").run(ActionFeedback()) == []
    assert conversation.returned == [FollowupAction("after_sales_form")]


async def test_who_no_longer_wants_it_has_not_broken_off(conversation):
    assert await conversation.says("I don't want it anymore", "stop").run(ActionStop()) == []
    assert conversation.returned == [FollowupAction("after_sales_form")]
    conversation.in_form("order_number")
    assert await conversation.says("I don't want it anymore", "stop").run(ActionStop()) == ["utter_stopped"]


@pytest.mark.parametrize("text", ["妈的什么破店", "服务太差了", "worst shop ever", "delivery was slow"])
async def test_blame_gets_an_apology_and_the_offer_of_a_person(conversation, shop, text):
    assert await conversation.says(text, "feedback").run(ActionFeedback()) == ["utter_apology"]
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_handover_now"]
    assert shop.tickets.of_conversation("c1")[0].request.reason == "feedback"


async def test_who_only_asks_whether_somebody_is_there_is_told_so(conversation):
    assert await conversation.says("在吗", "are_you_there").run(ActionAreYouThere()) == ["utter_here"]
    said = await conversation.says("are you kidding me?!", "are_you_there").run(ActionAreYouThere())
    assert said == ["utter_apology"]


@pytest.mark.parametrize("action", [ActionFeedback, ActionAnswerQuestion])
async def test_in_a_form_a_person_is_only_mentioned(conversation, action):
    conversation.in_form("order_number")
    assert await conversation.says("你们什么垃圾服务", "feedback").run(action()) == ["utter_sorry"]
    assert conversation.returned == []


@pytest.mark.parametrize("intent", ["ask_question", "nlu_fallback", "out_of_scope"])
async def test_anger_is_no_question_whatever_it_was_taken_for(conversation, knowledge, intent):
    assert await conversation.says("妈的什么破店", intent).run(ActionAnswerQuestion()) == ["utter_apology"]
    assert knowledge.asked == []


async def test_what_an_angry_customer_asks_is_answered_all_the_same(conversation):
    said = await conversation.says("垃圾平台，运费到底多少").run(ActionAnswerQuestion())
    assert said == ["utter_sorry", "utter_answer"]
    assert await conversation.says("垃圾平台，老板在哪").run(ActionAnswerQuestion()) == ["utter_apology"]
