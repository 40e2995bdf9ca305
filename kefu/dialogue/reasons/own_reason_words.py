"""Why customers give goods back that are as they should be. To add one: :mod:`kefu.dialogue.reasons.fault_words`."""

from kefu.dialogue.reasons.reason_table import ReasonWords, words

_EVERY_FAULT = frozenset({"defect", "damage", "wrong_item", "missing_item", "spoiled"})

OWN_REASONS: tuple[ReasonWords, ...] = (
    # Ordering the wrong thing oneself is no fault of the shop. Whole phrases: "wrong size" in them must not count.
    words(
        "no_reason",
        zh=(
            "(?:拍|买|下|点|订|选)(?:单)?错(?:了)?(?:颜色|尺码|码|型号|款|东西|规格|地址|数量)?",
            "(?:颜色|尺码|码|型号|款式?|规格)?(?:我)?(?:自己)?(?:拍|买|选|订)错",
            "(?:买|拍|下|订)(?:得|的)?太?(?:多|重|贵|早|大|小|重复)了|多(?:买|拍|下|订)(?:了)?",
            "重复(?:下单|购买|买|拍)|手滑|手贱|手痒|手抖|剁手|误(?:点|拍|买|下)|冲动(?:消费|购物)?|不会用",
            "学不会|用不来|(?:来|到|送)(?:得|的)?太?(?:晚|迟|慢)(?:了)?|太晚|用不上|七天无理由|7天无理由",
            "无理由|没(?:有|什么)?(?:理由|原因)|后悔|反悔|家里(?:已经)?有了?|已经有了|用不(?:着|到)",
            "不(?:再)?需要了?|没用得?上|闲置|我的(?:问题|错|原因)|个人原因|自己的?(?:问题|原因)",
            r"(?:别家|别处|其他店|别的店|隔壁)[^\n]{0,4}(?:便宜|买)|降价|便宜了",
        ),
        en=(
            r"(?:i |we |my \w+ )(?:have )?(?:accidentally |mistakenly )?(?:ordered|bought|chose|picked|"
            r"selected|got|clicked|purchased) (?:the |a )?wrong(?: \w+)?",
            r"(?:ordered|bought|purchased|clicked|order)(?: \w+){0,3} (?:by (?:mistake|accident)|"
            "accidentally|twice|too many|too much)",
            "by (?:mistake|accident)|my (?:own )?(?:mistake|fault|bad)",
            "(?:bought|ordered|got|have) (?:one |two |way )?(?:too many|too much|already)|too many",
            "impulse(?: buy| purchase)?|buyer'?s? remorse|too late(?! to)|(?:came|arrived) late",
            "duplicate(?: order)?|found (?:it )?(?:cheaper|a better)|cheaper elsewhere",
            "already (?:have|got|own) (?:one|it|two)|no (?:particular |special |real )?reason",
            "without (?:a )?reason|regret",
        ),
    ),
    # A size or a colour that does not suit: beside "sent the wrong one" it only says how one noticed.
    words(
        "no_reason",
        zh=(
            "不(?:太|是很|怎么|大|咋)?(?:喜欢|中意|合适|合身|合脚|好看|称心|想用|适合|习惯|舒服|搭)|不爱",
            r"没(?:那么|有)?想象|没眼缘|嫌[^\n]{1,4}|看不上|丑(?=\W|$|了|死|的|，)",
            "(?<!费)(?<!快递)(?:太|有点儿?|偏|略|稍微?|嫌)(?:大|小|长|短|宽|窄|紧|松|肥|瘦|厚|薄|贵|重|轻|"
            "沉|硬|丑|土|艳|花|老气|显胖|难看)(?:了|点|些)?",
            r"(?:尺码|尺寸|码|号)[^\n]{0,3}(?:大了?|小了?|不合|偏)",
            r"(?:跟|和|与)(?:我)?(?:想象|想的|预期|以为)[^\n]{0,3}(?:不一样|不同|有差|差)",
            r"没(?:有)?[^\n]{0,4}(?:图片?|照片|想象|预期)[^\n]{0,3}(?:好|漂亮)",
            r"(?:人家|他|她|老公|老婆|媳妇|[我他她]?[妈爸]|孩子|对象|朋友|对方)[^\n]{0,3}(?:不(?:要|喜欢|用|"
            "想|爱)|嫌)",
            "(?<!声音)(?:大|小)了(?:一|两|半)?(?:码|号|点|圈)?|穿不(?:了|上|下|进)|穿着(?:不|难|挤|勒|磨)",
            r"[戴穿用]着?[^\n]{0,4}(?:疼|痛|傻|怪)|磨脚|挤脚|勒得?慌|扎人|扎得慌|勒(?=\W|$)|(?:戴|穿|用)着?不(?:舒服|习惯|合适)|色差|难看|难闻",
            "味道不喜欢|太吵",
        ),
        en=(
            "(?:do|does|did) not (?:really |actually |even |quite |particularly )?(?:like|love|fit|suit|"
            r"match|look good|look right|feel right|fancy|care for)(?: (?:it|them|this|me|the \w+))?",
            r"not (?:really )?(?:like|love|fit)(?: it| them| me)?|dislike|hate(?:s)?(?: it| them| the \w+)?",
            "(?:is|are|was|so|just) (?:absolutely |way |just )?(?:huge|massive|enormous|gigantic|tiny)",
            r"(?:huge|massive|tiny) (?:on|for)|miles too \w+",
            "(?:way too|much too|too|a bit|a little|bit|slightly|kinda|kind of|rather|quite|very|so|really)"
            " (?:snug|big|small|tight|loose|long|short|large|wide|narrow|heavy|expensive|dark|light|bright|"
            "thin|thick|loud|bulky|ugly|itchy)",
            "(?:size|fit) (?:is |was )?(?:too|not|off)|poor fit|bad fit",
            "not my (?:style|size|thing|taste|color|kind)|not for me",
            "(?:fancy|fancied|want|prefer) something else|(?:feels?|looks?) cheap|flimsy",
            r"hurts? my \w+|my \w+ hurt|not feeling it|not to my (?:taste|liking)",
            "uncomfortable|itchy|ugly|pinch(?:es)?",
            "not (?:happy|satisfied|impressed) with (?:it|them|the)|not (?:comfortable|pretty)",
            "(?:my )?(?:wife|husband|kid|son|daughter|mum|mom|dad|girlfriend|boyfriend) (?:hates|"
            "does not like|did not like|already)",
        ),
        yields_to=frozenset({"wrong_item"}),
        is_weak=True,
    ),
    # What follows from every other reason, too.
    words(
        "no_reason",
        zh=(
            r"不(?:太|是很|怎么|大)?想(?:要|留)(?!退|换|钱|修)(?:它|这个)?了?|不要了(?=\W|$|给|帮|退|想)",
            "不用了想退|改(?:变)?主意|没什么用|用不上",
        ),
        en=(
            "(?:do|does|did) not (?:really |actually |even )?(?:want|need)(?! (?:my|a|an|to|the (?:money|"
            "refund)|your|you|any (?:refund|money)))(?: (?:it|them|this|these|that|any))?(?: (?:anymore|"
            "any more|any longer|now))?",
            r"(?:no longer|never really) (?:want|need|wanted|needed)(?: \w+)?|(?:changed?|changing) my mind",
            "unwanted|not needed|second thoughts",
        ),
        yields_to=_EVERY_FAULT,
        is_weak=True,
    ),
)
