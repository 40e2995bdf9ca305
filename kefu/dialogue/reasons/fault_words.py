"""What customers say is wrong with goods: faulty, damaged, not the right ones, not all there, gone bad.

To teach a wording, add it to the table of its reason; how, says :class:`kefu.dialogue.words.phrases.Phrases`.
"""

from kefu.dialogue.reasons.reason_table import ReasonWords, words
from kefu.dialogue.words.phrases import Phrases

# "坏了" of fruit means something else than of a lamp: read by :func:`kefu.dialogue.reasons.reason.read_reason`.
BROKEN = words(
    "defect",
    zh=(
        r"坏(?:了|的|掉|啦|咯|喽|嘞|死|得|(?=\W|$))|坏(?!果|人|习惯|评|话|账|点)|故障",
        "有(?:点|些)?(?:质量)?(?:毛病|瑕疵)|瑕疵|质量(?:有|出|是)?(?:点|些)?问题",
        "(?:质量|品质)(?:太|很|真|好|这么|实在)*(?:差|烂|垃圾|次|不行|不好|不过关|不合格|堪忧)|品质问题",
        "残次|次品",
    ),
    en=(
        "broken|broke|faulty|defect|defective|defects|busted|knackered|dud|lemon|kaput|bust",
        "quality (?:issue|problem|is)|(?:poor|bad|terrible|awful|low|crap) quality",
    ),
    yields_to=frozenset({"damage", "spoiled"}),
)
# Meant of food only, where the same word is used of goods that do not work.
FOOD = Phrases(
    "food",
    zh=(
        "水果|果子|草莓|车厘子|樱桃|苹果(?!手机|电脑|耳机|表)|芒果|荔枝|榴莲|橙子|葡萄|蔬菜|海鲜|牛奶",
        "蛋糕|肉|鱼|虾|蟹|生鲜",
    ),
    en=(
        "fruits?|strawberr(?:y|ies)|cherr(?:y|ies)|apples?|mango(?:e?s)?|grapes?|oranges?|vegetables?",
        "seafood|milk|cake|meat|fish",
    ),
)
FAULTS: tuple[ReasonWords, ...] = (
    BROKEN,
    words(
        "defect",
        zh=(
            "[坏黑白亮]点|不响|哑巴|哑了|没(?:有)?(?:声音|声儿?|响)|无声|听不(?:到|见)声?|有?杂音|有?电流声|有?噪音",
            "沙沙响|滋滋响|吱吱响|异响|时有时无|时好时坏|漏(?:水|气|电|油|风)",
            "[拧关合盖扣插拔卡装连按推拉转塞粘贴锁打读刷吸喷亮站立夹撑绑]不(?:紧|上|进|开|动|出|亮|住|稳|"
            "牢|平|严)(?!来)",
            "声音(?:小|断|忽)|忽大忽小|[竖横]线|条纹|一条(?:一条|条)?的?线",
            "(?<![说想看])[\u4e00-\u9fff]不(?:起来|出来)|充不(?:进|上|了|满)电?|不充电|充电(?:没反应|不进|没用)",
            "不(?:通|来)电|没电(?!话|子)|耗电|掉电|漏电|电量掉|续航(?:不行|差|太短|短)",
            "开不(?:了|起)(?:机|来)?|打不开|不开机|死机|黑屏|花屏|白屏|闪屏|蓝屏|卡死|卡顿|重启|闪退|发烫",
            "过热|冒烟|冒火|短路|烧了|跳闸|没(?:有)?反应|没(?:有)?(?:亮|用了)|不亮|不转",
            "(?:一动|转|走|推|按|开|拉|动)不动|不动了|不工作|不加热|不制冷|不出(?:水|风|热|声|气|墨)|不灵",
            "不好使|不能用|用不(?:了|成)|不管用|没法(?:用|穿|开)|失灵|接触不(?:良|好)|卡住|卡键|连不上|连接不上|断连",
            "断断续续|老断|总断|配对不|掉色|褪色|染色|起球|开线|脱线|开胶|脱胶|脱皮|掉漆|掉毛|钻毛|起毛",
            "线头|断线|断底|拉链.{0,3}(?:坏|卡|拉不|开)|缩水|变形|生锈|褪皮|罢工|歇菜|(?<!先)挂了|报废",
            "没法工作|出问题|有(?:点|些|很多|大)?问题(?!想|要|问|请|咨询)|做工(?:差|粗|太|不|很)|破洞|有洞",
            "一个洞|(?:过敏|刺痛|红肿|发痒)\\W{0,2}(?:很|好|有点)?不舒服|过敏|刺痛|灼痛|起(?:了)?(?:红|小)*[疹痘疙]|红肿|发痒|烂脸|皮肤[^\\n]{0,4}(?:不适|不舒服|红|痛|疼|痒)(?:\\W{0,2}(?:很|好|有点)?不舒服)?|印(?:糊|歪|反|花|错)|[字图名]印?错(?:了|(?=\\W|$))|歪(?:了|的|斜)|漏音|印刷|缺页|漏页|按键.{0,2}(?:失灵|没|不)|右(?:边|耳).{0,3}(?:没|不)",
            "左(?:边|耳).{0,3}(?:没|不)|只有[一单左右]边(?:有声|能?响|能)|才用.{0,6}就",
        ),
        en=(
            "(?:does|did|do|is|are|will|would|can|has|have) not (?:even |really |actually |seem to |"
            "always )?(?:work|works|worked|working|turn(?:ing)? on|start|starting|power(?:ing)? (?:on|up)|"
            "charge|charging|play|playing|heat|heating|switch(?:ing)? on|connect|connecting|pair|pairing|"
            "function|spin|light up|hold (?:a |it is )?charge|boot|print|close|open|zip|respond)(?: up|"
            " properly| anymore| any more)?",
            "not (?:work|working|charging|heating|connecting|playing|turning on)|never worked",
            "no longer works?|(?:stopped|stops|quit) (?:working|charging|playing|heating|spinning)",
            "keeps? (?:crashing|rebooting|restarting|freezing|cutting out|disconnecting|dropping)|cuts? out",
            "crackl(?:e|es|ing)|rattl(?:e|es|ing)|squeak(?:s|ing)?|crackly|buzz(?:es|ing)|hiss(?:es|ing)",
            "distorted|static|humming|no (?:sound|power|audio|picture|heat|response)|not turn on",
            "dead(?! line)|died|malfunction(?:s|ing|ed)?|fail(?:s|ed|ing)|failure|overheat(?:s|ed|ing)?",
            "gets (?:too |really |very )?hot|smok(?:es|ing|ed)|leak(?:s|ing|ed|y)?|short circuit",
            "one side (?:is )?(?:silent|quiet|dead|not)",
            r"only works? (?:on|in) (?:one|the left|the right)(?: \w+)?",
            "only (?:one|the left|the right) (?:side|ear|earbud) works?",
            "battery (?:drains|dies|is dead|life is)",
            "seams? (?:came|coming|is|are|came) (?:undone|apart|open)|coming apart|came apart|fell apart",
            "falling apart|peel(?:s|ing|ed)|fad(?:es|ed|ing)|color (?:runs|ran|bleeds|came off)|pilling",
            "shrunk|shrank|rust(?:y|ed)?|zip(?:per)? (?:is )?(?:stuck|jams?|jammed|broke)",
            "key(?:s|board)? (?:is |are )?stuck|dead pixels?|flicker(?:s|ing)?",
            "(?:gave|giv(?:es|ing)|got|have|had)(?: me)? (?:a )?(?:\\w+ )?rash",
            "itch(?:y|es|ing)?|burns my (?:skin|face)",
            "irritat(?:es|ed|ing) my (?:skin|face|eyes)|skin (?:reaction|irritation)",
            "allerg(?:y|ic)|pages? missing|does nothing|will not do anything|packed (?:in|up)|conked out",
            "glitch(?:y|es|ing)?|not (?:functional|functioning)|useless|crap|rubbish|garbage|junk",
            "drops (?:every|out|all|the)|dropping out|not pick(?:ing)? (?:up|anything)",
            "something (?:is )?wrong with|problem with (?:it|the|my)|a hole in",
        ),
    ),
    words(
        "damage",
        zh=(
            r"碎(?:了|的|掉|成|屏|渣|啦|(?=[俩仨\W]|[一两二三四五六][个只件]|$))|裂(?:了|开|缝|痕|纹|的|(?=\W|$))|压(?:坏|扁|变形|烂|碎)",
            "摔(?:坏|碎|烂|过|了)|磕(?:了|碰|坏|破|掉|痕)|碰(?:坏|掉|碎)|撞(?:坏|凹)|砸(?:坏|碎)|破损|破了",
            "破的|破碎|损坏|(?:漏|洒)(?:了|液|出来|一箱|光)(?!发|寄|装)|凹(?:了|进|下|陷)|瘪了",
            "断(?:了|成|裂|开)(?!线|电|连|货)|折断|豁(?:了|口|开)|口子|刮花|划痕|划花|划伤|缺口|[缺少]了?一?个?角",
            "(?:漏|洒|流)得[^\n]{0,8}(?:到处|满|都是|一)|(?:漏|洒)了一[地身桌箱包]",
            "掉(?:了)?(?:一块|瓷)|运输(?:中|途中|时)?(?:坏|损|破)|泡(?:坏|水|烂)|湿(?:了|的|透)",
            "快递.{0,4}(?:弄坏|摔|压|暴力)|暴力(?:运输|分拣)|外包装.{0,4}(?:破|烂|压)",
            "收到(?:时|的时候)?就?(?:是)?(?:破|碎|裂|烂)的?|四分五裂|变形了收到",
        ),
        en=(
            "(?:came|arrived|got here|turned up|was delivered|received(?: it)?|got it|delivered|reached me)"
            r"(?: \w+){0,2} (?:broken|damaged|smashed|cracked|crushed|in pieces|bent|torn|wet|shattered)",
            "smashed(?: up)?|shattered|cracked|cracks?|crushed|squashed|dent(?:s|ed)?|bent|chipped",
            r"chips? in|(?<!from )scratch(?:es|ed)?|torn|ripped|snapped|in (?:a )?(?:\w+ )?(?:bits|pieces)",
            "(?:handle|lid|button|knob|leg|cap|top|part|piece|bit) (?:came|fell|broke|has come|is) off",
            "(?:snapped|broken|broke) off|damage|damaged|damages|broken (?:in|during|on|when it|on arrival)",
            "spilled|spilt|burst(?: open)?|exploded|split open",
            "(?:it|bottle|box|jar|all) (?:had |has )?leaked (?:out|all|everywhere|in)",
            r"(?:box|package|packaging|parcel) (?:is|was|came|arrived)(?: \w+){0,2} (?:crushed|torn|ripped|"
            "wet|destroyed)",
            "(?:came|arrived) open(?:ed)?",
        ),
    ),
    words(
        "wrong_item",
        zh=(
            "(?:发|寄|送|给|配|拿|装)(?:给我)?错(?!误)|错发|发(?:的是|成|来的是|过来的是|给我的是)",
            "(?:寄|送)(?:来)?(?:的是|成)|发货错误",
            "(?:颜色|color|size|model|色号|型号|款式?|尺码|尺寸|(?<!号)码数?|规格|口味|版本|品牌|牌子|商品|"
            "东西|货|样式)(?:完全|都|也|发的|给的)?(?:不对(?!版吧)|错了|不一样|不符|弄错|搞错|不是我)",
            "(?:不是|跟|和|与)我?(?:买|订|拍|下单|要|选|点)的(?:不一样|不同|不符|是|那|这|颜色|款|东西|型号|尺码)?",
            r"(?:跟|和|与)(?:图片?|描述|详情|页面|照片|订单|我买的|我拍的|我订的|下单)[^\n]{0,3}(?:不一样|"
            "不符|不同|对不上|差)",
            r"要[^\n退换]{1,4}的[\n ]?你们?(?:给|发|寄|送)",
            r"(?:要|买|订|拍)(?:的是?|了)?[^\n]{0,4}色[的\n ]{0,2}(?:这|来|收到|结果|给|却)[^\n]{0,4}色",
            "(?:拆开|打开|里面)(?:一看|竟然|居然|却|后|了|来)*(?:是|成)(?!坏|碎|烂|破|裂|空|好|不)",
            "(?:颜色|型号|尺码|规格)[^\\n]{0,4}对不上|别人(?:用过|退回|退掉|穿过)|货不对[版板单]|货不符|张冠李戴|别人的(?:东西|货|包裹|订单)",
            "不是这(?:款|个颜色|个型号|双|件|种|个码)",
            r"(?:买|订|拍|要|选|下单)的是?(?!退|换)[^\n]{1,6}[\n ]{0,2}(?:你们?|结果|却|但是?|怎么)?(?:发|"
            "寄|来|收到|送)(?:来|过来|给我)?(?:的|成)",
            r"(?:买|订|拍|要|选|下单)的是?(?!退|换)[^\n]{1,6}[\n ]{0,2}(?:你们?|结果|却|但是?)?(?:来|发|寄|"
            r"送)(?:了|来)[个件双]?(?=[^\n]{0,3}[码色号款])",
            "两只(?:都是|一样)(?:左|右)|一只大一只小|发(?:了)?别的|不是原装|假(?:货|的)|盗版|二手",
        ),
        en=(
            "(?:not |is not |are not |nothing like |different (?:from|to|than) )what (?:i|we) (?:ordered|"
            "bought|asked for|paid for|wanted|chose|picked)",
            "(?:not |is not |was not )(?:the (?:one|ones|item|color|size|model|thing|product|version)"
            "(?: that)? )i (?:ordered|bought|asked for|wanted|chose|paid for)",
            r"wrong (?:\w+ )?(?:color|colors|size|item|items|model|product|thing|ones|version|shade|style|"
            "flavou?r|type|stuff|goods|article|parcel|kind|edition|language)",
            "(?:color|size|model|shade|item|product) (?:is|are|was|were) (?:completely |totally |"
            "just )?(?:wrong|incorrect|not right)",
            "(?:is|are|was|were|looks?|got something) (?:completely |totally |just )?(?:a )?(?:different|"
            "not the same|not as described)",
            "(?:you|they|someone|u) (?:have |has )?(?:sent|shipped|gave|delivered|mixed up|packed|put)"
            "(?: me| us)? (?:the |a |an )?(?:wrong|different|somebody|someone|another|other|incorrect|"
            "something else)",
            "(?:sent|got|received|delivered|shipped|given)(?: me)? (?:the |a |an )?(?:wrong|different|"
            r"incorrect|something else|somebody else|someone else)(?: \w+)?",
            "(?:i )?(?:ordered|bought|wanted|asked for|paid for)(?: (?!by |too |it |them |this |one |two |"
            r"three )\w+){1,4}(?:\W+(?:and|but|i|instead)){0,2}\W+(?:got|received|was sent|you sent|sent me)"
            "(?! (?:one|two|only|1|2|half|it|them))",
            r"(?:asked for|ordered|wanted|bought)(?: \w+){1,3}\W+(?:but |and )?(?:this|these|it|they|that)"
            " (?:is|are|was|were) (?:black|white|red|blue|green|grey|gray|navy|pink|brown|yellow|purple|"
            "beige|orange|small|medium|large|size)",
            r"(?:box|label|package|sticker) says \w+(?: \w+){0,2} but",
            "not (?:as|what was) (?:described|pictured|advertised|shown|in the (?:photo|picture))",
            r"(?:sent|got|received|gave)[^\n]{0,20} instead of",
            "not (?:even )?my (?:order|stuff|item|items|parcel|package)",
            "not the (?:same )?(?:one|ones|color|thing) (?:in|on|from) the (?:picture|photo)",
            "nothing like the (?:photo|picture|description)|mismatch(?:ed)?|mix(?:ed)? up",
            "(?:looks?|looked) (?:totally |completely |so )?different",
            "fake|counterfeit|second ?hand|used one|someone else s (?:order|parcel)",
        ),
    ),
    words(
        "missing_item",
        zh=(
            "(?<![多至减])少(?:了|发|寄|装|给|件|配|一|两|个|送|俩|仨)(?!钱|点|[一二两三四五六七八九十百几0-9]+(?:块|元|毛))",
            "(?:一[个件只双条本支]|(?<=[\u4e00-\u9fff]))[都也]没(?:给|有|发|送|装|放)(?!坏|问题|用)|漏(?:发|寄|装|放|配)",
            "漏了(?:[一两俩几]?[个件只双套本条支副]|[一两][盒瓶袋包](?![子里]))",
            "缺(?:了|少|件|货了?|一|两|配件|个(?!角|口)|失)|不全|没(?:有)?(?:发|给|寄|装|放|送|配)全|不齐",
            "没发齐",
            "(?:没有?|没给|没配|没附|没带|没见|没看到|未见|少)(?:到|着)?(?:充电器|充电线|充电头|数据线|"
            "配件|说明书|赠品|盖子|电源线?|遥控器?|电池|螺丝|耳塞|包装盒|鞋带|适配器|保修卡|发票(?!抬))",
            "(?:只|就|才)(?:收|拿|发|寄|到|给|来|有|送|见|装)(?:到|了|来|着)?[了我]?(?:[一二两三四五六0-9]|"
            r"其中|半)(?!个?问题|[^\n]{0,5}[退换坏碎裂破漏烂])",
            "没(?:有)?(?:见着|见到|看见|看到)|变(?:成)?了?一[个只件]|(?:没|未|没有)收(?:到)?(?:全|齐)",
            r"(?:赠品|配件|礼物|另(?:一|外)[^\n]{0,4}|有一[个件双只][^\n]{0,3})(?:"
            r"没(?!有?(?:坏|问题|用|反应|声|电|亮|图|毛病))|不见|呢|没收到|未收到)",
            r"盒子(?:里)?(?:是)?空|空(?:盒|箱|包)|里面(?:什么|啥)?(?:都|也)?没(?:有)?(?:东西)?(?=\W|$)",
            "数量(?:不对|不够|少)|不够数|对不上数|差(?:一|两|了)[个件]",
        ),
        en=(
            "missing",
            "(?:only|just) (?:got|received|came with|sent|sent me|delivered|found|contains|contained|had|"
            "get) (?:one|two|three|1|2|3|half)",
            r"only (?:one|two|half|1|2)(?=(?: \w+){0,5} (?:came|arrived|was in|were in|was sent|"
            "in the (?:box|parcel)|turned up))",
            "no (?:charger|cable|manual|lid|accessor(?:y|ies)|power (?:cord|adapter|supply)|instructions|"
            "plug|batter(?:y|ies)|remote|case|laces|screws|gift|adapter)(?: in (?:the|it)(?: box)?)?",
            "(?:did not|does not|have not|has not|not) (?:come with|include|included|contain|in the (?:box|"
            "parcel|package)|get all|receive all|got all|have all|send all|get everything|"
            r"receive everything)(?: \w+)?",
            "(?:came|arrived|was sent|sent) without|only the \\w+ (?:was|were) (?:in|there)",
            "(?:without|forgot|left out|lacks|lacking|short of) (?:the |a |an |my |any )?(?:charger|cable|"
            "lid|one item|manual|part|parts|piece|adapter|accessories)",
            "forgot to (?:send|include|pack)|empty (?:box|parcel|package)",
            "(?:box|parcel|package) (?:is|was) empty|incomplete|not complete",
            r"not all (?:of )?(?:it |them |the \w+ )?(?:is |are |was |were )?(?:there|here|arrived|came|" "in the)",
            "(?:one|two|1|2) (?:short|less|too few)",
            "where is (?:the|my) (?:other|charger|charging cable|cable|lid|rest|manual|second|free gift|gift)",
        ),
    ),
    words(
        "spoiled",
        zh=(
            r"(?<!太)烂(?:了|的|光|完|掉|果|透|得|一|几|好|大半|啦|(?=\W|$))|腐(?:烂|坏)|坏果|发霉",
            "霉(?:了|变|斑|点)|长毛|臭(?:了|的|味)|发臭|馊|变质|酸了|发酸|不新鲜|变味|异味|怪味|过期|流(?:水|汁)",
            "软(?:了|塌|烂)|(?<![老恶变])化了|解冻|死(?:鱼|虾|蟹)|发黑|长虫|有虫|虫子|蔫",
        ),
        en=(
            "rotten|rotting|rotted|rot|mou?ld|mouldy|spoiled|spoilt|gone off|went off|going off|gone bad",
            r"went bad|stale|smells?(?: \w+)? (?:bad|off|awful|funny)",
            r"(?:is|are|was|were|all|totally|slightly) off(?= *(?:\W|$))|stinks?|reeks?|smelly",
            r"smell(?:s|ing)?(?: \w+){0,4} (?:died|dead|rotten|off|rancid)|not fresh|sour|squishy|mushy",
            "slimy|expired|past (?:its|it is|their) (?:date|best)|out of date|decayed|fuzz|fuzzy|fungus",
            "fungi|growing on|maggots?|worms?|thawed|melted|bruised",
        ),
    ),
    # What a thing keeps doing, or does by itself.
    words(
        "defect",
        zh=(
            "(?:老是?|总是?|一直|动不动就?|经常|时不时)(?:会|要)?(?:自动|自己|无缘无故|突然)",
            "(?:自动|自己|无缘无故|突然)(?:就)?(?:关机|关|开|断|停|重启|跳|灭|掉|响|黑|死)",
        ),
        en=(
            "(?<!i )(?<!we )(?<!you )keeps?(?: on)?(?: just)? (?!telling|asking|calling|saying|sending|growing|"
            r"going up|getting (?:more|bigger))(?:\w+ )?\w+ing(?: \w+self| off| out| down| away)?",
            "(?:goes|turns|switches|shuts|powers|comes|cuts) (?:it ?self )?(?:on|off|down|out)"
            "(?: by it ?self| on it is own)?"
            "(?= (?:by|on it|all|every|after|when|while|constantly|randomly|again)|\\W|$)",
            "by it ?self|on it is own",
        ),
        yields_to=frozenset({"damage", "wrong_item", "missing_item", "spoiled", "no_reason"}),
        is_weak=True,
    ),
    # What a thing does not do, whatever that is: "it will not stay connected".
    words(
        "defect",
        zh=(),
        en=(
            "(?<!i )(?<!you )(?<!we )(?:does|will|would|can|could|did) not (?:even |really |"
            "always )?(?!be |want|like|need|fit|suit|match|come|include|contain|look|feel|know|understand|"
            "have|care|love|think|believe|matter|mind|agree|help|say|make|take|get|arrive|accept|offer|"
            "charge me|happen|remember|find|see|mean|use|wear|eat|drink|fault|run|try|belong|refund|return|"
            r"ship|send|cost|work for)\w+",
        ),
        yields_to=frozenset({"damage", "wrong_item", "missing_item", "spoiled", "no_reason"}),
        is_weak=True,
    ),
)
