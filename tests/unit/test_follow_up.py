"""Follow-up questions of a few words, told from what is asked about an order of one's own."""

import pytest

from kefu.dialogue.questions.follow_up import FollowUp, follow_up, goes_with

KINDS = {
    "topic": [
        *(
            "那运费呢",
            "那运费呢？",
            "还有运费呢",
            "运费呢",
            "那邮费怎么算",
            "那发票呢",
            "好的，那积分呢",
            "那優惠券呢",
            "那换货的运费呢",
        ),
        *("那退货运费谁出", "那包装呢?", "那会员的话呢", "那运费险呢", "那快递费呢", "那周末呢", "那运费多少钱"),
        *(
            "and the postage?",
            "and the postage",
            "what about the shipping fee?",
            "ok, and the invoice?",
            "how about points",
        ),
        *(
            "and the postage for an exchange?",
            "and the warranty then?",
            "so what about delivery costs",
            "And Express?",
        ),
        *("but what about holidays", "and return postage?", "and delivery fees"),
    ],
    "remedy": [
        "那退货呢",
        "那换货呢？",
        "退款呢",
        "那维修呢",
        "and for exchanges?",
        "and the refund?",
        "what about returns",
    ],
    "place": [
        "那新疆呢",
        "那香港呢",
        "乡下呢",
        "那如果西藏呢",
        "and Xinjiang?",
        "how about Tibet",
        "and to Hong Kong?",
    ],
    "other": ["那赤道呢", "那耳机呢", "and the moon?", "what about robots"],
}
OWN = [
    *(
        "那另一个包裹呢",
        "那我的耳机呢",
        "那我的订单呢",
        "那快递呢",
        "那SO20260002呢",
        "那第二个呢",
        "那什么时候到呢",
        "那现在呢",
        "那它呢",
    ),
    *("那物流呢", "那今天能送到吗", "我的包裹呢", "那剩下的呢", "那订单到哪了", "人呢", "那其他的呢"),
    *("and my jacket?", "and the other parcel?", "what about my order", "and SO20260002?", "and the second one?"),
    *("how about it", "and where is it?", "and the tracking number", "what about the rest?", "and the delivery?"),
]
NO_FOLLOW_UP = [
    *(
        "我要退货",
        "查一下SO20260001到哪了",
        "几天可以退货",
        "谢谢",
        "那就退吧",
        "",
        "😀",
        "/ask_question",
        "那我换个颜色吧",
    ),
    *(
        "I want to return this",
        "where is my order",
        "thanks",
        "and send it to my office please",
        "and cancel that order",
    ),
    *("yes and pick it up tomorrow", "what are your opening hours and do you sell socks"),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_what_a_follow_up_is_about(kind: str, text: str) -> None:
    found = follow_up(text)
    assert found is not None and found.kind == kind


@pytest.mark.parametrize("text", [*OWN, *NO_FOLLOW_UP])
def test_what_is_no_question_about_the_shop(text: str) -> None:
    assert follow_up(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("那退货呢", "怎么退货"),
        ("那换货的运费呢", "换货的运费谁出"),
        ("那运费呢", "运费"),
        ("那发票呢", "发票"),
        ("那火星呢", "那火星呢"),
        ("and for exchanges?", "how do I exchange something"),
        ("and the return postage?", "who pays the postage for a return"),
        ("and  the invoice?", "invoice"),
    ],
)
def test_it_is_put_as_it_would_be_asked_by_itself(text: str, question: str) -> None:
    found = follow_up(text)
    assert found is not None and found.question == question


def test_it_is_told_what_goes_on_with_something() -> None:
    led = {text: follow_up(text) for text in ("那运费呢", "运费呢", "and the postage?")}
    assert {text: found.is_led for text, found in led.items() if found} == {
        "那运费呢": True,
        "运费呢": False,
        "and the postage?": True,
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        *(("发货后几天能到", True), ("包邮吗", True), ("可以货到付款吗", True), ("how long does delivery take", True)),
        *(
            ("do you ship abroad", True),
            ("怎么开发票", False),
            ("密码忘了怎么办", False),
            ("how do I get an invoice", False),
        ),
    ],
)
def test_which_questions_a_place_goes_with(question: str, expected: bool) -> None:
    assert goes_with(FollowUp("新疆", "place", "新疆"), question) == expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("那信用卡呢", "退款多久到账", True),
        ("and for a card?", "how long does a refund take", True),
        ("那花呗呢", "怎么退款", True),
        ("那花呗呢", "可以分期吗", False),
        ("那发票呢", "退款多久到账", False),
        ("and the gift card?", "how long does a refund take", False),
    ],
)
def test_a_way_of_paying_goes_with_a_refund(text: str, before: str, expected: bool) -> None:
    found = follow_up(text)
    assert found is not None
    assert goes_with(found, before) == expected
