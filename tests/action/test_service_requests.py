"""Returns, exchanges and cancellations: the approved text, then the offer of a person."""

import pytest

from kefu.actions.service_requests import ActionServiceRequest


@pytest.mark.parametrize(
    ("intent", "entry", "offer"),
    [
        ("request_return", "return_how", "return"),
        ("request_exchange", "exchange_how", "exchange"),
        ("cancel_order", "order_cancel_how", "cancel"),
    ],
)
async def test_the_approved_text_and_an_offer(conversation, intent, entry, offer):
    said = await conversation.says("SO20260001，麻烦了", intent).run(ActionServiceRequest())
    assert said == ["utter_how_it_goes", f"utter_offer_{offer}"]
    assert conversation.said[0]["answer"] == f"text of {entry} in zh"
    assert conversation.slot_events() == {"offer": "handover", "offer_reason": offer, "offer_order": "SO20260001"}


async def test_it_leaves_the_form_with_the_order_that_was_named_there(conversation):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    await conversation.says("我要退货", "request_return").run(ActionServiceRequest())
    assert conversation.loop == {}
    assert conversation.slots["order_number"] is None
    assert conversation.slots["offer_order"] == "SO20260001"


async def test_without_knowledge_it_says_so_and_offers_nothing(conversation, knowledge):
    knowledge.is_broken = True
    assert await conversation.says("我要退货", "request_return").run(ActionServiceRequest()) == [
        "utter_service_trouble"
    ]
    assert conversation.slot_events() == {}
