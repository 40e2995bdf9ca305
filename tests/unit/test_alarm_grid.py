"""Every thing with every hazard is an alarm, and no thing by itself is: the thing is harmless, not the verb."""

from itertools import product

import pytest

from kefu.dialogue.alarms.alarm import alarm

THINGS_ZH = (
    "空气炸锅 电饭锅 电饭煲 咖啡机 面包机 烤箱 微波炉 热水壶 电热毯 吹风机 充电宝 充电器 数据线 插座 台灯 "
    "耳机 手机 平板 香薰机 加湿器 酸奶机 "
    "豆浆机 电烤盘 油炸锅 烟雾报警器 防爆插座 美发棒 智能手表 我家的空气炸锅 刚买的咖啡机"
).split()
HAZARDS_ZH = (
    "冒烟了 突然冒黑烟 着火了 起火了 漏电 爆炸了 炸了 冒火花 插头烧焦了 插头有焦味 有股糊味 电到我了 把我手烫伤了 "
    "自己烧起来了 的电池鼓包了 喷火了 短路了 外壳带电 的电池漏液了 的插头熔化了 的刀片割到手了"
).split()
THINGS_EN = (
    "air fryer|rice cooker|coffee maker|smoke alarm|smoke machine|toaster|kettle|hair dryer|power bank|charger|laptop|"
    "phone|fire stick|lamp|electric blanket|bread maker|toy|shower head|candle warmer|incense burner|heater|headphones"
).split("|")
HAZARDS_EN = (
    "is smoking|smoked a lot|caught fire|is on fire|exploded|blew up|is sparking|gave me an electric shock|"
    "gave my son a shock|shocked me|burned my hand|has a burning smell|went up in flames|battery is swollen|"
    "plug melted|starts to smoke when I plug it in|short circuited|zapped me|battery leaked acid|battery is bloated|"
    "set fire to my curtain|scorched the carpet|has a charred socket|cut my finger"
).split("|")
FRAMES_ZH = (
    "{}多少钱",
    "{}什么时候发货",
    "我想退{}",
    "{}没声音了",
    "{}会冒烟吗",
    "{}没有漏电",
    "万一{}着火了怎么办",
    "{}会短路吗",
    "{}没有漏液",
)
FRAMES_EN = (
    "how much is the {}",
    "I want to return my {}",
    "the {} does not turn on",
    "can the {} catch fire",
    "no smoke from the {}",
    "what if the {} explodes",
    "will the {} short circuit",
    "can the {} cut my fingers",
)


@pytest.mark.parametrize("thing", THINGS_ZH)
def test_every_hazard_of_a_thing_is_heard(thing: str) -> None:
    told = [thing + hazard for hazard in HAZARDS_ZH]
    assert [text for text in told if alarm(text) != "danger"] == []


@pytest.mark.parametrize("thing", THINGS_EN)
def test_every_hazard_of_a_thing_is_heard_in_english(thing: str) -> None:
    told = [f"{whose} {thing} {hazard}" for whose, hazard in product(("my", "the"), HAZARDS_EN)]
    assert [text for text in told if alarm(text) != "danger"] == []


@pytest.mark.parametrize("frame", [*FRAMES_ZH, *FRAMES_EN])
def test_a_thing_by_itself_is_no_alarm(frame: str) -> None:
    things = THINGS_EN if frame.isascii() else THINGS_ZH
    assert [thing for thing in things if alarm(frame.format(thing)) is not None] == []
