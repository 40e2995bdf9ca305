"""A size or colour that is wanted in exchange, beside what the shop has of it."""

import pytest

from kefu.actions import services as shop_services
from kefu.actions.after_sales import ValidateAfterSalesForm

FORM = ValidateAfterSalesForm()
ASKED = "case_exchange_for"


@pytest.fixture
async def asked(conversation):
    """Shoes of size 42 that do not fit, in a conversation that waits for what is wanted instead."""
    said = "跑鞋大了，想换个码 SO20260055 尾号8007"
    await conversation.says(said, "request_exchange").in_form(None, "after_sales_form").run(FORM)
    assert conversation.slots["requested_slot"] == ASKED
    return conversation


async def test_a_size_that_there_is_is_summed_up(asked):
    assert await asked.says("43 码").in_form(ASKED, "after_sales_form").run(FORM) == []
    assert asked.slots["requested_slot"] == "case_confirmed"
    assert asked.slots["case_exchange_for"] == "43 码"


@pytest.mark.parametrize(("wanted", "reply"), [("47 码", "not_made"), ("小一码", "sold_out")])
async def test_a_size_that_there_is_not_is_asked_for_again(asked, wanted, reply):
    assert await asked.says(wanted).in_form(ASKED, "after_sales_form").run(FORM) == [f"utter_exchange_{reply}"]
    assert (asked.said[0]["goods"], asked.said[0]["instead"]) == ("跑鞋", "40、43、44")
    assert asked.slots["requested_slot"] == ASKED
    assert asked.slots["case_exchange_for"] is None
    assert await asked.says("那换 44 码吧").in_form(ASKED, "after_sales_form").run(FORM) == []
    assert asked.slots["case_exchange_for"] == "44 码"


async def test_what_was_wanted_from_the_first_is_looked_at_too(conversation):
    said = "跑鞋大了，想换成 47 码，SO20260055 尾号8007"
    await conversation.says(said, "request_exchange").in_form(None, "after_sales_form").run(FORM)
    assert conversation.said[-1]["response"] == "utter_exchange_not_made"
    assert conversation.slots["requested_slot"] == ASKED


async def test_where_the_stock_is_not_known_the_wish_stands(asked, monkeypatch):
    monkeypatch.setattr(shop_services.services().goods, "in_store", lambda sku: None)
    assert await asked.says("47 码").in_form(ASKED, "after_sales_form").run(FORM) == []
    assert asked.slots["requested_slot"] == "case_confirmed"


@pytest.mark.parametrize("wanted", ["大一码", "one size up", "大一点的"])
async def test_a_step_is_put_down_as_the_size_that_it_is(asked, wanted):
    assert await asked.says(wanted).in_form(ASKED, "after_sales_form").run(FORM) == []
    assert asked.slots["requested_slot"] == "case_confirmed"
    assert asked.slots["case_exchange_for"] == "43"


@pytest.mark.parametrize("said", ["随便你们", "same ones"])
async def test_what_names_none_of_several_is_asked_again(asked, said):
    await asked.says(said).in_form(ASKED, "after_sales_form").run(FORM)
    assert asked.slots["requested_slot"] == ASKED and asked.slots["case_exchange_for"] is None


async def test_a_size_at_the_summary_of_an_exchange_of_faulty_goods_is_put_into_it(conversation):
    said = "SO20260024 8091 乐福鞋开胶了，换一双"
    await conversation.says(said, "request_exchange").in_form(None, "after_sales_form").run(FORM)
    assert conversation.slots["requested_slot"] == "case_confirmed"
    before = conversation.slots["case_summary"]
    said = await conversation.says("37码").in_form("case_confirmed", "after_sales_form").run(FORM)
    assert said == [] and conversation.slots["case_exchange_for"] == "37码"
    assert conversation.slots["case_summary"] != before
    said = await conversation.says("39码").in_form("case_confirmed", "after_sales_form").run(FORM)
    assert said == ["utter_exchange_sold_out"] and conversation.slots["case_exchange_for"] is None
