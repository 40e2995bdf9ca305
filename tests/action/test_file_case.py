"""A case is filed once, on a yes to the summary that was shown, and not at all where something fails."""

import copy
from datetime import timedelta

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.case_questions import ActionAskCaseConfirmed
from kefu.actions.file_case import ActionFileCase
from kefu.errors import StoreError
from kefu.settings import OrderSettings

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream for 159 yuan, signed for two days ago; phone 8063


def cases(shop):
    return shop.cases.of_order(ORDER)


async def test_a_yes_files_one_case(confirmed, shop):
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    (case,) = cases(shop)
    assert (case.plan.kind, case.plan.refund_cents, case.plan.rule) == ("return", 15900, "no_reason_window")
    assert confirmed.said[0]["case"] == case.number
    assert confirmed.slots["case_confirmed"] is None and confirmed.slots["last_order"] == ORDER


async def test_nothing_is_filed_without_a_yes(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert await conversation.run(ActionFileCase()) == []
    assert cases(shop) == ()


@pytest.mark.parametrize(
    "payload", ['/affirm{"summary": "000000000000"}', '/affirm{"case_confirmed": true}', "/affirm", "/deny"]
)
async def test_a_payload_says_yes_to_its_own_summary_only(conversation, shop, payload):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.says(payload, "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert not conversation.slots.get("case_confirmed")


async def test_the_button_under_the_summary_confirms_it(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    await conversation.says(yes["payload"], "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_confirmed"] is True


async def test_the_same_yes_delivered_twice_files_once_and_gives_the_same_number(confirmed, shop):
    """The server died after the case was written and before the tracker was saved."""
    before = copy.deepcopy((confirmed.events, confirmed.slots))
    await confirmed.run(ActionFileCase())
    number = confirmed.said[0]["case"]
    confirmed.events, confirmed.slots = before
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    assert confirmed.said[0]["case"] == number
    assert len(cases(shop)) == 1


async def test_a_database_that_fails_keeps_the_summary_and_writes_nothing(confirmed, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.cases, "file", fails)
        assert await confirmed.run(ActionFileCase()) == ["utter_not_filed"]
        again, person = confirmed.said[0]["buttons"]
    assert cases(shop) == ()
    assert confirmed.loop == {"name": FORM} and confirmed.slots["requested_slot"] == "case_confirmed"
    assert confirmed.slots["case_summary"] in again["payload"] and "人工" in person["payload"]
    await confirmed.says("好的", "affirm").run(ValidateAfterSalesForm())
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    assert len(cases(shop)) == 1


async def test_a_person_can_be_had_though_the_orders_are_out_of_reach(confirmed, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.cases, "file", fails)
        patched.setattr(shop.cases, "filed", fails)
        patched.setattr(shop.cases, "matter", fails)
        patched.setattr(shop.identity, "is_proven", fails)
        assert await confirmed.run(ActionFileCase()) == ["utter_not_filed"]
        confirmed.says("好的", "affirm").in_form("case_confirmed", FORM)
        assert await confirmed.run(ValidateAfterSalesForm()) == ["utter_service_trouble"]
        assert confirmed.slot_events() == {"case_confirmed": None, "requested_slot": "case_confirmed"}
        confirmed.says("转人工", "talk_to_human").in_form("case_confirmed", FORM)
        assert await confirmed.run(ValidateAfterSalesForm()) == ["utter_handover_now"]
    assert confirmed.loop == {}
    (ticket,) = shop.tickets.of_conversation("c1")
    assert (ticket.request.order_number, ticket.request.order_proven) == (ORDER, False)
    assert ticket.request.draft["case_items"] == [[1, 1]]


async def test_a_proof_that_ran_out_is_asked_for_again(confirmed, shop, clock):
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert await confirmed.run(ActionFileCase()) == []
    assert cases(shop) == ()
    assert [event["name"] for event in confirmed.returned if event["event"] == "followup"] == [FORM]


async def test_what_is_wanted_in_exchange_is_filed_with_the_case(conversation, shop):
    said = "SO20260007的跑鞋太小了，换43码，8034"
    await conversation.says(said, "request_exchange").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["requested_slot"] == "case_confirmed"
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert await conversation.run(ActionFileCase()) == ["utter_filed_exchange"]
    (case,) = shop.cases.of_order("SO20260007")
    assert case.plan.kind == "exchange" and "43" in (case.pickup or "")
