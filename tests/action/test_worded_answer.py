"""action_answer_question where no approved text is sure: quotations, and words of a model that are called so."""

import asyncio
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kefu.actions import services as shop_services
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.track_order import ValidateTrackOrderForm
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


async def test_a_follow_up_is_worded_like_any_other_question(conversation, knowledge):
    await conversation.says("西藏能退吗").run(ActionAnswerQuestion())
    knowledge.worded_as = replace(QUOTED, origin="generated")
    assert await conversation.says("那礼品卡呢").run(ActionAnswerQuestion()) == ["utter_generated_answer"]
    question, _, history = knowledge.told[-1]
    assert question == "那礼品卡呢"
    assert Message("user", "西藏能退吗") in history


async def test_a_follow_up_that_nothing_answers_offers_a_person(conversation, knowledge):
    assert await conversation.says("那火车票呢").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert conversation.slots["offer"] == "handover"
    assert await conversation.says("那船票呢").run(ActionAnswerQuestion()) == ["utter_no_answer"]
    assert conversation.slots["offer"] == "handover"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_second_question_that_a_form_leaves_open_offers_a_person(conversation, language):
    conversation.slots["language"] = language
    conversation.in_form("order_number")
    asked = ["你们老板是谁？", "老板娘是谁？"] if language == "zh" else ["who is the boss?", "and who is his wife?"]
    said = [await conversation.says(text).run(ValidateTrackOrderForm()) for text in asked]
    assert said == [["utter_no_answer_in_form"], ["utter_no_answer_in_form_again"]]
    assert conversation.loop == {"name": "track_order_form"}, "the form goes on"


async def test_questions_apart_from_each_other_do_not_count_together(conversation):
    conversation.in_form("order_number")
    texts = ["你们老板是谁？", "运费多少？", "老板娘是谁？"]
    said = [await conversation.says(text).run(ValidateTrackOrderForm()) for text in texts]
    assert said == [["utter_no_answer_in_form"], ["utter_answer"], ["utter_no_answer_in_form"]]


async def test_the_generator_gets_the_time_that_the_server_still_waits(conversation, knowledge, shop):
    shop_services.use_services(replace(shop, patience=7.0))
    await conversation.says("礼品卡和券一起用行吗").run(ActionAnswerQuestion())
    timeout, cancel = knowledge.waited
    assert 4.0 < timeout <= 5.0
    assert cancel.is_set(), "after the answer nobody waits"
    shop_services.use_services(replace(shop, patience=1.0))
    await conversation.says("礼品卡和券一起用行吗").run(ActionAnswerQuestion())
    assert knowledge.waited[0] == 0.0


async def test_the_generator_is_told_when_the_server_has_gone(conversation, knowledge):
    begun, told = threading.Event(), threading.Event()

    def worded(*_, cancel, **__):
        begun.set()
        if cancel.wait(10):
            told.set()

    knowledge.worded = worded
    asking = asyncio.ensure_future(conversation.says("礼品卡和券一起用行吗").run(ActionAnswerQuestion()))
    assert await asyncio.to_thread(begun.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.to_thread(told.wait, 10)


ROOT = Path(__file__).parents[2]
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
LABELS = {
    "utter_generated_answer": {"zh": "由 AI 根据帮助中心编写", "en": "Written by AI from our help pages"},
    "utter_quoted_answer": {"zh": "帮助中心的原文", "en": "our help pages say, word for word"},
}


@pytest.mark.parametrize("channel", [None, "webchat"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("response", LABELS)
def test_customers_read_whose_words_an_answer_is_in_their_language(response, language, channel):
    [text] = [one["text"] for one in RESPONSES[response] if is_for(one, language, channel)]
    assert LABELS[response][language] in text
    assert "{answer}" in text
    assert bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("response", ["utter_answer", "utter_answer_from_shop", *LABELS])
def test_the_source_is_said_once_where_the_page_shows_it_itself(response, language):
    [elsewhere] = [one["text"] for one in RESPONSES[response] if is_for(one, language, None)]
    [on_the_page] = [one["text"] for one in RESPONSES[response] if is_for(one, language, "webchat")]
    assert "{source}" in elsewhere and "{as_of}" in elsewhere
    assert "{source}" not in on_the_page and "{as_of}" not in on_the_page


def is_for(variation, language, channel):
    conditions = [condition["value"] for condition in variation.get("condition", [])]
    return variation.get("channel") == channel and conditions == [language]
