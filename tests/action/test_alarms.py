"""Danger and fraud, in a shop that has a help page about them and in one that has none."""

from dataclasses import replace

import pytest

from kefu.actions import services as shop_services
from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
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
