"""Words of anger and discontent, and of their opposite."""

from kefu.dialogue.words.phrases import Phrases

_SHOP_ZH = "(?:店|商城|商家|平台|网站|公司|客服|服务|态度|机器人|助手|卖家|老板|物流|快递|售后|系统|回复)"
_SHOP_EN = (
    "(?:shop|store|company|seller|service|support|customer service|bot|chatbot|robot|assistant|website|app|site|"
    "people|team|staff|experience|place|courier|delivery)"
)
_BAD_EN = (
    "(?:worst|terrible|horrible|awful|useless|pathetic|disgusting|crap|crappy|shit|shitty|rubbish|garbage|trash|lousy|"
    "disgraceful|appalling|dreadful|shameful|atrocious|abysmal|incompetent|hopeless|stupid|dumb|joke of a|f\\w*ing)"
)
ANGRY = Phrases(
    "angry",
    zh=(
        f"(?:破|垃圾|烂|狗屁|黑|坑人的?|什么鬼|辣鸡){{1,2}}的?{_SHOP_ZH}|{_SHOP_ZH}(?:真|太|简直|就|就是|都|全|也太|是|这么){{0,3}}"
        "(?:垃圾|辣鸡|狗屁|死了|吃屎|有病|恶心)|垃圾(?:玩意|东西|卖家|商家)|(?:简直|就是|真是|太|真)(?:个|一?堆)?垃圾(?!桶|袋|箱|分)",
        "(?<![我你他她咱姨大舅姑后干老姥爸婆妈送给买合和跟帮替])妈的|(?<![孩娃]子)(?<!孩他)(?<!娃)他妈的|真他妈",
        "(?:^|[,!?。 ])tmd|尼玛|[操草日]你妈|你妈的|mmp|卧槽|我靠|操你|去死|滚(?:蛋|开|$|[!。,])|傻[逼叉b]|沙雕|智障",
        "脑残|废物|白痴|王八|混蛋|狗东西",
        "(?:你|机器人|客服|你们)(?:真|太|怎么|这么|就是|简直|可真|实在|是|也|都|个){0,3}(?:没用|没有用|笨|蠢|傻|无能|不要脸|恶心|坑)(?!洼)",
        f"(?:你们?|{_SHOP_ZH})[都全就真是不难道们简直]{{1,4}}(?:一[群帮头窝])?(?:[猪狗](?=\\W|$|[吗啊吧么呀嘛变投脑不])|饭桶|草包"
        "|死人|木头人|聋子|瞎子|哑巴)",
        "听不懂人话|说人话|是不是(?:傻|有病)|有没有人管|没人管|还有没有王法|要不要脸(?!盆)|不要脸(?![盆霜部])|没良心|良心(?:被|喂)",
        "(?:气|急|烦)死(?:我|人|个人)?(?:了|啦)?|(?:真|很|好|太|简直|一肚子|越想越)火大|火大(?=\\W|$)|恼火|(?:很|太|非常|真的?|特别|超|十分)(?:生气|愤怒|气愤|窝火)",
        "忍无可忍|受够了?|受不了你们",
        "你们[^\\n,。!?]{0,6}骗(?:子|人|钱)|(?:一群|一帮|都是|就是|真是)骗子|骗子(?:店|商家|公司|平台|网站|!|$)|诈骗(?:公司|团伙|店)|坑人|坑爹|坑钱|奸商|黑心",
        "黑店|欺骗消费者|欺负人|耍我|玩我呢|忽悠(?:我|人|谁)|敷衍(?:我|人|谁)?|糊弄(?:我|人|谁|鬼)|气得[^\\n]{0,4}(?:饭|发抖|睡)|蠢死|坑死",
        "(?:我要?|去|必须|一定)?(?:曝光|举报)(?:你们|了|到)|12315|消协|工商局|再也不(?:来|买|会(?:来|买|光顾|用|信))|这辈子不|(?:赶紧|早点|早该|快|迟早|怎么不)倒闭",
        "倒闭(?=吧|\\W|$)",
        "开什么(?:国际)?玩笑|你们?(?:是|不是|这|在){0,4}(?:开玩笑|逗我?)(?:玩|人)?(?:呢|吗|吧|的吗)|搞笑吧?你们?|有没有搞错(?=[啊呀]|\\W|$)",
        "过分了|太过分|欺人太|(?:真是?|我也?是?|也是|彻底|算是)服了|^\\W*服了|服了你们|闭嘴(?!器)|有毛病吧|无耻|太?气人了?(?=\\W|你|$)",
        "(?:你们?|客服|商家|店家|卖家)[^\\n,。!?]{0,4}骗我",
        "什么(?:破|垃圾|烂|狗屁|鬼)(?!损)(?:店|服务|态度|公司|客服|机器人|平台|玩意|东西)|哪有你们这样|你们是乌龟|(?:服务|客服)态度(?:恶劣|极差)|有病吧",
    ),
    en=(
        f"{_BAD_EN} (?:\\w+ )?{_SHOP_EN}s?|{_SHOP_EN} (?:is|are|was|were)(?: \\w+){{0,2}} {_BAD_EN}",
        f"you(?: guys| people)? (?:are|all are)(?: \\w+){{0,2}} (?:{_BAD_EN}|no help|no use|a joke|thieves|liars"
        "|crooks|scammers|idiots?|morons?|clowns|bloody useless|not helping)",
        f"(?:this|that|what you do|what) (?:is|was)(?: \\w+){{0,2}} {_BAD_EN}",
        "(?:what|such) (?:a|an) (?:joke|disgrace|shame|scam|rip ?off|mess|load of \\w+|bunch of \\w+|farce)",
        "rip ?offs?",
        "(?:a|an) (?:utter|absolute|complete|total) (?:joke|disgrace|shambles|scam|mess)|shambles",
        "(?:i am|i have been|we are)(?: \\w+){0,2} (?:angry|furious|livid|outraged|fuming|pissed|sick of|fed up)",
        "(?:so|really|very|absolutely|bloody) (?:angry|furious|livid|annoyed)|fed up",
        "sick (?:and tired )?of (?:this|you|it)",
        "(?:bull)?shit|wtf|what the (?:hell|fuck|heck)|fuck(?:s|ing|ed)?(?: (?:you|off|this))?|screw you",
        "go to hell|damn you",
        "you(?: (?:are|guys|lot|people|bunch|of|an?|all|absolute|total|complete|bloody|stupid|useless)){0,5}"
        " (?:scammers?|thieves|liars?|crooks|fraudsters?|idiots?|morons?|cheats?|clowns?|snails)",
        "idiots|morons",
        "(?:bunch|pack|load) of (?:scammers|thieves|liars|crooks|fraudsters|idiots|morons|cheats|clowns)",
        "clown company",
        "(?:are|r) (?:you|u)(?: [\\w*]+)? (?:kidding|joking)(?: me)?|(?:got to|gotta|must) be (?:kidding|joking)",
        "(?:is this|this is|this must be)(?: \\w+)? (?:a |some )(?:\\w+ )?joke|are you (?:serious|for real)(?! about|"
        " with)",
        "^\\W*(?:oh )?(?:come on|seriously)\\W*$|give me a break|(?:i am|we are) done with (?:you|your|this (?:shop|"
        "store|company))",
        "wast(?:e|ed|es|ing) (?:my|our) time|^\\W*get lost\\W*$|shut up(?! the)|your (?:\\w+ )?(?:is|are) (?:a |"
        "an? \\w+ )?(?:scam|joke)",
        "(?:total|complete|absolute|utter|such a|a) (?:scam|joke) of a \\w+",
        "(?:total|complete|absolute|utter) (?:scam|joke|disgrace)",
        "shame on you|ashamed of yourselves|should be ashamed|never been (?:treated|served) (?:this|so) badly",
        "damn (?:this|your) \\w+",
        "never (?:buy|shop|order|come|buying|shopping|ordering|using)(?:ing)? (?:\\w+ ){0,3}(?:again|back)",
        "waste of (?:time|money|space)(?! saver)",
        "ridiculous|unacceptable|outrageous|a disgrace|does (?:anyone|anybody) (?:even )?(?:care|work)",
        "nobody (?:cares|helps|answers)(?! the)",
        "(?:worst|useless|pathetic|disgusting)|(?:do|can) you (?:even )?understand (?:plain |simple )?english",
    ),
)
# Only in a loud voice.
WAITS_IN_VAIN = Phrases(
    "waits",
    zh=(
        "(?:多少|[几好0-9两三四五六七八九十半]+)(?:天|周|个?星期|个?月|个?礼拜)了|还不|还没|都不|一直不|到底|卡在|没动静|不理|没人",
        "等[^\\n]{0,6}(?:久|天|周|月)|催了",
    ),
    en=(
        "\\w+ (?:days|weeks|months)|still (?:no|not|waiting|nothing)|nothing|waiting|nobody|no ?one",
        "no (?:reply|answer|response)",
        "how (?:long|many times|hard)|answer me|again|for ages",
    ),
)
DISPLEASED = Phrases(
    "displeased",
    zh=(
        "(?:太|真|好|很|非常|特别|这么|有点|越来越|极其?|巨|超|也太|实在|比较){1,2}(?:差|烂|坑|慢|失望|难用|难看|难吃|不好|糟糕?|敷衍|简陋|一般|黑|贵|水)"
        "(?!不多|价|异|点|别)",
        "差[评平]|失望|垃圾|踩雷|后悔(?:买|死)|不(?:太)?(?:满意|好用|好吃|好看|值|推荐|咋[地样]|怎么样|行)|没用|难用|质量(?:不行|堪忧)",
        "不会再(?:买|来)|不(?:来|买)了|恶劣|无语|垃圾|劣质|假货|不耐用|吐槽|槽点|避雷|拔草|慢(?:得像|死)|气人|气死|(?:不|没)负责任?|拖拖拉拉|破玩意|狗都不|差劲|晦气|智商税|翻车",
    ),
    en=(
        "bad|poor|worst|terrible|horrible|awful|useless|disappoint(?:ed|ing|ment)",
        "not (?:happy|satisfied|impressed|great|good)",
        "unhappy|dissatisfied|slow|rude|unhelpful|cheap(?:ly)? made|(?:low|poor|bad) quality|regret|waste",
        "overpriced|flimsy|meh",
        "not worth|would not recommend|avoid|one star|1 star|zero stars|let down|hate|sucks?|rubbish|garbage",
        "crap|annoy(?:ed|ing)|shoddy|sloppy|sux|shocking experience",
        "(?:will|would) not (?:buy|order|shop|come|be back)(?: \\w+){0,3}|could be better|mediocre",
        "underwhelm(?:ed|ing)",
    ),
)
# What holds such words, and praises, or speaks of something else.
NEITHER = Phrases(
    "neither",
    zh=(
        "(?:一点(?:也|都)?|并|真|确实|还|可|质量|味道|服务|效果|手感|态度)?不(?:差|坏|错|赖|慢|贵|垃圾)(?!吗)|不要太好|没毛病|没有?失望|不会失望|没让(?:我|人)失望",
        "垃圾[桶袋箱分]|差价|差不多|差点|差一点|时差|出差|慢走|不用了|破(?:损|了|洞|皮|裂|壁)|笑死我?|爱死|好(?:看|吃|用)死|黑(?:色|椒|芝麻|茶|金)|好贵重",
        "黑店长|坑爹神器|废物利用|白痴造句|王八汤|智障(?:人士|儿童|者)|脑残粉|我靠(?=[垫枕背墙近])|卧槽轮|急死人的",
        "快递费|运费?太贵|怎么样|怎么投诉|不满意(?:可以|能|怎么|的话)|(?:如果|要是|万一)[^\\n,。!?]{0,8}(?:不满意|不好用|不喜欢|失望)|不(?:行|值)吗",
        "(?:会不会|(?<!就)(?<!只)不?会|怕|担心)[^\\n,。!?]{0,4}骗(?:我|人|钱)[^\\n,。!?]{0,3}(?:[吗么吧嘛啊]|(?=\\W|$))",
        "(?:防|反|遇到|被|冒充|自称)[^\\n,。]{0,6}(?:骗子?|诈骗)|(?<![就都真全])(?:是(?:不是)?骗子(?!吧)吗?|(?<!你们)是骗子吧)|是不是(?:诈骗|骗)",
    ),
    en=(
        "jokes? (?:gifts?|presents?|items?|books?|toys?|cards?|mugs?|t-?shirts?|props?|articles?|shops?|sets?)",
        "not (?:bad|too bad|bad at all|disappointed|slow|a bad)|never disappoint(?:s|ed|ing)?",
        "(?:can|could) ?not be better",
        "(?:is|are|was) (?:it|this|that|they|he|she)(?: \\w+){0,3} (?:scam|scammers?|fraud)",
        "(?:rubbish|trash|garbage) (?:bin|bag|can|bags|bins)s?",
        "if (?:i am|it is|they are|i) (?:not )?(?:un)?(?:happy|satisfied|disappointed|bad)|too bad|slow cooker",
        "bad luck|my bad|worst case|shit bags?|what a mess (?:my|i)|rip off (?:the|a|it|this)|angry birds",
        "pathetic fallacy",
        "fed up with my|ridiculous(?:ly)? (?:cheap|good|low|soft|comfy|prices)|liar liar|idiots?(?:'s)? guide",
        "no (?:complaints|regrets)|do not regret|not regret|scam (?:call|text|message|e ?mail)s?|to avoid",
        "avoid (?:the |a |an |paying )",
    ),
)
# A scolding that asks something all the same.
QUESTIONS = Phrases(
    "questions",
    zh=("多少|谁|几[天点号]|怎么(?!这么|回事|还|都)|如何|哪|能不能|可以|(?<!话)吗(?=\\W*$)",),
    en=("how(?! dare)|where|when|can i|could i|do i|who pays|which",),
)
