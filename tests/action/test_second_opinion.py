"""The second opinion on a reason, as the form asks it."""

from dataclasses import replace

from kefu.actions import services as shop_services
from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.second_opinion import CautiousOpinion, reasons_by_meaning
from kefu.errors import RemoteModelError
from kefu.settings import KnowledgeSettings, Settings, load_settings
from kefu.shop.policy import load_policy

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream for 159 yuan, signed for two days ago; phone 8063
ODD = "膏体里头一粒一粒的"


def of_odd_words(texts):
    return ["defect" if text == ODD else None for text in texts]


async def opened(conversation, text):
    await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    return conversation


async def test_words_that_no_table_has_lead_to_the_summary(conversation, shop):
    shop_services.use_services(replace(shop, reasons=of_odd_words))
    await opened(conversation, f"退 {ORDER}，8063")
    assert conversation.slots["requested_slot"] == "case_reason"
    await conversation.says(ODD).in_form("case_reason", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_reason"] == "defect"
    assert conversation.slots["requested_slot"] == "case_confirmed"


async def test_what_was_said_before_the_order_was_known_is_judged_too(conversation, shop):
    shop_services.use_services(replace(shop, reasons=of_odd_words))
    await opened(conversation, f"{ODD}，想退货，{ORDER}")
    await conversation.says("8063").in_form("identity_proof", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_reason"] == "defect"


async def test_without_an_opinion_the_reason_is_asked_again(conversation, shop):
    await opened(conversation, f"退 {ORDER}，8063")
    conversation.says(ODD).in_form("case_reason", FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_unclear_reason"]
    assert conversation.slots["case_reason"] is None


def test_a_model_that_is_away_gives_none_and_is_tried_again(caplog):
    answers = [RemoteModelError("The embedding server is away."), of_odd_words]

    def open_opinion():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    opinion = CautiousOpinion(open_opinion)
    assert opinion([ODD, ODD]) == [None, None]
    assert "away" in caplog.text and ODD not in caplog.text
    assert opinion([ODD, "?"]) == ["defect", None]
    assert opinion([ODD]) == ["defect"] and not answers


def test_a_shop_without_examples_has_no_opinion(tmp_path, shop):
    settings = Settings(tmp_path, knowledge=KnowledgeSettings(reason_examples="none.yml"))
    assert reasons_by_meaning(settings, shop.policy)([ODD]) == [None]


def test_the_shops_own_model_and_examples_give_reasons(tmp_path, shop, monkeypatch):
    """A sentence of the examples is as near to itself as can be; what it is near to beside depends on the model."""
    monkeypatch.setattr("kefu.dialogue.reasons.reason_opinion._NEAREST", 1)
    index = str(tmp_path / "index")
    settings = Settings(load_settings().root, knowledge=KnowledgeSettings(index=index))
    policy = load_policy(settings.path(settings.knowledge.policy))
    opinion = reasons_by_meaning(settings, policy)
    given = opinion(["牛奶结块了", "nothing happens when I press the button", "我住在杭州"])
    assert given[0] in ("spoiled", None) and given[1] in ("defect", None) and given[2] is None
    assert (tmp_path / "index" / "reasons.npz").is_file()
