"""Words by which a clause asks, only seems to ask, asks for something to be done, or supposes something."""

import re

from kefu.dialogue.words.phrases import Phrases

ASKS = Phrases(
    "asks",
    zh=(
        "多少|多久|多长时间|多大|多快|(?<![前这那好过头了才没就])几天(?![就后前没])|几号|几点|几时|什么|啥|何时|怎么|咋|如何",
        "哪|谁|为何|怎样|是不是|能不能|可不可以|有没有|要不要|会不会|行不行|好不好|对不对|用不用",
        r"需不需要|退不退|算不算|是否|能否|可否|(?:吗|么|嘛)(?=\W*$)",
        r"(?:能|可以|行|中|有|要|到|会|对|还给|来得及)[^\n]{0,8}(?:不|没|没有)(?=\W*$)",
        "(?:运费|邮费|钱|款|地址|快递|货|东西|包裹|发票|积分|券|时间|物流|订单|赔偿|人工|客服)" r"呢(?=\W*$)",
        r"(?P<end>[\u4e00-\u9fff])还是[^\n]{1,8}(?P=end)(?=\W*$)|^那[^\n]{1,6}呢(?=\W*$)",
        r"(?<![时动差])(?P<twice>[\u4e00-\u9fff])不(?P=twice)(?<!时不时)(?<!动不动)|是[^\n]{1,10}还是",
        "想(?:知道|了解|问)|请问",
        r"(?:微信|支付宝|卡|原路|退货|换货|快递|上门|顺丰)[^\n]{0,4}还是(?!算|不|要|别|退吧|换吧)",
        r"还是[^\n]{1,6}(?:好|呀|啊|呢)(?=\W*$)",
    ),
    en=(
        "(?:know|tell me|wonder|wondering|idea|ask|asking|sure|explain|understand) (?:how|when|where|"
        "who|what|if|whether|which|why)",
        "any idea|what about|how about|how come|how much|how long|how many",
        "who(?: will| is going to)? (?:pays?|covers?|is paying)",
        "(?:do|does|will|would|should|can|could|must|am) (?:i|you|we) (?:have|need|get|pay|send|still|also)",
    ),
)
# What an English clause begins with if it is a question; small words may stand before it.
_BEFORE = (
    r"(?:ok|okay|yes|yeah|yep|and|but|so|also|hi|hello|hey|sorry|well|then|please|by the way|btw|um|oh|no|great|"
    r"thanks|thank you|or|just|actually|though|hmm|wait|cool|sure|fine|alright|right)"
)
_WH = (
    r"who|whom|whose|where|why|which|how|what (?:is|are|was|do|does|did|will|would|should|can|if|happens|about|else|"
    r"kind|sort|address|time|day|date|card|account|size|color|postage|amount|exactly|now)|"
    r"when (?:is|are|was|do|does|did|will|would|should|can|exactly)|by when|until when|since when|at what|to what|"
    r"in what|for how|on what"
)
_AUXILIARY = (
    r"do (?:i|you|we|they|these|those|your|my|exchanges|returns|refunds|orders|coupons)|"
    r"(?:has|have|had) (?:i|you|we|it|they|my|your|the|anyone|somebody|anybody)|"
    r"(?:is|are|was|were|does|did|can|could|will|would|should|shall|may|might|must|am)(?: not)? "
    r"(?:i|you|we|he|she|it|they|this|that|these|those|there|the|my|your|anyone|anybody|somebody|someone|a|an|any|"
    r"all|return|returns|shipping|delivery|postage|pickup|collection|refunds?|everything|anything)"
)
ASKS_FROM_THE_START = re.compile(rf"^\W*(?:{_BEFORE}\W+){{0,4}}(?:{_WH}|{_AUXILIARY})(?![a-z])")

# Complaints in the dress of a question, and words of questions in plain statements.
ONLY_SEEMS = Phrases(
    "seems",
    zh=(
        r"我(?:先|再)?(?:看看|看下|想想|确认下|问问|查查|瞧瞧|试试)[^\n]{0,12}|没有?什么|没有?啥|没怎么",
        "没有什么|不怎么|怎么都|怎么也|什么都|啥都|什么也|谁都|哪都|哪儿都|哪个都|怎么着都|随便哪",
        r"你管[^\n]{0,6}|不管怎么|(?:忘|不记得)了?[^\n]{0,6}(?:哪|什么|多少)|不知道(?:怎么|为什么|为啥|咋|什么)",
        "不晓得怎么|多少有[点些]|有什么.{0,4}(?:坏|问题$)|什么的",
        "什么(?:破|玩意|东西|质量|鬼|垃圾|态度|烂|情况啊)|啥(?:破|玩意|质量|东西啊|垃圾)",
        "怎么(?:这么|那么|是(?!不)|会是|就|又|少|坏|碎|破|烂|裂|全是|都是|只有|只收|只发|回事)",
        "怎么(?:发|寄)(?:的是|成|来|了)|怎么没有?(?:充电|配件|说明|声音|反应|盖|线|电|亮)",
        r"怎么不(?:响|亮|转|动|工作|能用)|说好[^\n]{0,10}呢",
        "(?:赠品|充电器|充电线|数据线|配件|说明书|盖子|遥控器|另一个)呢",
        "不(?P<again>[\u4e00-\u9fff])不(?P=again)|能不能(?:快|认真|别)|哪有",
    ),
    en=(
        "(?:do|does|did) not (?:know|understand) (?:why|how|what)|no (?:matter|idea) (?:what|how|why)",
        "not sure (?:why|how|what)",
        "(?:not |is )?what i (?:ordered|got|wanted|bought|asked|expected|paid)|that is (?:why|how|what)",
        "whatever",
        r"why (?:is|are|did you send) (?:it|this|they|there) (?:\w+ )?(?:broken|cracked|the wrong|"
        "a different|missing)",
        "(?:i am|pretty|quite|not|for) sure|all right|that is (?:ok|right)",
        "right (?:away|now|size|color|one|item)|no",
        "where is (?:the|my) (?:other|charger|charging cable|cable|lid|rest|manual|second|free gift|gift)",
        "you know what|why not|make sure|of course|know (?:that|it)|who knows",
    ),
)
# A wish in the dress of a question: it is to be done, not to be answered.
WISHES = Phrases(
    "wishes",
    zh=(
        r"(?:能不能|可不可以|可否|能否|可以|能|麻烦|请|方便)?[^\n]{0,6}(?:帮我|给[我俺咱]|帮忙|替我|帮)"
        r"[^\n]{0,10}(?:[退换修补取改寄发调]|swap|exchange|return|refund)",
        r"(?:能不能|可不可以|可否|能否|可以|能)[^\n]{0,6}换(?:个|一|成|大|小|件|双|台|条|新|别的|黑|白|"
        "红|蓝|灰|[smlx])",
        r"(?:能不能|可不可以|可否|能否|可以|能)[^\n]{0,6}(?:补发一|补发给|补寄|重新?发一|再发一|再寄一)",
        r"(?:能不能|可不可以|可否|能否|可以|能)(?:只|就|先|光)[退换][^\n款货]",
        r"(?:能不能|可不可以|可否|能否|可以|能)?[^\n]{0,4}(?:改成|改为|换成)",
        r"换(?:个|一|成|大|小|件|双|台|条|新|别的|黑|白|红|蓝|灰|[smlx])[^\n]{0,8}(?:行不行|行吗|可以吗|可不可以|好吗|好不好|成吗|成不)\W*$",
    ),
    en=(
        "(?:can|could|will|would) you (?:please |just |kindly |maybe )?(?:return|refund|exchange|"
        r"replace|swap|resend|repair|fix|take)(?: \w+){0,5}",
        "(?:can|could|will|would) you (?:please |just |kindly |maybe )?(?:send|give|get|change|make|"
        r"arrange|set up|process)(?: \w+){0,6} (?:new|another|replacement|again|missing|exchange|return|"
        "refund|out|instead|over)",
        "(?:can|could|may|might) i (?:please |just |maybe |possibly )?(?:exchange|swap|change (?:it|"
        "them|this|to)|switch)",
        "(?:can|could|may|might) i (?:please |just |maybe |possibly |also )?(?:get|have) (?:a |the |"
        "an |it |them |one |this )?(?:replacement|replaced|repaired|fixed|new|another|working|bigger|"
        "smaller|exchanged|different|missing|large|medium|small)",
        "(?:can|could|may|might) i (?:please )?(?:just|only) (?:return|send|exchange|get|have)",
        "(?:can|could|may) i (?:please )?(?:return|send back|exchange) (?:just|only)",
        r"(?:can|could|may|might) (?:i|we) (?:get|have|make it) [^\n]{0,24} instead",
        "would it be possible to (?:exchange|swap|get|have|send|return)",
    ),
)
# A wish all the more: "can't you repair it instead?", "就不能换一个吗". What is left without these says it.
RHETORICAL = Phrases(
    "rhetorical",
    zh=("(?:难道|就)?不(?:能|可以)(?:直接|给我|帮我|先|给)*(?=[换修退补改调])",),
    en=(
        "(?:can|could|will|would) not (?:you|i|we|it|they)(?: please| just| simply| at least| be| get| have)*",
        "why (?:do|can|could) not (?:you|i|we)(?: please| just| simply)*|why not(?: just| simply)?",
    ),
)
# These ask for a fact whatever else the clause wishes: "帮我看下能退多少".
ASKS_A_FACT = Phrases(
    "fact",
    zh=(
        "多少|多久|多长|几天|几号|几点|什么|啥|何时|谁|哪|为什么|为啥|怎么|如何|要钱|收费|免费|花钱",
        "运费|邮费|要不要",
    ),
    en=("how|when|where|who|why|which|what|free|cost|costs|charge|fee|pay",),
)
SUPPOSES = Phrases(
    "supposes",
    zh=("^\\W*(?:那|好|嗯|但|不过)?(?:我)?(?:如果|要是|假如|假设|万一|若是?|倘若)|的话(?=\\W*$)",),
    en=(
        r"^\W*(?:(?:and|but|so|ok|okay|well|yes|no|then|also|what)\W+){0,3}(?:if|suppose|supposing|"
        "in case|assuming|say i)",
    ),
)
# Nothing is supposed by these.
POLITELY = Phrases(
    "politely",
    zh=(
        "如果可以|要是可以|可以的话|方便的话|没问题的话|如果方便|能的话|行的话",
        # "…的话就退": a decision that depends on what the assistant knows better.
        "(?:如果|要是)[^\\n]{0,12}就(?:退|换|算)",
    ),
    en=(
        "if possible|if you can|if you could|if that is (?:ok|okay|fine|possible|alright)|if i may",
        "if you do not mind|see if",
    ),
)
# Asked behind something that was said: "退耳机，可以吗？" says it politely.
TAGS = Phrases(
    "tag",
    zh=(
        r"^\W*(?:这样)?(?:可以|行|好|对|中|成|没问题|ok)(?:吗|么|嘛|不|吧|呢)?\W*$",
        r"^\W*(?:行不行|好不好|可不可以|对不对|是吧|是吗|对吧)\W*$",
    ),
    en=(
        r"^\W*(?:is that |would that be |that is |is this |you )?(?:ok|okay|fine|right|possible|alright|"
        r"all right|yes|no)(?: with you| then)?\W*$",
    ),
)
# Where a choice is to be made, this makes one: "what about the bra then", "那文胸呢".
PROPOSES = Phrases(
    "proposes",
    zh=(
        r"^\W*(?:那|要不|不然)?[^\n多少几什么怎哪]{1,10}呢\W*$|^\W*(?:那|要不)(?:换|改)?[^\n多少几什么怎哪]{1,10}(?:呢|吧|行吗|可以吗)\W*$",
    ),
    en=(r"(?:what|how) about (?:just |only )?(?:the|my|one|a|all|both)[^\n]{0,24}",),
)
# Of several things one stays: to be done, not to be answered.
KEEPS_SOME = Phrases(
    "keeps",
    zh=(
        r"(?:能不能|可不可以|可以|能)(?:不退|留下?|留着)[^\n]{1,8}|[^\n]{1,8}(?:能不能|可不可以|可以|能)(?:不退|留下|留着)",
    ),
    en=(r"(?:can|could|may) i (?:please |just |also )?keep (?:the|my|one|two|both)[^\n]{0,24}",),
)
WHAT_NOW = Phrases(
    "what_now",
    zh=("怎么办|咋办|咋整|怎么处理|怎么弄|怎么搞|怎么解决|如何处理|怎么赔|怎么说",),
    en=(
        "what (?:do|should|can|shall) (?:i|we) do|what now|what happens now|what can you do",
        "how do we (?:fix|solve) (?:this|it)",
    ),
)
# Asked of the assistant itself: the rules have replies of their own.
SMALL_TALK = Phrases(
    "small_talk",
    zh=(
        r"^\W*(?:你好|您好|亲|客服|嗨|哈喽)*\W*(?:在吗|在不在|在么|还在吗|有人(?:在)?吗|你好吗|你(?:是|"
        "就是)?(?:机器人|真人|人|ai|谁)(?:吗|么|啊)?|是(?:机器人|真人)吗|你会什么|你能(?:做|干)(?:什么|"
        r"啥))\W*$",
    ),
    en=(
        r"^\W*(?:hi|hello|hey)?\W*(?:are you (?:still )?(?:there|here)|(?:is )?(?:anyone|anybody|"
        "someone|somebody) (?:there|here|home)|how are you|who are you|are you (?:a |an )?(?:bot|robot|"
        "human|real|person|ai|machine)(?: person)?|what can (?:you do|i ask)(?: you)?|am i (?:talking|"
        r"chatting|speaking) (?:to|with) .{0,20})\W*$",
    ),
)
