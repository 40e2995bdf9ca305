"""Messages that only tell how far things have come: "昨天到的，还没拆", "I just paid".

They ask nothing, and want nothing yet. Questions of the help pages lie near them that they do not mean: a parcel that
is late, a payment that went through twice.
"""

import re
from typing import Literal

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import GAP, without, wording

State = Literal["received", "paid"]

_WHEN_ZH = (
    "(?:(?:今天?|昨天?|前天?|大前天|当天|刚刚?|刚才|早上|上午|中午|下午|晚上|夜里|晚|早|周[一二三四五六日天]|星期[一二三四五六日天]"
    "|上个?(?:周|星期)|前两天|前几天|几天前|才|就|已经|都){0,3})"
)
_WHEN_EN = (
    "(?: (?:just|today|yesterday|already|now|this (?:morning|week)|last (?:night|week)|the other day|"
    "(?:a few|two|three|2|3) days ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|a (?:moment|minute|day) ago))*"
)
_IT_EN = "(?:it|them|this|the (?:box|parcel|package|seal|order|goods)|my (?:order|parcel|package))"
_RECEIVED = Phrases(
    "received",
    zh=(f"{_WHEN_ZH}(?:到货|收到货?|到手|签收|拿到|送到|送来|寄到|(?<![没未])到)(?:的|了|货)?",),
    en=(
        f"(?:{_IT_EN}|they)(?: has| have)?{_WHEN_EN} (?:arrived|came){_WHEN_EN}",
        f"(?:i|we)(?: have)?{_WHEN_EN} (?:got|received|picked up) {_IT_EN}{_WHEN_EN}",
        f"^\\W*(?:arrived|got it|received){_WHEN_EN}",
    ),
)
_UNTOUCHED = Phrases(
    "untouched",
    zh=(
        "(?:我|还|都|也|一直|一次|完全|连|根本|包装|盒子|箱子|封条){0,3}(?:没有?|未|没怎么)"
        "(?:拆(?:封|开|过|箱)?|打开|用|动|开封|开箱|试|穿|戴)过?",
        "(?:原封|包装)(?:没动|未动|完好)|全新(?:的|未拆)?",
    ),
    en=(
        "(?:(?:i|we) )?(?:have |has |did )?(?:not|never|still not)(?: even| yet| been)? "
        f"(?:open(?:ed)?|unpack(?:ed)?|unbox(?:ed)?|use[d]?|touch(?:ed)?|tr(?:y|ied)|wor[en]|wear)(?: {_IT_EN})?"
        "(?: yet| at all)?",
        "(?:it is |they are |still |is ){0,2}(?:unopened|sealed|unused|in (?:the|its) (?:box|wrapping|packaging))",
    ),
)
_PAID = Phrases(
    "paid",
    zh=(f"{_WHEN_ZH}(?:付好?|付完|支付|下单付|交)(?:了|过|完|好|成功)?(?:款|钱)?(?:了|的)?",),
    en=(
        f"(?:i|we)(?: have)?{_WHEN_EN} (?:paid|made the payment)(?: for {_IT_EN}| {_IT_EN})?{_WHEN_EN}",
        f"^\\W*(?:just )?paid{_WHEN_EN}|payment (?:is )?(?:done|made)",
    ),
)
_FILLER = re.compile(
    rf"[\s,.!;。~{GAP}]|[我你您这那个的了啊呀哦呢嗯嘿好亲吧哈是它]|东西|货|快递|包裹|订单|单子|商品"
    r"|(?<![a-z])(?:and|but|so|the|my|it|i|is|ok|okay|hi|hello|hey|well|yet|for|parcel|order)(?![a-z])"
)
_LONGEST = 60  # characters


def told_state(text: str) -> State | None:
    """Say what a message tells, if nothing else: that goods are there and untouched, or that they are paid for."""
    read = wording(text).text
    if not read.strip() or len(read) > _LONGEST or "?" in read:
        return None
    untouched, paid = _UNTOUCHED.spans(read), _PAID.spans(read)
    spans = [*untouched, *paid, *_RECEIVED.spans(read)]
    if not (untouched or paid) or _FILLER.sub("", without(read, spans)):
        return None
    return "received" if untouched else "paid"
