"""What customers say when they ask about goods before they buy, and what they say when it is about something else."""

import re

from kefu.dialogue.words.phrases import Phrases

# Whoever says one of these speaks of an order, of goods that he has, or of how the shop works.
NOT_PRESALE = Phrases(
    "not_presale",
    zh=(
        "我的|我家的?|我(?:昨|前|上|刚|已|之前)|(?:买|订|拍|收到|下单|寄来|发来|送来|给我)[的了过错]|[刚已]买|新买|收到|到手|拿到",
        "订单|单号|包裹|快递|物流|发货|发了|寄|派送|签收|到哪|到货|补货|上架|什么时候|何时|几天|几号|[多]久[能才会]?(?:到|发|送|退|修)",
        "退|换[成个货一大小码掉]|能换|可以换|修|坏|碎|裂|破|漏|断|烂|霉|变质|冒烟|起火|着火|漏电|过敏|发烫|没反应|不[亮响转动灵热工]",
        "没声|失灵|打不开|开不了|故障|毛病|质量问题|质量|划痕|少了|漏发|错发|发错|假货|正品|真假|翻新|投诉|举报|赔|人工|客服|取消",
        "发票|开票|抬头|保修|质保|三包|延保|运费|邮费|包邮|配送|自提|地址|电话号|分期|花呗|白条|以旧|国补|补贴|差价|价保|保价|降价",
        "涨价|便宜点(?!的)|砍价|还价|抹零|好评|评价|评论|晒单|礼品卡怎|余额|绑[定卡]|怎么(?!卖|收费|样)|如何|咋(?!卖|样)|为什么|为啥|干嘛",
        "学生|会员(?:有|怎|等)|积分|电影|天气|笑话|写[一首个封篇]|诗|歌|密码|登[录陆]|注册|注销|账[号户]|抽奖|直播|招聘|加盟|批发",
        "旧|老化|放心|页面|抵|一年|屏幕?|壳|贴?膜|表带|滤芯|零件|配件|盖子|笔记本|平板|电视|相机|关税|利息",
        "谁|哪里买|实体店|门店|赠品|包装|贺卡|安装|说明书|教程|激活|连不上|煮不|充不|用不了|不能用了|¤",
    ),
    en=(
        "my|mine|our",
        "i (?:just |have |had |only |already )?(?:bought|ordered|got|received|purchased|sent|returned|paid)",
        "(?:we|you) (?:just |have )?(?:bought|ordered|got|received|sent|shipped)",
        "did you|have you (?:sent|got|received)",
        "orders?|ordered|parcels?|packages?|deliver(?:y|ed|s|ing)?",
        "ship(?:s|ped|ping|ment)?|sent|send(?:ing)?|post(?:age|ed)?",
        "track(?:ing)?|arriv(?:e|ed|es|al)|when|dispatch(?:ed)?|courier|restock(?:ed|ing)?|back in stock|again",
        "return(?:s|ed|ing|able)?|refund(?:s|ed|able)?|exchang(?:e|ed|es|ing)",
        "swap|replac(?:e|ed|ement)|repair(?:s|ed)?|(?<!noise )(?<!noise-)cancel\\w*",
        "money back|get back|broken?|broke|crack(?:ed)?|scratch(?:ed|es)?",
        "damaged?|faulty|defect(?:s|ive)?|smok(?:e|es|ing)|stopped",
        "not work(?:ing)?|does not (?:work|turn|charge|fit)",
        "burn(?:t|s|ed|ing)?|leak(?:s|ing)?|rash|allerg\\w+|wrong|missing|fake",
        "genuine|authentic|warranty|guarantee|invoices?|receipts?",
        "complain\\w*|person|human|agent|robot|bot|instal\\w*|trade.?in",
        "price (?:match|drop|protect)\\w*|dropped|difference back",
        "best price|cheaper for me|bargain|negotia\\w+|student|subsid\\w+",
        "reviews?|gift ?wrap\\w*|membership|points|passwords?|account|balance",
        "log ?in|how (?:do|can|to|should|would) (?!i pay|you sell)\\w*",
        "icon|port|import|tax|customs|interest|split|spread|pricey",
        "stuck|screens?|cases?|straps?|lids?|spare|parts?|batteries",
        "replac\\w+|workshop|warr?ant\\w*|guarant\\w*",
        "(?:would|will|do|can|could) i get|switch(?:es|ed) (?:itself|off|on)",
        "laptops?|notebooks?|tablets?|cameras?|tvs?|any ?more|went|came|usually",
        "inch(?:es)?|waist|tall|per month|which size|what size|fit me|better for me",
        "phone (?:number|support|line|service|call)s?",
        "why|who|where|poem|joke|story|song|weather|movie|film|manual|set ?up",
        "pair(?:ing)? (?:it|them|the)|activate|¤+|expired?|dead|nothing",
    ),
)
STOCK = Phrases(
    "stock",
    zh=(
        "有货|现货|(?:有|在|还)卖(?!多|几|价|什么|啥)|卖不卖|卖吗|有没有货|没货|缺货|库存|断货|还有(?:没有|吗|没|么|不|卖)|还卖|有的?(?:吗|么|没有?|不)(?=\\W*$)|还剩",
        "^(?:请问|你们?|咱们?|贵店|店里|家|这里|这儿)*有没有(?!货|人|什么|优惠|活动|券)",
        "^(?:请问|你们?|咱们?|贵店|店里|家|这里|这儿)*有(?!没|货|人|什么|啥|优惠|活动|券)[^,，。!！?？]{1,10}(?:吗|么|嘛)\\W*$",
    ),
    en=(
        "(?:in|out of) stock|in-stock|stock|available|availability|any left",
        "any \\w+ left|do (?:you|u) (?:still |also |guys )*(?:have|hv|sell|carry|stock)",
        "got (?:any|the|it)|have you got|have any|sold out|still sell(?:ing)?|are there any",
    ),
)
# What an article holds, weighs or does, where one says which he means ("the 2 L version").
SPECIFICATION = re.compile(
    r"(?<![0-9.])[0-9][0-9,]*(?:\.[0-9]+)? ?(?:升|毫升|公斤|斤|克|寸|米|厘米|瓦|毫安时?"
    r"|l|ml|kg|g|gb|tb|inch|cm|m|w|mah)(?![a-z])"
)
# With a size or colour these ask for stock, too.
HAS = Phrases("has", zh=("有",), en=("have|has|is there|come in|get",))
PRICE = Phrases(
    "price",
    zh=("多少钱|几块|几元|什么价|啥价|价格|价位|售价|卖多少|怎么卖|咋卖|多少元|多少块|几多钱",),
    en=("how much(?! does it weigh)|price[ds]?|costs?|what do(?:es)? \\w+(?: \\w+){0,3} cost|pricing",),
)
SIZES = Phrases(
    "sizes",
    zh=(
        "(?:哪些|什么|哪几[种个]|几[种个]|多少[种个]|都有什么|有什么|有啥)(?:的)?(?:尺码|码数|码|尺寸|颜色|色|号|型号|款式|规格)",
        "(?:尺码|颜色|码)(?:有|都有)(?:哪|什么|啥|几)|尺码表|颜色可选",
    ),
    en=(
        "(?:what|which|how many) (?:sizes|colors?)|sizes (?:do|does|are|come)|available sizes|size range",
        "(?:sizes?|colors?) (?:available|to choose)",
    ),
)
COMPATIBLE = Phrases(
    "compatible",
    zh=(
        "支持|兼容|适配|适用|能用|可以用|能连|能不能连|连[得上]|可以连|能配|配|能充|充电|能给|可以给|用得了|能插|能不能用|能接",
    ),
    en=(
        "work(?:s)? (?:with|on|for|in)|compatible|support(?:s)?|connect(?:s)?",
        "pair(?:s)? with|fit(?:s)?|charge|use (?:it|them|this)|use",
    ),
)
COMPARE = Phrases(
    "compare",
    zh=(
        "区别|不同|不一样|差别|差异|差(?:在|了)?(?:哪|多少|什么)|对比|比较|哪[个款种把台副双]|谁更|比.{0,8}(?:好|强|贵|便宜)|还是.{0,12}(?:好|呢)|怎么选|选哪",
    ),
    en=("differ(?:s|ent|ence|ences)?|compar(?:e|ed|ison)|versus|vs|which|better|or",),
)
# All others on the shelf of the one that is named.
OTHERS = Phrases("others", zh=("别的|其[他它余]的?|另外(?:的|那)",), en=("(?:the |your )?other(?:s| ones)?|the rest",))
# How good an attribute is: "降噪咋样".
HOW_GOOD = Phrases(
    "how_good",
    zh=(
        "怎么样|咋样|怎样|好不好|好吗|行不行|强不强|强吗|给力吗|(?:的)?(?:效果|能力|表现|性能)(?:怎么样|咋样|如何|好吗)",
    ),
    en=("how (?:good|well|strong) (?:is|are|does)|how is|how are|any good",),
)
RECOMMEND = Phrases(
    "recommend",
    zh=(
        "推荐|介绍|想买|想要(?:一|个|买)|求购|选一|挑一|有没有(?!货)|有什么|有啥|哪款|找[一个]|来[一个]|建议买|给[^\\n,]{1,6}买|买(?:什么|哪)",
    ),
    en=(
        "recommend(?:ed|ation|ations)?|recs?|suggest(?:ion|ions)?|looking for",
        "want to buy|need|any good|advise|what .{0,20}do you have",
        "show me|find me|do you have (?:a|any)|is there",
    ),
)
SUM = Phrases(
    "sum",
    zh=(
        "(?:要|应|该|得|需要?|实际?|共|总共|一共)付(?!款[吗码])(?:多少)?|付多少|一共(?:要|是)?多少|总共(?:要|是)?多少|合计|总价|到手价|实付|算下来|加起来多少",
        "用券.{0,6}多少|券后",
    ),
    en=(
        "do i pay|would i pay|will i pay|i have to pay|to pay",
        "total|in total|altogether|all together|come to|add up to",
    ),
)
COUPON = Phrases("coupon", zh=("券|优惠码|折扣码",), en=("coupons?|vouchers?|promo codes?|codes?",))
# A question, and no report that happens to name what could be asked for.
ASKS = Phrases(
    "asks",
    zh=("[?？]|吗|么|咋样|怎样|多|几|什么|哪|啥|呢|没有|有没|是不是|能不能|不(?=\\W*$)",),
    en=("what|how|is|are|does|do|can|will|which|tell me|(?=[?])",),
)
# One that is ahead of all others on a shelf is asked for.
MOST = Phrases("most", zh=("最",), en=("cheapest|quietest|lightest|longest|most|best",))
SELLS = Phrases(
    "sells",
    zh=(
        "(?:有|在|还)卖(?!多|几|价|什么|啥)|卖不卖|卖吗|卖(?!多|几|价|什么|啥|完|得|掉|家)[^,，。!！?？]{1,8}(?:吗|么|嘛)\\W*$",
    ),
    en=(
        "do (?:you|u) (?:\\w+ )?(?:sell|carry|stock)",
        "(?:do (?:you|u) (?:guys |also |still )*(?:have|hv)|(?:have )?(?:you )?got)"
        " (?:any|some|an?) \\w+(?: \\w+)?\\W*$",
    ),
)
CHEAP = Phrases("cheap", zh=("便宜|实惠|性价比|划算|经济",), en=("cheap(?:er|est)?|affordable|budget|inexpensive",))
DEAL = re.compile(
    r"满 ?([0-9]+) ?[减送-] ?([0-9]+)|(?<![0-9])([0-9]+) ?- ?([0-9]+) (?:deal|offer|discount)"
    r"|spend ([0-9]+)(?: yuan)?,? (?:and )?(?:get|save) ([0-9]+)(?: yuan)?(?: off)?"
    r"|(?<![0-9])([0-9]+)(?: yuan)? off (?:orders? |if you spend )?(?:over|from|above) ([0-9]+)"
)
# Whether offers go together, and whether one holds.
TOGETHER = Phrases(
    "together",
    zh=(
        "一[起块]用|一起(?:使用|享|算)|同时(?:用|使用|享)|叠加|叠[用着]|能叠|凑单|并用|同享|合用|[一再]起(?:打折|减)",
    ),
    en=(
        "together|combin(?:e|ed|able|ing)|stack(?:s|ed|able|ing)?|on top of|as well as|along with|at the same time",
        "alongside|before or after|with the|both",
    ),
)
VALID = Phrases(
    "valid",
    zh=("能用|可用|可以用|有效|生效|失效|过期|能不能用|还能|好使|管用|在不在|还有吗",),
    en=("valid|works?|working|still (?:on|running|good)|can i use|could i use|usable|accept(?:ed)?|active",),
)
MEMBER = Phrases("member", zh=("会员",), en=("member(?:s|ship)?(?: discount| price)?",))
# Other reductions that a customer believes in; nothing is worked out with them.
REDUCED = re.compile(r"折(?!叠)|半价|第[二2三3]件|[买满][0-9一二两三]+[送赠]|[0-9] ?% ?off|half price|free gift")
LEVELS = {
    "gold": Phrases(
        "gold", zh=("金卡",), en=("gold (?:member(?:ship)?|card|level|status|discount)|(?:am|as|is) gold",)
    ),
    "vip": Phrases("vip", zh=("vip",), en=("vip",)),
}
# Right before or behind a level: the customer does not have it, or asks whether he has.
NO_LEVEL_BEFORE = re.compile(
    r"(?:不是|没|没有|没开通?|没办|不算|不|非|未)(?:你们的?|什么)?$"
    r"|(?<![a-z])(?:not|no|never|without|non)[ -](?:a |an |yet )*$"
)
NO_LEVEL_BEHIND = re.compile(r"^(?:会员|卡)?(?:[我都]?不是|没有|还没|没开|没办|过期|吗)")
SIZE = re.compile(
    r"(?<![0-9.a-z])([0-9]{2}(?:[a-d](?![a-z]))?) ?[码号]"
    r"|(?<![a-z0-9])(?:eu )?size ([0-9]{2}[a-d]?|x{0,3}[sl]|m)(?![a-z0-9])"
    r"|(?<![a-z0-9'])(?<![0-9] )(x{0,3}l|m|x{0,2}s|[0-9]{2}[a-d])(?![a-z0-9']| ?米| ?升)"  # not of "2 L"
)
