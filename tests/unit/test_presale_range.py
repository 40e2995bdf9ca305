"""What is sold at all, all of a kind, devices that others make, and something to give to somebody."""

from pathlib import Path

import pytest

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.dialogue.presale.budgets import Budget
from kefu.dialogue.presale.goods_not_sold import asks_for_other_goods
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.presale.read_presale import read_presale
from kefu.errors import DataError
from kefu.shop.catalogue_reader import load_catalogue, read_catalogue

SHOP = Path(__file__).parents[2] / "data" / "shop"
NAMES = GoodsNames(load_catalogue(SHOP / "catalogue.yml"))


@pytest.mark.parametrize(
    "question",
    [
        "你们都卖啥",
        "你们都卖什么呀",
        "你们有什么产品",
        "店里有啥好东西推荐",
        "你们主要卖什么的",
        "what do you sell",
        "what do u guys sell?",
        "what kind of things do you sell?",
        "what products do you have",
        "what can i buy here",
    ],
)
def test_what_is_sold_at_all(question):
    assert read_presale(question, NAMES) == Presale("range")


@pytest.mark.parametrize(
    "question",
    [
        "你们有什么优惠",
        "有什么活动推荐",
        "有什么问题可以问你",
        "你们有什么售后服务",
        "what do you have for me",
        "what do you do",
        "what can i do here",
        "what do you need",
        "什么东西不能退",
        "你们卖的什么破东西",
    ],
)
def test_what_asks_for_no_goods_is_left_alone(question):
    assert read_presale(question, NAMES) is None


@pytest.mark.parametrize(
    ("question", "shelf"),
    [
        ("那你们有什么手机", "phone"),
        ("你们有什么手机", "phone"),
        ("有哪些耳机", "earbuds"),
        ("店里风扇有哪些", "fan"),
        ("which phones do you sell", "phone"),
        ("what fans do you have", "fan"),
        ("what kinds of earbuds do you have?", "earbuds"),
    ],
)
def test_all_of_a_kind(question, shelf):
    assert read_presale(question, NAMES) == Presale("recommend", shelf=shelf)


@pytest.mark.parametrize(
    ("question", "system"),
    [
        ("有iPhone 17吗", "ios"),
        ("有没有iphone17", "ios"),
        ("卖iPhone 16 Pro Max吗", "ios"),
        ("do you have the iphone 17", "ios"),
        ("do you sell samsung phones", "android"),
        ("有华为手机吗", "android"),
        ("iphone 17 有货吗", "ios"),
        ("有卖小米手机的吗", "android"),
    ],
)
def test_a_device_that_others_make_is_not_sold_here(question, system):
    assert read_presale(question, NAMES) == Presale("recommend", shelf="phone", system=system)


@pytest.mark.parametrize(
    "question",
    ["有苹果吗", "有苹果充电线吗", "E210支持iPhone 17吗", "有iPhone 17的壳吗", "do you have an iphone charger"],
)
def test_what_is_for_a_device_is_none(question):
    query = read_presale(question, NAMES)
    assert query is None or query.system is None or query.kind == "compatible"


def test_a_system_stands_on_a_shelf_that_there_is():
    content = {
        "attributes": {},
        "kinds": {"phone": {"zh": "手机", "en": "phones"}},
        "systems": {"ios": {"zh": "苹果手机", "en": "iPhones", "shelf": "phones"}},
        "articles": {},
    }
    with pytest.raises(DataError, match="shelf"):
        read_catalogue(content, "catalogue.yml")


@pytest.mark.parametrize(
    ("question", "budget"),
    [
        ("预算200给女朋友买啥好", Budget(None, 20_000)),
        ("有没有适合送妈妈的 300块以内", Budget(None, 30_000)),
        ("200块给妈妈买什么好", Budget(None, 20_000)),
        ("给爸爸买什么好", Budget()),
        ("有什么送女朋友的", Budget()),
        ("something for my dad who likes cooking, max 400 yuan", Budget(None, 40_000)),
        ("anything for a gamer under 350", Budget(None, 35_000)),
        ("dont you have anything for a gamer under 350", Budget(None, 35_000)),
        ("what can i get my girlfriend for 200 yuan", Budget(None, 20_000)),
        ("something for coffee lovers", Budget()),
        ("birthday gift under 150 for my mum", Budget(None, 15_000)),
    ],
)
def test_something_for_somebody_is_looked_for_among_the_gifts(question, budget):
    assert read_presale(question, NAMES) == Presale("recommend", shelf="gift", budget=budget)


@pytest.mark.parametrize(
    "question", ["something cheap for a 5 yr old kid", "send me something cheap for a 5 yr old kid"]
)
def test_an_age_is_no_amount(question):
    assert read_presale(question, NAMES) == Presale("recommend", shelf="gift", is_cheap=True)


@pytest.mark.parametrize(
    "question",
    [
        "给女朋友寄的包裹到了吗",
        "给妈妈买的耳机能退吗",
        "预算200够不够运费",
        "送妈妈的东西坏了",
        "给爸爸买了什么来着",
        "something is wrong with the gift for my mum",
        "anything for my order yet",
        "is there anything for me to sign",
        "something for my dad has not arrived",
    ],
)
def test_what_was_given_already_is_no_such_question(question):
    assert read_presale(question, NAMES) is None


@pytest.mark.parametrize("question", ["toys?", "do you have toys", "do u have tents?", "and bicycles?"])
def test_goods_by_a_word_alone(question):
    assert asks_for_other_goods(question, NAMES)


@pytest.mark.parametrize(
    "question", ["returns?", "thanks", "always", "do you have coupons", "earbuds?", "toys", "points?"]
)
def test_no_other_goods(question):
    assert not asks_for_other_goods(question, NAMES)
