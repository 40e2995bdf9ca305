"""Why a conversation got its last answer, whatever sort of answer it was."""

import json
from dataclasses import replace

import pytest

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.explained import decisions
from kefu.actions.track_order import ValidateTrackOrderForm
from tests.action.test_worded_answer import QUOTED


def last(conversation):
    """What is told of the conversation's last answer, as JSON."""
    name, told = decisions.last()
    assert decisions.last(name) == (name, told)
    return json.loads(json.dumps(told))


async def test_an_answer_about_goods_says_what_was_read_and_where_it_comes_from(conversation):
    await conversation.says("退货运费谁出").run(ActionAnswerQuestion())
    assert last(conversation)["decision"]["entry_id"] == "return_shipping_cost"
    await conversation.says("白色T恤L码有现货没").run(ActionAnswerQuestion())
    goods = last(conversation)["goods"]
    assert goods["text"] == conversation.said[0]["answer"]
    assert goods["source"] == "商城商品目录" and goods["as_of"].startswith("2026-11-20T")
    assert goods["read"]["kind"] == "stock" and goods["read"]["size"] == "L" and len(goods["read"]["articles"]) == 1
    assert "coupons" not in goods["read"], "only what was read"


async def test_an_answer_about_goods_in_a_form_is_kept_too(conversation):
    conversation.in_form(None)
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    conversation.says("is the rice cooker still available", "track_order")
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    await conversation.run(ValidateTrackOrderForm())
    assert last(conversation)["goods"]["read"]["kind"] == "stock"


async def test_what_is_not_sold_takes_the_place_of_the_search_that_found_nothing(conversation):
    said = await conversation.says("你们卖自行车吗").run(ActionAnswerQuestion())
    assert said == ["utter_answer_from_shop"]
    goods = last(conversation)["goods"]
    assert goods["read"] == {} and goods["source"] == "商城商品目录"


@pytest.mark.parametrize("origin", ["quoted", "generated"])
async def test_an_answer_of_several_entries_takes_the_place_of_none(conversation, knowledge, origin):
    knowledge.worded_as = replace(QUOTED, origin=origin, sources=("gift_card", "coupon"))
    await conversation.says("礼品卡和券一起用行吗").run(ActionAnswerQuestion())
    told = last(conversation)["decision"]
    assert (told["kind"], told["origin"], told["sources"]) == ("answer", origin, ["gift_card", "coupon"])


async def test_a_choice_takes_the_place_of_what_was_asked_back(conversation):
    await conversation.says("买一双袜子邮费得多少").run(ActionAnswerQuestion())
    assert last(conversation)["decision"]["kind"] == "ask_back"
    await conversation.says("第二个").run(ActionAnswerQuestion())
    told = last(conversation)["decision"]
    assert (told["kind"], told["entry_id"]) == ("answer", "return_shipping_cost")
