"""Who is angry, who is not content, and who is neither: told by the words."""

import pytest

from kefu.dialogue.alarms.mood import asks_something, mood, only_scolds

ANGRY_ZH = """
妈的什么破店
垃圾店!! 卡在乌鲁木齐多少天了
你真没用
你们什么垃圾服务
气死我了，等了一个星期还没动静
客服都死了吗
你听不懂人话吗
黑心商家，退我血汗钱
骗子店，再也不来了
我要曝光你们
他妈的到底发不发货
你这破机器人太笨了
废物客服
这是什么狗屁态度
都十天了还不发货！！
受够了，你们就是在敷衍我
奸商，坑人
我要打12315
什么破平台，烂透了
你们太坑了！！！
真是个垃圾平台
火大，催了三次没人理！！
开什么玩笑
你们客服是猪吗，等了一个礼拜了
你们全是饭桶
你们是骗子吧，一直不发货
你在逗我吗
你们是在开玩笑吗
有没有搞错啊
你们太过分了
欺人太甚
骗我说是真皮，你们就是骗子
服了
闭嘴
你有毛病吧
太气人了你们
店家骗我
你们骗我
你们就会骗人，退钱
""".strip().splitlines()
ANGRY_EN = """
this is the worst shop ever, 3 weeks and nothing!!
you are useless
what a joke of a company
I'm furious, nobody answers
this is ridiculous
you people are a bunch of thieves
what the hell is wrong with you
terrible customer service
worst customer service
I am so angry right now
your support is absolutely useless
stupid bot
THIS IS SO BAD, still nothing!!!
where the f*** are you, fucking useless shop
I'm fed up with this
complete waste of time
you guys are pathetic
never shopping here again
this is unacceptable
bunch of crooks, give me my money
still waiting after two weeks!!!
I've had enough, you're a joke
are you kidding me
are you f***ing kidding me?!
you've got to be kidding
you must be joking
is this a joke
are you serious
seriously?!
give me a break
I'm done with you people
stop wasting my time
get lost
your company is a scam
shut up
is this a joke or what
this is a joke, where is my refund
""".strip().splitlines()
DISPLEASED = """
服务太差了
差评
太失望了
衣服质量不行，洗一次就起球
包装太简陋了
发货慢得像蜗牛
又贵又不好用
踩雷了家人们
快递有点慢
以后不会再买了
the fabric is poor quality
very disappointed
delivery was slow
not impressed
the app is bad
I regret buying it
would not recommend
overpriced
meh
a bit of a let down
""".strip().splitlines()
NEITHER = """
服务真好，谢谢
质量不错，点赞
味道不差
你们家东西真好看
物流很快
客服态度真好
好评好评
一点都不贵，很值
从没让我失望
爱死这条裙子了
你是机器人吗
我要退货
杯子破了
有人自称客服，是骗子吗
垃圾桶还有货吗
多少天能到
差价怎么退
运费多少
如果不满意可以退吗
快递到哪了
还没发货吗
怎么还没到
我的耳机坏了
买给我妈的
有没有适合送妈妈的 300块以内
送妈的礼物
给孩子他妈的
你们是卖猪肉的吗
这个电话是你们客服打的，是骗子吧
骗子冒充你们，我钱转过去了
验证码已经给了骗子怎么办
谢谢
好的！！
great service, love it
not bad at all
you guys rock
never disappoints
the dress is beautiful
best shop ever
fast delivery, thanks!!
where is my order?
is this text a scam?
I want to return these shoes
the lid is broken
can I return it if I am not happy?
do you sell rubbish bins
how many days does it take
it's too small
my order still has not arrived
are you a bot?
thank you so much!!!
it fits well, no complaints
what is your return policy
who pays the postage
please cancel my order
not disappointed, works great
what a lovely colour!!
hello??
I think I gave my code to a scammer
do they try again if nobody answers the door
am I the idiot here
黑店长推荐款还有吗
店家会骗我吗
商家会不会骗人啊
我怕卖家骗我
不会骗我吧
这个坑爹神器好玩吗
傻瓜相机还有吗
废物利用手工包
白痴造句法这本书还有吗
智障人士能用吗
脑残粉周边还有吗
我靠垫买大了
火大火小怎么调
再也不会缺货了吧
倒闭的店还能退款吗
不要脸盆要水桶
滚筒洗衣机怎么用
我买的衣服了解一下
有没有搞错地址
is this a joke gift
is it a joke present for a birthday
do you have joke mugs
worst case, how long does it take
is the shit bag for dogs in stock
what a mess my order address is, can I change it
do I rip off the label first?
I am an angry birds fan, any toys
fed up with my old phone, which one do you recommend
ridiculously good prices
the complete idiot's guide
are you serious about the discount
did my parcel get lost
does the dog toy shut up the dog
dumbbells 5kg
stupid question: how do I reset it
""".strip().splitlines()


@pytest.mark.parametrize("text", [*ANGRY_ZH, *ANGRY_EN])
def test_angry(text: str) -> None:
    assert mood(text) == "angry"


@pytest.mark.parametrize("text", DISPLEASED)
def test_displeased(text: str) -> None:
    assert mood(text) == "displeased"


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert mood(text) is None


@pytest.mark.parametrize("text", ["", "😀", "/feedback", "！！！", "???"])
def test_what_has_no_words_has_no_mood(text: str) -> None:
    assert mood(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("妈的什么破店", False),
            ("你听不懂人话吗", False),
            ("you are useless", False),
            ("how dare you, idiots", False),
        ),
        *(("什么破店，运费到底多少", True), ("垃圾平台，怎么取消订单", True), ("破平台，运费谁出", True)),
        *(("this is ridiculous, where is my parcel", True), ("useless bot. who pays the postage", True)),
    ],
)
def test_whether_anything_is_asked_besides(text: str, expected: bool) -> None:
    assert asks_something(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("妈的", True), ("你们真恶心", True), ("妈的什么破店", True), ("useless bot", True), ("fuck you!!", True)),
        *(("you guys are so useless", True), ("this is ridiculous", True), ("气死我了", True)),
        *(
            ("妈的，坏了", False),
            ("不想要了，破店", False),
            ("shitty shop, the lid is broken", False),
            ("8063, idiots", False),
        ),
        *(("it's useless", False), ("垃圾", False), ("yes", False), ("", False)),
    ],
)
def test_what_tells_nothing_but_anger(text: str, expected: bool) -> None:
    assert only_scolds(text) == expected
