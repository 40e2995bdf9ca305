"""Every question of the after-sales form: it stays where it is over a question, and over what it cannot read."""

from pathlib import Path

import pytest
import yaml

from kefu.actions.after_sales import ValidateAfterSalesForm

FORM = "after_sales_form"
QUESTIONS = yaml.safe_load((Path(__file__).parents[1] / "after_sales_questions.yml").read_text(encoding="utf-8"))


async def reach(conversation, asked):
    """Talk until the form asks for that slot."""
    slot = None
    for text in QUESTIONS[asked]:
        await conversation.says(text, None).in_form(slot, FORM).run(ValidateAfterSalesForm())
        slot = conversation.slots["requested_slot"]
    assert slot == asked


@pytest.mark.parametrize("asked", QUESTIONS)
async def test_after_a_question_in_the_middle_the_same_is_asked_again(conversation, asked):
    await reach(conversation, asked)
    conversation.says("你们周末的运费也一样吗？", "ask_question").in_form(asked, FORM)
    # Who pays depends on the reason: once that is known the case answers, before it the help pages do.
    is_reason_known = asked in ("case_remedy", "case_exchange_for", "case_confirmed", "case_change", "case_which")
    said = ["utter_topic_postage" if is_reason_known else "utter_answer"]
    assert await conversation.run(ValidateAfterSalesForm()) == said
    assert conversation.slots["requested_slot"] == asked


UNCLEAR = {
    "order_number": "SO2026",
    "identity_proof": "123",
    "second_contact": "123",
    "case_items": "一言难尽",
    "case_reason": "一言难尽",
    "case_remedy": "看着办",
    "case_exchange_for": "不知道",
    "case_confirmed": "一言难尽",
    "case_change": "一言难尽",
    "case_which": "一言难尽",
}


@pytest.mark.parametrize("asked", UNCLEAR)
async def test_what_cannot_be_read_gets_the_clarification_of_its_question(conversation, asked):
    await reach(conversation, asked)
    conversation.says(UNCLEAR[asked], "ask_question" if asked == "case_exchange_for" else None).in_form(asked, FORM)
    said = await conversation.run(ValidateAfterSalesForm())
    assert said[:1] == [f"utter_unclear_{asked.removeprefix('case_')}"]
    assert conversation.slots["requested_slot"] == asked


async def test_a_question_that_cannot_be_answered_keeps_the_form(conversation, knowledge):
    await conversation.says("我要退货", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    knowledge.is_broken = True
    conversation.says("你们的运费险怎么赔付？", "ask_question").in_form("order_number", FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_service_trouble"]
    assert conversation.loop == {"name": FORM} and conversation.slots["requested_slot"] == "order_number"


@pytest.mark.parametrize("intent", ["request_exchange", "ask_question", "nlu_fallback"])
@pytest.mark.parametrize("text", ["换大一码的要多久啊？", "换新的要多久", "how long would an exchange take?"])
async def test_how_long_a_remedy_takes_chooses_none(conversation, knowledge, text, intent):
    form = ValidateAfterSalesForm()
    await conversation.says("SO20260026 的充电宝坏了，尾号8007", "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["requested_slot"] == "case_remedy"
    said = await conversation.says(text, intent).in_form("case_remedy", FORM).run(form)
    assert said == ["utter_no_answer_in_form"] and knowledge.asked[-1][0] == text.replace("？", "?")
    assert conversation.slots["case_remedy"] is None and conversation.slots["requested_slot"] == "case_remedy"
