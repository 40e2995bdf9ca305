"""Answers to "do you mean A or B?", and what is none."""

import pytest

from kefu.dialogue.questions.asked_back import read_choice

TITLES = (
    ("运费怎么算？", "How much is the postage?"),
    ("退货的运费由谁承担？", "Who pays the postage for a return?"),
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        *[
            (text, (1,))
            for text in ("1", "１", "1.", "第一个", "我要第一个", "第一个吧", "选1", "我问的是第一个问题", "前者")
        ],
        *[
            (text, (1,))
            for text in ("the first one", "first", "The first one, please", "option 1", "#1", "the former")
        ],
        *[
            (text, (2,))
            for text in ("2", "二", "第二个", "第2个", "我是说第二个", "后者", "后面那个", "嗯，第二个，谢谢")
        ],
        *[(text, (2,)) for text in ("the second", "2nd", "no. 2", "I meant the second one", "the latter", "yes, 2")],
        *[
            (text, (1,))
            for text in ("运费怎么算？", "运费怎么算", "How much is the postage", "how much is the postage?")
        ],
        *[(text, (2,)) for text in ("退货的运费由谁承担？", "Who pays the postage for a return")],
        *[(text, (1, 2)) for text in ("1和2", "两个都要", "都要", "both", "both of them please", "1 and 2")],
    ],
)
def test_what_is_chosen(text, places):
    assert read_choice(text, TITLES) == places


@pytest.mark.parametrize(
    "text",
    [
        *(
            "都不是",
            "不是",
            "两个都不是",
            "以上都不是",
            "不",
            "都不是的",
            "3",
            "第三个",
            "都不对",
            "没有",
            "不是这两个",
        ),
        *("neither", "Neither.", "no", "No, neither", "none of them", "neither of these", "none of the above", "nope"),
    ],
)
def test_neither(text):
    assert read_choice(text, TITLES) == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "第一个订单到哪了",
            "退第一个",
            "4",
            "10",
            "2022",
            "好的",
            "算了",
            "不用了",
            "转人工",
            "不是第一个",
            "/deny",
            "???",
        ),
        *("都不是，我想问怎么开发票", "那发票呢", "运费", "1 和 3", "🙂", ""),
        *("the first one has not arrived", "not the first one", "never mind", "no thanks", "a person please", "yes"),
        *("no, how do I get an invoice?", "how long does it take", "both parcels are late"),
    ],
)
def test_what_is_no_answer_goes_its_usual_way(text):
    assert read_choice(text, TITLES) is None
