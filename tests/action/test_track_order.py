"""track_order_form and action_show_order: what fills the form, who sees an order, and what is said of it."""

from datetime import timedelta

import pytest
from rasa_sdk.events import FollowupAction

from kefu.actions.track_order import ActionShowOrder, ValidateTrackOrderForm
from kefu.errors import StoreError

VALIDATE = ValidateTrackOrderForm()
SHOW = ActionShowOrder()


def filled(conversation):
    """The order, its proof, and what is asked next."""
    return tuple(conversation.slots.get(name) for name in ("order_number", "identity_proof", "requested_slot"))


async def test_the_message_that_starts_the_form_may_name_the_order(conversation):
    assert await conversation.says("SO20260001到哪了", "track_order").run(VALIDATE) == []
    assert filled(conversation) == ("SO20260001", None, "identity_proof")


async def test_the_message_that_starts_the_form_may_bring_everything(conversation):
    await conversation.says("SO20260001到哪了，尾号8019", "track_order").run(VALIDATE)
    assert filled(conversation) == ("SO20260001", "proven", None)


async def test_a_start_that_names_nothing_asks_for_the_number(conversation):
    assert await conversation.says("我的快递呢", "track_order").run(VALIDATE) == []
    assert filled(conversation) == (None, None, "order_number")


@pytest.mark.parametrize(
    "text", ["my earbuds are broken, SO20260003", "SO20260003 的耳机坏了", "SO20260016, the strap snapped"]
)
async def test_a_fault_of_a_named_order_is_not_about_where_it_is(conversation, text):
    assert await conversation.in_form(None).says(text, "track_order").run(VALIDATE) == []
    assert conversation.loop == {}
    assert conversation.returned[-1] == FollowupAction("after_sales_form")


@pytest.mark.parametrize(
    "text", ["SO20260003到哪了，是不是坏在路上了", "SO20260007 还没到，太慢了", "SO20260003换货的新鞋三天没更新物流"]
)
async def test_where_a_named_order_is_stays_with_tracking(conversation, text):
    assert await conversation.in_form(None).says(text, "track_order").run(VALIDATE) == []
    assert conversation.slots["requested_slot"] == "identity_proof"


@pytest.mark.parametrize(
    "text", ["8019", "尾号8019", "13800138019", "lin.xiao@example.com", "ＬＩＮ.xiao@example.com"]
)
async def test_the_contact_proves(conversation, text):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    await conversation.says(text, "nlu_fallback").run(VALIDATE)
    assert conversation.slot_events()["identity_proof"] == "proven"


async def test_who_has_proven_himself_is_not_asked_again(conversation, another_conversation):
    await conversation.says("SO20260001 尾号8019", "track_order").run(VALIDATE)
    await conversation.says("那SO20260003呢", "track_order").run(VALIDATE)
    assert filled(conversation) == ("SO20260003", "proven", None)
    await another_conversation.says("SO20260003呢", "track_order").run(VALIDATE)
    assert another_conversation.slot_events()["identity_proof"] is None


@pytest.mark.parametrize(
    "entities", [[{"entity": "order_number", "value": "SO20260001"}, {"entity": "email", "value": "a@example.com"}]]
)
async def test_a_typed_payload_fills_nothing(conversation, entities):
    text = '/track_order{"order_number":"SO20260001","email":"lin.xiao@example.com"}'
    await conversation.says(text, "track_order", entities).run(VALIDATE)
    assert filled(conversation) == (None, None, "order_number")


async def test_the_reply_to_a_wrong_proof_is_one_and_the_same(conversation, another_conversation):
    replies = []
    for each, order in ((conversation, "SO20260004"), (another_conversation, "SO99999999")):
        each.in_form("identity_proof").slots["order_number"] = order
        said = await each.says("8019", "nlu_fallback").run(VALIDATE)
        replies.append((said, each.slot_events()["identity_proof"], [m["buttons"] for m in each.said]))
    assert replies[0] == replies[1]
    assert replies[0][:2] == (["utter_identity_refused"], None)


@pytest.mark.parametrize("order", ["SO20260004", "SO99999999"])
async def test_after_five_failures_a_person_is_offered(conversation, order):
    conversation.in_form("identity_proof").slots["order_number"] = order
    for attempt in range(5):
        said = await conversation.says(f"000{attempt}", "nlu_fallback").run(VALIDATE)
        assert said == ["utter_identity_refused" if attempt < 4 else "utter_identity_exhausted"]
    assert conversation.loop == {} and conversation.slots["order_number"] is None
    offer = {name: value for name, value in conversation.slot_events().items() if name.startswith("offer")}
    assert offer == {"offer": "handover", "offer_reason": "identity", "offer_order": order, "offer_draft": None}
    assert await conversation.run(SHOW) == []


async def test_the_order_can_be_corrected_while_the_proof_is_asked(conversation):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260004"
    await conversation.says("不对，是SO20260001", "deny").run(VALIDATE)
    assert filled(conversation) == ("SO20260001", None, "identity_proof")


async def test_bare_digits_are_read_by_what_was_asked(conversation):
    await conversation.in_form("order_number").says("20260001", "nlu_fallback").run(VALIDATE)
    assert conversation.slot_events()["order_number"] == "SO20260001"


@pytest.mark.parametrize(("text", "intent"), [("谢谢", "thanks"), ("你好", "greet"), ("hello there", "greet")])
async def test_a_side_remark_is_left_to_the_rules(conversation, text, intent):
    conversation.in_form("order_number")
    assert await conversation.says(text, intent).run(VALIDATE) == []
    assert conversation.returned == []


async def test_a_question_is_answered_and_the_form_asks_on(conversation, knowledge):
    conversation.in_form("order_number")
    assert await conversation.says("退货运费谁出？", "ask_question").run(VALIDATE) == ["utter_answer"]
    assert filled(conversation) == (None, None, "order_number")


@pytest.mark.parametrize(
    ("text", "intent", "said", "next_form"),
    [
        ("算了，不查了", "ask_question", ["utter_stopped"], None),
        ("never mind", None, ["utter_stopped"], None),
        ("SO20260001 转人工", "track_order", ["utter_handover_now"], None),
        ("SO20260001我要退货", "request_return", [], "after_sales_form"),
        ("swap it for another one please", "request_exchange", [], "after_sales_form"),
        ("取消订单", "cancel_order", [], "after_sales_form"),
    ],
)
async def test_who_wants_something_else_leaves(conversation, text, intent, said, next_form):
    conversation.in_form("order_number")
    assert await conversation.says(text, intent).run(VALIDATE) == said
    assert conversation.loop == {}
    followed = [event["name"] for event in conversation.returned if event["event"] == "followup"]
    assert followed == ([next_form] if next_form else [])


@pytest.mark.parametrize("slot", ["order_number", "identity_proof", "second_contact"])
@pytest.mark.parametrize(
    ("text", "intent"), [("取消", "cancel_order"), ("取消吧", "stop"), ("cancel", "cancel_order")]
)
async def test_a_bare_cancel_ends_the_look_up_and_no_order(conversation, shop, slot, text, intent):
    conversation.in_form(slot).slots["order_number"] = "SO20260002" if slot == "identity_proof" else None
    assert await conversation.says(text, intent).run(VALIDATE) == ["utter_stopped_tracking"]
    assert conversation.loop == {}
    assert not [event for event in conversation.returned if event["event"] == "followup"]


async def test_a_bare_value_counts_whatever_the_model_takes_it_for(conversation):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    await conversation.says("8019", "stop").run(VALIDATE)
    assert conversation.slot_events()["identity_proof"] == "proven"


@pytest.mark.parametrize(
    ("slot", "text", "said"),
    [
        ("order_number", "SO2026", ["utter_unclear_order_number"]),
        ("identity_proof", "123", ["utter_unclear_identity_proof"]),
        ("order_number", "8019", ["utter_unclear_order_number"]),
    ],
)
async def test_a_failed_number_is_asked_for_again(conversation, slot, text, said):
    if slot == "identity_proof":
        conversation.slots["order_number"] = "SO20260001"
    assert await conversation.in_form(slot).says(text, "nlu_fallback").run(VALIDATE) == said
    assert conversation.slots["requested_slot"] == slot


@pytest.mark.parametrize("text", ["'; DROP TABLE orders; --", "😀" * 3, "好" * 5000, "1" * 5000, "\u200b"])
async def test_absurd_messages_prove_and_write_nothing(conversation, shop, text):
    conversation.in_form("identity_proof").slots["order_number"] = "SO20260001"
    await conversation.says(text, "nlu_fallback").run(VALIDATE)
    assert conversation.slot_events().get("identity_proof") is None
    assert not shop.identity.is_proven("SO20260001", "c1")
    assert shop.orders.order("SO20260001") is not None


async def test_a_question_in_the_middle_leaves_the_second_contact_asked_for(conversation, knowledge):
    await conversation.in_form("order_number").says("没有订单号", "ask_question").run(VALIDATE)
    assert conversation.slots["requested_slot"] == "second_contact"
    conversation.in_form("second_contact")
    assert await conversation.says("退货运费谁出？", "ask_question").run(VALIDATE) == ["utter_answer"]
    assert conversation.slots["requested_slot"] == "second_contact"
    assert await conversation.says("123", "nlu_fallback").run(VALIDATE) == ["utter_unclear_second_contact"]
    assert conversation.slots["requested_slot"] == "second_contact"


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        # The fake knowledge knows of 运费 and of nothing else.
        ("我要开票 SO20260003", "我要开票", "utter_no_answer"),
        ("SO20260003 运费发票怎么没有", "运费发票怎么没有", "utter_answer"),
        ("invoice for SO20260003 please", "invoice for please", "utter_no_answer"),
    ],
)
async def test_a_wish_for_an_invoice_is_no_look_up(conversation, knowledge, text, question, said):
    assert await conversation.says(text, "track_order").in_form(None).run(VALIDATE) == [said]
    assert conversation.loop == {}
    assert knowledge.asked[0][0] == question


@pytest.mark.parametrize(
    "text",
    [
        *("SO20260003到哪了，发票在里面吗", "发票上的单号是SO20260003", "按发票查一下，SO20260003"),
        *("the order number on my receipt is SO20260003", "I have the receipt, SO20260003", "receipt says SO20260003"),
    ],
)
async def test_the_parcel_is_looked_up_though_an_invoice_is_spoken_of(conversation, text):
    await conversation.says(text, "track_order").in_form(None).run(VALIDATE)
    assert conversation.slots["requested_slot"] == "identity_proof"


async def test_a_slot_alone_shows_no_order(conversation):
    conversation.slots |= {"order_number": "SO20260001", "identity_proof": "proven"}
    assert await conversation.says("/x", "affirm").run(SHOW) == []


SHOWN = {
    "SO20260001": ["utter_order_shipped", "utter_parcel_in_transit", "utter_next_underway"],
    "SO20260002": ["utter_order_paid", "utter_next_not_shipped"],
    "SO20260004": ["utter_order_shipped", "utter_parcel_out_for_delivery", "utter_next_underway"],
    "SO20260005": [
        *("utter_order_shipped_in_parts", "utter_parcel_delivered", "utter_parcel_in_transit"),
        "utter_next_in_parts",
    ],
    "SO20260006": ["utter_order_unpaid", "utter_next_not_shipped"],
    "SO20260007": ["utter_order_shipped", "utter_parcel_locker", "utter_next_delivered"],
    "SO20260008": ["utter_order_picking", "utter_next_not_shipped"],
    "SO20260009": ["utter_order_cancelled"],
    "SO20260012": ["utter_order_shipped", "utter_parcel_shipped", "utter_next_underway"],
    "SO20260013": ["utter_order_shipped", "utter_parcel_stuck", "utter_next_underway"],
}
TAILS = {"1": "8019", "2": "8019", "4": "8027", "5": "8027", "6": "8027", "7": "8034", "8": "8034", "9": "8034"}


@pytest.mark.parametrize("order", SHOWN)
async def test_every_state_has_its_words(conversation, order):
    tail = TAILS.get(str(int(order[6:])), {"SO20260012": "8045", "SO20260013": "8052"}.get(order))
    await conversation.says(f"{order} 尾号{tail}", "track_order").run(VALIDATE)
    assert await conversation.run(SHOW) == SHOWN[order]
    assert filled(conversation)[:2] == (None, None)
    assert conversation.slots["last_order"] == order


async def test_an_order_that_was_not_paid_in_time_says_so(conversation, clock):
    await conversation.says("SO20260006 尾号8027", "track_order").run(VALIDATE)
    clock.now += timedelta(minutes=31)
    assert await conversation.run(SHOW) == ["utter_order_unpaid_too_late"]


async def test_the_facts_of_an_order_are_in_the_customers_language(conversation):
    conversation.slots["language"] = "en"
    await conversation.says("where is SO20260005? phone ending in 8027", "track_order").run(VALIDATE)
    await conversation.run(SHOW)
    order, first, second = conversation.said
    assert (order["items"], order["total"], order["count"]) == (
        "K87 mechanical keyboard, ceramic mugs (set of 6)",
        "458",
        2,
    )
    assert first["news"] == "Delivered and signed for at the reception desk"
    assert (second["carrier"], second["time"]) == ("ZTO Express", "11-20 00:00")


async def test_a_database_out_of_reach_ends_the_form_with_a_service_message(conversation, shop, monkeypatch):
    def fail(*_):
        raise StoreError("The database failed (OperationalError).")

    monkeypatch.setattr(shop.identity, "is_proven", fail)
    conversation.in_form("order_number")
    assert await conversation.says("SO20260001", "track_order").run(VALIDATE) == ["utter_service_trouble"]
    assert conversation.loop == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("SO20260043 8031 我没收到，邻居签的",), True),
        (("SO20260043显示签收了，我没收到", "8031"), True),
        (("SO20260043 到哪了 8031",), False),
        (("SO20260001 还没收到 8019",), False),  # which is under way
    ],
)
async def test_what_is_called_delivered_and_has_not_come_is_for_a_person(conversation, knowledge, said, expected):
    for number, text in enumerate(said):
        conversation.in_form("identity_proof" if number else None)
        await conversation.says(text, "track_order").run(VALIDATE)
    replies = await conversation.run(SHOW)
    assert ("utter_offer_to_look_into_it" in replies) == expected
    assert (conversation.slots.get("offer") == "handover") == expected


@pytest.mark.parametrize("text", ["where is the store?", "你们店在哪里", "is your shop open on sundays"])
async def test_where_the_shop_is_is_no_look_up(conversation, knowledge, text):
    conversation.says(text, "track_order").in_form(None)
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    await conversation.run(VALIDATE)
    assert conversation.loop == {}
    assert knowledge.asked[-1][0] == text


@pytest.mark.parametrize(
    "text", ["where is the store's parcel SO20260001", "where are the shoes", "我在你们店买的快递在哪"]
)
async def test_what_was_bought_there_is_looked_up(conversation, knowledge, text):
    conversation.says(text, "track_order").in_form(None)
    conversation.events.append({"event": "active_loop", "name": "track_order_form"})
    await conversation.run(VALIDATE)
    assert conversation.loop == {"name": "track_order_form"}
