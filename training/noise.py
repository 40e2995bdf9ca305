"""Slips that customers make: the student sees them, the teacher does not."""

import random

# Homophones and look-alikes that input methods offer, in shop talk.
_HOMOPHONES = [
    ("发票", "发漂"), ("退货", "退贷"), ("退货", "推货"), ("快递", "快弟"), ("快递", "块递"), ("换货", "唤货"),
    ("运费", "运废"), ("客服", "客副"), ("客服", "克服"), ("优惠券", "优惠卷"), ("包邮", "包由"), ("订单", "定单"),
    ("付款", "付宽"), ("地址", "地止"), ("密码", "蜜码"), ("积分", "积份"), ("保修", "保休"), ("质量", "质亮"),
    ("物流", "物留"), ("取消", "曲消"), ("账号", "帐号"), ("会员", "会园"), ("怎么", "怎莫"), ("什么", "神马"),
    ("没有", "木有"), ("还没", "还么"), ("收到", "收倒"), ("发货", "发或"), ("尺码", "尺吗"), ("赠品", "增品"),
    ("在吗", "再吗"), ("坏了", "怀了"), ("退款", "腿款"), ("多久", "多就"), ("可以", "可已"), ("请问", "请闻"),
]  # fmt: skip
_DROPPABLE = "的了吗呢啊吧呀哦么我你请"
_PARTICLES = ["啊", "呀", "呢", "哦", "亲", "哈"]
_NEIGHBOURS = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def slip(text: str, rng: random.Random) -> str:
    """Give the text with one or two slips of its language; very short texts stay as they are."""
    if len(text) < 4:
        return text
    change = _slip_chinese if any("\u4e00" <= character <= "\u9fff" for character in text) else _slip_latin
    for _ in range(rng.choice((1, 1, 2))):
        text = change(text, rng)
    return text


def _slip_chinese(text: str, rng: random.Random) -> str:
    known = [(right, wrong) for right, wrong in _HOMOPHONES if right in text]
    kind = rng.random()
    if known and kind < 0.5:
        right, wrong = rng.choice(known)
        return text.replace(right, wrong, 1)
    at = rng.randrange(len(text) - 1)
    if kind < 0.65 and text[at] in _DROPPABLE:
        return text[:at] + text[at + 1 :]
    if kind < 0.75:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.88:
        return text.rstrip("？?。！!") + rng.choice(_PARTICLES)
    return text.rstrip("？?。！!.")


def _slip_latin(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) - 1)
    kind = rng.random()
    if kind < 0.2:
        return text[:at] + text[at + 1 :]
    if kind < 0.4:
        return text[: at + 1] + text[at:]
    if kind < 0.6:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.75:
        letter = text[at].lower()
        return text[:at] + rng.choice(_NEIGHBOURS.get(letter, letter)) + text[at + 1 :]
    if kind < 0.85:
        return text.replace("'", "").replace("you", "u", 1)
    return text.lower().rstrip("?.!")
