"""Words beside a reason that take it back, put it in place of another, or say of what it is the reason."""

from kefu.dialogue.words.phrases import Phrases

# Said of a summary these speak of the summary: they give a reason only where none is known yet.
OF_THE_SUMMARY = Phrases(
    "summary",
    zh=(
        "改(?:变)?主意|数量不(?:对|够)|(?:东西|商品|规格|型号|颜色|尺码)(?:不对|错了|弄错|搞错)|不满意",
        "不是我(?:要|想要|说)的|不是这[双个件单]",
    ),
    en=(
        "(?:changed?|changing) my mind|second thoughts|wrong (?:item|items|product|thing)",
        "not (?:even )?my order|not what i (?:want|wanted|said|meant)",
    ),
)
# The goods, without their name.
THEM = Phrases(
    "them",
    zh=("(?:我|我们|家)?的|我|它们?|这个?|那个?|东西|商品|货|都|也|全|又|还|有点|收到|发现",),
    en=("i|it|they|them|the|my|one|ones|is|are|was|were|item|items|thing|things|has|have|got|now|also|completely",),
)
# A weak reason replaces a known one only with one of these: "就是不喜欢", "because it's too big".
GIVES_REASON = Phrases(
    "because",
    zh=("就是|只是|其实|因为|原因|理由|是我|而是|应该是|不是|没坏|实际",),
    en=("just|actually|because|reason|simply|not because|not that|it is not|rather|in fact|sorry|only",),
)
# Right before a phrase, they take it back: "没坏", "it is not broken".
DENIED_BEFORE = (
    r"(?:(?<!是)不是|并不是|并非|没有?|不算|也没|未|不存在|没什么|没啥|不属于)"
    r"(?:什么|因为|说|我|它|东西|商品|收到|被|有|很|太|真的?|都|的是)*$"
)
DENIED_BEFORE_EN = (
    r"(?<![a-z])(?:not|never|no|nothing|without|neither)"
    r"(?: (?:really|have|has|got|actually|even|because|that|it|is|i|a|an|any|the|was|at all|due to|been|exactly|say|"
    r"saying|for|being|so much|they|are|of))* ?$"
)
# "The other one": what is said behind these replaces what was said before.
INSTEAD = Phrases(
    "instead",
    zh=("其实|实际上|应该是|说错|搞错了?,?是|弄错了|更正|准确(?:地|的)?说|不对[,，]?|哦不|啊不|而是",),
    en=(
        "actually|i mean|i meant|sorry|correction|rather|in fact|to be (?:precise|exact|honest)|oh wait",
        "no wait|but really|my mistake",
    ),
)
# He did it himself, or somebody at home did.
HIS_OWN_DOING = Phrases(
    "own_doing",
    zh=(
        "(?<!不是)(?<!不怪)(?:我|自己|孩子|小孩|宝宝|猫|狗|老公|老婆|我[妈爸])(?:自己)?(?:不小心|不当心|给)*"
        "(?:把[^\\n]{1,6})?(?:不小心)?(?:摔|弄|磕|打|碰|踩|坐|压|咬|啃|洗|砸|掰|拆)(?:坏|碎|破|烂|断|裂)",
        "(?:不小心|不当心|失手)[^\\n]{0,8}(?:摔|掉|打|弄|碰|洒|踩|坐|进水)",
    ),
    en=(
        "(?:i|we|my (?:cat|dog|kids?|son|daughter|husband|wife|toddler|baby|child|partner|flatmate|boyfriend|"
        "girlfriend)|the (?:dog|cat|kids?|baby)) (?:have |has |just )?(?:accidentally )?(?:dropped|broke|smashed|"
        "cracked|sat on|spilled|spilt|knocked|chewed|ripped|tore|stepped on|damaged|scratched|melted|shrunk|bent)",
    ),
)
# The goods are as they should be.
ALL_RIGHT = Phrases(
    "all_right",
    zh=(
        "(?:东西|里面|里边|商品|货|本身)(?:倒是?|都|也|的|是)*(?:没事|没坏|没(?:有)?问题|没(?:有)?(?:受)?(?:影响|损)|"
        "完好|好好的|好的|正常)",
    ),
    en=(
        "(?:item|contents?|inside|goods|product|everything|it) (?:it ?self |inside )?"
        "(?:is|are|was|were|looks?|seems?) "
        "(?:all )?(?:fine|ok|okay|undamaged|intact|good|all right)",
    ),
)
PACKAGING = Phrases(
    "packaging",
    zh=("盒|包装|箱|袋子|外壳膜",),
    en=("box|packaging|package|parcel|carton|wrapping|envelope",),
)
