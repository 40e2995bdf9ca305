"""What customer service speaks of, in both languages: words that mean the same count as the same.

A line is one concept: its Chinese words, a bar, its English ones. A mark of exclamation begins what commits the shop
or sends a customer somewhere (money, gifts, contacts, documents): an answer may name such a thing only where its
evidence does. A tilde begins what any answer may name. English words stand for all their forms; one with several
meanings stands in several lines.
"""

import re
from collections.abc import Iterator
from functools import cache

from kefu.knowledge.grounding.words import stem
from kefu.text import normalise

# One concept a line, however long.
_TABLE = """
! 退款,退钱,退还,退回,退到,退给,返还,返回,原路 | refund,reimburse,repay,money back,paid back,pay back,returned to
退货,退换,退掉,退 | return,send back,sending back,sent back,give back,bring back
! 换货,退换,换码,换新,换尺码,调换,更换,换 | exchange,swap,replace,replacement
! 补发,重发,重寄,再发 | replacement,resend,reissue,re-issue,resent,redeliver
! 维修,修理,返修,修好,修 | repair,fix,mend
! 优惠券,抵用券,代金券,红包,券 | coupon,voucher
! 赠品,礼物,礼盒,送礼,小礼品,赠送 | gift,freebie,present
! 现金,提现,兑现 | cash
! 利息,免息 | interest,interest-free
! 折扣,打折,立减,减免,满减,优惠 | discount,promotion,promo,rebate,saving
! 赔偿,赔付,补偿,赔,包赔 | compensation,compensate,damages,pay out,payout,paid out
! 保险,运费险 | insurance,insure
! 延期,延长,续期,顺延 | extend,extension,prolong
! 保证,承诺,担保 | guarantee,promise,assure
! 电话,致电,拨打,来电,热线 | phone,call,ring,hotline,dial,telephone
! 邮箱,邮件,电子邮件 | e-mail,email,mail
! 微信,wechat | wechat
! qq | qq
! whatsapp | whatsapp
! 短信 | sms,text message,by text,text
! 链接,网址,点击这里,点这里 | link,click here,url
! 上门,取件 | door,doorstep,home visit,pick-up,pickup
! 升级 | upgrade
! 积分,点数 | point
! 身份证,证件 | id,identity,passport
! 密码 | password
! 验证码 | code,verification
! 免费,免,免单 | free of charge,free,waive,no charge,complimentary,costs nothing,nothing to pay,at no cost
! 永久,终身 | lifetime,forever,permanent
! 备用机,借用 | loaner,lend,spare
! 礼品卡 | gift card
! 自动 | automatic,automatically,auto,auto-renewal
! 手续费,服务费 | handling fee,service fee
! 提醒 | remind,reminder
! 专属,专人 | dedicated
! 会员,vip,金卡,银卡 | member,membership,vip,gold,silver
! 签字,委托书,授权 | signed letter,letter,authorisation,authorization,signature
! 今天,当天,同一天 | today,same day,same-day
! 明天,次日,第二天,隔天,次日达 | tomorrow,next day,next-day,overnight
! 人脸,人脸验证 | face,facial
! 取消,撤销 | cancel
! 全额 | full,in full,whole amount
! 包邮,免运费 | free shipping,free delivery,free postage,ship free
! 赠,送您,送你 | give away,giveaway
运费,邮费,邮资,快递费,寄费 | postage,shipping,delivery fee,freight,ship
费用,收费,付费,价格,价钱,元,块,收,付,花,交,缴 | fee,cost,price,charge,pay,payable,paid,expense,yuan,dollar,worth,rmb
承担,负责,自理,自付,由您出,出 | bear,cover,own expense,pay,expense,cost
~ 订单,单子,单,下单 | order
~ 商品,产品,货,物品,东西,宝贝 | item,goods,product,article,thing
包裹,快件,快递件 | parcel,package,packet,shipment
快递,物流,配送员,快递员,承运 | courier,carrier,logistics,driver
配送,送达,送到,派送,送,投递 | delivery,deliver,arrive,reach,come,get
发货,寄出,发出,出库,发 | ship,dispatch,send out,sent,leave,send,go out
签收,收到,收货,拿到,到手 | receive,receipt,sign,delivery,deliver,arrive,get
寄回,寄 | send,post,mail,return,postage
包装,包装盒,外包装,盒子,箱 | packaging,package,box,packing,pack,wrap
吊牌,标签 | tag,label
未使用,没用过,未穿着,未拆封,全新,完好,完整 | unused,unworn,unopened,intact,new,original
穿着,穿,使用,用 | use,wear,worn
原,原来,原装 | original
质量,质量问题,故障,瑕疵,坏,有问题 | defect,faulty,fault,broken,quality
破损,损坏,摔,碎,坏了,坏 | damage,crack,broken,break,drop
进水,水 | water
照片,拍照,图片,图 | photo,picture,image
核实,核查,检查,确认,验货,检测,审核 | verify,check,inspect,inspection,confirm,review,examine
仓库,仓 | warehouse,depot
联系,反馈,告诉,找 | contact,get in touch,reach,report,write,tell
客服,人工,工作人员 | customer service,agent,support,staff,service,team
申请,提交,办理 | apply,request,submit,ask,report
支付,付款,结算,付 | pay,payment,checkout,settle
尾款 | balance
定金,押金,订金 | deposit
余额,钱包 | balance,store credit,credit,wallet
! 银行卡,信用卡,卡 | card,bank
! 支付宝 | alipay
! 货到付款 | cash on delivery,cod
! 分期 | instalment,installment,pay-in-3
到账,入账 | arrive,reach,credit,get,land,receive
发票,开票,普票,专票 | invoice,receipt
税号,纳税人识别号 | tax number,tax id
企业,公司 | company,business,corporate
税,关税,综合税 | tax,duty,customs,import
海外,国外,国际,跨境 | overseas,abroad,international,cross-border,foreign
国内,大陆,中国 | domestic,mainland,china,within the country
地址 | address
修改,更改,改,变更 | change,edit,correct,modify,fix,update,amend
名字,姓名,收件人 | name,recipient
手机号,号码,原号 | number,phone
账户,账号,帐号 | account,profile
登录 | log in,sign in,login,signing in,logging in
锁定,锁,解锁,解开 | lock,unlock
注销,删除 | delete,deletion,remove,close
设置 | setting
~ 页面,详情页,页 | page
~ 查看,看,查询,查 | see,view,look,check,find,show,list
~ 显示 | show,display,appear,list
~ 选择,选,点 | choose,select,pick,option,choice,tap,switch,click
有效,有效期,生效 | valid,validity,effect,good,last,final,gone through
到期,过期,失效,逾期,作废,用完 | expire,expiry,run out,lapse
无法恢复,恢复 | restore,get back
缺货,没货,断货 | out of stock,unavailable,stock,restock
预售 | pre-sale,pre-order
现货,库存 | stock,availability
尺码,尺寸,大小,码 | size
保修,质保,保,三包 | warranty,guarantee,cover
范围,覆盖,包括,包含,含,算在内,计入 | cover,include,included,count,covered,scope,come with
价保,价格保护,差价,降价,补差 | price protection,difference,cheaper,price
秒杀,拼团,活动 | flash-sale,flash sale,sale
组合,叠加,一起,同时,搭配,共用 | combine,together,stack,on top,added,alongside
限,仅限,最多,上限,最高,最长,不超过 | limit,maximum,at most,only,up to,no more,max,no later
最少,至少,最低,满,达到,超过,以上 | minimum,at least,over,above,more than,from
不足,以下,低于,少于,不到 | below,under,less,smaller
之内,以内,内,期限,时间,多久 | within,period,time,deadline,window,how long
周末 | weekend
周日,星期日,星期天 | sunday
节假日,假日 | holiday
营业,上班,在线 | open,hours,available
当日,单日,每日 | daily
工作日 | working,business,workday
门店,店 | store,shop
自提,代取,提货,取 | collect,pick up,collection,pickup,pick-up
驿站,代收点,快递柜 | station,locker,pick-up point
代收,门卫,家人,邻居 | neighbour,neighbor,family,concierge
保管,保留,存放 | keep,hold,store,kept
拒收,退回 | refuse,reject,turn away
转寄 | forward,redirect
追踪,单号 | tracking,track,number
拆单,分开,多个包裹,拆 | split,separate,several
漏发,少发,缺少,遗失,丢失,丢 | missing,lost,lose
留言 | message
回复,答复,回 | reply,respond,answer,get back,hear from
通知 | notify,notification,inform,let you know,tell,told,alert
失败 | fail,failure
重试,再试 | retry,try
网络 | network
追评,追加评价 | follow-up review
评价,晒图 | review,rating
奖励,获得,得 | reward,earn,get,receive,bonus,extra
累计,消费 | spend,total,accumulate
生日 | birthday
年费,续费 | renew,renewal,annual,fee
全额,全部,全 | full,whole,all,entire
部分 | partial,some,part
双倍 | double,twice
损失,失去,清零 | lose,lost
扣除,扣 | deduct,taken out,come off,comes off,taken off,take out
余下,其余,剩余,剩 | remaining,rest,remainder
设备 | device
衣服,鞋,鞋服,服装 | shoe,clothes,clothing
内衣,贴身 | underwear
定制,刻字 | custom,engraved,personalised,personalized
生鲜,食品,水果 | fresh,food,perishable,fruit
大件 | bulky,big,large
预约,时段 | book,slot,appointment
凭证,小票,收据 | receipt,proof
购买,买,购物 | buy,purchase,bought,shop
首单,新用户 | first order,new customer
城市,地区 | city,area,region
原因,理由 | reason,cause
无理由,不喜欢,不想要 | change of mind,change-of-mind,any reason,no reason,without a reason,don't like
电池 | battery,cell
儿童,岁,孩子 | kid,child,children,age
"""
_CJK = re.compile("[\u3400-\u9fff]")
_BOUNDARY = "(?<![a-z0-9]){}(?![a-z0-9])"


@cache
def _index() -> tuple[dict[str, frozenset[int]], frozenset[int], frozenset[int]]:
    """Give the concepts of each word (English ones by their stem, phrases as they are), which commit, the free."""
    found: dict[str, set[int]] = {}
    commits: set[int] = set()
    free: set[int] = set()
    for number, line in enumerate(_TABLE.strip().splitlines()):
        if line.startswith("!"):
            commits.add(number)
        elif line.startswith("~"):
            free.add(number)
        for word in re.split(r"\s*[,|]\s*", line.lstrip("!~ ")):
            key = word if _CJK.search(word) or not word.isalpha() else stem(word)
            found.setdefault(key, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}, frozenset(commits), frozenset(free)


@cache
def _pattern() -> re.Pattern[str]:
    """Find Chinese words and English phrases, the longest first; single English words are looked up one by one."""
    words = [word for word in _index()[0] if _CJK.search(word) or not word.isalpha()]
    words.sort(key=len, reverse=True)
    return re.compile(
        "|".join(re.escape(word) if _CJK.search(word) else _BOUNDARY.format(re.escape(word)) for word in words)
    )


def named(text: str) -> Iterator[tuple[str, frozenset[int], tuple[int, int]]]:
    """Give the words of a text that stand for concepts, with these and where they stand."""
    plain = normalise(text).lower().replace("’", "'")
    taken = [False] * len(plain)
    for match in _pattern().finditer(plain):
        taken[match.start() : match.end()] = [True] * len(match.group())
        yield match.group(), _index()[0][match.group()], match.span()
    for match in re.finditer(r"[a-z]+(?:'[a-z]+)?", plain):
        concepts = _index()[0].get(stem(match.group()))
        if concepts and not taken[match.start()]:
            yield match.group(), concepts, match.span()


def commits(concepts: frozenset[int]) -> bool:
    """Say whether a word that stands for these commits the shop, in whichever of its senses."""
    return concepts <= _index()[1]


def is_free(concepts: frozenset[int]) -> bool:
    """Say whether any answer may use a word that stands for these, in one of its senses."""
    return bool(concepts & _index()[2])
