"""Questions about goods before they are bought: which are taken, as what, and how they are answered."""

from pathlib import Path

import pytest
import yaml

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.dialogue.presale.budgets import Budget, read_budget, worth
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.presale.read_presale import read_presale
from kefu.shop.catalogue_reader import load_catalogue

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "data" / "shop"
CATALOGUE = load_catalogue(SHOP / "catalogue.yml")
NAMES = GoodsNames(CATALOGUE)
# Entries of the help pages that may be answered from the catalogue instead, where it names the article.
OF_GOODS = {"product_compatible"}


def questions(name):
    lines = (Path(__file__).parent / "presale" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def taken_as(question):
    query = read_presale(question, NAMES)
    if query is None:
        return ["-", ""]
    return [query.kind, query.shelf or ",".join(sorted(query.articles))]


@pytest.mark.parametrize(("kind", "of", "question"), [*questions("seen.tsv"), *questions("held_out.tsv")])
def test_a_question_is_taken_for_what_it_is(kind, of, question):
    assert taken_as(question) == [kind, of]


def test_there_are_as_many_that_must_not_be_taken():
    for name in ("seen.tsv", "held_out.tsv"):
        kinds = [kind for kind, *_ in questions(name)]
        assert (len(kinds), kinds.count("-")) == (60, 30)


def test_what_the_help_pages_answer_is_left_to_them():
    taken = []
    for file in sorted((ROOT / "data" / "knowledge").glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["entries"]:
            for wording in (entry[language] for language in ("zh", "en") if language in entry):
                asked = [wording["question"], *wording.get("alternatives", [])]
                taken += [
                    question for question in asked if entry["id"] not in OF_GOODS and read_presale(question, NAMES)
                ]
    assert taken == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("卖手机吗", Presale("recommend", shelf="phone")),
        ("有电水壶吗", Presale("stock", ("HM-KT-17",))),
        ("do u hv any phones", Presale("recommend", shelf="phone")),
        ("got any kettles?", Presale("recommend", shelf="kettle")),
        ("有没有充电宝", Presale("stock", ("HM-PB-10",))),
        ("请问你们有没有跑鞋？", Presale("stock", ("HM-SH",))),
        ("白色T恤L码有现货没", Presale("stock", ("HM-TS",), "L", "白色")),
        ("白色T 恤 xl 有货吗", Presale("stock", ("HM-TS",), "XL", "白色")),
        ("red jacket size L in stock?", Presale("stock", ("HM-JK",), "L", "红色")),
        ("牛仔裤34的有吗", Presale("stock", ("HM-JN",), "34")),
        ("耳机多少钱", Presale("price", ("HM-EP-110", "HM-EP-210"))),
        ("買3個保溫杯要付多少", Presale("sum", ("HM-TH-5",), basket=(("HM-TH-5", 3),))),
        (
            "两个K87键盘和一个保温杯，金卡，用优惠券，满200减30，一共多少钱要付多少",
            Presale(
                "sum",
                ("HM-KB-87", "HM-TH-5"),
                basket=(("HM-KB-87", 2), ("HM-TH-5", 1)),
                has_coupon=True,
                level="gold",
                deal=(200, 30),
            ),
        ),
        (
            "买350块的东西，用 REFER20 这张券应付多少",
            Presale("sum", amount_cents=35000, coupons=("REFER20",), has_coupon=True),
        ),
        (
            "推荐两百到四百的降噪耳机",
            Presale("recommend", shelf="earbuds", budget=Budget(20000, 40000), wishes=("noise_cancelling",)),
        ),
        (
            "recommend cheap, lightweight headphones",
            Presale("recommend", shelf="earbuds", wishes=("weight",), is_cheap=True),
        ),
        ("does the W2 smartwtch work with my iPhone", Presale("compatible", ("HM-WT-2",), system="ios")),
        ("我的苹果手机能用E210吗", Presale("compatible", ("HM-EP-210",), system="ios")),
    ],
)
def test_what_is_asked_is_read_out(question, expected):
    assert read_presale(question, NAMES) == expected


@pytest.mark.parametrize(
    ("question", "basket"),
    [
        ("100个充电宝一共多少钱", {"HM-PB-10": 100}),
        ("999 power banks in total", {"HM-PB-10": 999}),
        ("充电宝 x2 一共多少钱", {"HM-PB-10": 2}),
        ("充电宝2，电热水壶1，合计", {"HM-PB-10": 2, "HM-KT-17": 1}),
        ("E110 耳机 2副，一共多少钱", {"HM-EP-110": 2}),
        ("E110耳机来2副和E210耳机来3副，一共多少钱", {"HM-EP-110": 2, "HM-EP-210": 3}),
        ("E110耳机2副E210耳机3副，合计", {"HM-EP-110": 2, "HM-EP-210": 3}),
        ("2个E110 3个E210 合计", {"HM-EP-110": 2, "HM-EP-210": 3}),
        ("2双42码的跑鞋一共多少钱", {"HM-SH": 2}),
        ("two power banks and a kettle, in total", {"HM-PB-10": 2, "HM-KT-17": 1}),
        ("two sets of mugs, in total", {"HM-CP-6": 2}),
    ],
)
def test_pieces_are_those_of_the_article_they_stand_with(question, basket):
    query = read_presale(question, NAMES)
    assert (query.kind, dict(query.basket), query.amount_cents) == ("sum", basket, None)


@pytest.mark.parametrize(
    "question",
    [
        "买2个耳机一共多少钱",  # two articles are called so
        "买2本书一共多少钱",
        "买2张礼品卡一共多少钱",
        "买3斤苹果一共多少钱",
        "spend 2 hours, what do i have to pay",
        "买200元的礼品卡应付多少",  # which takes part in no offer
        "买一百个充电宝一共多少钱",
        "十几个充电宝一共多少钱",
        "充电宝买10多个，总价",
        "power bank, total for two",
        "a dozen power banks in total",
        "充电宝和保温杯各2个一共多少钱",
        "6 mugs in total",  # six, or six sets of six
        "买6只马克杯一共多少钱",
        "2 kg cherries in total",
        "K87键盘 2 E210耳机，合计",  # of which of them?
        "充电宝第二件半价，两个一共多少钱",
        "a power bank and another one, in total",
        "除了2个K87，充电宝一共多少钱",
        "K87键盘不要2个，要3个，一共多少钱",
        "充电宝2个或3个一共多少钱",
        "充电宝2个装一共多少钱",
        "充电宝2万个一共多少钱",
    ],
)
def test_no_sum_is_made_of_a_number_that_is_not_surely_understood(question):
    query = read_presale(question, NAMES)
    assert query is None or (query.kind, query.basket, query.amount_cents) == ("price", (), None)


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("我不是vip，2个充电宝一共多少钱", None),
        ("2个充电宝一共多少钱，我没有金卡", None),
        ("i am not a vip, 2 power banks in total?", None),
        ("vip，2个充电宝一共多少钱", "vip"),
        ("我不是vip是金卡，2个充电宝一共多少钱", "gold"),
        ("i am a gold member, 2 power banks in total?", "gold"),
    ],
)
def test_a_level_is_the_one_that_is_not_denied(question, level):
    assert read_presale(question, NAMES).level == level


@pytest.mark.parametrize(
    ("question", "coupons"),
    [
        ("how much is the phone with the REFER20 coupon", ("REFER20",)),
        ("K87键盘用优惠码 late10 多少钱", ("LATE10",)),
        ("iphone15用的2个充电器一共多少钱", ()),
        ("win11电脑用的2个K87键盘一共多少钱", ()),
        ("iphone15用的充电器用券多少钱", ()),
    ],
)
def test_a_code_stands_beside_the_word_for_a_coupon(question, coupons):
    query = read_presale(question, NAMES)
    assert (query.kind, query.coupons) == ("sum", coupons)


@pytest.mark.parametrize(
    "question",
    [
        "黑色和白色的E110有货吗",
        "is the kettle in stock in the 2 L version",
        "350毫升的保温杯多少钱",
        "how much is the 20,000 mAh power bank",
        "E210打9折多少钱",  # no such offer is known
        "充电宝买一送一吗，两个一共多少钱",
    ],
)
def test_a_look_that_the_catalogue_does_not_know_of_is_left_open(question):
    assert read_presale(question, NAMES) is None


@pytest.mark.parametrize(("question", "colour"), [("白色的手机有货吗", "白色"), ("红色充电宝有货吗", "红色")])
def test_a_colour_is_read_whether_or_not_there_are_any(question, colour):
    assert read_presale(question, NAMES).colour == colour


@pytest.mark.parametrize(
    ("question", "colour"),
    [
        ("黑五E110还有货吗", None),
        ("黑色E110还有货吗", "黑色"),
        ("白E110有货吗", "白色"),
        ("绿色的E110有货吗", "绿色"),
        ("深蓝色的外套有货吗", "深蓝色"),
        ("1米的充电线有货吗", None),
        ("酒红色外套有货吗", "酒红色"),
        ("gold jacket in stock?", "金色"),
        ("藏青色外套有货吗", "藏青"),
        ("navy jacket in stock?", "藏青"),
        ("黑色手机有货吗", "黑色"),
        ("is the 1.7 L kettle in stock", None),
    ],
)
def test_colours_are_read_as_such(question, colour):
    query = read_presale(question, NAMES)
    assert (query.kind, query.colour) == ("stock", colour)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "K87",
        "耳机",
        "推荐",
        "我的耳机有货吗",
        "苹果多少钱",
        "手机壳多少钱",
        "SO20260001 的耳机多少钱",
        "价格" + "很" * 200 + "K87",
        "will the charger work with a Xiaomi laptop",
        "is the coffee machine in stock",
    ],
)
def test_it_is_shy(question):
    assert read_presale(question, NAMES) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("200元以内", Budget(None, 20000)),
        ("不超过 99.9", Budget(None, 9990)),
        ("预算三百", Budget(None, 30000)),
        ("under 200", Budget(None, 20000)),
        ("over ¥150 yuan", Budget(15000, None)),
        ("100左右", Budget(8000, 12000)),
        ("一百五到两百", Budget(15000, 20000)),
        ("五十元以内", Budget(None, 5000)),
        ("3千以内", Budget(None, 300000)),
        ("1k以内", Budget(None, 100000)),
        ("1.5万以内", Budget(None, 1500000)),
        ("两千五以内", Budget(None, 250000)),
        ("2万以内", Budget(None, 2000000)),
        ("不到300", Budget(None, 30000)),
        ("budget 300", Budget(None, 30000)),
        ("under 3,000", Budget(None, 300000)),
        ("not under 200", Budget(20000, None)),
        ("not over 200", Budget(None, 20000)),
        ("不低于200", Budget(20000, None)),
        ("不能超过200", Budget(None, 20000)),
        ("100以上200以下", Budget(10000, 20000)),
        ("between 200 and 300 yuan", Budget(20000, 30000)),
        ("300多", None),
        ("三四百", None),
        ("2到3百", None),
        ("20到30岁女生", None),
        ("10 to 12 year old", None),
        ("within 3 days", None),
        ("under 40 db", None),
        ("不想花超过200", None),
        ("i do not want to spend over 200", None),
        ("200以上100以内", None),
        ("e210", None),
        ("", None),
    ],
)
def test_budgets(text, found):
    assert read_budget(text)[0] == found


@pytest.mark.parametrize(
    "question",
    [
        "推荐一款300多的耳机",
        "推荐三四百的耳机",
        "推荐一款几百块的耳机",
        "推荐百元以内的耳机",
        "推荐200的耳机",
        "recommend earbuds under a hundred",
        "推荐一款送给20到30岁女生的礼物",
        "recommend a gift for a 10 to 12 year old",
        "recommend a quiet fan, i do not want to spend over 200",
        "推荐2升的水壶",
        "recommend a watch as a gift",
        "推荐耳机和手表",
    ],
)
def test_nothing_is_recommended_where_a_figure_or_the_shelf_is_not_understood(question):
    assert read_presale(question, NAMES) is None


@pytest.mark.parametrize(
    ("question", "shelf"),
    [
        ("recommend a power bank for an android phone", "power_bank"),
        ("recommend a charger for a phone under 100", "charger"),
        ("can you recommend earbuds for a phone", "earbuds"),
        ("推荐一个手机用的充电宝", "power_bank"),
        ("推荐个手机充电器", "charger"),
        ("recommend a phone charger", "charger"),
        ("i am looking for a phone under 3,000", "phone"),
    ],
)
def test_the_shelf_is_that_of_what_is_looked_for(question, shelf):
    query = read_presale(question, NAMES)
    assert (query.kind, query.shelf) == ("recommend", shelf)


def test_an_amount_without_goods():
    assert (worth("我买350块的东西")[0], worth("if i spend 420")[0], worth("350")[0]) == (35000, 42000, None)


@pytest.mark.parametrize(
    "text", ["powerbank", "power-banks", "power bank", "two cherries", "a mug", "t-shirts", "电饭煲4升", "鞋"]
)
def test_a_name_is_found_however_it_is_written(text):
    assert NAMES.mentions(text) or NAMES.kinds(text)
