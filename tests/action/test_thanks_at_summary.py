"""Thanks for the answer of a side question write nothing: the summary is asked about once more."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm

FORM = ValidateAfterSalesForm()
ASKED = "case_confirmed"


@pytest.fixture
async def summed_up(conversation):
    """A conversation with the summary of a return before it."""
    said = "退 SO20260016，8063，不想要了"
    await conversation.says(said, "request_return").in_form(None, "after_sales_form").run(FORM)
    assert conversation.slots["requested_slot"] == ASKED
    # What Rasa says when the form asks: the summary.
    conversation.events.append({"event": "bot", "text": "utter_summary_return"})
    return conversation


async def says(conversation, text, intent):
    said = await conversation.says(text, intent).in_form(ASKED, "after_sales_form").run(FORM)
    if conversation.slots["requested_slot"]:
        conversation.events.append({"event": "bot", "text": "utter_confirm_again"})
    return said


@pytest.mark.parametrize("thanks", ["好的谢谢", "好的多谢", "ok thanks"])
async def test_thanks_for_an_answer_submit_nothing(summed_up, thanks):
    assert await says(summed_up, "运费谁出", "ask_question") == ["utter_topic_postage"]
    assert await says(summed_up, thanks, "affirm") == ["utter_not_submitted"]
    assert not summed_up.slots.get("case_confirmed") and summed_up.slots["requested_slot"] == ASKED
    await says(summed_up, "好", "affirm")
    assert summed_up.slots["case_confirmed"] is True, "asked once more, a plain yes is one"


@pytest.mark.parametrize("yes", ["确认", "好", "yes", "提交吧，谢谢"])
async def test_a_clear_yes_behind_an_answer_counts(summed_up, yes):
    await says(summed_up, "运费谁出", "ask_question")
    await says(summed_up, yes, "affirm")
    assert summed_up.slots["case_confirmed"] is True


@pytest.mark.parametrize("yes", ["好", "好的，谢谢"])
async def test_ok_right_behind_the_summary_counts(summed_up, yes):
    await says(summed_up, yes, "affirm")
    assert summed_up.slots["case_confirmed"] is True
