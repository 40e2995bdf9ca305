"""Taking a case back: the question, a yes to the summary shown and to no other, and what else may be said to it."""

from datetime import timedelta

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.file_case import ActionFileCase
from kefu.actions.track_order import ActionShowOrder, ValidateTrackOrderForm
from kefu.actions.withdraw import ActionAskWithdrawConfirmed, ValidateWithdrawForm
from kefu.errors import StoreError
from kefu.settings import OrderSettings
from kefu.shop.identity import Contact

FORM = "withdraw_form"
ORDER = "SO20260016"  # a face cream, signed for two days ago; phone 8063
VALIDATE = ValidateWithdrawForm()


async def filed(conversation, text):
    """File the case that a message asks for; give its number."""
    form = ValidateAfterSalesForm()
    await conversation.says(text).in_form(None, "after_sales_form").run(form)
    await conversation.says("好的", "affirm").in_form("case_confirmed", "after_sales_form").run(form)
    conversation.loop = {}
    assert await conversation.run(ActionFileCase()) == ["utter_filed_return"]
    return conversation.said[0]["case"]


@pytest.fixture
async def asked(conversation):
    """A conversation that was just asked whether its return is to be withdrawn."""
    case = await filed(conversation, f"退 {ORDER}，8063，不想要了")
    conversation.slots |= {"order_number": ORDER, "withdraw_case": case}
    conversation.says("撤销退货").in_form("withdraw_confirmed", FORM)
    assert await conversation.run(ActionAskWithdrawConfirmed()) == ["utter_summary_withdraw"]
    return conversation


def state(shop):
    return shop.cases.of_order(ORDER)[0].state


@pytest.mark.parametrize("text", ["好的", "确认撤销", "不退了", "cancel my return", "yes please withdraw it"])
async def test_a_yes_withdraws(asked, shop, text):
    assert await asked.says(text, "nlu_fallback").run(VALIDATE) == ["utter_withdrawn"]
    assert state(shop) == "withdrawn" and asked.loop == {} and asked.slots["withdraw_case"] is None


@pytest.mark.parametrize("text", ["不撤销", "退吧", "no, keep the return", "算了"])
async def test_a_no_lets_it_go_on(asked, shop, text):
    assert await asked.says(text, "affirm").run(VALIDATE) == ["utter_withdraw_declined"]
    assert state(shop) == "open" and asked.loop == {}


@pytest.mark.parametrize("text", ["取消", "取消了", "cancel", "妥妥滴", "等等", "withdraw my other return"])
async def test_what_cannot_be_told_is_asked_again(asked, shop, text):
    assert await asked.says(text, "affirm").run(VALIDATE) == ["utter_unclear_withdraw"]
    assert state(shop) == "open" and asked.loop == {"name": FORM}
    assert asked.slots["requested_slot"] == "withdraw_confirmed"


async def test_a_question_is_answered_and_the_same_is_asked_again(asked, shop):
    assert await asked.says("退货运费谁出？", "ask_question").run(VALIDATE) == ["utter_answer"]
    assert state(shop) == "open" and asked.slots["requested_slot"] == "withdraw_confirmed"


async def test_a_yes_counts_for_the_summary_that_was_shown_only(asked, shop):
    asked.slots["withdraw_summary"] = "of another"
    assert await asked.says("好的", "affirm").run(VALIDATE) == ["utter_case_changed"]
    assert state(shop) == "open" and asked.slots["requested_slot"] == "withdraw_confirmed"
    await asked.run(ActionAskWithdrawConfirmed())
    assert await asked.says("好的", "affirm").run(VALIDATE) == ["utter_withdrawn"]


async def test_the_button_names_the_summary(asked, shop):
    yes, _ = asked.said[0]["buttons"]
    await asked.says('/affirm{"summary": "000000000000"}', "affirm").run(VALIDATE)
    assert state(shop) == "open"
    assert await asked.says(yes["payload"], "affirm").run(VALIDATE) == ["utter_withdrawn"]


async def test_danger_is_warned_of_here_too(asked, shop, knowledge, monkeypatch):
    knowledge.knows_dangers = True
    said = await asked.says("充电宝冒烟了", "nlu_fallback").run(VALIDATE)
    assert said == ["utter_answer", "utter_alarm_person"]
    assert state(shop) == "open" and asked.loop == {} and asked.slots["offer"] == "handover"


async def test_whose_proof_has_run_out_shows_again_who_he_is(asked, shop, clock):
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert await asked.says("好的", "affirm").run(VALIDATE) == []
    assert asked.slots["case_request"] == "withdraw" and asked.slots["order_number"] == ORDER
    assert [event["name"] for event in asked.returned if event["event"] == "followup"] == ["track_order_form"]
    assert state(shop) == "open"


async def test_a_store_that_fails_asks_anew(asked, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.changes, "withdraw", fails)
        assert await asked.says("好的", "affirm").run(VALIDATE) == ["utter_service_trouble"]
    assert state(shop) == "open" and asked.slots["requested_slot"] == "withdraw_confirmed"
    assert await asked.says("好的", "affirm").run(VALIDATE) == ["utter_withdrawn"]


async def test_whoever_proves_himself_again_is_asked_about_the_case_that_was_meant(conversation, shop, clock):
    """The order has two cases; the one that was shown is the older."""
    shop.identity.check("SO20260026", Contact("phone_tail", "8007"), "c1")
    older = await filed(conversation, "SO20260026 的瑜伽垫，不喜欢，退货")
    clock.now += timedelta(minutes=1)
    newer = await filed(conversation, "SO20260026 的马克杯，不喜欢，退货")
    conversation.slots |= {"order_number": "SO20260026", "withdraw_case": older}
    await conversation.says("撤销退货").in_form("withdraw_confirmed", FORM).run(ActionAskWithdrawConfirmed())
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    await conversation.says("好的", "affirm").run(VALIDATE)
    await conversation.says("8007").in_form("identity_proof").run(ValidateTrackOrderForm())
    await conversation.run(ActionShowOrder())
    assert [event["name"] for event in conversation.returned if event["event"] == "followup"] == [FORM]
    assert conversation.slots["withdraw_case"] == older != newer
