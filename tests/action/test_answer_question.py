"""action_answer_question: answers with their source, honest abstention, failures."""

import logging
from dataclasses import replace

import pytest
from rasa_sdk.events import FollowupAction

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.track_order import ValidateTrackOrderForm
from kefu.shop.identity import Contact


async def test_an_answer_is_said_with_its_source(conversation, knowledge):
    said = await conversation.says("退货运费谁出").run(ActionAnswerQuestion())
    assert said == ["utter_answer"]
    message = conversation.said[0]
    assert (message["source"], message["as_of"]) == ("退货运费谁出？", "2026-11-20")
    assert message["link"] == "https://help.example/postage"
    assert message["answer"] == "无理由退货运费由您承担。"
    assert knowledge.asked == [("退货运费谁出", "zh", False)]
    assert conversation.returned == []


async def test_without_an_answer_a_person_is_offered(conversation):
    assert await conversation.says("你们老板是谁").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert conversation.slot_events() == {
        "offer": "handover",
        "offer_reason": "no_answer",
        "offer_order": None,
        "offer_draft": None,
    }


async def test_what_no_shop_does_is_judged_strictly(conversation, knowledge):
    assert await conversation.says("运费诗一首", "out_of_scope").run(ActionAnswerQuestion()) == [
        "utter_not_a_shop_matter"
    ]
    assert knowledge.asked == [("运费诗一首", "zh", True)]


async def test_what_only_tells_something_is_judged_strictly(conversation, knowledge):
    assert await conversation.says("运费我付了", "nlu_fallback").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert await conversation.says("运费谁付", "nlu_fallback").run(ActionAnswerQuestion()) == ["utter_answer"]
    assert [strict for _, _, strict in knowledge.asked] == [True, False]


async def test_inside_a_form_nothing_is_offered_that_a_yes_could_not_reach(conversation):
    conversation.in_form("order_number")
    assert await conversation.says("你们老板是谁").run(ActionAnswerQuestion()) == ["utter_no_answer_in_form"]
    assert conversation.returned == []


async def test_the_number_of_an_order_is_no_part_of_a_question(conversation, knowledge):
    assert await conversation.says("我要开票 SO20260003").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert knowledge.asked == [("我要开票", "zh", False)]


async def test_a_payload_is_no_question(conversation, knowledge):
    assert await conversation.says("/ask_question").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert knowledge.asked == []


@pytest.mark.parametrize(
    ("slot", "text", "language"),
    [(None, "who pays?", "en"), (None, "谁出钱", "zh"), (None, "??", "zh"), ("en", "?", "en")],
)
async def test_the_language_is_the_conversations_else_the_messages(conversation, knowledge, slot, text, language):
    conversation.slots["language"] = slot
    await conversation.says(text).run(ActionAnswerQuestion())
    assert knowledge.asked[0][1] == language


async def test_the_form_is_opened_at_once_for_a_plain_wish(conversation, knowledge):
    assert await conversation.says("鞋子我要退，运费你们出").run(ActionAnswerQuestion()) == []
    assert conversation.returned == [FollowupAction("after_sales_form")]
    assert knowledge.asked == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("my earphones are broken", []),
        ("耳机坏了，咋整", []),
        ("我的耳机坏了，运费还挺贵的", ["utter_answer"]),
    ],
)
async def test_a_fault_told_without_an_order_leads_to_the_form_that_asks_for_it(conversation, text, said):
    assert await conversation.says(text).run(ActionAnswerQuestion()) == said
    assert conversation.returned == [FollowupAction("after_sales_form")]
    conversation.in_form(None, "after_sales_form")
    await conversation.run(ValidateAfterSalesForm())
    assert conversation.slots["requested_slot"] == "order_number" and conversation.slots["case_said"] == [text]


async def test_a_fault_of_a_named_order_needs_no_knowledge_base(conversation, knowledge):
    knowledge.is_broken = True
    await conversation.says("my earbuds are broken, SO20260003").run(ActionAnswerQuestion())
    assert conversation.returned == [FollowupAction("after_sales_form")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("some dude phoned me about a refund and wants my pin", "utter_alarm_person"),
        ("写着退款成功，我微信零钱里一毛没多", "utter_no_answer"),
    ],
)
async def test_talk_of_a_refund_opens_no_form(conversation, text, said):
    assert await conversation.says(text).run(ActionAnswerQuestion()) == [said]
    assert conversation.slot_events()["offer"] == "handover"


async def test_what_no_shop_does_opens_no_form(conversation):
    said = await conversation.says("return my rental car please", "out_of_scope").run(ActionAnswerQuestion())
    assert said == ["utter_not_a_shop_matter"]


async def test_the_knowledge_base_goes_before_a_wish_in_the_dress_of_a_question(conversation, knowledge):
    assert await conversation.says("鞋子小了能换大一码吗，运费谁出都行吗").run(ActionAnswerQuestion()) == [
        "utter_answer"
    ]
    assert await conversation.says("鞋子小了能换大一码吗").run(ActionAnswerQuestion()) == []
    assert knowledge.asked[-1] == ("鞋子小了能换大一码吗", "zh", False)
    assert conversation.returned == [FollowupAction("after_sales_form")]


async def test_the_items_of_the_last_order_tell_what_is_meant_once_it_is_proven(conversation, shop):
    conversation.slots["last_order"] = "SO20260001"
    await conversation.says("耳机左边没声音了").run(ActionAnswerQuestion())
    assert conversation.returned == [FollowupAction("after_sales_form")]  # there was no answer
    shop.identity.check("SO20260001", Contact("phone_tail", "8019"), "c1")
    await conversation.says("耳机运费险，没声音了").run(ActionAnswerQuestion())
    assert conversation.said[0]["response"] == "utter_answer"
    await conversation.says("耳机没声音了").run(ActionAnswerQuestion())
    assert conversation.returned == [FollowupAction("after_sales_form")]


async def test_what_would_come_back_is_worked_out_by_the_rules(conversation, knowledge):
    conversation.slots["last_order"] = "SO20260001"
    await conversation.says("能退我多少钱？").run(ActionAnswerQuestion())
    assert conversation.slot_events() == {"case_wish": "quote", "order_number": "SO20260001"}
    assert conversation.returned[-1] == FollowupAction("after_sales_form")
    assert knowledge.asked == []


async def test_a_failure_is_told_and_logged_without_the_customers_words(conversation, knowledge, caplog):
    knowledge.is_broken = True
    with caplog.at_level(logging.DEBUG, logger="kefu"):
        said = await conversation.says("我的秘密 lin.xiao@example.com").run(ActionAnswerQuestion())
    assert said == ["utter_service_trouble"]
    assert "KnowledgeIndexError" in caplog.text
    assert "秘密" not in caplog.text and "lin.xiao" not in caplog.text


async def test_a_failing_side_question_does_not_end_the_form(conversation, knowledge):
    knowledge.is_broken = True
    conversation.in_form("order_number")
    await conversation.says("退货运费谁出").run(ActionAnswerQuestion())
    assert conversation.returned == []


async def test_a_follow_up_about_a_place_goes_with_the_question_before_it(conversation, knowledge):
    await conversation.says("送货的运费多少").run(ActionAnswerQuestion())
    await conversation.says("那新疆呢", "out_of_scope").run(ActionAnswerQuestion())
    assert knowledge.asked[-1] == ("送货的运费多少, 那新疆呢", "zh", False)
    conversation.says("谢谢", "thanks")
    await conversation.says("那新疆呢").run(ActionAnswerQuestion())
    assert knowledge.asked[-1] == ("那新疆呢", "zh", False)


@pytest.mark.parametrize(
    ("before", "text", "question"),
    [
        ("退货运费谁出", "要多久呢", "退货后多久退款"),
        ("换货的运费谁出", "那运费呢？", "换货的运费谁出"),
        ("送货的运费多少", "那运费呢？", "运费"),
    ],
)
async def test_a_follow_up_takes_the_topic_of_the_question_before_it_along(
    conversation, knowledge, before, text, question
):
    assert await conversation.says(before).run(ActionAnswerQuestion()) == ["utter_answer"]
    await conversation.says(text, "out_of_scope").run(ActionAnswerQuestion())
    assert knowledge.asked[-1] == (question, "zh", False)


async def test_the_topic_goes_on_over_follow_ups_and_ends_with_another_matter(conversation, knowledge):
    for text in ("换货的运费谁出", "那运费呢"):
        await conversation.says(text).run(ActionAnswerQuestion())
    await conversation.says("那邮费谁出").run(ActionAnswerQuestion())
    assert knowledge.asked[-1] == ("换货的运费谁出", "zh", False)
    conversation.says("谢谢", "thanks")
    await conversation.says("那运费呢").run(ActionAnswerQuestion())
    assert knowledge.asked[-1] == ("运费", "zh", False)


async def test_what_was_just_said_is_not_said_again_whole(conversation, knowledge, monkeypatch):
    whole = "点「申请售后」选换货。不合适的，寄回运费由您承担。其他的问客服。"
    answer = replace(knowledge.entry_answer("shipping_cost", "zh"), text=whole)
    monkeypatch.setattr(knowledge, "answer", lambda *_, **__: answer)
    await conversation.says("怎么换货").run(ActionAnswerQuestion())
    assert conversation.said[0]["answer"] == whole
    shown = {"text": f"{whole}（依据：帮助中心）", "metadata": {"utter_action": "utter_answer"}}
    conversation.events[-1] = {"event": "bot", **shown}
    await conversation.says("运费谁出").run(ActionAnswerQuestion())
    assert conversation.said[0]["answer"] == "不合适的，寄回运费由您承担。"


@pytest.mark.parametrize("form", [ValidateTrackOrderForm, ValidateAfterSalesForm])
@pytest.mark.parametrize(
    ("text", "language"),
    [("那换货的运费呢", "zh"), ("那退货呢", "zh"), ("那新疆呢", "zh"), ("and the postage?", "en")],
)
async def test_a_follow_up_that_opens_a_form_is_answered_instead(conversation, form, text, language):
    name = form().name().removeprefix("validate_")
    conversation.says(text, "track_order").in_form(None, name)
    conversation.events.append({"event": "active_loop", "name": name})
    assert await conversation.run(form()) in (["utter_answer"], ["utter_no_answer"])
    assert conversation.loop == {}
    assert conversation.slots["requested_slot"] is None


@pytest.mark.parametrize(("text", "is_asked"), [("那杯垫呢", True), ("那耳机呢", False), ("那我的杯垫呢", False)])
async def test_articles_of_his_own_are_followed(conversation, shop, text, is_asked):
    shop.identity.check("SO20260001", Contact("phone_tail", "8019"), "c1")
    conversation.says(text, "track_order").in_form(None)
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    said = await conversation.run(ValidateTrackOrderForm())
    assert (said == ["utter_no_answer"], conversation.loop == {}) == (is_asked, is_asked)


@pytest.mark.parametrize(
    ("text", "is_of_the_order"),
    [
        ("穿过的内裤能退吗", False),
        ("can I return undies I wore", False),
        ("耳机能退吗", True),
        ("这个能退吗", True),
    ],
)
async def test_goods_that_are_not_of_the_last_order_are_a_question_of_the_shop(
    conversation, shop, knowledge, text, is_of_the_order
):
    shop.identity.check("SO20260001", Contact("phone_tail", "8019"), "c1")
    conversation.slots["last_order"] = "SO20260001"
    await conversation.says(text).run(ActionAnswerQuestion())
    quoted = conversation.slot_events().get("order_number")
    assert (quoted, bool(knowledge.asked)) == (("SO20260001", False) if is_of_the_order else (None, True))


@pytest.mark.parametrize("form", [None, "after_sales_form"])
async def test_goods_that_the_shop_lacks_are_answered_with_what_it_has(conversation, form):
    said = conversation.says("你们卖冰箱吗", "out_of_scope").in_form("case_reason" if form else None, form)
    assert await said.run(ActionAnswerQuestion()) == ["utter_answer_from_shop"]


async def test_what_the_help_pages_answer_is_theirs_though_no_goods_are_called_so(conversation):
    assert await conversation.says("你们卖运费险吗").run(ActionAnswerQuestion()) == ["utter_answer"]
