"""What questions about goods are answered with: figures of the shop, by rule; without them an honest word."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.errors import DataError
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.presale import PresaleDesk
from kefu.knowledge.live.source import Price
from kefu.settings import CatalogueSettings
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.policy import load_policy
from kefu.shop.promotion_reader import load_promotions
from kefu.shop.promotions import Promotions
from tests.clock import Clock
from tests.fake_source import FakeSource

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "data" / "shop"
CATALOGUE = load_catalogue(SHOP / "catalogue.yml")
POLICY = load_policy(SHOP / "policy.yml")
NOON = datetime(2026, 11, 20, 4, tzinfo=timezone.utc)


@pytest.fixture
def source():
    return FakeSource(CATALOGUE, load_promotions(SHOP / "promotions.yml", POLICY))


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def desk(source, clock):
    return PresaleDesk(LiveFacts(source, CatalogueSettings(stock_seconds=30), POLICY, clock))


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("白色T恤L码有现货没", "zh", "纯棉 T 恤：白色 L 有货（3 件）。"),
        ("跑鞋有 41 码吗", "zh", "跑鞋：41 暂时缺货。有货的是：40、42、43、44。"),
        ("跑鞋有 46 码吗", "zh", "跑鞋：没有 46，有的是：40、41、42、43、44。"),
        ("dress in size S, any left?", "en", "floral dress: S: 4 in stock."),
        ("绿色的E110有货吗", "zh", "蓝牙耳机 E110：没有 绿色，有的是：白色、黑色。"),
        ("鞋子有42码吗", "zh", "跑鞋：42 有货（6 件）。\n真皮乐福鞋：没有 42，有的是：37、38、39。"),
        ("有鞋子42码吗", "zh", "跑鞋：42 有货（6 件）。\n真皮乐福鞋：没有 42，有的是：37、38、39。"),
        ("is the green E110 in stock", "en", "E110 Bluetooth earbuds: none in green; there are: white, black."),
        ("E110红色的多少钱", "zh", "蓝牙耳机 E110：没有 红色，有的是：白色、黑色。"),
        ("500毫升保温杯多少钱", "zh", "保温杯 500 毫升：79.90 元。"),
        ("黑色手机有货吗", "zh", "禾木手机 8（128GB 黑色）：有货（8 件）。"),
        ("瑜伽垫有L码吗", "zh", "瑜伽垫：只有一种，不分尺码和颜色。\n瑜伽垫：有货（19 件）。"),
        ("vip，2个充电宝一共多少钱", "zh", "这是 VIP 会员的价格，以您账号的会员等级为准。"),
        ("is the lipstick in stock", "en", "matt lipstick, 05 rose: out of stock."),
        ("乐福鞋有哪些尺码", "zh", "真皮乐福鞋：有 37、38、39。其中 39 暂时缺货。"),
        ("瑜伽垫有什么颜色", "zh", "瑜伽垫：只有一种，不分尺码和颜色。"),
        (
            "how much is the blender",
            "en",
            "B2 blender: 599 yuan. With the current offers (10% off kitchen appliances, 40 yuan off from 300 yuan) "
            "one costs 499.10 yuan, without delivery.",
        ),
        ("E210降噪耳机防水吗", "zh", "蓝牙降噪耳机 E210，防水：IPX5 防水。"),
        ("does the photo editor work on Windows", "en", "Yes, photo editor (download code): works with Windows PCs."),
        ("修图软件支持安卓吗", "zh", "不行，修图软件（下载激活码） 不支持安卓手机。"),
        (
            "which is quieter, the standing fan or the tower fan",
            "en",
            "F3 silent standing fan: better in noise (F3 silent standing fan 28 dB; F5 tower fan 34 dB).",
        ),
        (
            "推荐一款200元以内的静音风扇",
            "zh",
            "为您找到这些（有货）：\n· 静音落地扇 F3：189 元（原价 229 元）、噪音 28 分贝、有货（12 件）\n"
            "· 桌面小风扇 F1：59 元（原价 79 元）、噪音 38 分贝、有货（46 件）",
        ),
        (
            "recommend a fan under 50",
            "en",
            "No fans in stock fit exactly; the nearest:\n· F1 mini desk fan: 59 yuan (was 79), 46 in stock",
        ),
        (
            "买3套陶瓷马克杯，满300减40再用券要付多少",
            "zh",
            "应付：347 元\n再用“邀请好友券 20 元”：应付 327 元\n再用“晚到补偿券 10 元”：应付 337 元",
        ),
        ("2 K87 keyboards with coupon SAVE99, total?", "en", "There is no coupon SAVE99 that can be used"),
        ("买两个保温杯，满200减30，应付多少", "zh", "目前没有“满 200 减 30”的活动。现在的是：满 300 减 40。"),
    ],
)
def test_answers_come_from_the_data(desk, question, language, text):
    answer = desk.answer(question, language)
    assert answer is not None and text in answer.text
    assert answer.as_of == NOON
    assert answer.source == {"zh": "商城商品目录", "en": "the shop's catalogue"}[language]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("推荐个200以内的礼物", "zh"),
        ("想给妈妈买个200以内的礼物", "zh"),
        ("gift for my mom under 200", "en"),
        ("I need a present for my boss under 200", "en"),
    ],
)
def test_gifts_are_found_on_every_shelf(desk, question, language):
    found = desk.answer(question, language).text
    assert ("小说《南方来信》" if language == "zh" else "Letters from the South") in found
    assert "口红" not in found and "lipstick" not in found, "which is sold out"


def test_what_was_given_to_somebody_is_no_search(desk):
    assert desk.answer("我给妈妈买的礼物200以内能退吗", "zh") is None


def test_what_is_sold_out_is_not_recommended(desk, source, clock):
    source.pieces["HM-FN-3"] = 0
    assert "F3" not in desk.answer("推荐一款200元以内的静音风扇", "zh").text
    source.pieces |= {"HM-FN-1": 0, "HM-FN-5": 0}
    clock.now += timedelta(seconds=31)
    assert desk.answer("推荐一款200元以内的静音风扇", "zh").text == "风扇目前都没有现货。"


def lacking(source, *skus):
    """Let the source not know these articles' stock."""

    def before(asked):
        if asked in [f"stock:{sku}" for sku in skus]:
            raise DataError("not known")

    source.before = before


def test_an_article_whose_stock_is_not_known_is_left_out(desk, source):
    lacking(source, "HM-FN-3")
    answer = desk.answer("推荐一款200元以内的静音风扇", "zh")
    assert "F3" not in answer.text and "F1" in answer.text and answer.as_of == NOON


def test_where_only_an_article_that_is_not_known_might_fit_that_is_admitted(desk, source):
    lacking(source, "HM-FN-1")
    answer = desk.answer("recommend a fan under 50", "en")
    assert "cannot be looked up right now" in answer.text and answer.as_of is None


def test_a_coupon_is_known_in_whatever_letters_the_shop_writes_it(source, clock):
    offers = load_promotions(SHOP / "promotions.yml", POLICY).offers
    renamed = tuple(replace(offer, id="Refer20") if offer.id.lower() == "refer20" else offer for offer in offers)
    assert renamed != offers
    shop = FakeSource(CATALOGUE, Promotions(renamed))
    desk = PresaleDesk(LiveFacts(shop, CatalogueSettings(stock_seconds=30), POLICY, clock))
    answer = desk.answer("how much do I pay for 2 K87 keyboards with coupon REFER20", "en")
    assert "There is no coupon" not in answer.text and "−20 yuan" in answer.text


def test_the_price_of_the_moment_decides(desk, source):
    source.prices["HM-FN-3"] = Price(20100)
    assert "F3" not in desk.answer("推荐一款200元以内的静音风扇", "zh").text


def test_what_the_data_do_not_say_is_left_to_the_help_pages(desk):
    assert desk.answer("K87 键盘续航多久", "zh") is None
    assert desk.answer("台灯支持苹果手机吗", "zh") is None


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        ("K87 键盘有货吗", "库存暂时查不到，请稍后再问", "stock cannot be looked up right now"),
        (
            "K87 键盘多少钱",
            "价格暂时查不到，请以商品页为准",
            "the price cannot be looked up right now; see the product page",
        ),
        ("推荐一款静音风扇", "商品信息暂时查不到", "this cannot be looked up right now"),
    ],
)
def test_a_source_that_fails_is_admitted(source, desk, question, zh, en):
    desk.answer("K87 键盘防水吗", "zh")  # the catalogue is known by now
    source.is_failing = True
    for language, text in (("zh", zh), ("en", en)):
        answer = desk.answer(question, language)
        assert text in answer.text and answer.as_of is None
        assert not any(character.isdigit() for character in answer.text)


def test_warming_up_reads_the_catalogue_and_survives_a_failure(source, desk):
    source.is_failing = True
    desk.warm_up()
    source.is_failing = False
    desk.warm_up()
    assert source.asked == ["catalogue", "catalogue"]


def test_without_a_catalogue_no_question_is_taken(source, desk):
    source.is_failing = True
    assert desk.answer("K87 键盘有货吗", "zh") is None


def test_a_changed_catalogue_is_taken_up(source, clock, desk):
    assert desk.answer("敲敲板有货吗", "zh") is None
    article = replace(CATALOGUE.articles["HM-KB-87"], also=("敲敲板",))
    source.current = replace(CATALOGUE, articles={**CATALOGUE.articles, "HM-KB-87": article})
    clock.now += timedelta(seconds=301)
    assert desk.answer("敲敲板有货吗", "zh").text == "机械键盘 K87：有货（17 件）。"


def test_a_catalogue_that_is_looked_up_again_unchanged_is_not_indexed_again(source, clock, desk, monkeypatch):
    indexed = []
    monkeypatch.setattr(
        "kefu.knowledge.live.presale.GoodsNames", lambda each: indexed.append(each) or GoodsNames(each)
    )
    for _ in range(3):
        assert desk.answer("K87 键盘有货吗", "zh")
        source.current = replace(CATALOGUE, articles=dict(CATALOGUE.articles))
        clock.now += timedelta(seconds=301)
    assert len(indexed) == 1


SOLD = "商品目录里没有找到这类商品。目前在卖的有：风扇、"


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("你们卖冰箱吗", "zh", SOLD),
        ("有没有卖宠物粮的", "zh", SOLD),
        ("你们家有空调卖吗？", "zh", SOLD),
        ("请问卖不卖自行车", "zh", SOLD),
        ("有没有冰箱", "zh", SOLD),
        ("你们有手机壳吗", "zh", SOLD),
        ("got any tents?", "en", "Nothing of that kind is in the catalogue."),
        ("any umbrellas?", "en", "Nothing of that kind is in the catalogue."),
        ("do you have a fridge", "en", "Nothing of that kind is in the catalogue."),
        ("do you sell laptops?", "en", "Nothing of that kind is in the catalogue. What we sell: fans, earbuds, "),
        ("hi, do you guys carry bicycles", "en", "Nothing of that kind is in the catalogue. What we sell: fans, "),
    ],
)
def test_goods_that_are_not_sold_are_answered_with_what_is(desk, question, language, said):
    assert desk.answer(question, language) is None
    found = desk.of_no_shelf(question, language)
    assert found is not None
    assert found.text.startswith(said)


@pytest.mark.parametrize(
    "question",
    [
        "卖不卖充电宝",
        "do you sell phones?",
        "你们的退货政策卖得好吗",
        "这个卖完了吗",
        "do you sell out often",
        "没货了吗",
        "怎么卖家不回我",
        "有没有人在",
        "有优惠吗",
        "你们有实体店吗",
        "do you have a store in Beijing?",
        "do you have any coupons",
        "any update?",
        "do you have a phone number",
    ],
)
def test_what_is_sold_or_no_goods_is_not(desk, question):
    assert desk.of_no_shelf(question, "zh") is None


def test_without_the_catalogue_nothing_is_said_of_what_is_sold(desk, source):
    source.is_failing = True
    assert desk.of_no_shelf("你们卖冰箱吗", "zh") is None


def test_a_service_that_is_away_is_waited_for_once(desk, source, monkeypatch):
    """However many recommendations were asked for before: each would take its deadline."""
    waited = []
    monkeypatch.setattr(LiveFacts, "offered", lambda self, skus: waited.append(tuple(skus)) or {})
    before = ["推荐一款静音风扇", "推荐一款300以内的耳机", "推荐个200以内的礼物"]
    desk.answer("那多少钱", "zh", before)
    assert len(waited) == 1
