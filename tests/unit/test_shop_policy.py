"""The shop's policy: what it says, how it is put into texts, and what is refused."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from kefu.errors import DataError
from kefu.shop.labels import labels
from kefu.shop.policy import load_policy

DEMO = Path(__file__).parents[2] / "data/shop/policy.yml"


@pytest.fixture(scope="module")
def policy():
    return load_policy(DEMO)


@pytest.fixture
def changed(tmp_path):
    """Load the demo's policy with one change made to it."""

    def load(change):
        content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
        change(content)
        file = tmp_path / "policy.yml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return load_policy(file)

    return load


def test_the_rules_of_the_demo_shop(policy):
    assert dict(policy.return_window_by_level) == {"silver": 7, "gold": 15, "vip": 30}
    assert policy.defect_days == 30
    assert policy.reasons["no_reason"].postage == "customer"
    assert all(rule.postage == "shop" for name, rule in policy.reasons.items() if name != "no_reason")
    assert policy.reasons["spoiled"].remedies[0] == "refund_only"
    assert "gift_card" in policy.not_returnable_if_confirmed
    assert policy.price_protection.excluded == ("flash_sale",)


def test_facts_are_said_in_the_language_of_the_text(policy):
    text = "{policy.return_days} / {policy.refund_days} / {shop.phone}"
    assert policy.fill(text, "zh") == "7 / 1–3 个工作日 / 400-000-0199"
    assert policy.fill(text, "en") == "7 / 1–3 working days / 400-000-0199"
    assert policy.placeholders("en")["shop.name"] == "Hemu Store"


def test_rules_of_prices_and_invoices_are_said_as_the_file_has_them(policy, changed):
    text = "{invoice.default}/{price_protection.times}/{price_protection.excluded}/{price_protection.days}"
    assert policy.fill(text, "zh") == "电子发票/一次/限时秒杀价/7"
    assert policy.fill(text, "en") == "an e-invoice/once/flash-sale prices/7"
    other = changed(lambda c: c["price_protection"].update(times=3, excluded=["flash_sale", "members"]))
    assert other.fill("{price_protection.times}：{price_protection.excluded}", "zh") == "3 次：限时秒杀价、会员价"
    assert "twice" in changed(lambda c: c["price_protection"].update(times=2)).facts["price_protection.times"].values()
    unlimited = changed(lambda c: c["price_protection"].update(excluded=[]))
    with pytest.raises(DataError, match=r"price_protection\.excluded"):
        unlimited.fill("not {price_protection.excluded}", "en")


@pytest.mark.parametrize("group", ["invoice_default", "invoice_special_vat", "invoice_amount", "invoice_correction"])
def test_every_rule_of_invoices_that_has_words_may_be_chosen(changed, group):
    key = group.removeprefix("invoice_")
    for value, words in labels(group).items():
        policy = changed(lambda content, value=value: content["invoice"].update({key: value}))
        assert policy.fill(f"{{invoice.{key}}}", "en") == words.en


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (
            {"amount": "actually_paid", "default": "electronic"},
            "可以在订单里下载：是您实际支付的金额，不含优惠券和满减减掉的部分",
            "ready to download from the order: "
            "the amount you actually paid, without what coupons and discounts took off",
        ),
        (
            {"amount": "listed", "default": "paper"},
            "随后寄给您：是优惠前的金额，优惠券和满减减掉的部分也算在内",
            "then posted to you: the amount before discounts, with what coupons and discounts took off",
        ),
    ],
)
def test_whatever_invoices_a_shop_writes_is_said_in_whole_sentences(changed, rule, zh, en):
    policy = changed(lambda content: content["invoice"].update(rule))
    assert policy.fill("{invoice.handed_over}：是{invoice.amount_explained}", "zh") == zh
    assert policy.fill("{invoice.handed_over}: {invoice.amount_explained}", "en") == en


def test_an_unknown_placeholder_is_refused_with_the_nearest_known_one(policy):
    with pytest.raises(DataError, match=r"Did you mean \{policy.return_days\}"):
        policy.fill("within {policy.retrun_days} days", "en")


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ((0, 59), False),  # 08:59 in Shanghai
        ((1, 0), True),  # 09:00
        ((12, 59), True),  # 20:59
        ((13, 0), False),  # 21:00
        ((16, 0), False),  # midnight
    ],
)
def test_service_hours_are_those_of_the_shop_whatever_the_zone_of_the_clock(policy, utc, is_open):
    assert policy.service_is_open(datetime(2026, 11, 20, *utc, tzinfo=timezone.utc)) is is_open


def test_a_shift_may_go_over_midnight(changed):
    policy = changed(lambda content: content["shop"].update(human_hours_start="20:00", human_hours_end="02:00"))
    at = {hour: policy.service_is_open(datetime(2026, 11, 20, hour, tzinfo=policy.timezone)) for hour in (1, 3, 21)}
    assert at == {1: True, 3: False, 21: True}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("reasons"), "lacks `reasons`"),
        (lambda c: c["policy"].pop("defect_days"), "lacks `defect_days`"),
        (lambda c: c["shop"].pop("service_hours"), "lacks `service_hours`"),
        (lambda c: c.update(invoise={}), "no option `invoise`. Did you mean `invoice`"),
        (lambda c: c["reasons"]["defect"].update(postge="shop"), "Did you mean `postage`"),
        (lambda c: c["reasons"]["defect"].update(postage="nobody"), "one of shop, customer; it is 'nobody'"),
        (lambda c: c["reasons"]["defect"].update(remedies=["pray"]), "it is 'pray'"),
        (lambda c: c["reasons"]["defect"].update(remedies=[]), "at least one of"),
        (lambda c: c["policy"].update(defect_days="30"), "a whole number from 0; it is '30'"),
        (lambda c: c["policy"].update(timezone="Asia/Shangai"), "time zone"),
        (lambda c: c["shop"].update(human_hours_end=1260), "in quotation marks"),
        (lambda c: c["shop"].update(human_hours_end="24:30"), "time of day"),
        (lambda c: c["shop"].update(name={"zh": "禾木"}), "for each of zh, en"),
        (lambda c: c["policy"].update(return_days=8), "contradicts itself: `policy.return_days` is 8"),
        (lambda c: c["policy"].update(price_protection_days=9), "contradicts itself"),
        (lambda c: c["condition"]["allowed"].append("activated"), "both allows and refuses `activated`"),
        (lambda c: c["invoice"].update(correction="white_letter"), "one of red_letter; it is 'white_letter'"),
        (lambda c: c["price_protection"].update(excluded=["sale"]), "it is 'sale'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changed, change, message):
    with pytest.raises(DataError, match=message.replace(".", r"\.")):
        changed(change)


def test_a_shop_may_add_facts_of_its_own(changed):
    assert changed(lambda c: c["shop"].update(wechat="hemu")).fill("{shop.wechat}", "zh") == "hemu"


@pytest.mark.parametrize("content", ["", "- a list", "shop: ["])
def test_a_file_that_is_no_policy_is_refused(tmp_path, content):
    file = tmp_path / "policy.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"policy\.yml"):
        load_policy(file)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_policy(tmp_path / "none.yml")


def test_a_filled_in_fact_leaves_no_space_between_chinese_characters():
    policy = load_policy(Path(__file__).parents[2] / "data" / "shop" / "policy.yml")
    assert policy.fill("一般 {policy.delivery_days} 送到", "zh") == "一般 2–4 天送到"
    assert policy.fill("takes {policy.delivery_days} in all", "en") == "takes 2–4 days in all"
