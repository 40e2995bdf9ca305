"""Words by which a customer leaves a form: for good, for a person, for another matter, or for its beginning."""

from kefu.dialogue.words.phrases import Phrases

# Each stands for a whole clause, except where it says so.
STOP_CLAUSE = Phrases(
    "stop",
    zh=(
        "停(?:止|下|一下|停)*(?:吧)?|打住|退出|结束(?:吧)?|终止|中止|(?:就)?到此为止|拉倒(?:吧)?|罢了",
        "没事了|当我没说|不(?:聊|说|玩|问)了|先这样吧?|回头再说|改天再说|下次再说",
        "(?:先)?(?:不用|不必|不需要)了?(?:谢谢|了)?|先放(?:着|一放)吧?|返回|(?:回|返回)?主菜单",
        "没必要了?|不需要了",
    ),
    en=(
        "(?:please )?stop(?: it| this| that| here| now| please| right there)*|quit|i quit|exit|abort",
        "halt|i am done(?: with this)?|done with this|end (?:this|it|chat)",
        "let us (?:not|leave it|drop it|stop)(?: for now| here)?",
        "(?:hmm+ )?(?:no,? )?leave it(?: for now| there| be)?",
        "drop it|scrap (?:that|it)|skip it|(?:please )?do not bother|no thanks|no thank you|no need",
        "not needed|i give up|main menu|go back|enough|i will pass|on second thoughts?(?: do not)?",
        "no longer needed",
    ),
)
STOP = Phrases(
    "stop",
    zh=(
        "(?<!受)(?:不(?:想|要|用)?|别)(?:退|换|修|查|办|弄|搞|整|拦|追|申请|取消|继续|退货|退款|换货|维修|处理|补发|拦截)了",
        "(?:不|别|先不|不用|不想|暂时不)(?:要)?(?:办|弄|搞|整|申请|继续|查)了?",
        "还是(?:不|别)(?:退|换)了?(?:吧)?|(?:还是|自己|就|我)留着(?:用|吧|了|穿)*|将就(?:用|穿|着)",
        "取消(?:这个|这次|本次|刚才的?)?(?:退货|换货|退款|退换货?|售后|维修|操作|流程|查询|申请|服务)",
        "撤(?:回|销)(?:刚才的|这个)?(?:申请|退货|售后)|放弃(?:了|吧|退|申请)|懒得(?:弄|退|换|折腾)",
        "不折腾了|撤了(?:吧|算了)",
    ),
    en=(
        "never mind(?! (?:the|my|that|this|about) (?!return|refund|exchange|order|request|whole|money|form|return))",
        "forget (?:it|about it|that|this|the whole thing|the (?:return|exchange|refund)|i asked)",
        "i (?:will|am going to|would rather|have decided to|am|might as well|want to)"
        " (?:just )?(?:keep|keeping) (?:it|them|everything|all of it|both)",
        "(?:do not|not|no longer) (?:want to|need to|going to|wish to)? ?(?:return|exchange|cancel|"
        "send back|continue|go on|proceed|swap)(?:ing)?(?: it| them| this| anything| the order|"
        " with (?:it|this|that))?(?: back)?(?: anymore| any more| any longer| after all| now)?",
        "keep(?:ing)? (?:it|them) after all|(?:no|wait|no wait|actually)\\W+keep (?:it|them|everything)(?=\\W*$)",
        "cancel (?:the|this|that|my) (?:return|exchange|refund|request|form|claim|process|application)",
        "do not (?:return|exchange|send) (?:it|them|anything|this)(?: back)?|call it off|scratch that",
        "disregard (?:that|this)|(?:please )?do not do (?:it|that)|not going through with",
        "changed my mind about (?:returning|the return|exchanging|the exchange|sending)",
    ),
)
# A stop only where nothing follows that goes on: "算了，退吧".
RESIGNS = Phrases("resigns", zh=("算(?:了|啦|咯|了吧|了算了)(?:吧)?",), en=("oh well|ah well",))
DEPENDS = Phrases("depends", zh=("的话|如果|要是|除非|不然|万一",), en=("if|unless",))
START_OVER = Phrases(
    "start_over",
    zh=(
        "重新来(?:过|一遍|一次)?|(?<!再)重来(?:一遍|一次|吧)?|从头(?:再)?(?:来|开始)(?:一遍|一次)?",
        "(?:我们)?重新开始|重新填(?:写)?|重头(?:来|开始)|重置|清空|再来一(?:遍|次)",
        "回到(?:开头|最开始|第一步)|推倒重来|全部重填|重填",
    ),
    en=(
        "(?:let us |can we |could we |i want to |can i )?start(?:ing)? (?:over|again|afresh|"
        "from (?:scratch|the (?:beginning|start|top)))(?: again)?",
        "from the (?:beginning|start|top)|from scratch|restart|reset|begin again(?: from the start)?",
        "go back to the (?:beginning|start)|back to the (?:start|beginning)",
        "redo (?:it|this|everything|all)",
    ),
)
PERSON = Phrases(
    "person",
    zh=(
        "转(?:接)?(?:到|给|个|一下|接)?(?:人工|真人|客服|活人)",
        "(?:找|叫|要|换|接|来|喊|上)(?:一?下|个|你们的?|一个|到|通)?(?:人工|真人|活人|客服|经理|店长|"
        "领导|负责人|主管|老板来)",
        r"人工(?:客服|服务|坐席|处理)?(?:(?=\W*$)|(?=\n)|呢|在吗|快|来|吧)",
        "(?:跟|和|与)(?:人工|真人|客服|人)(?:说|聊|谈|沟通|讲)|不(?:想|要)(?:跟|和)(?:机器人|你)",
        "(?:我要|要|去)投诉|叫人来|来个人|找人(?:来|处理|跟我)",
    ),
    en=(
        "(?:talk|speak|chat|speaking|talking|get through|connect me|transfer me|put me through|"
        "hand me over|escalate|switch me)(?: please)? (?:to|with|on to|over to) (?:a |an |the |some |"
        "your |another |real |live |actual |human )*(?:human|person|people|agent|someone|somebody|"
        "representative|rep|operator|manager|supervisor|staff|colleague|employee|being|support|"
        "customer service)",
        "(?:want|need|get|give|find|prefer|like|have|send|call|fetch|with|just|only)(?: me| us)? (?:a |"
        "an |the |some |your |another |real |live |actual )+(?:human|person|agent|representative|rep|"
        "operator|manager|supervisor|employee)",
        "(?:a |an )?(?:real |live |actual )*(?:human|person|agent|representative|operator|manager|"
        "supervisor)(?: being| agent)?(?: please| now)+",
        "real (?:person|human)|live (?:agent|person|chat)|complain to|(?:make|file) a complaint",
    ),
)
PERSON_CLAUSE = Phrases(
    "person",
    zh=("人工|真人|人工客服呢",),
    en=(
        "(?:a |an )?(?:human|person|agent|live agent|real agent|representative|rep|operator|manager|"
        "someone real|escalate(?: this)?)(?: please)?",
    ),
)
# Alone it calls for one; beside a greeting it is how the shop is addressed.
PERSON_ALONE = Phrases("person", zh=("客服|客服呢|经理|找人",), en=("customer service|staff|support|someone",))
NOT_PERSON = Phrases(
    "not_person",
    zh=("(?:不要|不用|别|不需要|先别|不想)(?:给我|帮我)?(?:转|找|叫|跟|和)?(?:接|到)?(?:人工|真人|客服)?(?!机器人)",),
    en=(
        r"(?:no|not|do not|without)(?: \w+){0,4} (?:human|person|agent|representative|operator)",
        "(?:are you|is this|is it|am i (?:talking|speaking|chatting) (?:to|with)|do you have|do i have)"
        r"(?: \w+){0,4} (?:human|person|agent)(?: being)?",
    ),
)
# The order or the form? Only the customer knows.
WHICH = Phrases(
    "which",
    zh=("(?:我要|我想|帮我|给我|请|麻烦|那|就|还是|先|直接|算了)*取消(?:掉|吧|了|一下|吧取消|了吧|呗)?",),
    en=(
        "(?:please |i want to |i would like to |can you |just |ok |could you )*cancel(?: it| this|"
        " that| please| now| everything| all)*",
    ),
)
CANCELS = Phrases("cancels", zh=("取消|撤单|撤销|退订|作废",), en=("cancel|cancelled|cancelling",))
CANCEL_ORDER = Phrases(
    "cancel_order",
    zh=(
        "取消(?:掉|了)?(?:我|这|那|该|整|刚|昨|今|的|个|笔|下|才|天|一)*(?:订单|单子|单|购买|下单)",
        r"(?:订单|单子|这单|那单|¤)[^\n]{0,5}(?:取消|撤|不要了|作废)|撤单|退订|取消 ?¤|(?:别|不要)发货",
        "(?:帮我|给我|快|能)?拦(?:截|一?下|住|回来?)+(?!了)(?:快递|包裹|它)?|能不能拦|能拦|别(?:再)?送(?:过来|来)?了",
    ),
    en=(
        "cancel(?:ling|led|lation of)?(?: (?:my|the|this|that|whole|entire|both|all|an|it|off|me)"
        ")* (?:order|orders|purchase)",
        "cancel ¤+|¤+ cancel|(?:order|purchase) (?:be )?cancelled|call off my order|do not ship(?: it)?",
        "stop the shipment|intercept (?:it|them|the \\w+|my \\w+)|stop (?:the|my) (?:parcel|package|delivery)",
    ),
)
TRACK = Phrases(
    "track_order",
    zh=(
        r"(?:快递|包裹|物流|订单|单子|货|件|东西|¤|[^\n退寄]单)(?:现在|都|已经|怎么|还|到底|它)*(?:到哪|"
        "在哪|到了?(?:没|吗)|什么时候(?:能)?(?:到(?!账)|送)|还没到|没到|哪儿了|走到哪|送到哪|发(?:货|"
        "出)?了(?:没|吗))",
        "查(?:一?下|询|个|看){0,3}(?:我的?)?(?:那个)?(?:快递|物流|包裹|订单(?:状态|进度)?)",
        "催(?:一?下|个)?(?:单|快递|发货|件)|(?:物流|订单)(?:信息|进度|状态)|到哪(?:里|儿)?了",
        r"(?:送|派|到|运)(?:到)?[^\n]{0,8}了(?:没|吗|么)(?=\W*$)",
        r"(?:怎么|咋|为什么|为啥|都)[^\n]{0,6}还没(?:影|到(?!账)|来|动静|发货|收到(?![^\n]{0,3}[退钱款])" ")",
    ),
    en=(
        "where (?:is|are|has|did)(?: my| the| our)? (?:order|parcel|package|delivery|stuff|shipment|"
        "things?|item|items|¤+)(?! money)",
        "track(?:ing)? (?:my|the|an|order|parcel|¤+|it)",
        "(?:has|have|did)(?: my| the)? (?:order|parcel|package|it|you) (?:been )?(?:shipped|ship|left|"
        "arrived|dispatched|sent)",
        "(?:order|delivery|parcel|shipping) status|status of my (?:order|parcel|delivery)",
        "(?:when|will) (?:is |will |does )?(?:my|the) (?:order|parcel|package|delivery) (?:come|arrive|"
        "coming|arriving|get here|be delivered)",
        "chase my (?:delivery|parcel)",
        r"where (?:is|are) (?:it|they|that|my \w+|the \w+)(?: \w+)? "
        "(?:right now|now|at the moment|currently|at present)",
        r"(?:has|have|did) (?:it|they|that|the \w+|my \w+) (?:already |even )?"
        "(?:reach|reached|got|get|arrive|arrived) (?:my|our|the|here|in|at|to)",
    ),
)
# The same words about money, papers and pages.
NOT_TRACK = Phrases(
    "not_track",
    zh=(
        "退款|退货|换货|钱|发票|积分|优惠|验证码|短信|怎么[查看]|多长时间|多久更新",
        "在哪(?:里|儿)?(?:看|点|查|找|改|填|设置)|取消",
    ),
    en=("refund|money|invoice|points|coupon|code|return|(?:how|where) (?:can|do) i",),
)
RETURN = Phrases(
    "request_return",
    zh=("退货|退款|退钱|退掉|(?:我要|我想|想|要|帮我|给我|就|直接)退(?!出|订|下|一步)|^\\W*退(?:吧|了)?\\W*$",),
    en=(
        "(?:want to|would like to|need to|can i|i will|let me|going to|please|rather|help me)"
        r" (?:return|send(?: \w+)? back)",
        "return (?:it|this|them|my|the)|(?:a|my|want|get|me) (?:refund|money back)",
        r"refund (?:me|it|please|my|this)|^\W*(?:return|refund)(?: please)?\W*$",
    ),
)
EXCHANGE = Phrases(
    "request_exchange",
    zh=(
        "换货",
        "(?:我要|我想|想|要|帮我|给我|可以|就|能)换(?!个?(?:手机号|地址|人|客服|话题|单|订单|问题|号码|邮箱))",
        "换(?:一个|大|小|成|码)",
    ),
    en=("exchange|swap|replacement|replace (?:it|this|them|my|the)",),
)
# Pieces named beside a question about the amount are decided on only with one of these.
DECIDES = Phrases(
    "decides",
    zh=("改|那就|决定|还是(?:只)?退|确定",),
    en=("actually|instead|make it|change|i will|let us|decided|i want to",),
)
