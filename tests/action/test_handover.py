"""Tickets for who asks for a person, and the yes or no to what was offered."""

from datetime import timedelta

import pytest

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.handover import ActionHandover
from kefu.actions.smalltalk import ActionFeedback, ActionStop, ActionThanks
from kefu.actions.yes_or_no import ActionAffirm, ActionDeny
from kefu.shop.identity import Contact


async def test_a_ticket_with_number_hours_and_the_conversation(conversation, shop):
    assert await conversation.says("转人工", "talk_to_human").run(ActionHandover()) == ["utter_handover_now"]
    assert conversation.said[0]["ticket"] == "T20261120-0001"
    assert conversation.said[0]["hours"] == "每天 9:00–21:00"
    (ticket,) = shop.tickets.of_conversation("c1")
    assert ticket.request.reason == "human"
    assert [(line.speaker, line.text) for line in ticket.request.messages] == [("customer", "转人工")]


async def test_out_of_hours_it_says_so(conversation, clock):
    clock.now += timedelta(hours=10)  # 22:00
    assert await conversation.says("转人工", "talk_to_human").run(ActionHandover()) == ["utter_handover_later"]


async def test_asking_twice_gives_one_ticket(conversation):
    await conversation.says("转人工", "talk_to_human").run(ActionHandover())
    first = conversation.said[0]["ticket"]
    await conversation.says("人呢", "talk_to_human").run(ActionHandover())
    assert conversation.said[0]["ticket"] == first


async def test_two_conversations_get_two_tickets(conversation, another_conversation):
    for each in (conversation, another_conversation):
        await each.says("转人工", "talk_to_human").run(ActionHandover())
    assert conversation.said[0]["ticket"] != another_conversation.said[0]["ticket"]


async def test_it_leaves_the_form_and_takes_its_order_along(conversation, shop):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    await conversation.says("转人工", "talk_to_human").run(ActionHandover())
    assert conversation.loop == {}
    assert conversation.slots["order_number"] is None
    request = shop.tickets.of_conversation("c1")[0].request
    assert (request.order_number, request.order_proven) == ("SO20260001", False)


async def test_a_proven_order_is_marked_as_such(conversation, shop):
    shop.identity.check("SO20260001", Contact("phone_tail", "8019"), "c1")
    await conversation.says("SO20260001 转人工", "talk_to_human").run(ActionHandover())
    assert shop.tickets.of_conversation("c1")[0].request.order_proven


async def test_a_yes_takes_up_what_was_offered(conversation, shop):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_handover_now"]
    request = shop.tickets.of_conversation("c1")[0].request
    assert (request.reason, request.order_number, request.order_proven) == ("no_answer", None, False)
    assert conversation.slots["offer"] is None


@pytest.mark.parametrize(
    ("text", "intent", "action"),
    [
        ("嗯嗯", "nlu_fallback", ActionAnswerQuestion()),
        ("行吧", "ask_question", ActionAnswerQuestion()),
        ("go on then, yes", "nlu_fallback", ActionAnswerQuestion()),
        ("好的，转吧", "out_of_scope", ActionAnswerQuestion()),
        ("please do", "feedback", ActionFeedback()),
        ("是的", "stop", ActionStop()),
        ("好的谢谢", "thanks", ActionThanks()),
    ],
)
async def test_a_yes_is_believed_whatever_it_was_taken_for(conversation, shop, text, intent, action):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    assert await conversation.says(text, intent).run(action) == ["utter_handover_now"]
    assert len(shop.tickets.of_conversation("c1")) == 1


@pytest.mark.parametrize(
    ("text", "intent", "action"),
    [
        ("不用了谢谢", "nlu_fallback", ActionAnswerQuestion()),
        ("nah", "ask_question", ActionAnswerQuestion()),
        ("不用转人工", "nlu_fallback", ActionAnswerQuestion()),
        ("no need", "stop", ActionStop()),
        ("no thanks", "thanks", ActionThanks()),
    ],
)
async def test_a_no_is_believed_whatever_it_was_taken_for(conversation, shop, text, intent, action):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    assert await conversation.says(text, intent).run(action) == ["utter_offer_declined"]
    assert conversation.slots["offer"] is None and shop.tickets.of_conversation("c1") == []


async def test_thanks_alone_answer_nothing(conversation):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    assert await conversation.says("谢谢", "thanks").run(ActionThanks()) == ["utter_thanks"]


@pytest.mark.parametrize(
    "text", ["is that right", "不要退货了可以吗", "好看吗", "is it OK to wash", "sure about the size?"]
)
async def test_what_only_sounds_like_an_answer_is_none(conversation, shop, text):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    said = await conversation.says(text, "nlu_fallback").run(ActionAnswerQuestion())
    assert not {"utter_handover_now", "utter_offer_declined"} & set(said)
    assert shop.tickets.of_conversation("c1") == []


@pytest.mark.parametrize("text", ["is it OK to wash", "好看吗", "sure about the size?", "可以机洗吗"])
async def test_a_question_that_was_taken_for_a_yes_is_answered(conversation, knowledge, text):
    assert await conversation.says(text, "affirm").run(ActionAffirm()) == ["utter_no_answer"]
    assert knowledge.asked[0][0] == text


async def test_a_yes_two_turns_later_is_not_meant_for_the_offer(conversation, shop):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    conversation.says("谢谢", "thanks")  # a rule utters: no action runs
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]
    assert shop.tickets.of_conversation("c1") == []


async def test_an_offer_of_an_earlier_session_has_gone(conversation, shop):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    conversation.slots["offer"] = None  # a new session does not carry slots over
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_a_yes_counts_once(conversation):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    await conversation.says("好的", "affirm").run(ActionAffirm())
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_a_no_lets_the_offer_go(conversation):
    await conversation.says("你们老板是谁").run(ActionAnswerQuestion())
    assert await conversation.says("不用", "deny").run(ActionDeny()) == ["utter_offer_declined"]
    assert await conversation.says("不是", "deny").run(ActionDeny()) == ["utter_deny_noted"]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("stop the parcel", "cancel"),
        ("拦一下包裹，不要了", "cancel"),
        ("不想要了退掉", "return"),
        ("I don't want it, send it back", "return"),
        ("不要这个，换成43码的", "exchange"),
    ],
)
async def test_a_remedy_is_no_stop_whatever_it_was_taken_for(conversation, text, wish):
    assert await conversation.says(text, "stop").run(ActionStop()) == []
    assert conversation.slot_events() == {"case_wish": wish}
    assert [event["name"] for event in conversation.returned if event["event"] == "followup"] == ["after_sales_form"]


@pytest.mark.parametrize(
    "text", ["算了不退了", "never mind the return", "stop", "不用退了", "退款到账了，不用了", "不办了"]
)
async def test_a_farewell_is_a_stop(conversation, text):
    assert await conversation.says(text, "stop").run(ActionStop()) == ["utter_stopped"]
    assert conversation.returned[-1]["event"] != "followup"


async def test_stop_leaves_the_form(conversation):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    assert await conversation.says("算了", "stop").run(ActionStop()) == ["utter_stopped"]
    assert conversation.loop == {}
    assert conversation.slots["order_number"] is None
