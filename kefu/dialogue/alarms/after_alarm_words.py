"""Words of what is said right after a warning, while it still stands in the room."""

from kefu.dialogue.words.phrases import Phrases

WHAT_NOW = Phrases(
    "what_now",
    zh=(
        "(?:怎么|咋|如何)(?:办|弄|做|处理|补救|整)|(?:该|要)做(?:什么|啥)|(?:现在|接下来|然后)呢|有(?:什么"
        "|没有?)?办法|来得及|还有救",
        "要紧|有事[吗么]|严重|危险[吗么]|会死|去(?:不去)?医院|看医生|打120|催吐|救命|急死",
    ),
    en=(
        "(?:what|wat)(?: the \\w+)? now|now what|what (?:do|should|can|shall|must|could) (?:i|we)(?: \\w+)? do|what"
        " to do"
        "|what (?:am i|are we) (?:supposed|meant) to do|what next",
        "how (?:do|can) i (?:fix|stop|undo|reverse) (?:this|it)|(?:please )?help(?: me| us)?(?: please)?(?=\\W*$)"
        "|too late",
        "(?:is|how) (?:it|this|that) (?:really |very )?(?:dangerous|serious|bad)|hospital|(?:call|see) (?:a |the"
        " )?(?:doctor"
        "|ambulance)|emergency|vomit|throw up|will (?:he|she|it|i) (?:die|be (?:ok|okay|fine|alright))",
    ),
)
MONEY = Phrases(
    "money",
    zh=(
        "(?:钱|款项?|卡|账户|账号|余额|存款|零钱)[^\\n,;!?。]{0,8}(?:转走|刷走|划走|盗|偷|丢|少了|没了|不见|追|回来"
        "|拿回|找回"
        "|安全|冻结|有事|危险|扣)",
        "少了[0-9零一二两三四五六七八九十百千万几多好]+|(?:追|拿|要|找)(?:得|的|不)?回|[转盗刷骗划]走",
        "(?:谁|你们|平台|商城|店家?)[^\\n,;!?。]{0,4}(?:负责|赔|承担|管)|负责[吗么]|能赔|会赔|谁的(?:责任|错)|赔我"
        "|赔偿",
        "(?:还|会不会|不|是否)安全|安全[吗么]|报警|派出所|挂失|冻结|止付",
    ),
    en=(
        "(?:account|cards?|money|bank|savings|details|data)(?: \\w+){0,5} (?:safe|secure|gone|missing|stolen|taken"
        "|at risk|ok"
        "|okay|lost|empty|drained|hacked|compromised)",
        "(?:safe|secure)(?: \\w+){0,3} (?:account|cards?|money|bank)|(?:get|getting|have|bring|want)(?: \\w+){0,2}"
        " (?:money|cash|it|that)(?: \\w+)? back",
        "(?:missing|took|taken|stole|stolen|withdrew|drained)(?: \\w+){0,4} (?:account|card|money|bank|yuan|dollars"
        "|[0-9]+)",
        "[0-9]+(?: (?:yuan|rmb|dollars?|bucks|euros?|pounds|k))?(?: (?:is|are|was|were|has|have|just|been))*"
        " (?:missing|gone"
        "|taken|stolen)|recover(?: \\w+){0,3} (?:money|it|that)",
        "(?:are|is|r) (?:you|u|the shop|anyone|anybody)(?: \\w+)? (?:responsible|liable)|who (?:is|will be)"
        " (?:responsible"
        "|liable)|(?:do|can|will|would) (?:you|u)(?: \\w+)? (?:cover|compensate|reimburse|pay|refund|take"
        " responsibility)",
        "police|(?:freeze|block|cancel) (?:my|the)(?: \\w+)? (?:card|account)s?|am i safe",
    ),
)
USE = Phrases(
    "use",
    zh=(
        "(?:还|能|可以|敢|继续|接着|再)(?:不能|不可以|能|可以|继续|接着|再)?(?:给[^\\n]{0,3})?(?:用|充|吃|穿|戴"
        "|开机?|喝|插|涂|擦)(?!发票|券)",
        "寄|邮[给回到]|送回|带(?:到|去)店|上门(?:取|收)|扔|丢掉|处理掉|拆开",
    ),
    en=(
        "(?:can|could|should|may|shall|do|safe|ok|okay|fine)(?: \\w+){0,4} (?:use|using|charge|charging|wear|plug"
        "|eat|turn)"
        "(?: \\w+){0,3}|(?:keep|still|continue)(?: \\w+)? us(?:e|ing)",
        "(?:mail|send|post|ship|bring|courier|drop)(?: (?:it|this|that|them|one|the \\w+|in))+|throw(?: it)?"
        " (?:away|out)"
        "|dispose(?: of)?|bin it",
    ),
)
COSTS = Phrases(
    "costs",
    zh=(
        "赔|(?:医药|医疗|药|治疗|看病|检查)费|补偿|负责|责任|退款|退钱|退货|(?:给我|帮我|怎么|想|要|能|可以)退"
        "|退(?:了|掉|吗|一下|给我)"
        "|换(?:一个|一台|个新|新的|货)|我的?钱",
    ),
    en=(
        "refund\\w*|money back|compensat\\w+|reimburs\\w+|who (?:pays|covers|will pay)|pay (?:for|me)|medical"
        " (?:bills?|costs?)"
        "|doctor's (?:bills?|fees?)|(?:hospital|vet) (?:bills?|costs?)|cover (?:it|this|that|the)|liable|responsible"
        "|replac\\w+|return (?:it|this|that|the \\w+)|exchange (?:it|this|that|the \\w+)|damages|sue you",
    ),
)
# What a shop is asked otherwise: who comes with it has turned to something else, whatever the warning was.
ELSEWHERE = Phrases(
    "elsewhere",
    zh=(
        "发货|发票|优惠|折扣|积分|尺[码寸]|颜色|有货|库存|多少钱|价格|推荐|会员|地址|保修|还有[^\\n]{0,6}(?:卖|吗$)"
        "|运费|预售"
        "|另外|另一[个件单]|别的|其他",
    ),
    en=(
        "invoices?|coupons?|vouchers?|discounts?|points|sizes?|colou?rs?|in stock|how much (?:is|are)|recommend\\w*"
        "|membership"
        "|address|warranty|deliver\\w*|shipping (?:cost|fee)s?|pre ?orders?|another (?:order|thing|question)|(?:my"
        "|an) other",
    ),
)
# Harmless behind a danger, where they are the costs or the way back of the goods, but not behind a fraud.
ORDERS = Phrases(
    "orders",
    zh=("退货|换货|退换|订单|下单|物流|快递|包裹|到货|签收|维修|取消",),
    en=("returns?(?: (?:it|policy|an?|the|my|this|these))|exchange|orders?|parcels?|packages?|track(?:ing)?|repair",),
)
# How to pay is no question about goods that are dangerous.
PAYING = Phrases(
    "paying",
    zh=("付款|支付|微信|花呗|分期|[用能]?付[吗么]",),
    en=("(?:how|where) (?:do|can) i pay|pay (?:with|by|later)|still pay",),
)
