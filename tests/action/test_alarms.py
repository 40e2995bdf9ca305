"""Danger and fraud, in a shop that has a help page about them and in one that has none."""

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.dialogue.alarms import ENTRIES
from kefu.errors import DataError

FORM = "after_sales_form"


@pytest.fixture
def no_page(knowledge, monkeypatch):
    """The knowledge of a shop that has kept none of the demo's entries; unknown ids are refused, as ever."""

    def refuse(entry_id, language):
        raise DataError(f"There is no knowledge entry `{entry_id}`.")

    monkeypatch.setattr(knowledge, "entry_title", refuse)
    monkeypatch.setattr(knowledge, "entry_text", refuse)


@pytest.mark.parametrize(
    "text", ["退 SO20260026 的充电宝，8007，充电的时候冒烟了", "退 SO20260026 的充电宝，8007，鼓包了"]
)
async def test_without_the_page_a_person_is_offered_all_the_same(conversation, no_page, text):
    """What smokes must not be posted: no form goes on to ask for that."""
    said = await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_alarm_person"] and conversation.loop == {}
    assert (conversation.slots["offer"], conversation.slots["offer_order"]) == ("handover", "SO20260026")


async def test_without_the_page_fraud_is_for_a_person(conversation, no_page):
    said = await conversation.says("有人自称客服打电话说要退款给我，加微信转账").run(ActionAnswerQuestion())
    assert said == ["utter_alarm_person"] and conversation.slots["offer"] == "handover"


async def test_with_the_page_the_form_ends_with_the_warning(conversation, knowledge, monkeypatch):
    """What it ends for: the page comes first, then the offer of a person."""
    monkeypatch.setattr(knowledge, "entry_title", lambda entry_id, language: "运费")
    monkeypatch.setitem(ENTRIES, "danger", "return_shipping_cost")
    said = await (
        conversation.says("退 SO20260026 的充电宝，8007，充电的时候冒烟了", "request_return")
        .in_form(None, FORM)
        .run(ValidateAfterSalesForm())
    )
    assert said == ["utter_answer", "utter_alarm_person"]
    assert conversation.slots["offer"] == "handover"
