"""Questions about goods that leave out which, or what is asked: the ones before say so."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.presale import PresaleDesk
from kefu.settings import CatalogueSettings
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.policy import load_policy
from kefu.shop.promotion_reader import load_promotions
from kefu.text import detect_language
from tests.clock import Clock
from tests.fake_source import FakeSource

SHOP = Path(__file__).parents[2] / "data" / "shop"
NOON = datetime(2026, 11, 20, 4, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def desk():
    policy = load_policy(SHOP / "policy.yml")
    source = FakeSource(load_catalogue(SHOP / "catalogue.yml"), load_promotions(SHOP / "promotions.yml", policy))
    return PresaleDesk(LiveFacts(source, CatalogueSettings(), policy, Clock(NOON)))


def asked(desk, *questions):
    """The answer to the last question; the ones before were answered."""
    *before, question = questions
    return desk.answer(question, detect_language(questions[0]) or "zh", before)


@pytest.mark.parametrize(
    ("questions", "kind", "said"),
    [
        (["is the K87 in stock", "how much for 2 of them with SAVE10"], "sum", "to pay: 618 yuan"),
        (["is the K87 in stock", "how much for 2 of them with SAVE10"], "sum", "There is no coupon SAVE10"),
        (["is the K87 in stock", "how much is it"], "price", "329 yuan"),
        (["got any running shoes?", "size 42?"], "stock", "42: 6 in stock"),
        (["do u hv any phones", "cheapest one?"], "recommend", "Hemu Phone 8"),
        (["有没有手机", "最便宜的哪个"], "recommend", "手机"),
        (["卖耳机吗", "哪个便宜"], "recommend", "耳机"),
        (["有没有手机", "黑色的？"], "stock", "黑色"),
        (["how much is the K87", "and 3?"], "sum", "K87 mechanical keyboard × 3: 987 yuan"),
        (["how much is the K87", "what about 2?"], "sum", "× 2: 658 yuan"),
        (["how much is the blender", "is it loud"], "attribute", "72 dB"),
        (["how much is the K87", "does it work with macs"], "compatible", "works with Macs"),
        (["is the rice cooker still available", "and the kettle?"], "stock", "kettle: 40 in stock"),
        (["e110 vs e210", "which is lighter"], "compare", "E110 Bluetooth earbuds: better in weight"),
        (["e110 vs e210", "are they waterproof"], "attribute", "IPX4"),
        (["E210 有现货吗", "多少钱"], "price", "399 元"),
        (["E210 有现货吗", "多少钱", "有白色的吗"], "stock", "白色 有货（9 件）"),
        (["E210 有现货吗", "买两个用REFER20一共多少"], "sum", "应付：738 元"),
        (["E210 多少钱", "那三个呢"], "sum", "× 3：1197 元"),
        (["E210 有现货吗", "能连苹果手机吗"], "compatible", "支持苹果手机"),
        (["跑鞋多少钱", "42码有吗"], "stock", "跑鞋：42 有货（6 件）"),
        (["跑鞋多少钱", "两双一共多少钱"], "sum", "应付：818 元"),
        (["有没有白色的T恤", "L码的呢"], "stock", "白色 L 有货（3 件）"),
        (["有没有白色的T恤", "L码的呢", "要两件多少钱"], "sum", "应付：158 元"),
        (["电饭煲多少钱", "那电热水壶呢"], "price", "电热水壶 1.7 升：129 元"),
        (["耳机多少钱", "第二个有货吗"], "stock", "蓝牙降噪耳机 E210"),
        (["耳机多少钱", "哪个续航长"], "compare", "续航方面，蓝牙降噪耳机 E210 更好"),
        (["防风外套有货吗", "什么材质的"], "attribute", "聚酯纤维"),
        (["有没有手机", "多少钱"], "price", "2599 元"),
        (["充电宝有货吗", "多少钱一个"], "price", "129.90 元"),
        (["充电宝有货吗", "多少毫安的"], "attribute", "10000 毫安时"),
        (["E210 有货吗", "降噪咋样"], "attribute", "主动降噪：有"),
        (["E210 有货吗", "续航怎么样"], "attribute", "30 小时"),
        (["E210 有货吗", "充满电能用多久"], "attribute", "30 小时"),
        (["do you have the E210", "how long does the battery last"], "attribute", "30 hours"),
        (["do you sell strawberries", "how long do they last"], "attribute", "2 days in the fridge"),
        (["do you sell earbuds", "does it have noise cancelling"], "attribute", "noise cancelling: yes"),
        (["got any running shoes?", "how much are they"], "price", "running shoes: 429 yuan"),
    ],
)
def test_what_was_spoken_of_is_meant(desk, questions, kind, said):
    answer = asked(desk, *questions)
    assert answer is not None and answer.query.kind == kind and said in answer.text, answer


@pytest.mark.parametrize(
    ("questions", "kind", "said"),
    [
        (["do you sell fans", "is the first one in stock"], "stock", "F1 mini desk fan: 46 in stock"),
        (["do you sell fans", "is the third one loud"], "attribute", "F5 tower fan, noise: 34 dB"),
        (["推荐一款200元以内的静音风扇", "第一个多少钱"], "price", "静音落地扇 F3：189 元"),
        (["recommend a quiet fan under 200", "how much is the second one"], "price", "F1 mini desk fan: 59 yuan"),
        (["推荐一款200元以内的静音风扇", "最后一个多少钱"], "price", "桌面小风扇 F1：59 元"),
        (["推荐一款100元以内的手机", "有货吗"], "stock", "禾木手机 8"),
        (["推荐一款200元以内的静音风扇", "第一个多少钱", "有货吗"], "stock", "静音落地扇 F3：有货（12 件）"),
    ],
)
def test_the_first_one_is_that_of_the_list_that_was_shown(desk, questions, kind, said):
    answer = asked(desk, *questions)
    assert answer is not None and answer.query.kind == kind and said in answer.text, answer
    assert len(answer.query.articles) == 1


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (["is the E210 waterproof", "and the other one?"], "E110 Bluetooth earbuds, water resistance: IPX4"),
        (["E110 防水吗", "另一个呢"], "蓝牙降噪耳机 E210，防水：IPX5"),
        (["E110 防水吗", "另一款多少钱"], "蓝牙降噪耳机 E210：399 元"),
    ],
)
def test_the_other_one_is_the_only_other_one_on_the_shelf(desk, questions, said):
    answer = asked(desk, *questions)
    assert answer is not None and said in answer.text


@pytest.mark.parametrize(
    "questions", [["桌面小风扇有货吗", "另一个呢"], ["K87 有货吗", "另一个呢"], ["E110和E210有什么区别", "另一个呢"]]
)
def test_the_other_one_of_none_or_several_is_not_guessed(desk, questions):
    assert asked(desk, *questions) is None


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("E110 vs E210", "which one for running"),
        ("do you sell earbuds", "so which one is better for the gym"),
        ("E110和E210有什么区别", "哪个适合跑步"),
        ("卖耳机吗", "坐地铁用哪个好"),
    ],
)
def test_which_one_is_for_what_is_answered_with_all_that_is_known_of_them(desk, before, question):
    answer = asked(desk, before, question)
    assert answer is not None and answer.query.kind == "compare"
    assert "IPX4" in answer.text and "IPX5" in answer.text


@pytest.mark.parametrize(
    "question", ["支付方式哪个好", "哪个快递好", "which one is better for returns", "which card is best"]
)
def test_which_of_other_things_is_not_of_the_goods(desk, question):
    assert asked(desk, "E110和E210有什么区别", question) is None


@pytest.mark.parametrize("question", ["E210耳机和别的比哪个好", "is the E210 better than the others"])
def test_all_others_are_those_on_the_shelf(desk, question):
    answer = asked(desk, question)
    assert answer is not None and answer.query.articles == ("HM-EP-210", "HM-EP-110")


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (["got any running shoes?", "and in black?"], "running shoes: the catalogue lists no colours to choose from."),
        (["连衣裙有货吗", "粉色的有没有"], "碎花连衣裙：商品目录里没有可选的颜色。\n碎花连衣裙：S 有货"),
        (["E210 有货吗", "粉色的有没有"], "没有 粉色，有的是：黑色、白色"),
        (["手机有货吗", "黑色的有吗"], "禾木手机 8（128GB 黑色）：有货"),
    ],
)
def test_a_colour_that_the_catalogue_does_not_tell_of(desk, questions, said):
    answer = asked(desk, *questions)
    assert answer is not None and said in answer.text


@pytest.mark.parametrize(
    "question", ["支持花呗吗", "多久能到", "可以开发票吗", "能退吗", "运费多少", "什么时候发货", "有人吗", "在吗"]
)
@pytest.mark.parametrize("before", ["E210 有现货吗", "E210 多少钱"])
def test_what_is_about_the_shop_is_left_to_the_help_pages(desk, before, question):
    assert asked(desk, before, question) is None


@pytest.mark.parametrize(
    "question",
    [
        "do you ship to Canada",
        "thanks",
        "can I return it",
        "my order has not arrived",
        "who are you",
        "ok",
        "2",
        "yes",
    ],
)
def test_and_in_english(desk, question):
    assert asked(desk, "how much is the blender", question) is None


def test_without_goods_before_nothing_is_guessed(desk):
    for question in ("how much for 2 of them", "多少钱", "有白色的吗", "and 3?"):
        assert asked(desk, question) is None


def test_goods_that_are_named_count_more_than_those_before(desk):
    assert "破壁机" in asked(desk, "E210 有现货吗", "破壁机多少钱").text
    assert asked(desk, "how much is the blender", "do you sell fans").query.kind == "recommend"


# --- offers that are named


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("满300减40 和 SAVE10 能一起用吗", ["没有查到可用的优惠码 SAVE10。", "“满 300 减 40”和一张优惠券可以一起用"]),
        ("满300减40和REFER20能一起用吗", ["“满 300 减 40”和“邀请好友券 20 元”可以一起用"]),
        ("满300减40跟店铺券能一起用不", ["“满 300 减 40”和一张优惠券可以一起用"]),
        ("REFER20能和会员折扣叠加吗", ["“会员折扣”和“邀请好友券 20 元”可以一起用"]),
        ("SAVE10 能用吗", ["没有查到可用的优惠码 SAVE10。"]),
        ("REFER20 现在能用吗", ["“邀请好友券 20 元”目前有效"]),
        (
            "用code SUMMER再加满500减50，final price多少呀",
            ["SUMMER", "没有“满 500 减 50”的活动", "告诉我要买的商品和件数"],
        ),
        ("买两个空气炸锅用SAVE10那个码一共多少钱", ["没有查到可用的优惠码 SAVE10", "告诉我要买的商品和件数"]),
        ("can i stack REFER20 with the 300-40 deal", ["can be used together"]),
        ("can I use REFER20 and LATE10 together", ["cannot be used together; an order takes one of them"]),
        ("does the WELCOME15 code work on top of the sale price or nah", ["There is no coupon WELCOME15"]),
        ("is SAVE10 still valid?", ["There is no coupon SAVE10"]),
        (
            "spend 200 get 30 off - is that before or after the member discount",
            ["There is no offer of 30 yuan off from 200", "What holds: 40 yuan off from 300 yuan"],
        ),
    ],
)
def test_offers_that_are_named_are_answered_from_those_that_hold(desk, question, said):
    answer = asked(desk, question)
    assert answer is not None and answer.query.kind == "offers"
    for text in said:
        assert text in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "两张券能一起用吗",
        "优惠券怎么用",
        "can i use two vouchers in one basket",
        "does it work with iphone15",
        "支持usb3吗",
    ],
)
def test_what_names_no_offer_is_left_to_the_help_pages(desk, question):
    assert asked(desk, question) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how much for 2 K87 with SAVE10", "K87 mechanical keyboard × 2"),
        ("买3个马克杯套装多少钱", "129 元（一件的价格）"),
        ("how much is a mug set with REFER20", "to pay: 109 yuan"),
        ("预算2k，想要个noise cancelling的耳机，通勤用，有什么recommend", "E210"),
        ("给爸妈买手机，字大声音大，一千五预算", "没有完全符合的，最接近的是"),
        ("budget 300 earbuds with good battery, any recs", "E210"),
        ("whats ur cheapest fan", "F1 mini desk fan: 59 yuan"),
        ("几款风扇里哪个最静音", "静音落地扇 F3"),
        ("do you sell fans", "F1 mini desk fan"),
        ("乐福鞋有没有40的", "没有 40，有的是：37、38、39"),
        ("电饭煲3升的够四个人吃吗", "4 升，够 2–6 人"),
        ("E110跟E210差哪儿", "主动降噪：蓝牙耳机 E110 没有"),
        ("does the 65W charger work for a macbook", "works with Macs"),
        ("got the E110 in black?", "black: out of stock"),
    ],
)
def test_questions_as_strangers_ask_them(desk, question, said):
    answer = asked(desk, question)
    assert answer is not None and said in answer.text, answer
