"""What only tells how far things have come, and what asks or wants something beside it."""

import pytest

from kefu.dialogue.form.told_state import told_state


@pytest.mark.parametrize(
    "text",
    [
        "昨天到的，还没拆",
        "昨天刚到，没拆封",
        "东西收到了，还没打开",
        "今天签收的，一次都没用过",
        "前天收到的 没用过",
        "包裹昨晚到的，我还没拆开呢",
        "还没拆封",
        "全新未拆",
        "it arrived yesterday, I haven't opened it yet",
        "got it today, not opened",
        "I received it last week and never used it",
        "it's still sealed",
        "my parcel came this morning, still unopened",
    ],
)
def test_goods_that_are_there(text):
    assert told_state(text) == "received"


@pytest.mark.parametrize(
    "text",
    [
        "i just paid",
        "I've just paid for my order",
        "paid just now",
        "刚付款了",
        "我刚刚付完钱",
        "已经付了款",
        "付好了",
    ],
)
def test_goods_that_are_paid(text):
    assert told_state(text) == "paid"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "好的",
        "昨天到的",  # may be an answer to which order
        "还没到",
        "昨天到的，还没拆，能退吗",
        "昨天到的，还没拆就碎了",
        "收到了，少了一件",
        "没用过这个牌子",
        "没拆，想退货",
        "快递三天没动了",
        "I haven't opened it yet, can I return it?",
        "it arrived yesterday but it's broken",
        "i just paid twice",
        "i just paid and the order is still unpaid",
        "刚付款就降价了",
        "刚付了款，想改地址",
        "付了两次钱",
        "not received it yet",
        "it never arrived",
    ],
)
def test_what_says_more_or_less(text):
    assert told_state(text) is None
