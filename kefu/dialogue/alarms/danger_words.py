"""Words of danger to people, and the many everyday uses of the same words."""

from kefu.dialogue.words.phrases import Phrases

_CLAUSE = "[^\\n,;!?。]"
_POWERED_ZH = (
    "(?:电池|充电|电源|手机|平板|笔记本|电脑|耳机|音箱|手表|外壳|后盖|屏幕"
    "|暖手宝|暖宝|[热暖]水袋|[动衡板]车|手环|剃须刀|牙刷|遥控器)"
)
_PART_ZH = (
    "(?:插[头座排]|排插|接线板|充电[器头线宝]|电源|[数电]据?线|导线|接口|外壳|底座|适配器|电池|手柄|塑料|按钮|开关)"
)
# Parts of people, not "手机", "耳机", "人家".
_BODY_ZH = (
    "(?:手(?![机表提镯链套柄环工写账电])|脚(?![架垫踏轮])|脸(?!盆)|腿|头(?![盔戴绳带])|嘴|胳膊|指|眼(?![镜罩影线])"
    "|耳(?![机钉环罩塞])|额)"
)
_PERSON_ZH = "(?:[我他她](?=$|\\W|_)|人(?![家工])|孩子|宝宝|小孩|儿子|女儿|老人)"
_HURT_EN = (
    "(?:hands?|fingers?|thumbs?|arms?|wrists?|legs?|face|eyes?|lips?|cheeks?|forehead|palms?|knees?|ankles?|skin"
    "|gums?)"
)
DANGER = Phrases(
    "danger",
    zh=(
        "冒(?:着|出|起)?(?:了)?(?:一|大|好多|很多|黑|白|青|浓|点|股|阵){0,3}[烟火]|(?:打|闪|迸|喷"
        "|窜)[^\\n]{0,3}火(?:花(?!塞)|星|苗)",
        "把(?![^\\n]{0,8}(?:水|菜|饭|肉|汤|鱼|锅))[^\\n]{1,8}烧(?:着|了|穿|焦|出)|自燃(?!灰|烟)",
        "(?:插[头座排]|接线板|[数电][据源]?线|充电[^\\n]{0,2}|电源|接口|外壳|底座)[^\\n]{0,4}烧(?:糊|黑|化|熔|着)",
        "(?:煤气|食物|一氧化碳)中毒",
        # What leaks out of batteries and gas fittings; a lotion may leak.
        "(?:电池|充电宝|锂电|移动电源)[^\\n]{0,8}(?:[漏渗]液|[漏流渗]出?了?[^\\n]{0,6}(?:液|水|酸|东西))"
        "|漏液[^\\n]{0,3}电池",
        "(?:煤气|燃气|天然气|液化气|瓦斯)[^\\n]{0,4}(?:泄[漏露]|漏)(?!报警|检测|探测|感应|保护|[^\\n]{0,2}(?:报警"
        "|检测))"
        "|(?:气罐|气瓶|卡式炉|燃气[灶炉]|煤气[灶炉])[^\\n]{0,6}漏气|漏(?:煤气|燃气|天然气)|闻到[^\\n]{0,4}(?:煤气"
        "|燃气|瓦斯)",
        f"{_PART_ZH}[^\\n]{{0,6}}(?:[熔融]化|熔了|(?<![老氧简变硬强钝优退软])化[了掉]|烧化|烤化|焦了|碳化|烧黑)",
        "喷(?:出|了)?(?:大|一[团股])?火(?!龙|枪|器|锅|机|壶|鸡|怪|恐龙|玩具|战)|电火花"
        "|[有出溅串还蹦着带][^\\n]{0,2}火花(?!塞|四|棒|机|会)",
        "(?<!发)烧(?:了)?起来(?!烫|热|辣|水|饭|菜|快|慢|方便|很|比|也|更|真|要|没|不|好|挺)|(?:自己|突然|忽然|自动"
        "|莫名其妙)着了",
        "(?<!过载)短路(?!保护|器)|(?:壳|机身|金属|面板|表面|水里|把手|水龙头|壶身|锅身)[^\\n]{0,4}(?:带电|有电"
        "|通了?电)",
        "(?:摸|碰|插电|通电|一插|一开)[^\\n]{0,8}(?:发麻|麻(?:了|一下|手))",
        f"{_PART_ZH}[^\\n]{{0,6}}[烧烤烫热][得到]?[^\\n]{{0,2}}变形",
        "(?:屏幕|后盖|外壳|盖子|机壳)[^\\n]{0,5}[顶撑拱](?:起|开|了起)|烫[了到得]?(?:一[脸手身腿脚]|满[脸手身])",
        "(?<![充来没停断用带通省耗家闪水供发放插导快])电得[^\\n]{0,3}(?:手|我|他|她|疼|麻|生疼|发麻|跳)",
        "焦臭|(?:手|脚|脸|腿|胳膊|嘴|舌头|耳朵)(?:被|都|给)?烫了|(?:炉|灶)子?漏气|(?:爆|断|塌|裂|散"
        "|脱落)[^\\n]{0,8}摔伤",
        # Hurt by a blade, glass or what gave way; goods are scratched.
        f"{_BODY_ZH}[^\\n,;!?。]{{0,6}}(?:出血|流血|[削切绞夹]掉)",
        f"(?:划|割|切|夹|砸|扎|刺|绞|刮|崩|炸)(?:伤|破|到|断|出血|流血)了?[^\\n]{{0,4}}{_BODY_ZH}",
        f"(?:划|割|切|夹|砸|扎|刺|绞|崩|炸)[伤破到]了?{_PERSON_ZH}(?!的)",
        f"{_BODY_ZH}[^\\n,;!?。]{{0,8}}(?:[划割切夹砸扎刺绞刮崩](?:伤|破|断|出血|流血|了?[^\\n]{{0,4}}口子))",
        "(?<!防)(?:割|砸|夹|扎|绞|炸)伤(?![膏药])|(?<!牙龈)(?<!鼻子)流了?(?:好多|很多|不少|一[地手])?血(?!价|甩|特效"
        "|的?妆|丝)",
        "(?:椅|凳|床|梯|秋千|架|吊篮|桌)子?[^\\n]{0,6}(?:塌|断|散|倒|翻)[^\\n]{0,10}(?:摔[伤了倒下到]|砸[到伤了])"
        "|[摔砸][^\\n]{0,4}骨折",
        "(?:头发|眉毛|衣服|窗帘|地[毯板]|沙发|被子|床单|桌[子布面])[^\\n]{0,5}(?:烧|烤|烫|燎)(?:着|焦|糊|穿|黑"
        "|[了出]?个?洞)|燎到",
        "(?<![拿提带吃围靠顶穿点])着火(?!快|慢|锅|腿|龙|鸡|柴|红|箭|炬|车|机|点)",
        "(?<!一)起火(?!锅|腿|龙|鸡|车|机)|(?:差点|快要?|都|自己|突然|自动|一下子?)(?:就|给)?烧(?:着|了?起来)(?!水|菜"
        "|饭)",
        "(?:自己|突然|自动|开始)(?:就)?燃烧|燃烧起来|爆炸|炸(?:了|裂|开|碎)(?!一?[锅盘份袋些点]|薯|鸡|鱼|虾|好)",
        f"鼓(?:了个?)?包|{_POWERED_ZH}[^\\n]{{0,6}}(?:鼓(?!点|励|声|手|风|膜)|膨胀|胀(?:了|起|大|成))",
        "烫(?:出|起)了?[^\\n]{0,2}泡|被烫(?:到|着|了)|烫到了?(?:脸|耳|脖|腿|胳膊|头皮|嘴)",
        "(?:锅|壶|灯泡?|电池|充电宝|[暖热]水袋|玻璃|杯子?|瓶子?|充电器|插[座头排]|适配器|热水器)(?:突然|就|自己"
        "|直接){0,2}爆(?:了|开|裂)",
        "漏电(?!保护|开关|流|断路|检测|测试)|触电(?!般|的?感觉)",
        "(?<![充来没停断用带通省耗家闪水供发放插导快])电(?:到|了)(?:我|手|一下|人|孩子)|被(?:它|这个)?电(?:到|了|得"
        "|着|一下)",
        "麻手|(?:烫|烧)伤(?![膏药科])|(?<!熨)烫(?:到|了)(?:手(?!感|金)|我(?!的?[头衣])|孩子|人)|[焦糊]味|烧焦(?!糖)",
    ),
    en=(
        "smok(?:e|es|ed|ing)|(?:on|caught|catch|catches|catching) fire"
        "(?! safe| proof| resist\\w*| retard\\w*| rated| engines?| trucks?| fight\\w*| hydrants?| hose)"
        "|flames? (?:came|shot|coming|out|inside)",
        "(?:in|into|saw|see|with) flames",
        "sparks? (?:fly|flew|flying|came|comes?|coming|out|when|from|shot|everywhere)|sparking",
        "(?:saw|see|seeing|throws?|threw|makes?|made|shoots?|shooting|gave off|gives off|were|are)(?: \\w+)? sparks",
        "(?:it|outlet|plug|socket|charger|cable|wire|adapter|kettle|heater|iron|lamp|dryer)(?: \\w+)? spark(?:ed|s)",
        "explod(?:e|es|ed|ing)|electrocuted",
        "(?:lid|cap|top|door|glass) (?:blew|flew|shot) off|burn(?:ed|t|s)? (?:a )?holes?",
        "(?:got|get|been|was|were) (?:burn(?:ed|t)|scalded) (?:by|from|on|with|when)"
        "(?! the (?:return|refund|polic|price|deal"
        "|sale|shop|store|seller|last|previous))|scalded (?:me|him|her|us|my)",
        "(?<!i )(?<!we )(?<!he )(?<!she )(?<!who )blew up",
        "swollen(?! stitch\\w*| seams?| letters?| texts?| fonts?| logo)|swelling up|swelled|bulg(?:e|es|ed|ing)"
        "|electric(?:al)? shock(?! absorber)|shocked (?:me|us|him|her|"
        "my \\w+)",
        "(?:battery|phone|bank|case|laptop|tablet|pack|warmer|charger|watch|earbuds?)(?: (?!no|not|never)\\w+){0,3} "
        "(?:puff(?:ed|ing|y|s)(?: up)?|swelling|bloat(?:ed|ing|s)|expand(?:ed|ing)|balloon(?:ed|ing))",
        "(?:bloated|puffy|puffed up|swelled) (?:\\w+ )?(?:battery|batteries|phone|power bank|pack)",
        "(?:gas|food|monoxide) poisoning",
        # What leaks out of batteries and gas fittings; a lotion may leak.
        "(?:battery|batteries|power bank)(?: (?!no|not|never)\\w+){0,3} leak(?:ed|ing|s)?|gas leak(?! (?:detect|alarm"
        "|sens|test)\\w*)",
        "leak(?:ed|ing|s)?(?: \\w+){0,2} (?:acid|gas|electrolyte|fumes|chemicals?)",
        "(?:acid|gas|electrolyte|fumes)(?: is| was| are| were)? (?:leak(?:ed|ing|s)|com(?:es|ing) (?:out|from))"
        "|smell(?:s|ed)?"
        "(?: (?:of|like|the|some|strong))* gas(?! station)",
        "charred|scorch(?:ed|es)(?! earth)|singed|scorching (?:the|my|our) \\w+",
        "melted (?:a hole|(?:(?:my|the|our|through|into|onto) )+(?:carpet|table|desk|counter|floor|socket|plug|wall"
        "|outlet"
        "|sheets?|bed|rug|case|cable))",
        "set fire to|set (?:\\w+ ){1,3}(?:alight|ablaze)|(?:went|is|was) ablaze|ignited|went up in smoke|burn(?:ed"
        "|t) down"
        "|(?:started|caused) (?:a|the)(?: \\w+)? fire",
        "zapped|shorted(?: out)?|short circuit(?:ed|s|ing)?(?! protect\\w*| proof)|(?:live|exposed|bare) wires?",
        "(?:gave|gives|got|get|felt)(?: me| us| him| her| my \\w+)? an?(?: \\w+)? (?:jolt|zap|tingle)",
        "(?:boiling|hot|scalding) (?:water|oil|liquid|steam|soup|coffee|tea)(?: \\w+)? (?:spill?ed|spilt|went"
        "|splashed|"
        "sprayed|shot|poured|gushed)(?: \\w+){0,2} (?:on|over|onto|at) (?:me|him|her|us|my|his|our)",
        "burn marks?|(?:first|second|third|1st|2nd|3rd) degree burns?|(?:gave|left) (?:me|him|her"
        "|my \\w+)(?: \\w+){0,3} burns",
        "(?:charger|plug|cable|cord|battery|phone|adapter|laptop|socket|power bank)(?: \\w+){0,3} (?:burning"
        "|scorching|scalding|"
        "red) hot",
        "(?:plug|socket|outlet|charger|cable|adapter|wires?)(?: \\w+){0,4} (?:turn(?:ed|ing|s)|gone|went) (?:brown"
        "|black)",
        "(?:felt|feel|get|got) (?:some |the |a )?(?:electricity|electric current|(?:electric )?tingl(?:e|es|ing))",
        "(?:and|blue|big|some|few) sparks(?! joy| interest| plugs?)",
        "(?:cord|cable|plug|socket|adapter|charger)(?: (?!and |but |in )\\w+){0,5} melted",
        "(?:shooting|spitting|spat|throwing|threw) (?:\\w+ )?flames(?! on| print| pattern)|(?:kettle"
        "|base)(?: \\w+){0,2} melted",
        # Hurt by a blade, glass or what gave way; shoes hurt feet.
        "(?:fell|dropped|tipped|landed|collapsed)(?: over)? on(?:to)? (?:me(?! again)|him|her(?! door)|us|(?:my|his"
        "|her|our)"
        f"(?: [\\w']+){{0,2}} (?:{_HURT_EN}|head|foot|feet|toes?)|(?:my|our) (?:son|daughter|kid|baby|toddler|child))",
        "(?:lost|chopped off|sliced off|severed)(?: \\w+){0,2} (?:finger(?:tip)?s?|thumb)(?! drive| ring| guard"
        "| puppet| grip)",
        f"(?:hit|struck|poked|flew into) (?:my|his|her)(?: [\\w']+){{0,2}} (?:{_HURT_EN}|head|teeth)",
        "(?:cut|sliced|slashed|stabbed|gashed|crushed|pinched|hurt|fractured|injured)(?: off| open)? (?:my|his|her"
        "|their|our)"
        f"(?: [\\w']+){{0,2}} {_HURT_EN}",
        "cut (?:him|her|my|them)sel(?:f|ves)|(?:i|he|she|son|daughter|hand|finger)(?: \\w+){0,2} (?:needed|needs|got"
        "|had) "
        "(?:\\w+ )?stitches",
        f"{_HURT_EN}(?: (?:is|was|are|were|started|keeps|kept|still))+ bleeding|bleeding (?:{_HURT_EN}|badly|heavily)",
        "(?:glass|shards?|blades?|knife|edge|lid|wire)(?: \\w+){0,4} (?:cut|sliced|stabbed|hit) (?:me|him|her|us"
        "|my \\w+)",
        "(?:chair|stool|ladder|bed|swing|bench|shelf|hammock|crib|cot)(?: \\w+){0,3} (?:collapsed|broke|snapped"
        "|gave way|tipped)"
        "(?: \\w+){0,5} (?:fell|hurt|injur\\w+|hit|landed|crushed|on me|on top)",
        "(?:shattered|exploded|broke) (?:in|into|on|all over) (?:my|his|her) (?:hands?|face|lap|eyes?)",
        "(?:gave|gives|got|get|had)(?: me| us| him| her| my \\w+)? a(?: \\w+){0,2} shock(?! absorber)",
        "burn(?:ed|t|s|ing)? (?:my|his|her|our|their|the)(?: [\\w']+){0,2} (?:hands?|fingers?|arms?|skin|face|legs?|"
        "lips?|"
        "ears?|cheeks?|nose|shoulders?|knees?|belly|stomach|curtains?|scalp|eyes?|neck|thighs?|foot|feet|palm|wrist"
        "|hair|carpet|table|floor|desk|bed|sofa|house|kitchen)",
        "burn(?:ed|t|s) (?:me|him|her|us)(?! out)|(?:burning|burnt) smell",
        "smell(?:s|ed|ing)? (?:like |of )?(?:something )?(?:burnt|burned|burning)",
        "(?:plug|cable|charger|socket|adapter|wires?|outlet|casing|plastic|handle|battery|cord)(?: \\w+){0,3} "
        "(?:melt(?:ed|ing)|burn(?:ed|t))(?! (?:chocolate|cheese))",
    ),
)
_WORD_ZH = (
    "(?:冒[^\\n]{0,2}[烟火]|着火|起火|自?燃|爆炸|炸|鼓包|膨胀|漏电|触电|电到|烫伤|烫到|烧伤|烧焦|[焦糊]味"
    "|短路|漏液|漏气|泄[漏露]|[熔融]化|喷火|火花|烧起来|[割划夹砸扎切刺]伤|[割划夹扎切]到?[^\\n]{0,2}手|划破|流血"
    "|误?[吞咽]|误[食服饮喝]|鼓起|卡[^\\n]?喉|带电)"
)
_WORD_EN = (
    "(?:smok(?:e|ing)|(?:on|catch(?:es|ing)?) fire|spark(?:s|ing)?|explod(?:e|es|ing)|blow up|swell|bulge|"
    "burn \\w+ \\w+"
    "|leak|melt|short circuit|shock|puff up|bloat|set fire to|scorch|zap|ignite|swallow(?:s|ed)?|choke"
    "|cut (?:\\w+ )?\\w+|pinch \\w+ \\w+"
    "|(?:give|gives|get) (?:\\w+ )?an? (?:electric )?shock|shock (?:me|you|my \\w+))"
)
# "充电会冒烟正常吗" asks about what happens already, "会冒烟吗" whether it might.
_IS_IT_SO = "正常|没事|要紧|危险|安全|有事|有问题|是不是|怎么|咋"
_NOT_EVEN = (
    "(?: (?:be|been|being|even|any|actually|really|visible|more|a|ever|yet|see|seen|give|giving|have|had|make|made|"
    "making|catch|caught|start|started|exactly|literally|currently))?"
)
# That it does not, whether it might, and what if.
SUPPOSED = Phrases(
    "supposed",
    zh=(
        f"(?:没有?|不会?|(?<!是)不是|未|防止?|避免|预防|担心|(?<!可)怕){_WORD_ZH}",
        f"(?:会不会|是否会|是不是(?:容易|会|可能)|容不容易){_CLAUSE}{{0,6}}{_WORD_ZH}(?!了"
        f"|{_CLAUSE}{{0,2}}(?:{_IS_IT_SO}))",
        f"(?<!就)(?:会|能|容易|可能){_CLAUSE}{{0,6}}{_WORD_ZH}(?!了)(?:(?!{_IS_IT_SO}){_CLAUSE}){{0,6}}(?:[吗吧么嘛]"
        f"|不(?=\\W|$))",
        f"(?:万一|如果|要是|假如){_CLAUSE}{{0,10}}{_WORD_ZH}了?",
    ),
    en=(
        f"(?:no|not|never|without|non|any){_NOT_EVEN} "
        "(?:smok\\w+|flames?|sparks?|sparking|swollen|bulging|burning smell|electric shock|on fire|fire|leak\\w*"
        "|melt\\w*|scorch\\w*|bloat\\w*|puff\\w*|short circuit\\w*|shorted|zapped|cut (?:my|his|her) \\w+|swallow\\w*"
        "|charred"
        "|gas leaks?|bleeding|singed|(?:live|exposed|bare) wires?)",
        "(?<!why )(?<!how )(?<!how come )(?:(?:can|could|will|would|does|might|may) (?:it|this|that)|"
        f"(?:can|could|will|would|does|do|might|may) (?:they|these|(?:the|a|an|your|my|power) \\w+(?: \\w+)?))"
        f"(?: \\w+)? {_WORD_EN}",
        "(?<!normal )(?<!ok )(?<!okay )(?<!safe )(?:if|in case)"
        f"(?: (?!the (?:smok\\w+|sparks?) (?:is|are|was|com))\\w+){{0,3}} {_WORD_EN}",
        "should (?:it|this|that|the \\w+) (?:ever )?(?:catch fire|explode|blow up)",
    ),
)
# Figures of speech, and the whole names of harmless things: what stands behind a name still counts
# ("空气炸锅" is taken out of "空气炸锅冒烟了").
HARMLESS = Phrases(
    "harmless",
    zh=(
        "(?:嗓子|喉咙)[^\\n]{0,3}冒烟|祖坟冒青烟|(?:急|气|渴|忙|晒)得[^\\n]{0,4}冒[^\\n]{0,2}[烟火]|(?:心里|眼睛)冒火",
        "爆炸(?:盐|糖|头|性|式|好|棒|香|辣)|(?:好[吃看听用]|美|香|辣|帅|可爱)到?爆炸",
        "(?:信息|味道|口感|颜值|性价比|人气|销量|知识)[^\\n]{0,2}(?:爆炸|炸[了裂])",
        "我(?:们|都|也|真|真的|快|要|快要|就要|简直|整个人|心态|肺|脑袋|脑子|头|气得|累得|忙得){1,3}爆炸",
        "(?:静电|毛衣)[^\\n]{0,5}电(?:到|了)(?:我|一下|手)?",
        "(?:发货|速度|物流|价格|评论区?|群里?|心态|人气|热度|弹幕)[^\\n]{0,3}炸[了裂]|(?:太|绝|肺|肺都)炸[了裂]",
        "(?<![煤天燃沼氧打充空液油])气(?:都|快|要|得|得我|得要){0,2}炸[了裂]",
        "空气炸(?:锅|机|烤箱)|油炸(?:锅|机|桶)?|炸(?:锅|炉|物)(?!了)|炸了?(?:好?[几一两三半][^\\n了]|些|点)?"
        "(?:薯|鸡|鸭|鱼|虾|肉|排骨|春卷|丸|豆|花生|油条|串|饺|东西|蘑菇|茄|带鱼)",
        "防(?:火|爆|烫伤?|触电|漏电|烧伤|短路|[割夹切砸]伤?)|脑[^\\n]{0,3}短路|锅底[^\\n]{0,4}(?:烧焦|[焦糊]味)|焦糖",
        "(?:提|拎|拿|抱|搬)[^\\n]{0,4}麻手",
    ),
    en=(
        "smok(?:e|es|ed|ing) (?:(?!from|out|in|on|of|at|inside|when|and|then|com|came|fill|is|was)\\w+ )?(?:food|"
        "meats?|fish|"
        "salmon|ham|cheese|bacon|ribs|brisket|turkey|paprika|tofu|sausages?|almonds|tea|salt|gr[ea]y|blue|black|"
        "colou?r|glass|lens|effect|flavou?r|taste|jacket)",
        "smok(?:e|ing) (?:detectors?|alarms?|machines?|bombs?|free|area|room|signs?|bubble|test|gun)",
        "(?:i|we|he|she|people|who|you|dad|husband)(?: (?:do|does|did|not|do not|never|always|used to|can|will|also|"
        "only|still|often|sometimes|usually|mostly|love to|like to|want to))? smok(?:e|es|ed)(?! (?:com|came|pour|"
        "ris|out))",
        "(?:quit|stop|give up|anti) smoking|(?:^\\W*|a |an |the |some |any |of |for |your |our |with |sell |have |"
        "like |want |more )smoked (?!and|then|when|out|a |for |from|badly|again|up)\\w+",
        "smoking hot (?:deals?|offers?|prices?|sales?|bargains?|looks?|outfits?)|(?:hookah|pipe|incense|cigars?|"
        "shisha) smok\\w+",
        "(?:on|catch) fire (?:sale|sticks?|tv|tablets?)|(?:deals?|prices?|sales?|shoes|looks?|songs?|style|design|you|"
        "team|guys) (?:is|are)(?: \\w+)? on fire",
        "bath bombs? explod\\w+|electric shock (?:pens?|toys?|collars?|pranks?|guns?)",
        "sparks? (?:joy|plugs?|notes|interest)|explod\\w+ (?:view|kittens?|diagram|drawing|box|with flavou?r|"
        "in popularity)",
        "(?:sales?|prices?|inbox|popularity|business|market|(?:my|his|her|your) head|mind|trend)(?: \\w+)? "
        "(?:explod\\w+|blew up)",
        "blew up (?:(?:with|the|my|a|an|some|our) )*(?:balloons?|air ?beds?|mattress|pool|rings?|floats?|balls?|"
        "photos?|pictures?|nicely|quickly|fast|easily|messages|notifications|calls|texts|likes|on \\w+)",
        "(?:shirts?|hoodies?|jackets?|socks|shoes|caps?|hats?|stickers?|decals?|pants|shorts"
        "|designs?) with (?:\\w+ )?flames",
        "with flames (?:on|print|pattern)|flames? (?:print|pattern)|the (?:\\w+ )?with the flames",
        "charred (?:wood|oak|barrels?|corn|peppers?|tomato\\w*|flavou?rs?|taste)|ignited (?:my|his|her"
        "|our) (?:passion|interest|love)",
        "(?:swollen|bulging) (?:feet|foot|ankles?|legs?|knees?|wallet|pockets?|with|eyes)",
        "(?:prices?|service|quality|bills?|attitude|you|news|what|support|behaviou?r|costs?|postage|fees?)"
        "(?: (?:really|just|has|have|almost|totally|honestly|quite))? "
        "(?:shocked me|(?:gave|gives) me a(?: \\w+)? shock)",
    ),
)
# Things that may well smoke, swell or smell so, as long as nothing that is plugged in is spoken of beside them.
HARMLESS_THINGS = Phrases(
    "harmless_things",
    zh=(
        "(?:倒流香|香薰|熏香|线香|盘香|塔香|香炉|干冰|烟雾机|电子烟|雪茄)[^\\n]{0,8}冒[^\\n]{0,2}烟",
        "(?:包装|袋|薯片|零食|熟食|真空|罐头|面包|牛奶|酸奶|食品|墙|漆|地板|鞋|皮|床|垫)[^\\n]{0,6}鼓[^\\n]{0,2}包?",
        "(?:咖啡|花生|坚果|茶|面包|饼干|糖|酱|烤|炒|味道带)[^\\n]{0,6}[焦糊]味|(?:锅|牛排|肉|菜|饭|鱼|面包"
        "|粥)[^\\n]{0,4}烧焦",
    ),
    en=(
        "(?:feet|foot|toes?|ankles?|legs?|knees?|belly|stomach|wallet|pockets?|purse|bags?|suitcase|cans?|packets?|"
        "crisps?|mattress|pillow|foam|sponge|dough|chia|rice|beans|wood)(?: \\w+){0,3} (?:swollen|bulg\\w+|swell\\w+)",
        "(?:mattress|pillow|foam|sponge|dough|chia|rice|beans|wood)(?: \\w+){0,2} swelled",
        "(?:toys?|pens?|collars?|pranks?|gum|game) (?:that |which |to |can |will )*(?:gives?|with|makes?)[^\\n]{0,24}"
        "electric shock",
        "(?:candles?|incense|perfume|scent|whisky)[^\\n]{0,30}burn\\w+(?! (?:smell|(?:my|his|her|our|their|the|me) ))",
    ),
)
# What is plugged in, charged or fired with gas, and its parts.
POWERED = Phrases(
    "powered",
    zh=(
        "插[头座排板线]|接线板|插电|电[池源线机饭热水暖磁压煮动炒烤]|充电|[数电]据?线|适配器|变压器|开关|按钮|加热"
        "|底座|外壳|机身|主板|接口",
        "(?:咖啡|豆浆|面包|洗衣|吹风|榨汁|料理|果汁|破壁|烘干|洗碗|挂烫|绞肉|酸奶|爆米花|香薰|熏香|暖风|净化|加湿|手"
        "|耳|相|电视)机",
        "(?:烤|冰|保温)箱|(?:微波|电磁|酒精|燃气)炉|[热暖]水[袋器]|台灯|吊灯|灯泡|熨斗|电热|手环|手表|平板|音箱|煤气"
        "|燃气|加湿器",
    ),
    en=(
        "plugs?|plugged|sockets?|outlets?|cords?|cables?|wires?|wiring|chargers?|charging|adapters?|batter(?:y|ies)",
        "(?:power|heating|electric(?! shock)|usb) ?\\w+|switch(?:ed)?|phones?|laptops?|tablets?|earbuds|headphones",
        "machines?|makers?|kettles?|ovens?|microwaves?|toasters?|dryers?|heaters?|cookers?|fryers?|irons?|lamps?"
        "|blenders?|"
        "bulbs?|warmers?|diffusers?|fans?|motors?",
    ),
)
