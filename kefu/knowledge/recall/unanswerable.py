"""Sentences that customers send and that no shop's help pages answer.

They stand in every index beside the entries: a question that is nearer to one of them than to any entry is probably
not answered by the entries either. They also stand in for unanswerable questions where a shop has none of its own.
None of them may occur in a file that knowledge is measured with; a test holds that.
"""

from collections.abc import Mapping

from kefu.text import Language

_ZH = """
明天会下雨吗
这周末气温大概多少度
给我写一首关于春天的诗
讲个故事哄我睡觉
你觉得哪支球队能夺冠
世界杯决赛是哪天
帮我算一下三百六十五乘以十二
这道数学题怎么做
写一段快速排序的代码
我的电脑蓝屏了怎么修
把这句话翻成日语
英语四级怎么备考
头疼发烧该吃什么药
孩子咳嗽要不要去医院
今天股市怎么样
现在适合买房吗
比特币还会涨吗
推荐几部好看的电影
最近有什么好听的歌
红烧肉怎么做才好吃
附近有什么好吃的餐馆
去北京坐飞机还是坐火车好
去云南旅游几天合适
失恋了好难过
我妈总催我结婚怎么办
你有男朋友吗
你今年几岁了
你喜欢吃什么
陪我聊聊天吧
地球到月亮有多远
中国有多少个省
历史上最长的朝代是哪个
现任总统是谁
帮我起个好听的网名
今天是农历几号
现在几点了
双子座今天运势如何
帮我订一张去上海的火车票
帮我叫一辆出租车
附近哪里有加油站
帮我给老板写封请假邮件
你们公司有多少员工
你们还招人吗，我想投简历
公司总部大楼在哪里，可以参观吗
你们的创始人是谁
公司什么时候成立的
你们一年赚多少钱
你们什么时候上市
我想跟你们谈广告合作
我是供应商，想给你们供货
想加盟你们要多少钱
能赞助我们学校的活动吗
别家商城的运费是多少
别的平台多少天可以退
你们和京东淘宝是什么关系
代言人是哪位明星
广告里的背景音乐叫什么
这个商品是哪个工厂生产的
这条裙子是谁设计的
这款锅能做蛋糕吗，温度调多少
这本书讲的是什么内容
这个水果打过农药吗
这件衣服含棉百分之几
这台机器噪音有多少分贝
你们用的是什么服务器
你们捐过多少钱给慈善
"""

_EN = """
is it going to rain tomorrow
what temperature will it be at the weekend
write me a poem about spring
tell me a bedtime story
which team is going to win the league
when is the world cup final
what is three hundred and sixty five times twelve
how do I solve this equation
write a quicksort in java
'; DROP TABLE users; --
SELECT * FROM orders WHERE 1=1
<script>alert(1)</script>
my laptop shows a blue screen, how do I repair windows
how do you say good morning in japanese
how should I prepare for my english exam
what should I take against a headache
does my child need a doctor for this cough
how is the stock market today
is now a good time to buy a house
will ethereum go up again
can you suggest a few good movies
play me some music
how do I cook a juicy steak
any good restaurants around here
should I take the plane or the train to London
how many days do I need for a trip to Rome
my girlfriend left me and I feel awful
my parents want me to get married, what do I do
do you have a boyfriend
how old are you
what is your favourite food
let's just chat for a bit
how big is the sun compared to the earth
how many countries are there in Africa
when did the roman empire fall
who is the president
find me a cool nickname
what day is it today
what time is it now
what does my horoscope say
book me a train ticket to Shanghai
call me a taxi please
where is the nearest petrol station
write an email to my boss that I am ill
how many people work at your company
do you have any job openings, I would like to apply
can I visit your headquarters
who is the founder of your company
when was your company started
how much profit do you make a year
are you going to go public
I would like to talk about an advertising partnership
we are a manufacturer and want to become your supplier
how much does it cost to open a franchise
can you sponsor our school event
what does the other shop charge for delivery
how many days do other stores give for returns
do you belong to a bigger corporation
which celebrity is the face of your brand
what is the name of the song in your ad
which factory makes this product
who designed this skirt
can I bake a cake in this pot and how hot
what is this book about
has this fruit been sprayed with pesticides
what percentage of cotton is in this shirt
how loud is this machine in decibels
which programming language is your website written in
how much do you donate to charity
"""

SENTENCES: Mapping[Language, tuple[str, ...]] = {
    "zh": tuple(_ZH.strip().splitlines()),
    "en": tuple(_EN.strip().splitlines()),
}
