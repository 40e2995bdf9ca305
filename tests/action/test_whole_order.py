"""A part of an order that can only be cancelled as a whole: who then takes all of it may still say yes."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm

FORM = ValidateAfterSalesForm()
ASKED = "case_confirmed"


@pytest.mark.parametrize("all_of_it", ["nah all", "那全部吧", "all then"])
async def test_all_then_is_no_refusal(conversation, all_of_it):
    said = "cancel SO20260038, 8025"
    await conversation.says(said, "cancel_order").in_form(None, "after_sales_form").run(FORM)
    assert conversation.slots["requested_slot"] == ASKED
    said = await conversation.says("just one of them", None).in_form(ASKED, "after_sales_form").run(FORM)
    assert said == ["utter_refused_whole_order"]
    assert await conversation.says(all_of_it, "deny").in_form(ASKED, "after_sales_form").run(FORM) == []
    assert conversation.slots["requested_slot"] == ASKED
    await conversation.says("yes cancel it", "affirm").in_form(ASKED, "after_sales_form").run(FORM)
    assert conversation.slots["case_confirmed"] is True
