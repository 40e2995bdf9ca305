"""What only tells how far things have come is no question: no help page that lies near it is told."""

import pytest

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.track_order import ValidateTrackOrderForm


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("昨天到的，还没拆", "utter_told_received"),
        ("it arrived yesterday, I haven't opened it", "utter_told_received"),
        ("i just paid", "utter_told_paid"),
        ("我刚付了款", "utter_told_paid"),
    ],
)
async def test_it_is_taken_note_of(conversation, knowledge, text, response):
    assert await conversation.says(text).run(ActionAnswerQuestion()) == [response]
    assert knowledge.asked == []


async def test_it_opens_no_form_of_tracking(conversation):
    said = conversation.says("昨天到的，还没拆", "track_order").in_form(None)
    assert await said.run(ValidateTrackOrderForm()) == ["utter_told_received"]
    assert conversation.loop == {}


async def test_in_a_form_nothing_is_said_and_the_form_asks_on(conversation, knowledge):
    said = conversation.says("昨天到的，还没拆").in_form("case_reason", "after_sales_form")
    assert await said.run(ActionAnswerQuestion()) == []
    assert knowledge.asked == [] and conversation.loop == {"name": "after_sales_form"}
