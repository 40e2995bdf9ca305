"""Plain `rasa shell`: a bare number is the choice that was shown under it, with nobody to look before the actions."""

import copy

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.case_questions import ActionAskCaseConfirmed

CONSOLE = "cmdline"
FORM = "after_sales_form"
VALIDATE = ValidateAfterSalesForm()


@pytest.fixture
async def summary(conversation):
    """A conversation in the console that has just been shown the summary of a return."""
    said = conversation.says("退 SO20260016，8063，不想要了", "request_return", channel=CONSOLE)
    await said.in_form(None, FORM).run(VALIDATE)
    assert await conversation.run(ActionAskCaseConfirmed()) == ["utter_summary_return"]
    return conversation


async def test_the_first_choice_under_a_summary_is_its_yes(summary):
    await summary.says("1", "nlu_fallback", channel=CONSOLE).in_form("case_confirmed", FORM).run(VALIDATE)
    assert summary.slots["case_confirmed"] is True


async def test_the_second_changes_something(summary):
    await summary.says("2", "nlu_fallback", channel=CONSOLE).in_form("case_confirmed", FORM).run(VALIDATE)
    assert summary.slots["case_confirmed"] is None
    assert summary.slots["requested_slot"] == "case_change"


async def test_where_no_numbers_were_shown_a_number_confirms_nothing(conversation):
    await conversation.says("退 SO20260016，8063，不想要了", "request_return").in_form(None, FORM).run(VALIDATE)
    await conversation.run(ActionAskCaseConfirmed())
    await conversation.says("1", "nlu_fallback").in_form("case_confirmed", FORM).run(VALIDATE)
    assert not conversation.slots.get("case_confirmed")


@pytest.mark.parametrize(("number", "words"), [("1", "取消订单"), ("2", "不办了")])
async def test_the_order_or_the_request(summary, number, words):
    """Both are answered like the words that the buttons send."""
    said = {}
    for text in (number, words):
        conversation = copy.deepcopy(summary)
        await conversation.says("取消", "stop", channel=CONSOLE).in_form("case_confirmed", FORM).run(VALIDATE)
        assert conversation.slots["requested_slot"] == "case_which"
        answer = conversation.says(text, "nlu_fallback", channel=CONSOLE).in_form("case_which", FORM)
        said[text] = (await answer.run(VALIDATE), conversation.loop)
    assert said[number] == said[words]
    assert (said[number] == (["utter_stopped"], {})) is (number == "2")


@pytest.mark.parametrize(("number", "said"), [("1", "utter_handover_now"), ("2", "utter_offer_declined")])
@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
async def test_a_number_answers_an_offer_whatever_it_was_taken_for(conversation, intent, number, said):
    refused = await conversation.says("能不能租一台相机", channel=CONSOLE).run(ActionAnswerQuestion())
    assert refused == ["utter_no_answer"]
    choices = [{"title": "好的，转人工", "payload": "/affirm"}, {"title": "不用了", "payload": "/deny"}]
    conversation.events[-1]["metadata"] = {"numbered": choices}  # the domain's own buttons
    answer = await conversation.says(number, intent, channel=CONSOLE).run(ActionAnswerQuestion())
    assert answer == [said]
    assert conversation.slots["offer"] is None


async def test_a_number_chooses_between_two_questions(conversation):
    await conversation.says("买一双袜子邮费得多少", channel=CONSOLE).run(ActionAnswerQuestion())
    assert await conversation.says("2", channel=CONSOLE).run(ActionAnswerQuestion()) == ["utter_answer"]
