"""Asking back between two entries, and the message after that."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.smalltalk import ActionStop
from kefu.actions.track_order import ValidateTrackOrderForm
from kefu.actions.yes_or_no import ActionDeny

OFFERED = ["shipping_cost", "return_shipping_cost"]


@pytest.fixture
async def asked_back(conversation):
    """A conversation in which two entries were offered."""
    assert await conversation.says("买一双袜子邮费得多少").run(ActionAnswerQuestion()) == ["utter_ask_back"]
    return conversation


async def test_two_close_entries_are_offered_with_buttons(asked_back):
    message = asked_back.said[0]
    titles = ["运费怎么算？", "退货的运费由谁承担？", "都不是"]
    assert message["buttons"] == [{"title": title, "payload": title} for title in titles]
    assert (message["first"], message["second"]) == tuple(titles[:2])
    assert asked_back.slot_events() == {"asked_back": OFFERED}


async def test_a_follow_up_is_asked_back_too(conversation):
    await conversation.says("送货的运费多少").run(ActionAnswerQuestion())
    assert await conversation.says("那邮费呢").run(ActionAnswerQuestion()) == ["utter_ask_back"]
    assert conversation.slot_events() == {"asked_back": OFFERED}


@pytest.mark.parametrize("text", ["2", "第二个", "退货的运费由谁承担？", "the second one"])
async def test_the_choice_is_answered_with_its_source(asked_back, text):
    assert await asked_back.says(text).run(ActionAnswerQuestion()) == ["utter_answer"]
    assert asked_back.said[0]["answer"] == "text of return_shipping_cost in zh"
    assert asked_back.said[0]["source"] == "title of return_shipping_cost"
    assert asked_back.slot_events() == {"asked_back": None}


async def test_both_are_answered(asked_back):
    assert await asked_back.says("两个都要").run(ActionAnswerQuestion()) == ["utter_answer"] * 2


@pytest.mark.parametrize("text", ["都不是", "neither", "不是", "3"])
@pytest.mark.parametrize("action", [ActionAnswerQuestion, ActionDeny])
async def test_for_neither_a_person_is_offered(asked_back, action, text):
    assert await asked_back.says(text).run(action()) == ["utter_no_answer"]
    assert asked_back.slots["offer"] == "handover"
    assert asked_back.slots["asked_back"] is None


async def test_anything_else_goes_its_usual_way(asked_back, knowledge):
    assert await asked_back.says("退货运费谁出").run(ActionAnswerQuestion()) == ["utter_answer"]
    assert asked_back.said[0]["source"] == "退货运费谁出？"
    assert knowledge.asked[-1] == ("退货运费谁出", "zh", False)


async def test_to_stop_is_no_choice(asked_back):
    assert await asked_back.says("算了", "stop").run(ActionStop()) == ["utter_stopped"]


async def test_a_choice_counts_in_the_next_turn_only(asked_back):
    await asked_back.says("退货运费谁出").run(ActionAnswerQuestion())
    assert await asked_back.says("2").run(ActionAnswerQuestion()) == ["utter_no_answer"]


@pytest.mark.parametrize(
    ("form", "action"),
    [("track_order_form", ValidateTrackOrderForm), ("after_sales_form", ValidateAfterSalesForm)],
)
async def test_a_title_that_was_taken_for_a_wish_opens_no_form(asked_back, form, action):
    asked_back.says("退货的运费由谁承担？", "request_return").in_form(None, form)
    asked_back.events.append({"event": "active_loop", "name": form})
    assert await asked_back.run(action()) == ["utter_answer"]
    assert asked_back.loop == {}


async def test_inside_a_form_nothing_is_asked_back(conversation):
    conversation.in_form("order_number")
    assert await conversation.says("邮费多少").run(ActionAnswerQuestion()) == ["utter_no_answer_in_form"]
    assert conversation.returned == []


async def test_an_entry_that_was_deleted_meanwhile_is_no_answer(asked_back, knowledge):
    knowledge.deleted.add("return_shipping_cost")
    assert await asked_back.says("2").run(ActionAnswerQuestion()) == ["utter_no_answer"]
