"""action_answer_question where no approved text is sure: quotations, and words of a model that are called so."""

from dataclasses import replace

import pytest

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.knowledge.decision import Decision
from kefu.protocols import Message

QUOTED = Decision(
    "answer",
    "zh",
    "gift_card",
    "礼品卡怎么用？",
    "礼品卡怎么用？\n结算时选礼品卡。",
    as_of="2026-11-20",
    link="https://help.example/gift_card",
    origin="quoted",
)


@pytest.mark.parametrize(
    ("origin", "response"), [("quoted", "utter_quoted_answer"), ("generated", "utter_generated_answer")]
)
async def test_it_is_said_whose_words_they_are(conversation, knowledge, origin, response):
    knowledge.worded_as = replace(QUOTED, origin=origin)
    assert await conversation.says("礼品卡和券一起用行吗").run(ActionAnswerQuestion()) == [response]
    assert (conversation.said[0]["answer"], conversation.said[0]["as_of"]) == (QUOTED.text, "2026-11-20")
    assert conversation.said[0]["link"] == QUOTED.link
    assert conversation.returned == []


async def test_the_dialogue_goes_along_without_numbers_of_orders_in_the_question(conversation, knowledge):
    await conversation.says("西藏能退吗").run(ActionAnswerQuestion())
    knowledge.told.clear()
    await conversation.says("礼品卡呢 SO20260003").run(ActionAnswerQuestion())
    question, language, history = knowledge.told[-1]
    assert (question, language) == ("礼品卡呢", "zh")
    assert Message("user", "西藏能退吗") in history


async def test_what_no_shop_does_and_what_a_form_waits_for_is_not_worded(conversation, knowledge):
    knowledge.worded_as = QUOTED
    said = await conversation.says("作首诗", "out_of_scope").run(ActionAnswerQuestion())
    assert said == ["utter_not_a_shop_matter"]
    conversation.in_form("order_number")
    assert await conversation.says("你们老板是谁").run(ActionAnswerQuestion()) == ["utter_no_answer_in_form"]
    assert knowledge.told == []
