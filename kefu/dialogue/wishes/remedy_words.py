"""What customers want done about their goods, by remedy."""

from kefu.dialogue.words.phrases import Phrases

# Clear whatever is on offer.
REMEDIES: tuple[Phrases, ...] = (
    Phrases(
        "refund_only",
        zh=(
            "[仅只光]退款|[仅只光]退钱|(?:只|光)(?:要|想|想要|需要)?(?:退款|退钱)|退款不退货|不退货[只仅]?退款",
            "(?:不|不想|不用|不需要|懒得)(?:再)?寄回|部分退款|退一?部分(?:钱|款)?|赔(?:点|些)?钱|补偿",
        ),
        en=(
            "refund only|only (?:a |the )?refund",
            "refund(?: \\w+){0,3} without (?:sending|returning|a return|shipping)(?: \\w+){0,2}",
            "without (?:sending|returning|shipping)(?: it| them| anything)?(?: back)?",
            "keep (?:it|them) and (?:get |have )?(?:a |the )?(?:refund|money)|partial refund|part of (?:the|my) money",
        ),
    ),
    Phrases(
        "return",
        zh=(
            "退货(?!地址|政策|期|险|运|率|单|费|规则|流程|时间|条件|原因|理由)(?:退款)?|退款退货|退掉",
            "退回(?:去|给你)|(?:寄|送|拿)回(?:去)?(?:给你们?)?(?:退|吧)|寄回去(?!的|要|得)|退还|拉回去",
            "还给你们?|收走|拿回去|退了(?:吧|算了|得了)|改退|我退货",
        ),
        en=(
            "(?:return(?:ing|ed)?|rtn)(?! (?:address|label|policy|window|postage|shipping|period|policies|"
            "fee|cost|form|slip|conditions?|rules?|number|parcel|package))",
            "(?:hand|handing|send|sending|ship|shipping|give|giving|bring|mail|post)(?: (?:it|them|this|"
            r"that|these|those|one|both|all|everything|the \w+|my \w+))* back",
            "back (?:it|they) goe?s?|not keeping (?:it|them|these|this|the)|take (?:back|bak)",
            "take (?:it|them|this|these) back|rma",
        ),
    ),
    Phrases(
        "exchange",
        zh=(
            "换货|调换|调货|调(?:个|一调|一下|大|小)(?!查|整)|更换|置换",
            "换(?:一|回|对的|机|换|[0-9]|个|新|大|小|成|双|件|台|条|只|套|别|其他|同|掉|吧|黑|白|红|蓝|灰|"
            "绿|颜色|尺码|码|款|型号|货|了吧|给我|[青红茶黑]轴|(?:x{0,3}[sl]|m)(?![a-z]))",
            r"(?:要|想|给|能|就|可以|改|选|还是|帮我|申请)换|^换$|(?<=\n)换(?=\n|$)|以换",
        ),
        en=(
            "exchange(?! (?:policy|rules|process|conditions|rate))|exchanges|exchanging|exchanged|swap",
            "swapped|swapping|replace|replaced|replacing|replacement|trade (?:it|them|this) (?:in |for )",
            "(?:a |the )?(?:bigger|smaller|larger|right|correct|next) (?:size|one|color|pair|model|version)"
            "(?: up| down| instead)?",
            "one that works|a working one|change (?:it|them|this|these) (?:for|to|into)",
            "a (?:new|fresh) (?:one|pair)|size (?:up|down)|^different (?:size|color)",
            "(?:want|need|like|prefer|in|get|have|give me|send me|for) (?:it in )?(?:a |an |"
            "the )?(?:(?:different|other) (?:size|one|color|pair|model|version)|another (?:size|color|"
            "model))",
        ),
    ),
    Phrases(
        "resend",
        zh=(
            "补发|补寄|补给我|补送|补上|补(?:一[个件双只份条]|两[个件双只份条]|齐)",
            r"(?:少|漏|缺)的[^\n]{0,6}(?:发|寄)(?:给|过|来|一)|补货给我|补我",
        ),
        en=(
            "resend|re-send|send again",
            r"(?:send|ship|post|deliver|mail)(?: me)?(?: (?!back)\w+){0,2} (?:missing|rest|remaining|"
            r"forgotten|lost)(?: \w+)?",
            r"(?:send|ship|post)(?: me)? (?:it|them|that|the \w+|my \w+) (?:again|separately|on its own|"
            "on it is own)",
            "(?:send|ship)(?: me)? (?:the |my |a )?(?:charger|cable|lid|manual|other (?:one|half|item))",
        ),
    ),
    Phrases(
        "repair",
        zh=("维修|(?<![保装进维返整])修(?!改|身|饰|图)(?:理|好|一下|修|下)?|返修|保修维修",),
        en=("repair|repaired|repairing|repairs|fix (?:it|them|this|that|my|the)|fixed|mend|mended",),
    ),
)
# One more of the same: sent again, unless only an exchange is on offer.
AGAIN = Phrases(
    "again",
    zh=("(?:再|重新?|另)(?:给我)?(?:发|寄|送|补)(?:一|个|我|给|来|过|货|两)",),
    en=(
        "another one(?! is| was| are| came| arrived)|(?:one|more) of the same|the same (?:one )?again",
        "(?:send|ship) (?:me |us )?another(?: one)?",
    ),
)
# Where it was asked what is wanted: what is missing, or another one.
SEND_IT = Phrases(
    "again",
    zh=("(?:把[^\\n址码片图]{1,8})?(?:再|重新)?(?<![址码号接片图息票])(?:发|寄|送)(?:给我|过来|来给我)(?!看)",),
    en=(
        "(?:send|ship|post|mail|deliver) (?:me |us )(?:the|my|what|that|those|whatever) "
        r"(?!address|label|return|link|number|invoice|receipt|details|refund|money|form|photo|tracking)\w+",
        "(?:send|ship|post|mail|deliver) (?:it|them|that|those|this|what is missing) (?:to|over|out)"
        "(?: to)?(?: me| us)?",
    ),
)
NEW_IF_ASKED = Phrases("new_one", zh=("新的",), en=("(?:a )?(?:brand )?new one|another(?: one)?",))
MONEY_IF_ASKED = Phrases("money", zh=(r"^\W*钱(?=\W|$)",), en=("(?:the |my )?(?:money|cash)",))
IF_ASKED = (SEND_IT, NEW_IF_ASKED, MONEY_IF_ASKED)
# One that is as it should be: an exchange, unless only sending again is on offer.
NEW_ONE = Phrases(
    "new_one",
    zh=(
        "(?:来|要|给|拿|寄|发|换)(?:我)?(?:个|一个|台|一台|件|双|副|只|一双|一副|一件)?(?:完好|好|新|能用|没坏)的",
        "(?:发|寄|送)(?:一?台|一?个|一?件)?新的?",
    ),
    en=(
        "(?:send|ship|get|give|post|mail|deliver|bring)(?: me| us| out)*"
        "(?: (?:a|an|the))? (?:new|fresh|working|intact|good|proper|matching)(?: one| unit| pair| copy| \\w+)?",
        "(?:send|give|get|want|need|like|make|prefer)[^\\n]{0,36} instead|another (?:unit|copy|pair)",
    ),
)
# The money: without sending the goods back where only that is on offer.
MONEY = Phrases(
    "money",
    zh=(
        "退款(?!到|给谁)|退(?:我|给我)?钱|(?:把)?钱(?:给我)?退|退(?:给)?我(?!运|吧)|还我?钱",
        r"返(?:还)?(?:款|钱)|要钱|钱[^\n]{0,3}还|货款|(?:要|拿|讨|退)回[^\n]{0,4}钱",
    ),
    en=(
        r"refund|refunds|refunded|money back|(?:my|the) money|(?:penny|cash|\$+) back|reimburse",
        "reimbursed|pay me back|cash back",
    ),
)
# "Just refund me" is meant to be simple; whether the goods go back was not thought of.
SIMPLY_MONEY = Phrases(
    "simply_money",
    zh=("直接(?:给我)?退(?:款|钱|我)|退款就(?:行|好|可以)|退钱就(?:行|好|可以)",),
    en=("(?:just|only|simply) (?:refund|a refund|the refund|the money|money)(?: me)?(?! it| this| them)",),
)
# 退 by itself; with an object or a count it says what is sent back rather than that it is.
BACK = Phrases("back", zh=("退(?![货款钱换出回掉还了下]|我钱|给我钱|烧|休|潮|步)", "退了(?!吧|算了|得了)"))
STANDS_ALONE = Phrases("alone", zh=("退(?:吧|呗|哈|啊|了|喽)*(?=\\W|$)",))
# With these, money means the money alone: "refund me, I'm not sending it back".
KEEPS = Phrases(
    "keeps",
    zh=("(?:不|不想|不用|不需要|不要|懒得)(?:再)?(?:寄|退货|退回)(?!了)",),
    en=(
        "not (?:want to |going to |have to )?(?:send|sending|ship|shipping|post|posting|return|returning)"
        "(?: it| them| anything| the \\w+)?(?: back)?",
    ),
)
# Right before or behind a phrase, they take it back.
DENIED_BEFORE = (
    r"(?:不|别|取消|取消这个|取消本次|取消刚才的|不要|不想要?|不用|不需要|不是|先不|不愿意?|懒得|不打算|"
    r"不考虑|不给|没要|不必|无需|没有|没说)"
    r"(?:再|去|给我|帮我|我|想|办理|申请|走|要|是)*$|"
    r"(?<![a-z])(?:not|no|without|instead of|rather than|never|no need (?:to|for)|not bother|"
    r"never mind|forget(?: about)?|skip|cancel)"
    r"(?: (?:want|need|like|a|an|the|my|to|any|it|for|really|just|be|get|have|interested|in|your|wish|looking|going|"
    r"asking))* ?$"
)
DENIED_BEHIND = r"^(?:货|款|一个|的话|就|那就|也)*(?:不用了?|算了|免了|不必了?|不要了?|不需要了?)(?![退换寄])"
# Between two of them they leave the choice to the shop, or name a second best.
OR = r"或者?|还是|要么|(?<![a-z])(?:or|either)(?![a-z])|都可以|都行"
SECOND_BEST = r"不行(?:的话)?就|要不就|不然就?|否则|(?<![a-z])(?:otherwise|or else|if not|failing that)(?![a-z])"
NOW = Phrases(
    "now",
    zh=("改成|改为|改要|换成|还是|不如|干脆|那就|就",),
    en=("instead|change (?:it |that )?to|make it|switch to|rather|let us|then",),
)
# What he wants in place of the goods.
IN_PLACE = Phrases(
    "in_place",
    zh=("大|小|[码号色款轴味版]|同款|一样的|新的|(?<![a-z])[smlx]+(?![a-z])|[0-9]",),
    en=(
        "size|sizes|color|bigger|smaller|larger|for (?!me|us|it|that|free)|to (?!me|us)|into|black",
        "white|red|blue|green|grey|navy|gold|silver|pink|purple|brown|beige|yellow|orange|same|medium|large|small|[smlx]+|[0-9]+",
    ),
)
# Takes back what he wanted in their place: "改成44码", "actually make it 44".
CHANGES_IN_PLACE = Phrases(
    "changes_in_place",
    zh=(r"(?:改|换|还是|应该)[^\n]{0,6}(?:码|号|色|款|[0-9]{2})|不要?[^\n]{1,6}[码号色款][^\n]{0,3}\n?[^\n]{0,3}要",),
    en=(
        r"(?:actually|make it|instead|rather|change|better)[^\n]{0,16} "
        "(?:[0-9]{2}|size|xl|xxl|[sml]|small|medium|large|bigger|smaller|black|white|red|blue|green|grey|navy)",
    ),
)
# What he wants should there be none left, which he does not know.
IF_NONE_LEFT = (
    r"(?:没有?货|缺货|断货|无货|没有?库存|没有?同款|没有?我要的[^\n]{0,4})(?:了)?(?:的话)?[^\n]{0,3}(?:就|再|给我)?"
    r"|(?<![a-z])if (?:it is|they are|you are|that is|there is|you do not have|there are)[^\n]{0,12}"
    r"(?:out of stock|sold out|none left|it in stock|any left|no longer available|unavailable)"
)
