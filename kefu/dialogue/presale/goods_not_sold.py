"""Whether a shop sells something that nothing in its catalogue is called: "你们卖冰箱吗", "got any tents?"."""

import re

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.dialogue.presale.presale_words import SIZE
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without, wording

_LONGEST = 120  # characters
_ASKS_ALONE = re.compile(r"(?:卖|吗|么|嘛|不|没有?|的|呢|[^a-z0-9\u4e00-\u9fff])+$")
# Whether the shop has a kind of goods at all, whatever it is called.
_SHOP = "^(?:请问|你们?|咱们?|贵店|店里|家|这里|这儿)*"
_NO_GOODS_ZH = (
    "人|客服|什么|啥|谁|优惠|活动|折扣|券|门店|实体店|分店|店铺|微信|电话|公众号|发票|时间|办法|问题|消息|进展|会员|积分"
    "|保修|运费|货"
)
_NO_GOODS_EN = (
    "(?!(?:\\w+ )*(?:stores?|shops?|branch\\w*|discounts?|coupons?|codes?|deals?|offers?|sales?|promotions?"
    "|apps?|websites?|numbers?|time|questions?|ideas?|updates?|news|problems?|issues?|info\\w*|refunds?|wifi|jobs?|support|hours|people"
    "|human|agents?|points|membership|warranty|policy|phone line)(?![a-z]))"
)
_NO_GOODS_ALONE_EN = (
    "(?:returns|exchanges|repairs|orders|parcels|packages|invoices|receipts|fees|taxes|days|weeks|months|colou?rs|sizes|reviews"
    "|others|prices|details|photos|pictures|vouchers|others|always|sometimes|yes|this|perhaps|pls|thanks|thx|cheers|sos"
    "|accounts|payments|cards|options|alternatives|rules|terms|benefits|branches|holidays|weekends)(?![a-z])"
)
_SEVERAL_EN = f"(?!{_NO_GOODS_ALONE_EN}){_NO_GOODS_EN}[a-z]{{2,}}s"
SOLD_AT_ALL = Phrases(
    "sold_at_all",
    zh=(
        "^(?:请问|你们?|咱们?|贵店|店里|家|这里|这儿|那个)*(?:有没有|有|在|还)?卖(?!完|得|掉|家|的|过|了|不卖)[^,，。!！?？]{1,10}(?:吗|么|嘛|不|没有?|的)[?？。!！]*$",
        f"{_SHOP}有(?:没有)?(?!{_NO_GOODS_ZH})[^,，。!！?？]{{1,10}}(?:卖|吗|么|嘛)+(?:不|没有?)?[?？。!！]*$",
        f"{_SHOP}有没有(?!{_NO_GOODS_ZH})[^,，。!！?？]{{1,8}}[?？。!！]*$",
        f"{_SHOP}卖不卖[^,，。!！?？]{{1,10}}[?？。!！]*$",
    ),
    en=(
        "^(?:hi|hello|hey|so|and|also)?[ ,]*do (?:you|u) (?:guys |also |still |even )*"
        "(?:sell|carry|stock) (?!out)[^,.!?\\n]{2,40}",
        "^(?:hi|hello|hey|so|and|also)?[ ,]*"
        "(?:(?:do (?:you|u) (?:guys |also |still |even )*(?:have|hv)|(?:have )?(?:you )?got)"
        f" (?:any|some|an?)|any) {_NO_GOODS_EN}[a-z]+(?: [a-z]+){{0,2}}\\W*$",
        # "Do you have toys", "toys?"
        f"^do (?:you|u) (?:guys |also )?(?:have|hv) {_SEVERAL_EN}\\W*$",
        f"^(?:and |any )?{_SEVERAL_EN} ?\\?+$",
    ),
)


def asks_for_other_goods(question: str, names: GoodsNames) -> bool:
    """Say whether it is asked if the shop sells something that nothing in the catalogue is called."""
    text = wording(question).text
    if len(text) > _LONGEST or not SOLD_AT_ALL.within(text):
        return False
    text = without(text, [size.span() for size in SIZE.finditer(text)], "")
    asked = _ASKS_ALONE.sub("", text)
    # "手机壳" and "phone cases" are not what they begin with.
    return not any(one.span[1] >= len(asked) for one in (*names.mentions(text), *names.kinds(text)))
