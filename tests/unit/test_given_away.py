"""Whether money or a code is already in a stranger's hands."""

import pytest

from kefu.dialogue.alarms.given_away import is_given_away


@pytest.mark.parametrize(
    "text",
    [
        "我已经把验证码告诉他了",
        "完了，验证码给了一个自称客服的人",
        "我刚把三千块转过去了，他说是你们客服",
        "我点了短信里的链接，还填了银行卡号",
        "钱被骗走了",
        "我妈被骗子骗了两万",
        "I gave the caller my code",
        "I already told him the otp, he said he was from your shop",
        "my dad transferred 500 to someone claiming to be you",
        "I got scammed",
        "the scammer has my card details",
        "I clicked the link in the text and typed my card number",
        "ur rep on whatsapp asked me to install anydesk for the refund, i did it",
        "他让我下载会议软件共享屏幕，我照做了",
    ],
)
def test_what_is_done(text: str) -> None:
    assert is_given_away(text)


@pytest.mark.parametrize(
    "text",
    [
        "有人打电话说是你们客服，要我报验证码",
        "对方让我转账到安全账户，我没转",
        "他让我念验证码，我没给他",
        "这是不是骗子啊，让我加QQ退钱",
        "someone called and asked for my code",
        "I did not give him anything, is this a scam call?",
        "he wants me to buy steam cards, should I pay?",
        "got a text that says click here for a refund",
    ],
)
def test_what_is_only_tried(text: str) -> None:
    assert not is_given_away(text)
