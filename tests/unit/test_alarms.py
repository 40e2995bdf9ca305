"""Danger and fraud are heard in the words; what only sounds like them is not."""

import pytest

from kefu.dialogue.alarms import ENTRIES, alarm
from kefu.knowledge.entries import load_knowledge
from kefu.settings import load_settings

DANGER = (
    "吹风机冒烟了！差点烧着",
    "充电宝鼓包了",
    "电饭煲漏电，电到我手了",
    "手上烫伤了",
    "插上有股焦味",
    "my hair dryer is smoking",
    "the power bank is swollen",
    "it smells like burning when i turn it on",
    "the cooker gave me an electric shock",
)
FRAUD = (
    "有人打电话说我的快递丢了让我加微信退款",
    "他让我给验证码",
    "刚才他要我银行卡密码和验证码 我给了 怎么办",
    "我好像被骗了",
    "some dude called me about a refund and wants my pin",
    "i gave them my card details, what now",
    "is this a scam",
    "they asked me to share my screen",
)
NEITHER = (
    "收不到验证码",
    "忘记密码了怎么办",
    "你们是骗子吗，退钱",
    "this is a scam, ill call the police",
    "怎么加微信群",
    "会不会漏电啊",
    "no smoke, it just stopped working",
    "how do I change my password",
    "耳机坏了",
    "退款退到微信吗",
    "could someone send me the refund",
)


@pytest.mark.parametrize("text", DANGER)
def test_danger(text: str) -> None:
    assert alarm(text) == "danger"


@pytest.mark.parametrize("text", FRAUD)
def test_fraud(text: str) -> None:
    assert alarm(text) == "fraud"


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert alarm(text) is None


def test_the_pages_are_there() -> None:
    settings = load_settings()
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    assert set(ENTRIES.values()) <= set(knowledge.entries)
