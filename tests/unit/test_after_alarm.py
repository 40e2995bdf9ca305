"""What is asked in the turns after a warning, and what has nothing to do with it any more."""

import pytest

from kefu.dialogue.alarms.after_alarm import need_after


@pytest.mark.parametrize(
    "text",
    [
        "我已经给他了，怎么办！",
        "怎么办",
        "那现在该怎么办呢",
        "钱会不会被转走",
        "你们负责吗",
        "你们会赔吗",
        "卡里少了5000",
        "钱还能追回来吗",
        "还能要回来不",
        "我的账户还安全吗",
        "要报警吗",
        "我照他说的操作了",
        "i clicked and entered my card number",
        "i did it",
        "i already did that",
        "what now??",
        "now what",
        "what do i do",
        "is my bank account safe",
        "can i get my money back",
        "500 yuan is gone from my card",
        "are you responsible for this",
        "should i go to the police",
    ],
)
def test_it_goes_on_about_the_fraud(text: str) -> None:
    assert need_after(text, "fraud") == "steps"


@pytest.mark.parametrize(
    "text",
    [
        "怎么退货",
        "我的快递到哪了",
        "这个耳机多少钱",
        "有优惠券吗",
        "好的",
        "谢谢",
        "不用了",
        "转人工",
        "查一下我的订单怎么办",
        "how do i return something",
        "where is my order",
        "do you have it in black",
        "what do i do with my coupon",
        "thanks",
        "how long does delivery take",
        "加湿器不出雾了咋整",
        "烤箱太给力了，戚风一次成功",
        "万一杯子碎在路上了谁赔",
        "price dropped right after i paid",
        "who is responsible if something gets damaged in transit",
        "I want to send this back",
    ],
)
@pytest.mark.parametrize("topic", ["fraud", "takeover"])
def test_it_has_turned_to_something_else(text: str, topic: str) -> None:
    assert need_after(text, topic) is None


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("怎么办", "steps"),
        ("what do i do", "steps"),
        ("要不要去医院", "steps"),
        ("is it dangerous", "steps"),
        ("还能用吗", "keep_off"),
        ("还可以继续充电吗", "keep_off"),
        ("我寄回给你们可以吗", "keep_off"),
        ("can i mail it back to you", "keep_off"),
        ("is it ok to use it again", "keep_off"),
        ("can I still charge it?", "keep_off"),
        ("能赔吗", "costs"),
        ("去医院看了，医药费谁赔", "costs"),
        ("我要退款", "costs"),
        ("怎么退", "costs"),
        ("i want a refund", "costs"),
        ("who pays the doctor's bill", "costs"),
        ("can you replace it", "costs"),
    ],
)
@pytest.mark.parametrize("topic", ["danger", "swallowed"])
def test_it_goes_on_about_the_danger(text: str, need: str, topic: str) -> None:
    assert need_after(text, topic) == need


@pytest.mark.parametrize(
    "text",
    [
        "怎么开发票",
        "几天发货",
        "能用微信付吗",
        "加湿器不出雾了咋整",
        "which shoes should i wear with a suit when it rains heavily",
        "还有别的颜色吗",
        "好的谢谢",
        "how do I get an invoice",
        "what sizes are there",
        "no thanks",
    ],
)
def test_what_is_no_danger_is_answered_as_ever(text: str) -> None:
    assert need_after(text, "danger") is None


def test_a_long_story_is_a_matter_of_its_own() -> None:
    assert need_after("怎么办，" + "我前几天在你们这里买了一件衣服" * 12, "fraud") is None
