"""The after-sales form and the filing of its case, action by action: what no conversation can bring about."""

import copy
from datetime import timedelta

import pytest

from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.case_questions import ActionAskCaseConfirmed
from kefu.actions.file_case import ActionFileCase
from kefu.actions.yes_or_no import ActionAffirm
from kefu.errors import StoreError
from kefu.settings import OrderSettings

FORM = "after_sales_form"
ORDER = "SO20260016"  # a face cream for 159 yuan, signed for two days ago; phone 8063


@pytest.fixture
async def confirmed(conversation):
    """A conversation right after the yes to a summary, before anything was filed."""
    await (
        conversation.says(f"退 {ORDER}，8063，不想要了", "request_return")
        .in_form(None, FORM)
        .run(ValidateAfterSalesForm())
    )
    assert conversation.slots["requested_slot"] == "case_confirmed"
    conversation.says("好的", "affirm").in_form("case_confirmed", FORM)
    await conversation.run(ValidateAfterSalesForm())
    assert conversation.slots["case_confirmed"] is True
    return conversation


def cases(shop):
    return shop.cases.of_order(ORDER)


async def test_a_yes_files_one_case(confirmed, shop):
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    (case,) = cases(shop)
    assert (case.plan.kind, case.plan.refund_cents, case.plan.rule) == ("return", 15900, "no_reason_window")
    assert confirmed.said[0]["case"] == case.number
    assert confirmed.slots["case_confirmed"] is None and confirmed.slots["last_order"] == ORDER


async def test_the_same_yes_delivered_twice_files_once_and_gives_the_same_number(confirmed, shop):
    """The server died after the case was written and before the tracker was saved."""
    before = copy.deepcopy((confirmed.events, confirmed.slots))
    await confirmed.run(ActionFileCase())
    number = confirmed.said[0]["case"]
    confirmed.events, confirmed.slots = before
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    assert confirmed.said[0]["case"] == number
    assert len(cases(shop)) == 1


async def test_the_same_yes_after_the_form_has_ended_is_told_the_number_again(confirmed, shop):
    await confirmed.run(ActionFileCase())
    told = dict(confirmed.said[0])
    confirmed.loop = {}
    for _ in range(2):
        assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_filed_return"]
        assert confirmed.said[0] == told
    confirmed.says("谢谢", "thanks")  # a rule utters: no action runs
    assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]
    assert len(cases(shop)) == 1


@pytest.mark.parametrize(("text", "intent"), [("ok", "affirm"), ("太好了", "affirm"), ("/affirm", "affirm")])
async def test_another_yes_after_the_filing_is_not_taken_for_the_same_one(confirmed, text, intent):
    await confirmed.run(ActionFileCase())
    confirmed.loop = {}
    assert await confirmed.says(text, intent).run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_the_title_of_the_button_that_filed_the_case_is_the_same_yes(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    # What the server makes of a typed title: the payload that was offered with it.
    await conversation.says(yes["payload"], "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    conversation.loop = {}
    assert await conversation.says(yes["title"], "affirm").run(ActionAffirm()) == ["utter_filed_return"]
    assert len(cases(shop)) == 1


async def test_the_button_of_the_summary_pressed_late_is_told_the_number(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    conversation.loop = {}
    assert await conversation.says(yes["payload"], "affirm").run(ActionAffirm()) == ["utter_filed_return"]
    assert len(cases(shop)) == 1


async def test_a_yes_after_the_proof_ran_out_tells_nothing_of_the_case(confirmed, clock):
    await confirmed.run(ActionFileCase())
    confirmed.loop = {}
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert await confirmed.says("好的", "affirm").run(ActionAffirm()) == ["utter_affirm_noted"]


async def test_a_database_that_fails_keeps_the_summary_and_writes_nothing(confirmed, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.cases, "file", fails)
        assert await confirmed.run(ActionFileCase()) == ["utter_not_filed"]
        again, person = confirmed.said[0]["buttons"]
    assert cases(shop) == ()
    assert confirmed.loop == {"name": FORM} and confirmed.slots["requested_slot"] == "case_confirmed"
    assert confirmed.slots["case_summary"] in again["payload"] and "人工" in person["payload"]
    await confirmed.says("好的", "affirm").run(ValidateAfterSalesForm())
    assert await confirmed.run(ActionFileCase()) == ["utter_filed_return"]
    assert len(cases(shop)) == 1


async def test_a_person_can_be_had_though_the_orders_are_out_of_reach(confirmed, shop, monkeypatch):
    def fails(*_):
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(shop.cases, "file", fails)
        patched.setattr(shop.cases, "filed", fails)
        patched.setattr(shop.cases, "matter", fails)
        patched.setattr(shop.identity, "is_proven", fails)
        assert await confirmed.run(ActionFileCase()) == ["utter_not_filed"]
        confirmed.says("好的", "affirm").in_form("case_confirmed", FORM)
        assert await confirmed.run(ValidateAfterSalesForm()) == ["utter_service_trouble"]
        assert confirmed.slot_events() == {"case_confirmed": None, "requested_slot": "case_confirmed"}
        confirmed.says("转人工", "talk_to_human").in_form("case_confirmed", FORM)
        assert await confirmed.run(ValidateAfterSalesForm()) == ["utter_handover_now"]
    assert confirmed.loop == {}
    (ticket,) = shop.tickets.of_conversation("c1")
    assert (ticket.request.order_number, ticket.request.order_proven) == (ORDER, False)
    assert ticket.request.draft["case_items"] == [[1, 1]]


async def test_a_proof_that_ran_out_is_asked_for_again(confirmed, shop, clock):
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert await confirmed.run(ActionFileCase()) == []
    assert cases(shop) == ()
    assert [event["name"] for event in confirmed.returned if event["event"] == "followup"] == [FORM]


async def test_nothing_is_filed_without_a_yes(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert await conversation.run(ActionFileCase()) == []
    assert cases(shop) == ()


@pytest.mark.parametrize(
    "payload", ['/affirm{"summary": "000000000000"}', '/affirm{"case_confirmed": true}', "/affirm", "/deny"]
)
async def test_a_payload_says_yes_to_its_own_summary_only(conversation, shop, payload):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.says(payload, "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert not conversation.slots.get("case_confirmed")


async def test_the_button_under_the_summary_confirms_it(conversation, shop):
    await conversation.says(f"退 {ORDER}，8063，不想要了").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionAskCaseConfirmed())
    yes, _ = conversation.said[0]["buttons"]
    await conversation.says(yes["payload"], "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_confirmed"] is True


async def test_a_question_that_cannot_be_answered_keeps_the_form(conversation, knowledge):
    await conversation.says("我要退货", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    knowledge.is_broken = True
    conversation.says("你们的运费险怎么赔付？", "ask_question").in_form("order_number", FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_service_trouble"]
    assert conversation.loop == {"name": FORM} and conversation.slots["requested_slot"] == "order_number"


@pytest.mark.parametrize(
    ("said", "condition", "language"),
    [
        ("不想要了，用过几次了", "用过", "zh"),
        ("不喜欢，已经洗过了", "洗过", "zh"),
        ("不喜欢，吊牌剪了", "吊牌已剪", "zh"),
        ("changed my mind, but I used it twice", "used", "en"),
        ("I don't like it, I cut the tags off", "tags", "en"),
    ],
)
async def test_goods_that_were_used_are_refused_with_the_reason_and_what_else_there_is(
    conversation, said, condition, language
):
    conversation.slots["language"] = language
    conversation.says(f"{ORDER} 8063 {said}", "request_return").in_form(None, FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_refused_condition", "utter_instead_with_defect"]
    assert condition in conversation.said[0]["condition"]
    assert conversation.slots["requested_slot"] == "case_reason"


async def test_the_state_of_the_goods_told_by_itself_is_met_with_what_follows(conversation):
    await conversation.says(f"退 {ORDER}，8063", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.says("吊牌剪了", "ask_question").in_form("case_reason", FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_refused_condition", "utter_instead_with_defect"]


ASKED = {
    "order_number": ["我要退货"],
    "identity_proof": ["我要退货", "SO20260026"],
    "second_contact": ["退货，没有订单号", "sun.hao@example.com"],
    "case_items": ["退货 SO20260026 尾号8007"],
    "case_reason": ["退货 SO20260026 尾号8007", "瑜伽垫"],
    "case_remedy": ["SO20260026 的充电宝坏了，尾号8007"],
    "case_exchange_for": ["SO20260007 我要换鞋，尾号8034", "太小了"],
    "case_confirmed": ["退货 SO20260026 尾号8007", "瑜伽垫", "不喜欢"],
    "case_change": ["退货 SO20260026 尾号8007", "瑜伽垫", "不喜欢", "不，要修改"],
    "case_which": ["退货 SO20260026 尾号8007", "瑜伽垫", "不喜欢", "取消"],
}


async def reach(conversation, asked):
    """Talk until the form asks for that slot."""
    slot = None
    for text in ASKED[asked]:
        await conversation.says(text, None).in_form(slot, FORM).run(ValidateAfterSalesForm())
        slot = conversation.slots["requested_slot"]
    assert slot == asked


@pytest.mark.parametrize("asked", ASKED)
async def test_after_a_question_in_the_middle_the_same_is_asked_again(conversation, asked):
    await reach(conversation, asked)
    conversation.says("你们周末的运费也一样吗？", "ask_question").in_form(asked, FORM)
    said = await conversation.run(ValidateAfterSalesForm())
    assert len(said) == 1 and said[0] in ("utter_answer", "utter_topic_postage")
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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("SO20260019 8078 T恤退了能拿回多少钱？", "zh"),
        ("SO20260019 8078 how much do I get back for the T-shirts?", "en"),
    ],
)
async def test_a_quote_for_a_named_article_asks_nothing(conversation, text, language):
    conversation.slots["language"] = language
    said = await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_quote_any_reason"] and conversation.said[0]["amount"] == "158"
    assert conversation.loop == {}


async def test_a_quote_for_a_named_article_needs_only_the_proof(conversation):
    form = ValidateAfterSalesForm()
    await conversation.says("SO20260019 的T恤退了能拿回多少钱？", "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["requested_slot"] == "identity_proof"
    assert await conversation.says("8078").in_form("identity_proof", FORM).run(form) == ["utter_quote_any_reason"]
    assert conversation.said[0]["amount"] == "158"


@pytest.mark.parametrize(
    ("first", "further", "language"),
    [
        ("SO20260019 8078 退T恤能退多少钱？", "两样都退呢", "zh"),
        ("SO20260019 8078 how much do I get back for the T-shirts?", "and both?", "en"),
    ],
)
async def test_several_articles_are_quoted_one_by_one_and_in_total(conversation, first, further, language):
    conversation.slots["language"] = language
    await conversation.says(first, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.slots["last_order"] = "SO20260019"
    await conversation.says(further, "nlu_fallback").run(ActionAnswerQuestion())
    assert conversation.slots["case_wish"] == "quote"
    conversation.in_form(None, FORM)
    assert await conversation.run(ValidateAfterSalesForm()) == ["utter_quote_several"]
    told = conversation.said[0]
    assert told["each"].count("\n") == 1 and "158" in told["each"] and "89" in told["each"]
    assert told["amount"] == "247" and conversation.loop == {}


async def test_several_matters_wait_in_their_order_each_once(conversation, shop):
    form, file = ValidateAfterSalesForm(), ActionFileCase()
    said = "退 SO20260016，8063，不想要了，SO20260017的草莓取消，还有SO20260099到哪了"
    await conversation.says(said, "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["case_next"] == ["SO20260017的草莓取消", "还有SO20260099到哪了"]
    assert conversation.slots["requested_slot"] == "case_confirmed"
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(form)
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


@pytest.mark.parametrize("intent", ["request_exchange", "ask_question", "nlu_fallback"])
@pytest.mark.parametrize("text", ["换大一码的要多久啊？", "换新的要多久", "how long would an exchange take?"])
async def test_how_long_a_remedy_takes_chooses_none(conversation, knowledge, text, intent):
    form = ValidateAfterSalesForm()
    await conversation.says("SO20260026 的充电宝坏了，尾号8007", "request_return").in_form(None, FORM).run(form)
    assert conversation.slots["requested_slot"] == "case_remedy"
    said = await conversation.says(text, intent).in_form("case_remedy", FORM).run(form)
    assert said == ["utter_no_answer_in_form"] and knowledge.asked[-1][0] == text.replace("？", "?")
    assert conversation.slots["case_remedy"] is None and conversation.slots["requested_slot"] == "case_remedy"


async def test_what_tells_the_case_nothing_leads_out_of_it(conversation):
    form = ValidateAfterSalesForm()
    await conversation.says(f"退 {ORDER}，8063", "request_return").in_form(None, FORM).run(form)
    await conversation.says("你好，SO20260099到哪了", "track_order").in_form("case_reason", FORM).run(form)
    assert not conversation.slots.get("case_next") and conversation.loop == {}


async def test_an_estimate_is_taken_further_though_it_was_taken_for_a_return(conversation):
    first = "SO20260019 8078 退T恤能退多少钱？"
    await conversation.says(first, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    conversation.loop, conversation.slots["last_order"] = {}, "SO20260019"
    said = await conversation.says("两样都退呢", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert said == ["utter_quote_several"] and conversation.loop == {}


async def test_a_part_of_a_message_has_a_wish_of_its_own(conversation):
    said = "退 SO20260016，8063，不想要了，SO20260017取消"
    await conversation.says(said, "cancel_order").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_wish"] == "return" and conversation.slots["case_next"] == ["SO20260017取消"]


async def test_the_article_of_a_question_is_not_asked_for(conversation):
    text = "SO20260019 8078 我想退货，T恤能退吗？"
    await conversation.says(text, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] == [[1, 2]] and conversation.slots["requested_slot"] == "case_reason"


async def test_items_wait_until_the_order_is_known(conversation):
    said = "退 SO20260019 里的T恤，太小了"
    await conversation.says(said, "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] is None and conversation.slots["requested_slot"] == "identity_proof"
    await conversation.says("8078").in_form("identity_proof", FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["case_items"] == [[1, 2]]
    assert conversation.slots["case_reason"] == "no_reason"


async def test_another_customers_order_answers_like_one_that_does_not_exist(conversation, another_conversation):
    replies = []
    for one, number in ((conversation, "SO20260004"), (another_conversation, "SO20269999")):
        await one.says(f"退 {number}，8063，坏了", "request_return").in_form(None, FORM).run(ValidateAfterSalesForm())
        replies.append((one.said, one.slots["requested_slot"], one.slots["identity_proof"]))
    assert replies[0] == replies[1]


async def test_what_is_wanted_in_exchange_is_filed_with_the_case(conversation, shop):
    said = "SO20260007的跑鞋太小了，换43码，8034"
    await conversation.says(said, "request_exchange").in_form(None, FORM).run(ValidateAfterSalesForm())
    assert conversation.slots["requested_slot"] == "case_confirmed"
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    assert await conversation.run(ActionFileCase()) == ["utter_filed_exchange"]
    (case,) = shop.cases.of_order("SO20260007")
    assert case.plan.kind == "exchange" and "43" in (case.pickup or "")


async def test_what_is_wanted_instead_and_the_collection_are_told_apart_again(conversation, shop):
    said = "SO20260007的跑鞋太小了，换43码，8034"
    await conversation.says(said, "request_exchange").in_form(None, FORM).run(ValidateAfterSalesForm())
    await conversation.says("下午六点以后上门取件").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.says("好的", "affirm").in_form("case_confirmed", FORM).run(ValidateAfterSalesForm())
    await conversation.run(ActionFileCase())
    (case,) = shop.cases.of_order("SO20260007")
    assert case.pickup == "43码; 下午六点以后上门取件"
    told = conversation.said[0]["notes"]
    conversation.loop = {}
    assert await conversation.says("好的", "affirm").run(ActionAffirm()) == ["utter_filed_exchange"]
    assert conversation.said[0]["notes"] == told
