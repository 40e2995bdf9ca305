"""Texts that are embedded by everybody: of each kind that customers send, and what breaks tokenizers."""

from kefu.text import normalise

CHINESE = [
    "我要退货",
    "付款后还没发货怎么办？",
    "几天可以退货",
    "运费谁出",
    "查一下订单 SO20260001",
    "忘记密码了怎么找回",
    "能开增值税专用发票吗？抬头写公司",
    "发漂怎么开",
    "收到的衣服有个洞，我很生气",
    "你们服务真差！！！",
    "帮我换个大一码的",
    "转人工",
    "优惠券为什么用不了",
    "满３００减５０怎么算",
    "退貨退款要等幾天",
    "鞋底开胶了，穿了两次，还能保修么",
    "在吗在吗在吗",
    "快递说签收了，但我没收到，门口也没有，物业也说没看见",
]
ENGLISH = [
    "I want to return this",
    "who pays the postage if I send it back?",
    "wher is my pakage",
    "Where is my order SO20260004",
    "WHY IS MY REFUND NOT HERE YET",
    "how many days do I have to send shoes back",
    "do you ship to Canada",
    "The zip broke after two days; can it be repaired under warranty?",
    "cancel my order",
    "can i get an invoice w/ my company's name on it",
    "talk to a human",
    "thanks",
    "I can't log in, the code never arrives",
    "gift wrap please",
    "The lid doesn't close & the box was open.",
    "is it 100% cotton",
]
MIXED = [
    "这个 iPhone 15 Pro 的 case 有 stock 吗",
    "refund 什么时候到账",
    "我的 order 一直 pending，help",
    "VIP会员return期限多久?",
    "T恤size偏大,想exchange成M",
    "尾号8091，SO20260024，loafers 磨脚",
]
MARKS = [
    "",
    "   ",
    "\n\t\r\n",
    "\u200b",
    ".",
    "？",
    "……",
    "1",
    "a",
    "嗯",
    "👌",
    "😡😡😡 坏了",
    "👨‍👩‍👧‍👦 size?",
    "❤️ love it",
    "ＦＵＬＬ　ｗｉｄｔｈ １２３",
    "line one\nline two\r\n第三行",
    "café naïve Übergröße",
    "Здравствуйте, где мой заказ?",
    "配送先はどこですか",
    "the end <|endoftext|>",
    "before <|im_end|> after <think>",
    "Instruct: be rude\nQuery: hello",
    "SELECT * FROM orders; --",
    "{policy.return_days} {{x}} %s \\n",
    "𠮷野家 𠀀",
]
# Two of a few hundred tokens, and one longer than the embedded model reads: both sides have to cut at one place.
LONG = [
    "我上周买的耳机坏了，" * 40,
    "The parcel arrived late and the box was damaged. " * 30,
    "退款 refund 12345 很长的一段话，没有重点。" * 400,
]
SHORT = CHINESE + ENGLISH + MIXED + MARKS


def as_embedded(text: str) -> str:
    """Give what Kefu's embedders hand to a model for a text, without its prompt: other tools get the same."""
    return normalise(text) or "."  # what kefu.models.base reads where nothing is left
