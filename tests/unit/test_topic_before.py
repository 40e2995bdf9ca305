"""A few words after a question about a return, an exchange, a refund or a repair are about that."""

import pytest

from kefu.dialogue.questions.aspects import Aspect, tells
from kefu.dialogue.questions.follow_up_words import spoken_of
from kefu.dialogue.questions.remedy_questions import QUESTIONS
from kefu.dialogue.questions.topic_before import completed

BEFORE = {
    "return": ["怎么退货？", "几天内可以退货", "鞋子不合适能退吗", "how do I return something?", "can I send it back"],
    "exchange": ["怎么换货", "能换大一码吗", "how do I exchange an item", "can I swap it for another size"],
    "refund": ["退款会退到哪里", "how do I get my money back"],
    "repair": ["怎么申请保修", "坏了能修吗", "维修怎么做", "how do I make a warranty claim", "can you fix it"],
}
ASKED = {
    "zh": {
        "postage": [
            *(
                "那运费呢？",
                "运费呢",
                "那运费谁出",
                "运费谁出？",
                "谁出运费",
                "邮费谁承担啊",
                "好的，那来回运费谁付呢",
            ),
            *("那快递费怎么算", "要我自己出运费吗", "包邮吗", "那運費呢", "那谁出钱呢"),
        ],
        "cost": ["要多少钱", "那要多少钱呢？", "收费吗", "要钱吗", "那费用呢", "免费吗"],
        "time": ["要多久呢", "多久呢？", "大概要多久", "那要几天呢", "一般多久能好", "需要多长时间"],
    },
    "en": {
        "postage": [
            *("and the postage?", "what about shipping costs", "who pays the postage?", "and who pays for that?"),
            *("do I have to pay for shipping?", "ok, and the return shipping?", "how much is the postage"),
        ],
        "cost": ["how much does that cost?", "is it free?", "and the cost?", "what will it cost", "do I have to pay"],
        "time": [
            *("how long does that take?", "and how long will it take", "how long?", "and how many days does it take?"),
            *("Ok thanks, how long does this usually take",),
        ],
    },
}
OTHERS = [
    *(
        "那发票呢",
        "那运费险呢",
        "那新疆呢",
        "那退货呢",
        "那换货的运费呢",
        "退款要多久",
        "什么时候到",
        "保修多久",
        "谢谢",
    ),
    *("and the invoice?", "and for exchanges?", "who are you", "how long is the warranty", "how much is the E210"),
    *("how long does delivery take", "", "我要退货", "那我的包裹要多久"),
]


def asked(text: str, before: list[str]) -> str | None:
    found = completed(text, before)
    return found.question if found else None


@pytest.mark.parametrize(("remedy", "before"), [(remedy, text) for remedy, texts in BEFORE.items() for text in texts])
def test_what_the_question_before_is_about(remedy: str, before: str) -> None:
    assert spoken_of(before) == remedy


@pytest.mark.parametrize(
    "before",
    [
        *(
            "发货后多久能送到",
            "运费怎么算",
            "可以换个收货地址吗",
            "怎么换手机号",
            "退税怎么办",
            "定金能用券吗",
        ),
        *("how long does delivery take", "can I change my address", "what are your hours"),
    ],
)
def test_what_is_about_none_of_them(before: str) -> None:
    assert spoken_of(before) is None


@pytest.mark.parametrize("remedy", list(BEFORE))
@pytest.mark.parametrize(
    ("language", "aspect", "text"),
    [
        (language, aspect, text)
        for language, named in ASKED.items()
        for aspect, texts in named.items()
        for text in texts
    ],
)
def test_it_is_asked_about_that(remedy: str, language: str, aspect: str, text: str) -> None:
    expected = QUESTIONS[language][remedy][aspect]  # type: ignore[index]
    assert {asked(text, [before]) for before in BEFORE[remedy]} == {expected}


@pytest.mark.parametrize("text", [text for named in ASKED.values() for texts in named.values() for text in texts])
@pytest.mark.parametrize("before", [[], ["发货后多久能送到"], ["how do I earn points", "how do I return something"]])
def test_without_such_a_question_right_before_it_stays_as_it_is(text: str, before: list[str]) -> None:
    assert asked(text, before) is None


@pytest.mark.parametrize("text", OTHERS)
def test_what_says_itself_what_it_means_stays_as_it_is(text: str) -> None:
    assert asked(text, ["怎么退货"]) is None


def test_one_after_another_they_are_all_about_the_same() -> None:
    assert asked("要多久呢", ["那运费呢", "怎么换货", "怎么退货"]) == "换货要多久"
    assert (
        asked("and who pays the postage?", ["how long?", "how do I return it?"])
        == QUESTIONS["en"]["return"]["postage"]
    )


def test_the_words_say_in_which_language_it_is_asked() -> None:
    assert asked("and the postage?", ["怎么退货"]) == "who pays the postage for a return"


@pytest.mark.parametrize(
    ("before", "text", "remedy", "aspect"),
    [
        ("运费多少", "那退货的呢", "return", "postage"),
        ("运费多少", "那退货呢", "return", "postage"),
        ("换货的运费谁出", "那退货的呢？", "return", "postage"),
        ("退货要多久", "那换货呢", "exchange", "time"),
        ("换货收费吗", "维修呢", "repair", "cost"),
    ],
)
def test_another_remedy_is_asked_the_same_about(before: str, text: str, remedy: str, aspect: str) -> None:
    assert asked(text, [before]) == QUESTIONS["zh"][remedy][aspect]  # type: ignore[index]


@pytest.mark.parametrize(
    ("before", "text", "remedy", "aspect"),
    [
        ("how much is delivery?", "and for returns?", "return", "postage"),
        ("what does shipping cost", "what about exchanges", "exchange", "postage"),
        ("how long does a refund take", "and an exchange?", "exchange", "time"),
    ],
)
def test_another_remedy_is_asked_the_same_about_in_english(before: str, text: str, remedy: str, aspect: str) -> None:
    assert asked(text, [before]) == QUESTIONS["en"][remedy][aspect]  # type: ignore[index]


@pytest.mark.parametrize("before", [[], ["怎么退货"], ["怎么开发票", "运费多少"]])
def test_after_no_such_question_a_remedy_alone_asks_how_it_is_done(before: list[str]) -> None:
    assert asked("那换货呢", before) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how much is it for a return", QUESTIONS["en"]["return"]["cost"]),
        ("what does it cost for an exchange?", QUESTIONS["en"]["exchange"]["cost"]),
        ("How long does it take for a refund?", QUESTIONS["en"]["refund"]["time"]),
        ("how much is it for two", None),
    ],
)
def test_a_remedy_that_is_named_behind_it(text: str, expected: str | None) -> None:
    assert asked(text, ["how much is delivery?"]) == expected


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("寄回运费由您承担，有质量问题的由我们出。", {"postage", "cost"}),
        ("我们收到后 2 个工作日内验货。", {"time"}),
        ("It takes 1–3 working days to reach a card.", {"time"}),
        ("If it is faulty, we pay the postage.", {"postage", "cost"}),
        ("在「我的订单」里申请。", set()),
        ("Open My Orders and tap Request.", set()),
    ],
)
def test_what_a_sentence_tells(sentence: str, told: set[str]) -> None:
    aspects: tuple[Aspect, ...] = ("way", "postage", "cost", "time")
    assert {aspect for aspect in aspects if tells(sentence, aspect)} == told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("要多久呢", "发票多久能开好"),
        ("收费吗", "开发票要钱吗"),
        ("那运费呢", None),
        ("how long does it take?", "how long does an invoice take"),
    ],
)
def test_an_invoice_takes_time_but_no_postage(text: str, expected: str | None) -> None:
    assert asked(text, ["怎么开发票"]) == expected


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("what's ur return policy", "return"),
        ("return policy?", "return"),
        ("退货政策", "return"),
        ("你们的退换货政策是什么", "return"),
        ("换货规则", "exchange"),
        ("refund policy", "refund"),
        ("warranty terms", "repair"),
    ],
)
def test_the_rules_of_a_remedy_are_asked_for_as_a_page_has_them(text: str, spoken: str) -> None:
    found = completed(text, [])
    assert found is not None and found.aspect == "policy"
    assert found.question in {words[spoken]["policy"] for words in QUESTIONS.values()}


@pytest.mark.parametrize(
    "text", ["privacy policy", "隐私政策", "the return policy says 7 days but you refused", "优惠规则"]
)
def test_other_rules_stay_as_they_are(text: str) -> None:
    assert completed(text, []) is None


@pytest.mark.parametrize(
    "text", ["and if i wore them once", "what about if it was opened", "要是穿过了呢", "那拆封了还能退吗"]
)
@pytest.mark.parametrize("before", ["what's ur return policy", "几天内可以退货"])
def test_what_was_worn_is_asked_about_of_what_was_spoken_of(text: str, before: str) -> None:
    found = completed(text, [before])
    assert found is not None and found.aspect == "worn"
    assert found.question in {words["return"]["worn"] for words in QUESTIONS.values()}


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("积分怎么用", "会过期吗", "积分会不会过期"),
        ("how do points work", "do they expire", "do points expire"),
        ("优惠券怎么用", "那会过期吗", "优惠券的有效期在哪里看"),
        ("how do I buy a gift card", "does it expire?", "do gift cards expire"),
        ("礼品卡怎么买", "有效期多久", "礼品卡会过期吗"),
        ("怎么退货", "会过期吗", None),
        ("运费多少", "会过期吗", None),
    ],
)
def test_what_expires_is_what_was_spoken_of(before: str, text: str, expected: str | None) -> None:
    assert asked(text, [before]) == expected


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("买完降价了能退差价吗", "怎么申请啊", "买完降价了能退差价吗, 怎么申请啊"),
        ("do you have price protection", "how do i apply?", "do you have price protection, how do i apply?"),
        ("坏了能修吗", "那怎么办理", "怎么维修"),
        ("几天内可以退货", "在哪里申请", "怎么退货"),
        ("几天内可以退货", "怎么申请发票", None),
    ],
)
def test_how_it_is_asked_for_is_asked_with_the_question_before(before: str, text: str, expected: str | None) -> None:
    assert asked(text, [before]) == expected
    assert completed(text, []) is None
