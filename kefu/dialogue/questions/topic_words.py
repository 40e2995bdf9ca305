"""Words of questions about the very matter of a form, which the order answers and not the help pages."""

from kefu.dialogue.turn import Topic
from kefu.dialogue.words.phrases import Phrases

# In the order of precedence: "多久能收到退款" is about the payout, not about the amount.
TOPICS: tuple[tuple[Topic, Phrases], ...] = (
    (
        "deadline",
        Phrases(
            "deadline",
            zh=(
                "(?:什么时候|啥时候|几号|哪天|几天|多久|多少天|何时)(?:之前|以前|前|之内|以内|内|"
                r"里)?[^\n]{0,6}(?:寄(?!到|给我|来|过来|出来)|交给快递|退回去)",
                r"(?:最晚|最迟|截止|期限)[^\n]{0,8}(?:什么时候|啥时候|几号|哪天|几天|多久)",
                r"(?:最晚|最迟)[^\n]{0,6}(?:寄|发)|(?:寄|发)(?:回|出)?[^\n]{0,5}(?:期限|截止|时间限制)",
                r"截止(?:日期|时间)|(?:寄|发)(?:回|出)?[^\n]{0,4}(?:来得及|来不及|有多久|多少天)",
            ),
            en=(
                "(?:how long|how many days|how much time|by when|until when|when|what date|how soon)"
                r"[^\n]{0,20}(?<![a-z])(?:i|we)(?![a-z])[^\n]{0,20}(?:send(?: it| them| this)?(?: back)?|"
                "ship(?: it| them)?(?: back)?|post(?: it)?|drop it off|mail it|hand it over)",
                "(?:deadline|latest (?:date|day|time)|last day|time limit|cut ?off)",
            ),
        ),
    ),
    (
        "address",
        Phrases(
            "address",
            zh=(
                "(?:寄|发|邮|送|货退|东西退)(?:回|还)?(?:到|去|给|往)?(?:哪(?!天)|什么地|啥地)",
                r"(?:退货|退回|寄回|回寄|收件|寄件|你们的?)[^\n]{0,3}地址|地址(?:是|呢|在|给|发|多少|哪)",
                "什么地址|哪个地址|哪(?:里|儿|边)?(?:寄|退)(?![款钱])",
                "(?<!也)(?:要|需要|用|必须|得)(?:不要|不用)?(?:我|再|先|把[^\n]{1,6}?)?(?:自己)?(?:寄|退|送|还|发)回",
                "怎么(?:寄|退回|发回|送回|还)(?!多少)(?:给|回|去)?",
            ),
            en=(
                r"where (?:do|should|shall|can|must|would|am)[^\n]{0,16}(?:send|return|post|ship|mail|drop|" "bring)",
                r"where (?:to|does it|will it|it has to|is it going)[^\n]{0,8}(?:send|return|post|ship|go)?",
                "(?:return|your|what|which|the|shipping) address|address (?:to send|for)",
                "(?<!how )(?:do|must|should|shall|need) (?:i|we)(?: still| really| actually)?(?: have to| need to)? "
                "(?:send|ship|post|return|mail|hand|give|bring)(?! (?:you|a|any))",
                "how (?:do|should|can|would|am) (?:i|we)(?: supposed to| going to)? (?:send|ship|post|return|mail) "
                "(?:it|them|this|that|these|the \\w+|everything|back)",
            ),
        ),
    ),
    (
        "payout",
        Phrases(
            "payout",
            zh=(
                "(?:退|打|返)(?:款|钱|回|给我)?(?:会|是|要)?(?:退|打|返)?(?:到|回)(?:到)?(?:哪(?!天)|什么)",
                r"(?:钱|退款|款)[^\n]{0,6}(?:退|到|回|打)[^\n]{0,3}(?:哪|什么地方|卡|微信|支付宝|账户|原)",
                r"(?:什么时候|啥时候|几号|哪天|几天|多久|多少天|何时|多长时间)[^\n]{0,8}(?:到账|退款|退钱|"
                "退给我|收到(?:钱|退款)|拿到(?:钱|退款)|返钱|打给我|回来)",
                r"(?:退款|钱|款)[^\n]{0,8}(?:什么时候|啥时候|几号|几天|多久|何时|多长时间|啥时)|到账",
                "原路(?:退|返)|退款进度|退款呢|钱呢",
                r"(?:钱|退款|款)[^\n]{0,4}(?:怎么|咋|如何)(?:个)?(?:退|返|给|还|打)|怎么(?:个)?(?:退给我|还给我|打款|退法)",
                r"(?:礼品卡|余额|积分抵)[^\n]{0,8}(?:退|返|回)|什么渠道|退到[^\n]{0,6}(?:卡|账|里|上|微信|支付宝|银行)",
            ),
            en=(
                r"(?:when|how long|how soon|how many days)[^\n]{0,30}(?:money|refund|refunded|paid back|cash|"
                "reimbursed|credited)",
                r"(?:where|which card|which account|what account|what card)[^\n]{0,30}(?:money|refund|refunded|"
                "go|paid|credited)",
                "where is my (?:refund|money)",
                r"(?:money|refund)[^\n]{0,12}(?:back )?to (?:my |the )?(?:same |original )?(?:card|account|"
                "paypal|bank|wechat|alipay)",
                "(?:refund|money) take|refunded (?:to|by|when)",
                "how (?:will|do|would|can|shall|am|are) (?:i|we) (?:get |receive |be |getting )?(?:my |the |our )?"
                "(?:money|refund|refunded|cash|paid)",
                r"how (?:is|will|does|do|are)(?: \w+){0,3} (?:refund|refunded|money|paid(?: back| out)?|credited)",
                "(?:back|refunded|paid|go|goes)(?: back)? (?:in)?to (?:my|the) "
                "(?:alipay|wechat|card|bank|account|paypal)",
                r"gift card[^\n]{0,20}(?:back|refund|refunded|returned|go|credited)",
            ),
        ),
    ),
    (
        "amount",
        Phrases(
            "amount",
            zh=(
                r"(?:退|赔|返|补|拿|到手|收回|还)[^\n]{0,10}多少|多少[^\n]{0,4}(?:退|返|拿回)|全额|全款|全退吗",
                r"退全|(?:运费|邮费)[^\n]{0,3}(?:退(?!货|换)|返|还给?我)[^\n]{0,4}(?:吗|不|么)",
                r"(?:扣|少退)[^\n]{0,6}(?:多少|吗|什么|钱)|退款金额|(?:退|钱)[^\n]{0,3}这么(?:点|少)|[只才]退",
                "[多少]退(?:点|些|一)|几块|多少块",
                r"(?:为什么|为啥|怎么|咋|凭什么)[^\n]{0,4}(?:少|扣)了?[^\n]{0,6}(?:块|元|钱|[0-9])",
                r"(?:退|返)[^\n]{0,4}(?:几块|多钱)|优惠券?[^\n]{0,6}(?:退|扣|还)",
            ),
            en=(
                r"how much[^\n]{0,40}(?:get|refund|refunded|back|receive|return|lose|deduct|deducted)",
                "how much (?:is|will|would) (?:it|that|the refund|my refund|i)",
                "what (?:do|will|would|can) i get(?: back)?|refund amount|full refund|whole amount|full amount",
                "everything back|all my money|what is the refund",
                r"(?:why|how come)(?: is| do| did| are| am)?(?: \w+){0,3} (?:so little|only|less|so low)",
                r"(?:why|how come) (?:so little|only|so low)",
                r"(?:coupon|voucher|discount|points)[^\n]{0,24}(?:back|returned|refunded|lost|lose|deducted|restored)",
            ),
        ),
    ),
    (
        "postage",
        Phrases(
            "postage",
            zh=(
                r"运费(?!险怎么买)|邮费|快递费|寄费|邮资|运保费|寄回[^\n]{0,4}(?:钱|费|免费)",
                r"(?:上门|取件)[^\n]{0,4}(?:钱|费|免费)|包邮|到付|(?:谁|自己|我)(?:出|付|掏|承担)(?:钱|费)?",
            ),
            en=(
                "postage",
                "(?:shipping|delivery|courier|freight|return|sending) (?:cost|costs|fee|fees|charge|charges|label)",
                "freight|who (?:will |is going to |has to )?(?:pays?|covers?|is paying)",
                r"pay (?:for|the)[^\n]{0,12}(?:shipping|return|courier|delivery|sending)",
                "(?:shipping|return|collection|pickup) (?:is )?free|free (?:return|shipping|pickup|collection)",
                "cost me|charge me",
            ),
        ),
    ),
    (
        "eligible",
        Phrases(
            "eligible",
            zh=(
                r"(?:能不能|可不可以|可否|能否|还能|可以|能|准|让)[^\n]{0,4}[退换][^\n]{0,6}(?:吗|么|嘛|不|没|"
                r"呢)?(?=\W*$)",
                r"[退换](?:不)?[得了](?:了|掉)?(?:吗|么|不)|(?:符合|满足|在)[^\n]{0,6}(?:条件|期限|期内|政策)",
                "退不退|给不给退|过期|[退换]货?(?:行|可以|成)(?:吗|不|么)",
            ),
            en=(
                r"(?:can|could|may|am|are|is|will|would)(?: \w+){0,6} (?:go back|be returned|be refunded|"
                "be exchanged|returnable|refundable|eligible|allowed|exchangeable|be swapped|be sent back)",
                "(?:can|could|may) (?:i|we) (?:still |even |actually |please |just )?(?:return|exchange|send|"
                r"get|give)(?: \w+){0,4}",
                "too late|still in time|within the (?:window|period)|do you accept|would you (?:accept|take)",
            ),
        ),
    ),
)
