"""Words that tell a wish about goods of one's own from all that is only said about returns and refunds."""

from kefu.dialogue.words.phrases import Phrases

_IN_CLAUSE = "[^\\n,;!?。~]"
_BEGINS_ZH = "(?:^|(?<=[\\n,;!?。~ ]))"
_ACTS_ZH = "(?:退|换(?!了)|补[发寄一上个给齐]|返修|维修)"
_BEGINS_EN = "(?:^\\W*|(?<=[\\n,;!?.] )|please |just |kindly |then |and |so |can you |could you )"
_THINGS_EN = "(?:it|this|that|these|those|them|my|the|me|us|both|one|all|¤)"
_ACTS_EN = (
    "(?:return|exchange|swap|replace|refund)(?:ed|d|ing)?|refund|replacement|money back"
    f"|(?:send|give|hand|ship|bring|take)(?:ing)?(?: \\w+){{0,4}} back|(?:send|take|give) back {_THINGS_EN}"
)

# His own wish, now: not that somebody spoke of a refund, nor that one was made.
WISHES = Phrases(
    "wishes",
    zh=(
        f"(?:我|俺|咱们?)(?:就|还是|都|现在|只)?(?:想|要|想要|打算|准备|希望|决定|申请|得){_IN_CLAUSE}{{0,10}}{_ACTS_ZH}",
        f"(?:帮|给|替)(?:我|俺|咱们?){_IN_CLAUSE}{{0,12}}{_ACTS_ZH}",
        f"{_BEGINS_ZH}(?:那|就|请|麻烦|直接|想|要)*(?:把{_IN_CLAUSE}{{1,12}})?"
        "(?:退(?:这|那|掉|一[个件双条台套]|两|全)|换(?:一?[个件双副条台只]|成|掉|小|大))",
        f"{_BEGINS_ZH}(?:那|就|请|直接|要|想)*(?:退货|退款|换货|退钱|补发|退掉)(?=\\W*(?:$|[\\n,;!。]))",
        "[退换补][货款钱发掉了]?(?:吧|得了|算了)(?=\\W|$)|退给你们|还给你们",
    ),
    en=(
        f"(?:want|would like|need|wish|have to|going to|prefer) (?:to )?(?:\\w+ ){{0,3}}?(?:{_ACTS_EN})",
        f"{_BEGINS_EN}(?:return|refund|exchange|swap|replace|take back|send back) {_THINGS_EN}",
        f"{_BEGINS_EN}take {_THINGS_EN}(?: \\w+)? back",
        f"(?:can|could|may|might) i (?:please |just )?(?:{_ACTS_EN})",
        "(?:give|get|send) (?:me|us) (?:a |an |my |the |all |full )*(?:refund|money|replacement|exchange)",
    ),
)
# Nothing but that he no longer wants what he bought, or took the wrong thing: what of it, the form asks.
CHANGED_MIND = Phrases(
    "changed_mind",
    zh=("^\\W*(?:我|这个|那个|东西|突然|现在|又){0,3}(?:不想要|(?:买|拍|订|下单)错)了?[啊呀吧哦呢]?\\W*$",),
    en=(
        "^\\W*i (?:do not|no longer) want (?:it|them|this)(?: any ?more)?\\W*$",
        "^\\W*i (?:bought|ordered|picked) the wrong (?:one|thing|item)s?\\W*$",
    ),
)
INVOICES = Phrases(
    "invoices",
    zh=("发票|开票|专票|普票|抬头|税号",),
    en=("invoices?|vat (?:number|receipt)|receipts?|tax (?:number|id)",),
)
# An invoice that is wanted, missing or wrong: not one that he reads his order number from.
_PAPERS_ZH = "(?:发票|专票|普票|抬头|税号)"
_PAPERS_EN = "(?:invoices?|vat (?:number|receipt)|receipts?|tax (?:number|id))"
WANTS_INVOICE = Phrases(
    "wants_invoice",
    zh=(
        f"(?:开|要|补|求|换|改|重|下载|打印|申请|索取|没|缺|少|怎么|寄|发|提供|需要|弄){_IN_CLAUSE}{{0,8}}{_PAPERS_ZH}(?![上里号])",
        f"{_PAPERS_ZH}(?![上里号]){_IN_CLAUSE}{{0,8}}(?:开|没|怎么|呢|吗|错|改|换|补|发|在哪|什么时候|多久|还|丢)|开票",
        f"^\\W*(?:的)?{_PAPERS_ZH}\\W*$",
    ),
    en=(
        "(?:need|want|send|get|give|missing|without|no|resend|request|require|wrong|correct|issue|download|print|"
        f"where is|forgot|can i|could i|would like)(?: (?!from|on|in)\\w+){{0,4}} {_PAPERS_EN}(?! (?:says?|shows?))",
        f"{_PAPERS_EN} (?:for|of|please|missing|wrong|is (?:missing|wrong|not)|was not|did not|has not|never)",
        f"^\\W*{_PAPERS_EN}\\W*$|{_PAPERS_EN}[^\\n]{{0,20}}please",
    ),
)
# What changes hands besides goods: papers, numbers, accounts, points, ways of paying.
NOT_GOODS = Phrases(
    "not_goods",
    zh=(
        "发票|抬头|税号|地址|手机号|号码|电话|邮箱|密码|账号|账户|昵称|头像|验证码|短信|链接|二维码|积分|优惠|券|红包",
        "会员|支付|付款|微信|银行卡|信用卡|花呗|分期|话题|客服|姓名|收货人|收件人|快递公司|政策|规则|流程|运单|快递单|物流单|面单",
        "页面|网页|差价|保价|运费险|定金|押金|名字",
    ),
    en=(
        "invoices?|receipts?|vat|address|(?:phone|mobile|card|account|contact) ?numbers?|e-?mails?|passwords?",
        "accounts?|log ?in|nickname|profile|avatar|codes?|pin|links?|points|vouchers?|coupons?",
        "(?:gift|bank|credit|debit) card|card on file|my (?:old |new )?card|membership|paypal|wechat|alipay|payment",
        "topic|subject|labels?|terms|rules|polic(?:y|ies)|page|website|app|price|difference|deposit|(?<!power )bank",
        "tracking|newsletter|surname|name",
    ),
)
# Goods of one's own, that something is told of; "goods" and "things" by themselves are anybody's.
OWN_GOODS = Phrases(
    "own_goods",
    zh=(
        "(?:我|俺|咱)(?:们|家|妈|爸|老公|老婆|孩子|朋友)?(?:的|那|这|家|昨|前|上|刚|买|拍|订|收)|(?:买|拍|订|收到|到手|寄来|发来)(?:的|了)",
        "你们?(?:给我|又)?(?:发|寄|送|给)(?:的|错|来|成)|你们给我",
        "^\\W*(?:这|那)?[个件双条台]?(?!商品|东西|产品|货|质量|都|一直|怎|为|如果|要是|万一|你|请|有没|能|可|会)"
        "[\u4e00-\u9fff]{1,8}?(?:坏|碎|裂|破|漏|断|不响|一边响|不亮|不转|没声|没电|充不|开不了机|有个|起球|褪色|缩水|发霉|烂|卡|死机"
        "|黑屏|失灵|掉色|变形|开胶|脱线)",
    ),
    en=(
        "my|our|mine|(?:i|we) (?:just |only )?(?:bought|ordered|got|received|purchased)|(?:bought|ordered|"
        "received) (?:a|an|the)",
        "(?:you|they) (?:sent|gave|shipped)|(?:the|this|these|left|right) \\w+|^\\W*only one",
    ),
)
# Goods of his own that do not fit him: nothing is wrong with them, and yet they are to go back.
MISFITS = Phrases(
    "misfits",
    zh=(
        "(?:鞋|靴|衣|裤|裙|衫|恤|袜|帽|内衣|文胸|外套|毛衣|戒指|手链|表带|尺码|码数|码|号)子?(?:(?!还是)[^\\n,;!?。]){0,6}"
        "(?:[挤磨夹硌]脚|勒|不合[身脚适]|穿不[上下进了]|(?:太|有点儿?|偏|略|稍微?|好像)[大小长短宽窄紧松肥瘦]"
        "|[大小长短宽窄紧松肥瘦]了)(?!还是)",
        "穿(?:着|上|起来)[^\\n,;!?。]{0,4}(?:[挤磨夹硌]脚|勒|不合[身脚适]|太?[大小长短宽窄紧松肥瘦])",
    ),
    en=(
        "(?:is|are|was|were|feel|feels|runs?|came|turned out)(?: \\w+)?(?: sizes?)?"
        " (?:too|a bit|a little|slightly|rather|way too)"
        " (?:small|big|tight|loose|long|short|large|wide|narrow|snug)",
        "(?:do|does|did) not fit|pinch(?:es)? my \\w+|hurts? my (?:feet|toes|heels?|ears?)",
    ),
)
_WORN_EN = (
    "(?:shoes?|boots?|sneakers?|trainers?|heels|sandals?|slippers?|dress|skirt|shirt|t-?shirt|jacket|coat|jumper|"
    "sweater|jeans|trousers|pants|shorts|leggings|bra|ring|bracelet|strap|gloves?|hat|cap|helmet|socks|belt)"
)
# Of which that is told: what is worn, and his.
WORN = Phrases(
    "worn",
    zh=("[鞋靴衣裤裙衫恤袜帽]|内衣|文胸|外套|戒指|手链|表带|尺码|码数|大了?[一半两]?[码号]|小了?[一半两]?[码号]",),
    en=(
        f"(?:my|our|the|these|this)(?: (?:new|pair of|\\w+))? {_WORN_EN}",
        f"^\\W*{_WORN_EN} (?:is|are|feels?)",
        f"{_WORN_EN} (?:i|we|you) (?:just )?(?:bought|ordered|got|received|sent)",
    ),
)
# Supposed, or said of whatever goods there are.
IN_GENERAL = Phrases(
    "in_general",
    zh=("如果|要是|万一|假如|或者?(?:设备|商品|其他)|一般|保修期|生鲜|都会|是不是都",),
    en=("if|in case|or (?:device|goods|damaged|does not)|in general|usually|normally|warranty",),
)
# What may be out of order besides goods.
SERVICES = Phrases(
    "services",
    zh=(
        "快递|物流|派送|页面|网页|网站|官网|系统|程序|软件|客户端|小程序|登[录陆不]|闪退|下单|付款|支付|结算|活动|直播|客服|搜索|购物车|推送",
        "中转|签收|派件|配送|预售|店铺|评价|评论",
    ),
    en=(
        "accounts?|passwords?|web ?sites?|sites?|pages?|apps?|log(?:ged)? ?in|logging in|check ?out|cart|search",
        "links?|sms",
        "(?:parcel|package|delivery|order|courier|shipment) (?:has|is|was|did|does|will|never|still)|tracking",
        "payments?",
        "reviews?|chat|notifications?|e ?mails?|insurance",
    ),
)
# He tells what was done, shown or said, or what came of an earlier case.
REPORTS = Phrases(
    "reports",
    zh=(
        "有人|自称|对方|骗|朋友|同事|别人|邻居|听说|来电|(?:他|她|你)们?(?:说|把|已)|(?:已经?|申请|办理?|提交)过?[退换]",
        "[退换补][货款钱发](?:了|已|过|完|成功|失败|只到|进度|申请|寄|的)|[退换]了(?=[^\\n,]*[天次周月年])",
        "驳回|拒绝|被拒|说退|退少|审核|寄过去|(?:寄|退)回(?:去了?)?[^\\n,]{0,4}[天周月]|退回来|到账|点错|撤[回销]",
        "上次|上回|之前|显示|写着|提示|没(?:人|个|有)?[^\\n,]{0,2}(?:说法|联系|动静|消息|下文)",
    ),
    en=(
        "some(?:one|body)|some (?:guy|dude|man|woman|lady|bloke)|my (?:friend|mate|colleague|neighbou?r|sister)",
        "my brother|(?:they|he|she|you) (?:said|say|told|promised|claim|refused)|told me|called|rang|phoned",
        "texted|a text|scam|says?|shows?|already|completed?|rejected|refused|turned down|declined",
        "denied|failed|approved|processed",
        "(?:i|we) (?:have )?(?:sent|returned|booked|submitted|requested|applied|exchanged|posted|mailed|shipped)",
        "(?:days?|weeks?|months?) ago|last (?:time|year)|heard nothing|no news|submitted|withdraw|undo",
        "(?:my|the|that|your) (?:return|refund|exchange|replacement|repair)s?(?: request)?"
        " (?:was|is|has|have|had|went|got|never|took|i|did|does|just|still|keeps|came)",
        "(?:got|getting|due|owed|promised|about|after|thanks for) (?:a |the |my )?(?:refund|return|exchange|repair)s?",
    ),
)
