"""What follow-up questions are about."""

from typing import Literal

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import wording

Remedy = Literal["return", "exchange", "refund", "repair"]
Spoken = Literal["return", "exchange", "refund", "repair", "invoice", "gift_card", "coupon", "points"]
"""What a question may be about, so that the next one need not name it."""

# His own order, its parcels, or where they are: that is no question about the shop.
OWN = Phrases(
    "own",
    zh=(
        "我|俺|咱|包裹|快递(?!费|公司)|物流|订单|单(?!独|位)|件(?!数)|¤|另|别的|其[他它余]|剩下|第[一二三两]|这|那|它|^货$",
        "到(?!付|账)|送(?!礼)|发(?!票|顺丰)|收到|收货|现在|进度|今天|明天|时候|多久|走|催|查|取消|哪|人$|^人",
    ),
    en=(
        "my|mine|our|orders?|parcels?|packages?|shipments?|other|another|second|first|rest|it|them|this|that|these",
        "those|one|ones|¤+|tracking|number|where|when|who|why|how|cancel|you|i|we|now|today|tomorrow|still",
        "delivery(?! (?:fees?|costs?|charges?|times?|to|on|options))|status",
    ),
)
POSTAGE = Phrases(
    "postage", zh=("[运邮]费|邮资|快递费|配送费",), en=("postage|shipping|delivery|fees?|costs?|charges?",)
)
TOPICS = Phrases(
    "topics",
    zh=(
        "[运邮]费|邮资|快递费|配送费|手续费|发票|抬头|税号|专票|积分|优惠|券|红包|保修|质保|保价|价保|差价|会员|包装|运费险",
        "付款|支付|花呗|分期|预售|定金|周末|节假日|春节|加急|次日达|自提|包邮|退税|限购|赠品",
    ),
    en=(
        "postage|shipping|delivery|fees?|costs?|charges?|invoices?|receipts?|vat|points|coupons?|vouchers?|discounts?",
        "warranty|guarantee|membership|insurance|gift ?wrap(?:ping)?|payments?|instal?lments|express|next.day",
        "weekends?|holidays?|cash on delivery|price (?:match|protection|drops?)",
    ),
)
# Provinces, and what else customers ask about when it comes to delivery.
PLACES = Phrases(
    "places",
    zh=(
        "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州",
        "云南|陕西|甘肃|青海|内蒙古?|广西|西藏|宁夏|新疆|香港|澳门|台湾|港澳台?|乌鲁木齐|喀什|拉萨|三亚|深圳|广州|杭州|成都",
        "农村|乡[下镇村]|偏远|边远|外地|本地|同城|国外|海外|境外|大陆|岛",
    ),
    en=(
        "beijing|shanghai|tianjin|chongqing|hainan|xinjiang|tibet|inner mongolia|qinghai|ningxia|gansu|yunnan|sichuan",
        "guangdong|guangxi|guizhou|hong kong|macao|macau|taiwan|urumqi|lhasa|sanya|shenzhen|guangzhou|chengdu",
        "abroad|overseas|other countries|remote (?:areas?|places|regions)|rural areas",
        "the countryside|countryside|islands?|hangzhou",
    ),
)

OF_PLACES = Phrases(
    "of_places",
    zh=("送|寄|邮|运费|快递|配送|到货|[能会才要]到|几天|多久|顺丰|发货|货到付款",),
    en=("deliver(?:y|s|ed)?|ship(?:s|ping|ped)?|post(?:age)?|couriers?|arrive|dispatch|express|next.day|send to",),
)
# What can be done with goods, as a thing.
REMEDIES: dict[Remedy, Phrases] = {
    "exchange": Phrases("exchange", zh=("换货|换码|换颜色",), en=("exchang(?:es?|ing)|swaps?|replacements?",)),
    "refund": Phrases("refund", zh=("退款|退钱",), en=("refunds?|refunding|money back",)),
    "return": Phrases("return", zh=("退换?货?",), en=("returns?|returning|sending back",)),
    "repair": Phrases("repair", zh=("维修|返修",), en=("repairs?|repairing",)),
}
# Which of them a whole question is about, in the order of precedence: "退货后多久退款" is about the money.
SPOKEN_OF: dict[Spoken, Phrases] = {
    "exchange": Phrases(
        "exchange",
        zh=(
            "(?<!退)换(?:货|码|尺码|颜色|大|小|新|(?:[个件双条台只]|一[个件双条台只])(?!人|地址|电话|手机号|快递|收货))",
            "(?:能|可以|想|要|怎么|申请)换(?!(?:个|一个|一下)?(?:人|地址|电话|手机号|快递|收货|绑|支付|付款|密码))|调换",
        ),
        en=("exchang(?:e|es|ed|ing|eable)(?! rate)|swap(?:s|ped|ping)?|replacements?", "(?:another|different) size"),
    ),
    "refund": Phrases(
        "refund", zh=("退(?:款|钱|给我)",), en=("refund(?:s|ed|ing|able)?|money back|reimburse(?:d|ment)?",)
    ),
    "return": Phrases(
        "return",
        zh=("退(?!款|钱|费|税|差|会|订|出|定|群|役|给我|押)|寄回",),
        en=(
            "return(?:s|ed|ing|able)?",
            "(?:send|sending|ship|shipping|post|posting|give|take)(?: (?:it|them|this|goods|things|something|items))? "
            "back",
        ),
    ),
    "repair": Phrases(
        "repair",
        zh=("维修|返修|报修|送修|保修|质保|三包|(?:能|怎么|可以|给|要|去)修|修理|修一?[下修]",),
        en=("repair(?:s|ed|ing)?|(?:fix|mend)(?:ed|ing)?|warranty|guarantee",),
    ),
    "invoice": Phrases("invoice", zh=("发票|专票|普票",), en=("invoices?|receipts?",)),
    "gift_card": Phrases("gift_card", zh=("礼品卡|购物卡",), en=("gift ?cards?",)),
    "coupon": Phrases("coupon", zh=("优惠[券码]|折扣[券码]|代金券|红包",), en=("coupons?|vouchers?|promo codes?",)),
    "points": Phrases("points", zh=("积分",), en=("points",)),
}
# How a refund may come back, which "and for a card?" asks after one was spoken of.
PAYMENTS = Phrases(
    "payments",
    zh=("(?:信用|银行|储蓄|借记)卡|花呗|白条|微信(?:支付)?|支付宝|余额|云闪付|货到付款|分期",),
    en=(
        "(?:(?:credit|debit|bank) )?cards?|wechat(?: pay)?|alipay|paypal|huabei|instal?lments",
        "cash on delivery|balance",
    ),
)


def spoken_of(question: str) -> Spoken | None:
    """Name the remedy that a question is about, or the invoice; None for any other question."""
    text = wording(question).text
    return next((spoken for spoken, phrases in SPOKEN_OF.items() if phrases.within(text)), None)
