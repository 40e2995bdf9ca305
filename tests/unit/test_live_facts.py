"""Live facts: deadlines, how long they are said, and how texts are filled with them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kefu.errors import DataError, LiveFactError
from kefu.knowledge.files.reader import read_entry
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.placeholders import check_placeholders, fill_live
from kefu.knowledge.live.source import Price, price_in
from kefu.settings import CatalogueSettings
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.logistics import load_logistics
from kefu.shop.policy import load_policy
from kefu.shop.promotion_reader import load_promotions
from tests.clock import Clock
from tests.fake_source import FakeSource

SHOP = Path(__file__).parents[2] / "data" / "shop"
POLICY = load_policy(SHOP / "policy.yml")
NOON = datetime(2026, 11, 20, 4, tzinfo=timezone.utc)


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def source():
    promotions = load_promotions(SHOP / "promotions.yml", POLICY)
    return FakeSource(load_catalogue(SHOP / "catalogue.yml"), promotions, load_logistics(SHOP / "logistics.yml"))


@pytest.fixture
def facts(source, clock):
    return LiveFacts(source, CatalogueSettings(stock_seconds=30, deadline=0.2), POLICY, clock)


def filled(text, facts, language="zh"):
    return fill_live(text, language, facts, facts.clock())


def test_a_reading_is_said_again_until_it_is_too_old(facts, source, clock):
    assert facts.stock("HM-KB-87").value == {"HM-KB-87": 17}
    source.pieces["HM-KB-87"] = 3
    clock.now = NOON + timedelta(seconds=30)
    again = facts.stock("HM-KB-87")
    assert (again.value, again.as_of) == ({"HM-KB-87": 17}, NOON)
    clock.now = NOON + timedelta(seconds=31)
    anew = facts.stock("HM-KB-87")
    assert (anew.value, anew.as_of) == ({"HM-KB-87": 3}, clock.now)


def test_no_figure_is_said_beyond_its_time_even_if_the_source_fails(facts, source, clock):
    facts.stock("HM-KB-87")
    source.is_failing = True
    clock.now = NOON + timedelta(seconds=30)
    assert facts.stock("HM-KB-87").value == {"HM-KB-87": 17}
    clock.now = NOON + timedelta(seconds=31)
    with pytest.raises(LiveFactError, match="cannot be looked up: The fake shop fails"):
        facts.stock("HM-KB-87")
    clock.now = NOON - timedelta(seconds=1)  # a clock set back makes nothing young
    with pytest.raises(LiveFactError):
        facts.stock("HM-KB-87")


def test_a_failure_is_not_kept(facts, source):
    source.is_failing = True
    with pytest.raises(LiveFactError):
        facts.price("HM-KB-87")
    source.is_failing = False
    assert facts.price("HM-KB-87").value == Price(32900)


def test_a_late_source_costs_the_deadline_and_its_answer_serves_the_next(facts, source):
    go_on, done = threading.Event(), threading.Event()

    def wait(asked):
        assert go_on.wait(10)
        done.set()

    source.before = wait
    with pytest.raises(LiveFactError, match=r"not there within 0\.2 s"):
        facts.stock("HM-KB-87")
    with pytest.raises(LiveFactError):  # who asks meanwhile waits for the same answer
        facts.stock("HM-KB-87")
    assert source.asked == ["stock:HM-KB-87"]
    go_on.set()
    assert done.wait(10)
    assert facts.stock("HM-KB-87").value == {"HM-KB-87": 17}
    assert source.asked == ["stock:HM-KB-87"]


def test_an_answer_that_comes_too_late_to_hold_is_not_said(facts, source, clock):
    def wait(asked):
        clock.now = NOON + timedelta(seconds=31)

    source.before = wait
    with pytest.raises(LiveFactError, match="may no longer hold"):
        facts.stock("HM-KB-87")


def test_many_customers_at_once_ask_the_source_once(facts, source):
    entered = threading.Event()
    source.before = lambda asked: entered.wait(0.1)
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda _: facts.stock("HM-KB-87").value, range(8)))
    assert readings == [{"HM-KB-87": 17}] * 8
    assert source.asked == ["stock:HM-KB-87"]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{stock:HM-KB-87}", "有货（17 件）", "17 in stock"),
        ("{stock:HM-TS-XL}", "暂时缺货", "out of stock"),
        (
            "{stock:HM-DR}",
            "S：有货（4 件）；M：有货（9 件）；L：暂时缺货",
            "S: 4 in stock; M: 9 in stock; L: out of stock",
        ),
        ("{price:HM-EP-210}", "399 元（原价 449 元）", "399 yuan (was 449)"),
        ("{price:HM-LF-38}", "329.50 元", "329.50 yuan"),
        ("{attribute:HM-FN-3.noise}", "28 分贝", "28 dB"),
        ("{attribute:HM-EP-210.noise_cancelling}", "有", "yes"),
        ("{attribute:HM-YM-6.material}", "TPE", "TPE"),
        (
            "{promotion:current}",
            "厨房电器 9 折；满 300 减 40；金卡会员减 2%；VIP 会员减 5%",
            "10% off kitchen appliances; 40 yuan off from 300 yuan; gold member discount of 2%; VIP discount of 5%",
        ),
        ("{promotion:full_reduction}", "满 300 减 40", "40 yuan off from 300 yuan"),
        ("{promotion:spring}", "这个活动目前没有在进行", "this offer does not run at the moment"),
        (
            "{logistics:current}",
            "中通快递目前比平时慢（新疆方向受降雪影响）",
            "ZTO Express is slower than usual (snow on the way to Xinjiang)",
        ),
        ("{stock:HM-XX}", "（目前的商品目录里没有 HM-XX）", "(HM-XX is not in the catalogue at present)"),
    ],
)
def test_placeholders_are_filled_in_both_languages(facts, text, zh, en):
    assert filled(f"A {text} B", facts) == (f"A {zh} B", NOON, False)
    assert filled(text, facts, "en") == (en, NOON, False)


def test_what_several_articles_cost_is_looked_up_side_by_side_within_one_deadline(facts, source):
    skus = sorted(source.current.articles)
    held = threading.Event()
    source.before = lambda asked: held.wait() if asked == f"stock:{skus[0]}" else None
    begin = time.monotonic()
    found = facts.offered(skus)
    assert time.monotonic() - begin < 1
    assert set(found) == set(skus[1:])
    held.set()


def test_where_all_are_late_one_deadline_passes_and_nobody_is_kept_waiting_by_them(facts, source):
    skus = sorted(source.current.articles)
    assert len(skus) > 10
    held = threading.Event()
    source.before = lambda asked: held.wait()
    begin = time.monotonic()
    assert facts.offered(skus) == {}
    assert time.monotonic() - begin < 1  # each on its own: 0.2 s
    held.set()
    source.before = lambda asked: None
    assert facts.price(skus[-1]).value == price_in(source.current, skus[-1])
    assert len(source.asked) < 20  # what had not begun never did


def test_an_offer_that_is_over_is_not_named(facts, clock):
    clock.now = datetime(2027, 3, 1, tzinfo=timezone.utc)
    assert filled("{promotion:kitchen}", facts)[0] == "这个活动目前没有在进行"
    assert "厨房" not in filled("{promotion:current}", facts)[0]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{stock:HM-KB-87}", "库存暂时查不到", "stock cannot be looked up right now"),
        ("{price:HM-KB-87}", "价格暂时查不到", "price cannot be looked up right now"),
        ("{attribute:HM-FN-3.noise}", "暂时查不到", "cannot be looked up right now"),
        ("{promotion:current}", "活动暂时查不到", "offers cannot be looked up right now"),
        ("{logistics:current}", "物流情况暂时查不到", "cannot be looked up right now"),
    ],
)
def test_what_cannot_be_looked_up_is_said_to_be_so(facts, source, language, text, zh, en):
    source.is_failing = True
    said, as_of, is_shared = filled(text, facts, language)
    assert (zh if language == "zh" else en) in said
    assert not any(character.isdigit() for character in said)
    assert (as_of, is_shared) == (None, False)


def test_an_attribute_that_the_catalogue_lacks_is_unknown(facts):
    assert "暂时查不到" in filled("{attribute:HM-KB-87.battery}", facts)[0]


def test_of_several_facts_the_oldest_counts(facts, clock):
    facts.stock("HM-KB-87")
    clock.now = NOON + timedelta(seconds=20)
    assert filled("{stock:HM-KB-87}，{price:HM-KB-87}", facts) == ("有货（17 件），329 元", NOON, False)


def test_text_without_live_facts_is_for_everybody(facts):
    text = "7 天内可退，{policy.return_days}，{ 见:下 }，{stock: HM}，{other:thing}"
    assert filled(text, facts) == (text, None, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{stok:HM-KB-87}", "no option `stok`. Did you mean `stock`"),
        ("{promo:current}", "no option `promo`. Did you mean `promotion`"),
        ("{stock:}", "{stock:}: behind `stock:` must stand a SKU"),
        ("{attribute:HM-FN-3}", "must stand a SKU, a point and an attribute"),
        ("{logistics:now}", "must stand `current`"),
        (
            "{logistics:order}",
            "{logistics:order}: behind `logistics:` must stand `current` (where his own order is",
        ),
    ],
)
def test_an_unknown_placeholder_is_refused(text, message):
    with pytest.raises(DataError) as error:
        check_placeholders(f"现货：{text}")
    assert message in str(error.value)


def test_an_entry_with_an_unknown_placeholder_is_refused_by_its_place():
    item = {"id": "a", "zh": {"question": "有货吗", "answer": "{stok:HM-KB-87}"}}
    with pytest.raises(DataError, match=r"x\.yml: a\.zh: `answer`: .*Did you mean `stock`"):
        read_entry(item, "x.yml: 1", "product", "x.yml")
    item["zh"]["answer"] = "现在{stock:HM-KB-87}"
    assert read_entry(item, "x.yml: 1", "product", "x.yml").wordings["zh"].answer == "现在{stock:HM-KB-87}"


def test_known_placeholders_and_other_braces_pass():
    check_placeholders("{stock:HM-TS-M} {price:A_1} {attribute:HM-FN-3.noise} {promotion:current} {logistics:current}")
    check_placeholders("{policy.return_days} { a: b } {} {见: 下} http://x/{y}")
