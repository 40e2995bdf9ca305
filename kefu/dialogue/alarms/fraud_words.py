"""Words of somebody who is after a customer's money or codes, and what only sounds like them."""

from kefu.dialogue.words.phrases import Phrases

_SECRET_ZH = "(?:验证码|(?:支付|付款)?密码(?![锁箱柜本包盒机])|卡号|银行卡|身份证)"
_CALLER_ZH = "(?:他|她|对方|骗子|(?<!没)有人(?![工管接能帮])|客服|那人|电话里?|(?:自称|冒充|说是|假装)[^\\n]{0,8})"
# Nobody but a stranger: what he wants may come a little later.
_STRANGER_ZH = "(?:对方|骗子|自称|冒充|陌生|来电|接到[^\\n]{0,4}电话|电话里)"
# What he is to do with the secret.
_HAND_OVER_ZH = "(?:给|报|收|接|发|念|填|截|转|说|提供|告诉|输)"
_CODE_EN = "".join(
    f"(?<!{kind} )"
    for kind in (
        "discount promo coupon gift qr zip error area country product item post tracking pickup voucher dress colour "
        "color order"
    ).split()
)
_SECRET_EN = (
    f"(?:{_CODE_EN}codes?|pin(?! badge| holder| up)|passwords?(?! (?:was|is|did|does))|otp|cvv|card (?:number|"
    f"details)|bank (?:details|account|card)"
    "|my (?:bank |credit |debit )?card(?! holder))"
)
_STRANGER_EN = (
    "(?:someone|somebody|some (?:guy|dude|woman|man)|an unknown (?:number|caller|person)|"
    "a (?:guy|man|woman|caller|stranger))"
)
_CLAUSE_ZH = "[^\\n,;!?。]"
_POSING_ZH = "(?:自称|冒充|假冒|冒牌|假的?客服|谎称|假装(?:成|是)|陌生(?:人|号码|电话|来电))"
_GIFT_CARD_ZH = "(?:e卡|礼品卡|购物卡|点卡|充值卡|京东卡|油卡|苹果卡)"
_NEVER_ASKED_EN = (
    "(?:otp|cvv|passwords?|card (?:numbers?|details)|bank (?:details|login)|security code|(?:verification|sms|text"
    "|one time) "
    "(?:code|password|passcode))"
)
FRAUD = Phrases(
    "fraud",
    zh=(
        f"(?:{_CALLER_ZH}[^\\n]{{0,10}}|{_STRANGER_ZH}[^\\n]{{0,20}})"
        f"(?:要|[让叫催逼](?:我|我们|帮)?[^\\n]{{0,6}}?{_HAND_OVER_ZH}|让我?把|问"
        f"|索要)[^\\n退付存刷绑改设]{{0,12}}{_SECRET_ZH}"
        "(?![^\\n]{0,3}[改换设找])(?![^\\n,;]{0,6}失败)",
        f"{_SECRET_ZH}[^\\n]{{0,8}}(?:给了|告诉了?(?:[他她]|对方|人|别人|[那一这]个)|报了|发给了?(?:[他她]|对方"
        f"|[那一这]个)|说了出去|泄露(?![^\\n]{{0,8}}(?:改|更新|换)))",
        "(?:密码|验证码)(?:告诉|发给|报给|给)了?[^\\n]{0,3}客服了",
        f"{_SECRET_ZH}(?:告诉|给|发给)了?[^\\n]{{0,4}}(?:自称|骗子|陌生|冒充)",
        "(?:(?<!没)有人(?![工管接能帮])|自称|冒充|陌生)[^\\n]{0,12}(?:电话|短信|客服|加微信|加qq|理赔"
        "|退款)[^\\n]{0,14}"
        "(?:退款|退钱|微信|转账|理赔|链接)",
        "(?:加|扫)(?:微信|qq|个?码)[^\\n]{0,4}(?:退款|退钱|理赔)|共享屏幕|安全账户",
        "(?<!们)(?<!是)骗子(?:说|让|叫|给我打|打电话|发)|(?:用|以|打着)[^\\n]{0,4}(?:你们|官方|商城|平台|客服)的?名义"
        "|[让叫]我刷单",
        "[让叫]我加[^\\n]{0,8}(?:好友|微信|qq)[^\\n]{0,6}[退赔钱]",
        "骗子(?:电话|短信)|诈骗(?:电话|短信)|(?:是不是|算不算|是)诈骗吗?|被骗(?:了|走)|骗走了?",
        "转(?:给|过去|到)[^\\n]{0,4}(?:骗子|冒充|陌生人)|骗子[^\\n]{0,8}转(?:过去|给|账)"
        "|先[交付转打缴汇充存]"
        f"{_CLAUSE_ZH}{{0,8}}(?:保证金|押金|手续费|解冻|认证金|诚意金|激活费)",
        f"{_POSING_ZH}[^\\n]{{0,20}}(?:[让叫要催]我?|要求)[^\\n]{{0,8}}(?:转账|转钱|打钱|汇款|付款|下载|扫码|垫付"
        f"|贷款|借款|点[^\\n]{{0,3}}链接|屏幕)",
        f"{_POSING_ZH}[^\\n]{{0,20}}(?:注销|关[闭掉]|取消|开通|影响征信)[^\\n]{{0,8}}(?:账户|账号|贷|白条|会员|保障"
        f"|征信"
        f"|扣费)?",
        "(?<!老板)(?<!公司)(?<!领导)(?<!老师)(?<!学校)[让叫要催](?:我|我妈|我爸|老人)[^\\n]{0,5}(?:下载?"
        "|装)[^\\n]{0,6}(?:会议|远程|向日葵|todesk|共享)",
        "[让叫要拉带](?:我|我妈|我爸)[^\\n]{0,6}(?:做任务|刷单|刷流水|走流水|抢单|刷信誉|垫付(?!(?:了"
        "|的)?[^\\n]{0,3}[运邮递]费))",
        f"[让叫要催]我[^\\n]{{0,4}}(?:买|充){_CLAUSE_ZH}{{0,6}}{_GIFT_CARD_ZH}[^\\n]{{0,10}}(?:卡密|卡号|退款"
        f"|[发给拍][他她过]|解冻|激活码)",
        f"{_GIFT_CARD_ZH}{_CLAUSE_ZH}{{0,6}}(?:卡密|密码|照片)[^\\n]{{0,3}}(?:发|给|报|告诉|拍)(?:了|给)?(?:[他她]"
        f"|对方|那人|陌生|客服)",
        f"(?:给了|告诉了?|报给了?|发给了?)(?:[他她]|对方|那人|骗子)[^\\n改设换重找]{{0,4}}{_SECRET_ZH}(?!改|错|忘|锁"
        f"|过期)",
        "[让叫要催]我?[^\\n]{0,8}屏幕共享|[让叫要]我?先[转打汇][^\\n]{0,3}[钱款]|陌生[^\\n]{0,6}(?:链接|二维码)",
        f"{_POSING_ZH}[^\\n]{{0,16}}(?:[交付][^\\n]{{0,4}}[金费钱]|白条|征信|利率|借呗|金条)",
        "钱(?:都|全)?被?[转刷盗骗]走|骗我[^\\n]{0,8}(?:转账|转钱|返现|返利)|会员[^\\n]{0,6}扣[^\\n]{0,6}[让叫要]我",
        "百万保障|监管账户|被(?:冒牌|假冒|冒充|假|陌生|网友)[^\\n]{0,6}骗|骗子[^\\n]{0,4}(?:拿|要|套|盗|知道|加)(?:走"
        "|了|到|我)",
        "付款码[^\\n]{0,3}(?:给|发|报|念)了?[^\\n]{0,8}(?:[他她]|客服|对方|人)",
        "(?:电话|短信|来电)[^\\n,]{0,4}[说称里][^\\n]{0,10}(?:误开|自动扣|中奖|交税|税费|征信|涉嫌|洗钱|违禁"
        "|念[^\\n]{0,6}(?:数字|码))",
        "中奖(?:短信|电话|信息)[^\\n]{0,8}[交付转税填]|陌生人[^\\n]{0,8}(?:返佣|做任务|刷单|佣金)",
        "[让叫要]我把[^\\n]{0,4}(?:钱|余额|存款)[^\\n]{0,3}[转打汇][到给进](?!你们|商家|店)",
        "加我?(?:微信|qq)[^\\n]{0,12}[让叫要]我?[^\\n]{0,4}(?:转账|转钱|付款|扫码|打钱)",
        "(?:扫了?[^\\n]{0,4}码|点了?[^\\n]{0,4}链接)[^\\n]{0,6}(?:钱|余额)(?:就|都|全)?(?:没了|被[转刷盗])",
        "对方[^\\n]{0,4}[让叫要]我?(?:先)?把?[^\\n]{0,2}钱[^\\n]{0,3}[转打汇]",
        f"链接[^\\n]{{0,8}}[填输][^\\n]{{0,6}}{_SECRET_ZH}",
    ),
    en=(
        "(?:(?:he|she|they|someone|somebody)(?: \\w+)?|(?:caller|stranger|guy|dude|man|woman)(?: \\w+){0,10}?"
        "|(?:he|she|they|someone|somebody) (?:says?|said|saying|claim\\w*|pretend\\w*|posing|calling)(?: \\w+){0,8}?)"
        f" (?:asked?|asking|asks|wants?|wanted|needs?|needed|demand(?:s|ed))(?: \\w+){{0,6}} {_SECRET_EN}",
        f"(?:told|asked|made|wants?|wanted) (?:me|us)(?: to)? "
        f"(?:give|tell|send|read|forward|share|type|text)(?: \\w+){{0,5}} {_SECRET_EN}",
        f"(?:gave|given|sent|told|read|forwarded|texted) (?:him|her|them|it|(?:the|that) (?:caller|guy|man|woman"
        f"|person|agent))(?: \\w+){{0,4}} {_SECRET_EN}",
        f"gave (?:out )?my {_SECRET_EN}",
        f"(?:rang|called|phoned|texted|messaged)(?: \\w+)? and (?:asked|wanted|demanded"
        f"|needed)(?: \\w+){{0,4}} {_SECRET_EN}",
        "(?:wants?|wanted|asked|asks|needs?|needed)(?: \\w+){0,3} remote access|scammers?(?: \\w+){0,2} (?:has|have"
        "|got|took|stole)",
        "(?:fake|bogus|phishing) (?:page|link|call|e ?mail)|pay (?:a |the )?(?:deposit|fee|tax) to (?:get|claim"
        "|release|receive)"
        "(?: \\w+){0,2} (?:prize|refund|compensation|winnings)",
        f"messaged me(?: \\w+){{0,3}} for (?:\\w+ )?{_NEVER_ASKED_EN}",
        "(?:strange|suspicious|dodgy|unknown) (?:link|text|sms|caller|call)",
        "(?<!your )(?:text|sms)(?: \\w+){0,2} (?:says?|saying|telling|that)(?: \\w+){0,8} click",
        "(?:caller|agent|he|she|they|someone)(?: \\w+)? (?:said|says|told|wants?|asked)(?: \\w+){0,5} (?:buy|purchase"
        "|get)"
        "(?: \\w+){0,3} (?:steam|itunes|google play|prepaid) cards?",
        "(?:they|he|she|caller|agent) wants? (?:me to pay )?(?:a |the )?(?:deposit|fee)(?: \\w+){0,4} refund",
        "(?:shared|gave|given|sent|told|read)(?: my| the| our)?(?: \\w+)? (?:otp|cvv|pin|passwords?|code|card details"
        "|bank details) "
        "(?:to|with) (?:an?|some\\w*|him|her|them) (?:guy|man|woman|caller|person|stranger|agent|scammer)",
        "(?:says?|said|claims?)(?: \\w+)? (?:he|she|they) (?:is|are|was|were|works?|worked) (?:your|for you|from"
        "|with)"
        f"(?: \\w+){{0,6}} (?:{_SECRET_EN}|money|transfer|fee)",
        "pay(?:ing|ment)?(?: \\w+)? outside (?:of )?(?:the|your) (?:shop|site|app|platform)|(?:promised"
        "|offered) (?:me )?(?:a )?job",
        "(?:he|she|they|caller|someone)(?: \\w+){0,5} (?:wants?|wanted|asked|told) me to (?:confirm|verify|read|give"
        "|tell)"
        f"(?: \\w+){{0,4}} {_NEVER_ASKED_EN}",
        "(?:account|card)(?: \\w+){0,2} (?:hacked|compromised|frozen|blocked)(?: \\w+){0,4} (?:move|transfer"
        "|send)(?: \\w+){0,2} money",
        "tricked(?: \\w+)? into (?:send|giv|pay|shar|tell|transfer)\\w*|numbers? (?:in|from) (?:the|my) (?:text"
        "|sms) to (?:him|her|them)",
        "(?:told|asked) (?:me )?to read(?: \\w+){0,2} (?:numbers?|digits|code) (?:in|from) (?:the|my) (?:text|sms"
        "|message)",
        "stranger(?: \\w+){0,5} (?:scan|pay|transfer|qr|money|link)",
        "(?:wired|transferred|sent|paid)(?: \\w+){0,3} to (?:someone|somebody|a (?:guy|man|woman|person))(?: who)? "
        "(?:said|says|claim\\w*|pretend\\w*)",
        "(?:pretend(?:ing|ed|s)|posing|impersonat(?:ing|ed|es)|claim(?:ing|ed|s) (?:to be|he|she"
        "|they))(?: \\w+){0,10} "
        f"(?:{_NEVER_ASKED_EN}|{_SECRET_EN}|transfer|gift cards?|deposit|remote)",
        "(?:your|the|some|an?) (?:\\w+ )?(?:courier|agent|driver|delivery (?:man|guy|driver)|rep|support|staff"
        "|employee|customer "
        "service|representative)(?: \\w+)? (?:asks?|asked|asking|wants?|wanted|needs?|needed|requests?|requested"
        "|demand\\w*)"
        f"(?: \\w+){{0,4}} {_NEVER_ASKED_EN}",
        "(?:buy|buying|purchase|get|pay)(?: \\w+){0,5} (?:gift|steam|itunes|apple|prepaid) ?cards?(?: \\w+){0,4}"
        " (?:to"
        "|for) (?:get|receive|"
        "claim|release|unlock|process|my|the)(?: \\w+){0,2} (?:refund|money(?! off| back)|parcel|package|prize)",
        "(?:told|asked|wants?|wanted|made|says?|said)(?: \\w+){0,4} (?:pay|send|transfer|put down)(?: \\w+){0,4} "
        "(?:(?:deposit|fee)(?: \\w+){0,4} refund|safe account)",
        f"{_STRANGER_EN}(?: (?!from )\\w+){{0,4}}"
        " (?:called|calls|phoned|texted|messaged|rang|claims?|claiming|pretend\\w*)(?! me from| from)(?: \\w+){0,10}"
        " (?:refund|money|link|whatsapp|wechat|account|compensation|pin|code)",
        f"(?:call|text|message|e ?mail|sms)(?: \\w+){{0,3}} (?:asking|asked|asks|wanting)"
        f"(?: \\w+){{0,4}} {_SECRET_EN}",
        f"(?:read|gave|sent|told|forwarded)(?: \\w+){{0,4}} {_SECRET_EN} "
        f"(?:to|over) (?:\\w+ )?(?:him|her|them|stranger|caller|"
        "guy|man|woman|someone|somebody|scammer|phone)",
        "(?:fake|bogus|phony) (?:\\w+ )?(?:support|agent|courier|seller|web ?site|site|staff|employee|customer "
        "service)",
        "(?:asks?|asked|asking|wants?|wanted|needs?|demand\\w*)(?: \\w+){0,3} gift cards? (?:numbers?|codes?)",
        "(?:install|download)(?: \\w+){0,3} (?:anydesk|teamviewer|remote \\w+)|phished",
        "(?:sent|paid|transferred|wired|gave)(?: \\w+){0,4} (?:scammers?|fraudsters?)",
        "(?:got|been|was|being) scammed|scam (?:call|text|message|phone)",
        "is (?:this|it) (?:call |text |message )?a scam|safe account|phishing|(?:money|paid) (?:\\w+ )?to a (?:fake|"
        "scammer|stranger)",
        "(?:asked|asks|asking|wants?|wanted|told|made|makes)(?: \\w+){0,2} (?:to )?share my screen",
        "should i share my screen",
    ),
)
# Without any of them nobody tells of a stranger or of an account: what scolds the shop then does nothing but scold.
TELLING = Phrases(
    "telling",
    zh=(
        "电话|来电|短信|微信|qq|私信|链接|邮件|验证码|密码|卡号|卡里|银行|支付宝|二维码|扫码|屏幕|下载|安装|转账"
        "|汇款|[转汇打](?:了|给|过去|走)"
        "|盗|账[户号]|号被|登[录陆]|身份证|刷单|押金|保证金|定金|手续费|垫付|贷款|借款|冒充|假冒|自称|陌生|有人"
        "|那人|对方|被骗|诈骗|中奖",
    ),
    en=(
        "call(?:ed|er|ers|ing)|calls? me|phon(?:ed|ing)|rang|text(?:s|ed|ing)?|sms|messages?|messaged|e ?mails?"
        "|links?|codes?"
        "|pin|otp|passwords?|cards?|bank\\w*|transfer\\w*|wired?|sent|accounts?|hack\\w*|log(?:ged|ging)? ?in"
        "|whatsapp"
        "|wechat|telegram|facebook|anydesk|teamviewer|remote|screen|install\\w*|stranger|someone|somebody|fake"
        "|pretend\\w*"
        "|posing|phish\\w*|scammed|fees?|deposit|tax|stolen|stole|prize",
    ),
)
HARMLESS = Phrases(
    "no_fraud",
    zh=(
        "(?:收不到|没收到|忘(?:记|了)|修改|重置|改)[^\\n]{0,4}(?:验证码|密码)|你们是不是骗子|(?:是|会)不会是?骗子",
        "(?:取件|签收|收货|开柜|提货|取货|柜)的?(?:短信)?验证码|(?:快递|小哥|驿站|派件|送货)员?的?验证码",
        "(?:可以|能|怎么|如何)加微信|[帮替][他她](?:问|查|看看|找|改|换|重置|设|弄|修改|申请)[^\\n]{0,6}(?:验证码"
        "|密码)",
        "(?<![他她说方])(?:是不是|要不要|需要|需不需要)先[交付][^\\n]{0,8}(?:押金|手续费|保证金)",
        # A complaint about the goods: no stranger has anything to do with it.
        "被(?:你们|商家|店家|卖家|图片|宣传)给?骗了?",
        "被骗了?(?=[^\\n]{0,16}(?:假货|真皮|图片|实物|材质|质量|正品|宣传|描述|颜色|尺寸|根本|货不|发的))",
    ),
    en=(
        "(?:forgot|reset|change|did not (?:get|receive))(?: \\w+){0,2} (?:code|password|pin)|(?:pin|"
        "password)(?: number| code)? (?:re)?changed|(?:loyalty|gift|member\\w*) card(?! (?:numbers?|codes?))",
        "card number (?:printed )?(?:on|of) (?:the|my|a) (?:loyalty|gift|member\\w*)",
        "scammed(?=[^\\n]{0,40}(?:not (?:leather|real|genuine|what|as)|fake|picture|photo|description|quality"
        "|by (?:you|your)))",
    ),
)
