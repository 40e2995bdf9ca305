"""Danger and fraud, in a shop that has a help page about them and in one that has none."""

from dataclasses import replace

import pytest

from kefu.actions import services as shop_services
from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.smalltalk import ActionWhatCanYouDo
from kefu.dialogue.alarms.alarm import ENTRIES
from kefu.errors import DataError

FORM = "after_sales_form"


@pytest.fixture
def no_page(knowledge, monkeypatch):
    """The knowledge of a shop that has kept none of the demo's entries; unknown ids are refused, as ever."""

    def refuse(entry_id, language):
        raise DataError(f"There is no knowledge entry `{entry_id}`.")

    monkeypatch.setattr(knowledge, "entry_title", refuse)
    monkeypatch.setattr(knowledge, "entry_text", refuse)


@pytest.mark.parametrize(
    "text", ["退 SO20260026 的充电宝，8007，充电的时候冒烟了", "退 SO20260026 的充电宝，8007，鼓包了"]
)
async def test_without_the_page_a_person_is_offered_all_the_same(conversation, no_page, text):
    """What smokes must not be posted: no form goes on to ask for that."""
    said = await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_alarm_person"] and conversation.loop == {}
    assert (conversation.slots["offer"], conversation.slots["offer_order"]) == ("handover", "SO20260026")


async def test_without_the_page_fraud_is_for_a_person(conversation, no_page):
    said = await conversation.says("有人自称客服打电话说要退款给我，加微信转账").run(ActionAnswerQuestion())
    assert said == ["utter_alarm_person"] and conversation.slots["offer"] == "handover"


async def test_with_the_page_the_form_ends_with_the_warning(conversation, knowledge, monkeypatch):
    """What it ends for: the page comes first, then the offer of a person."""
    monkeypatch.setattr(knowledge, "entry_title", lambda entry_id, language: "运费")
    monkeypatch.setitem(ENTRIES, "danger", "return_shipping_cost")
    said = await (
        conversation.says("退 SO20260026 的充电宝，8007，充电的时候冒烟了", "request_return")
        .in_form(None, FORM)
        .run(ValidateAfterSalesForm())
    )
    assert said == ["utter_answer", "utter_alarm_person"]
    assert conversation.slots["offer"] == "handover"


@pytest.mark.parametrize("text", ["我把验证码告诉一个自称你们客服的人了", "I gave the caller my code"])
async def test_who_has_given_it_away_hears_what_to_do_now(conversation, no_page, text):
    assert await conversation.says(text).run(ActionAnswerQuestion()) == [
        "utter_fraud_given_away",
        "utter_alarm_person",
    ]


async def test_a_new_story_is_heard_by_its_meaning(conversation, shop, no_page):
    shop_services.use_services(replace(shop, alarms=lambda texts: ["fraud" for _ in texts]))
    said = await conversation.says("他让我念一串数字，说是激活退款用的").run(ActionAnswerQuestion())
    assert said == ["utter_alarm_person"] and conversation.slots["offer"] == "handover"


async def test_who_has_lost_his_account_is_told_what_to_do(conversation, shop):
    shop_services.use_services(replace(shop, alarms=lambda texts: ["takeover" for _ in texts]))
    said = await conversation.says("里面多了好几个不是我下的单").run(ActionAnswerQuestion())
    assert said == ["utter_account_takeover", "utter_alarm_person"]
    assert conversation.slots["offer"] == "handover"


async def test_a_pressed_button_is_no_alarm(conversation, shop):
    def refuse(texts):
        raise AssertionError("asked")

    shop_services.use_services(replace(shop, alarms=refuse))
    await conversation.says("/deny", "deny").run(ActionAnswerQuestion())


CALLED = {"zh": "有人打电话说是你们客服，要我验证码", "en": "someone called and asked for my verification code"}


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("zh", "我已经给他了，怎么办！", "ask_question"),
        ("zh", "钱会不会被转走", "ask_question"),
        ("zh", "你们负责吗", "feedback"),
        ("zh", "卡里少了5000", "out_of_scope"),
        ("en", "i did it", "affirm"),
        ("en", "is my bank account safe", "ask_question"),
        ("en", "what now??", "are_you_there"),
    ],
)
async def test_what_follows_a_warning_of_fraud_stays_with_it(conversation, no_page, language, text, intent):
    conversation.slots["language"] = language
    await conversation.says(CALLED[language]).run(ActionAnswerQuestion())
    said = await conversation.says(text, intent).run(ActionAnswerQuestion())
    assert said == ["utter_fraud_given_away", "utter_alarm_person"] and conversation.slots["offer"] == "handover"


async def test_the_steps_are_told_once(conversation, no_page):
    """Then only who can help: a third and fourth time, too."""
    await conversation.says(CALLED["zh"]).run(ActionAnswerQuestion())
    await conversation.says("我已经给他了").run(ActionAnswerQuestion())
    for text in ("钱会不会被转走", "你们负责吗", "钱还能追回来吗", "卡里少了5000", "怎么办啊"):
        said = await conversation.says(text).run(ActionAnswerQuestion())
        assert said == ["utter_fraud_bank_and_police", "utter_alarm_person"], text


async def test_a_warning_does_not_last(conversation, no_page):
    await conversation.says(CALLED["zh"]).run(ActionAnswerQuestion())
    for _ in range(3):
        await conversation.says("运费多少").run(ActionAnswerQuestion())
    assert "utter_fraud_given_away" not in await conversation.says("怎么办").run(ActionAnswerQuestion())


@pytest.mark.parametrize("text", ["运费多少", "怎么退货", "SO20260001 到哪了，怎么办"])
async def test_something_else_is_answered_after_a_warning(conversation, no_page, text):
    await conversation.says(CALLED["zh"]).run(ActionAnswerQuestion())
    said = await conversation.says(text).run(ActionAnswerQuestion())
    assert not [name for name in said if name.startswith(("utter_fraud", "utter_alarm"))]


async def test_without_a_warning_there_is_nothing_to_stay_with(conversation):
    assert "utter_alarm_person" not in await conversation.says("怎么办").run(ActionAnswerQuestion())


@pytest.mark.parametrize("text", ["宝宝把耳机的硅胶套吞下去了", "my kid swallowed a button battery from ur lamp"])
async def test_the_doctor_comes_first_for_what_was_swallowed(conversation, knowledge, text):
    knowledge.knows_dangers = True
    assert await conversation.says(text).run(ActionAnswerQuestion()) == ["utter_swallowed", "utter_alarm_person"]
    said = await conversation.says("怎么办", "what_can_you_do").run(ActionWhatCanYouDo())
    assert said == ["utter_swallowed_now", "utter_alarm_person"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("怎么办", "utter_danger_what_now"),
        ("还能用吗", "utter_danger_keep_off"),
        ("can i mail it back to you", "utter_danger_keep_off"),
        ("去医院看了，医药费谁赔", "utter_danger_costs"),
        ("i want a refund", "utter_danger_costs"),
    ],
)
async def test_what_follows_a_danger_stays_with_it(conversation, no_page, text, reply):
    await conversation.says("充电宝鼓包了").run(ActionAnswerQuestion())
    assert await conversation.says(text).run(ActionAnswerQuestion()) == [reply, "utter_alarm_person"]
    assert (conversation.slots["offer"], conversation.slots["offer_reason"]) == ("handover", "return")


async def test_a_refund_of_what_is_dangerous_opens_no_form(conversation, no_page):
    await conversation.says("充电宝鼓包了").run(ActionAnswerQuestion())
    said = await conversation.says("我要退款", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_danger_costs", "utter_alarm_person"] and conversation.loop == {}


async def test_who_was_given_a_person_is_offered_none_again(conversation, no_page):
    await conversation.says("充电宝鼓包了").run(ActionAnswerQuestion())
    assert await conversation.says("好", "affirm").run(ActionAnswerQuestion()) == ["utter_handover_now"]
    assert await conversation.says("还能用吗").run(ActionAnswerQuestion()) == ["utter_danger_keep_off"]
    assert conversation.slots["offer"] is None


async def test_a_danger_after_a_warning_of_fraud_is_warned_of(conversation, no_page):
    await conversation.says(CALLED["zh"]).run(ActionAnswerQuestion())
    said = await conversation.says("我孩子吞了电池怎么办").run(ActionAnswerQuestion())
    assert said == ["utter_swallowed", "utter_alarm_person"]


async def test_what_it_can_do_is_told_without_a_warning(conversation):
    said = await conversation.says("what can you do", "what_can_you_do").run(ActionWhatCanYouDo())
    assert said == ["utter_what_can_you_do"]
