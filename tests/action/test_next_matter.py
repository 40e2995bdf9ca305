"""What was left for later: done once the present matter is finished, whichever way, and in the ticket of a person."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.file_case import ActionFileCase
from kefu.actions.handover import ActionHandover
from kefu.actions.smalltalk import ActionThanks
from kefu.actions.track_order import ActionShowOrder, ValidateTrackOrderForm
from kefu.actions.yes_or_no import ActionDeny
from kefu.errors import StoreError

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream, signed for two days ago; phone 8063
LATER = "SO20260099到哪了"


@pytest.fixture
async def offered(conversation):
    """A conversation whose return was refused, with the offer of a person, while a parcel waits to be looked up."""
    form = ValidateAfterSalesForm()
    conversation.slots["case_next"] = [LATER]
    await conversation.says("退 SO20260040，8031，不喜欢", "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["offer"] == "handover" and conversation.loop == {}
    assert conversation.slots["case_next"] == [LATER]
    return conversation


def followed(conversation):
    return [event["name"] for event in conversation.returned if event["event"] == "followup"]


async def test_it_is_done_when_the_offer_is_declined(offered):
    assert await offered.says("不用了", "deny").run(ActionDeny()) == ["utter_offer_declined", "utter_and_now"]
    assert offered.slots["case_next"] is None and offered.slots["order_number"] == "SO20260099"
    assert followed(offered) == ["track_order_form"]


async def test_it_is_done_when_the_offer_is_passed_over(offered):
    said = await offered.says("退货运费谁出？").run(ActionAnswerQuestion())
    assert said == ["utter_answer", "utter_and_now"] and followed(offered) == ["track_order_form"]


async def test_thanks_do_not_make_it_forgotten(offered):
    assert await offered.says("谢谢", "thanks").run(ActionThanks()) == ["utter_thanks", "utter_and_now"]


async def test_a_person_finds_it_in_the_ticket(offered, shop):
    assert await offered.says("好的", "affirm").run(ActionAnswerQuestion()) == ["utter_handover_now"]
    (ticket,) = shop.tickets.of_conversation("c1")
    assert ticket.request.draft["case_next"] == [LATER] and ticket.request.draft["case_wish"] == "return"
    assert offered.slots["case_next"] is None and followed(offered) == []


async def test_a_person_finds_it_in_the_ticket_where_no_form_was_open(conversation, shop):
    conversation.slots["case_next"] = [LATER]
    assert await conversation.says("转人工", "talk_to_human").run(ActionHandover()) == ["utter_handover_now"]
    assert shop.tickets.of_conversation("c1")[0].request.draft == {"case_next": [LATER]}


async def test_it_is_done_when_a_look_up_is_broken_off(conversation):
    conversation.in_form("identity_proof").slots |= {"order_number": "SO20260001", "case_next": [LATER]}
    said = await conversation.says("算了", "stop").run(ValidateTrackOrderForm())
    assert said == ["utter_stopped", "utter_and_now"] and conversation.slots["order_number"] == "SO20260099"


async def test_it_is_done_when_the_order_was_shown(conversation):
    conversation.slots["case_next"] = [LATER, "退 SO20260016"]
    await conversation.says("SO20260002到哪了，尾号8019", "track_order").in_form(None).run(ValidateTrackOrderForm())
    conversation.loop = {}
    assert await conversation.run(ActionShowOrder()) == ["utter_order_paid", "utter_and_now"]
    assert conversation.slots["case_next"] == ["退 SO20260016"] and conversation.said[-1]["said"] == LATER


async def test_a_store_that_fails_leaves_it_for_later(offered, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.identity, "proven_customers", fails)
        assert await offered.says("谢谢", "thanks").run(ActionThanks()) == ["utter_thanks"]
    assert offered.slots["case_next"] == [LATER]
    assert await offered.says("谢谢", "thanks").run(ActionThanks()) == ["utter_thanks", "utter_and_now"]


async def test_a_single_text_is_one_matter(conversation):
    """What an older conversation may have kept."""
    conversation.slots["case_next"] = LATER
    assert await conversation.says("谢谢", "thanks").run(ActionThanks()) == ["utter_thanks", "utter_and_now"]
    assert conversation.said[-1]["said"] == LATER


async def test_several_matters_wait_in_their_order_each_once(conversation, shop):
    form, file = ValidateAfterSalesForm(), ActionFileCase()
    said = "退 SO20260016，8063，不想要了，SO20260017的草莓取消，还有SO20260099到哪了"
    await conversation.says(said, "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["case_next"] == ["SO20260017的草莓取消", "还有SO20260099到哪了"]
    assert conversation.slots["requested_slot"] == "case_confirmed"
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(form)
    conversation.loop = {}  # Rasa ends the form before the action that files
    assert await conversation.run(file) == ["utter_filed_return", "utter_and_now"]
    assert conversation.slots["case_next"] == ["还有SO20260099到哪了"]
    assert (conversation.slots["order_number"], conversation.slots["case_wish"]) == ("SO20260017", "cancel")
    conversation.loop = {}
    await conversation.in_form(None, FORM).run(form)
    assert conversation.slots["requested_slot"] == "case_confirmed"
    said = await conversation.says("不了", "deny").in_form("case_confirmed", FORM).run(form)
    assert said == ["utter_stopped", "utter_and_now"]
    assert conversation.slots["case_next"] is None and conversation.slots["order_number"] == "SO20260099"


async def test_what_is_wanted_beside_an_open_case_waits(conversation):
    form = ValidateAfterSalesForm()
    await conversation.says(f"退 {ORDER}，8063", "request_return").in_form(None, FORM).run(form)
    text = "不喜欢，另外帮我查下SO20260099到哪了"
    said = await conversation.says(text, "track_order").in_form("case_reason", FORM).run(form)
    assert said == ["utter_noted_for_later"]
    assert (
        conversation.slots["case_reason"] == "no_reason" and conversation.slots["requested_slot"] == "case_confirmed"
    )
    assert conversation.slots["case_next"] == ["另外帮我查下SO20260099到哪了"]


async def test_what_tells_the_case_nothing_leads_out_of_it(conversation):
    form = ValidateAfterSalesForm()
    await conversation.says(f"退 {ORDER}，8063", "request_return").in_form(None, FORM).run(form)
    await conversation.says("你好，SO20260099到哪了", "track_order").in_form("case_reason", FORM).run(form)
    assert not conversation.slots.get("case_next") and conversation.loop == {}


async def test_a_part_of_a_message_has_a_wish_of_its_own(conversation):
    said = "退 SO20260016，8063，不想要了，SO20260017取消"
    await conversation.says(said, "cancel_order").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_wish"] == "return" and conversation.slots["case_next"] == ["SO20260017取消"]
