"""The catalogue: the demo shop's, and what a wrong one is refused for."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from kefu.errors import DataError
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.orders import Bilingual

SHOP = Path(__file__).parents[2] / "data" / "shop"
SMALL = """
attributes:
  noise: {zh: 噪音, en: noise, unit: {zh: 分贝, en: " dB"}, better: lower, asked: [噪音],
    wish: {words: [静音], at_most: 40}}
  quiet: {zh: 静音, en: quiet}
systems:
  ios: {zh: 苹果手机, en: iPhones, also: [iphone]}
kinds:
  fan: {zh: 风扇, en: fans, also: [风扇]}
articles:
  F1: {zh: 小风扇, en: fan, category: appliance, kind: fan, price: 59.9, list: 79, stock: 4, works_with: [ios],
    attributes: {noise: 22.50, quiet: true}}
  F2: {zh: 大风扇, en: big fan, category: appliance, kind: fan, price: 100,
    variants: [{sku: F2-A, size: A, stock: 1}, {sku: F2-B, size: B, colour: {zh: 红, en: red}, stock: 0}]}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "catalogue.yml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_every_product_of_the_demo_orders_is_sold_at_its_price():
    catalogue = load_catalogue(SHOP / "catalogue.yml")
    products = yaml.safe_load((SHOP / "orders.yml").read_text(encoding="utf-8"))["products"]
    for sku, product in products.items():
        found = catalogue.find(sku)
        assert found is not None, sku
        article, _ = found
        assert article.price_cents == round(product["price"] * 100), sku
        assert article.category == product["category"], sku
    assert len(catalogue.articles) >= 40


def test_values_are_exact(file):
    catalogue = load_catalogue(file)
    article = catalogue.articles["F1"]
    assert (article.price_cents, article.list_cents) == (5990, 7900)
    assert article.attributes["noise"] == Decimal("22.5") and article.attributes["quiet"] is True
    noise = catalogue.attributes["noise"]
    assert noise.said(article.attributes["noise"], "en") == "22.5 dB"
    assert noise.said(Decimal(400), "zh") == "400分贝"
    assert noise.wish is not None and noise.wish.is_fulfilled(Decimal(40)) and not noise.wish.is_fulfilled(Decimal(41))
    assert not noise.wish.is_fulfilled(Bilingual("很静", "very quiet"))


def test_a_sku_is_an_article_or_one_of_its_variants(file):
    catalogue = load_catalogue(file)
    assert catalogue.find("F2") == (catalogue.articles["F2"], catalogue.articles["F2"].variants)
    assert catalogue.find("F2-B") == (catalogue.articles["F2"], catalogue.articles["F2"].variants[1:])
    assert catalogue.find("F3") is None
    assert catalogue.articles["F2"].sizes == ("A", "B")
    assert catalogue.articles["F2"].variants[1].said("zh") == "红 B"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("price: 59.9", "price: 59.999", "F1.price` must be yuan with at most two decimals"),
        ("price: 59.9, ", "", "F1` lacks `price`"),
        ("price: 59.9", "prize: 59.9, price: 59.9", "no option `prize`. Did you mean `price`"),
        ("stock: 4", "stock: -4", "F1.stock` must be a whole number from 0"),
        ("stock: 4", "stock: 4, variants: [{sku: F1-A, stock: 1}]", "each variant has a stock of its own"),
        ("list: 79", "list: 59", "F1.list` must be more than `price`"),
        ("kind: fan, price: 59.9", "kind: fun, price: 59.9", "F1.kind` must be one of fan"),
        ("works_with: [ios]", "works_with: [iso]", "F1.works_with` must be a list of ios"),
        ("works_with: [ios]", "works_with: [ios], not_with: [ios]", "both works with `ios` and does not"),
        ("noise: 22.50", "nose: 22.50", "no option `nose`. Did you mean `noise`"),
        ("noise: 22.50", "noise: soft", "attributes.noise` must be a number, true or false"),
        ("noise: 22.50", "noise: nan", "attributes.noise` must be a number"),
        ("noise: 22.50", "noise: {zh: 静}", "attributes: noise` lacks `en`"),
        ("sku: F2-A", "sku: F1", "the SKU F1 stands at F1 and at F2"),
        ("sku: F2-A", "sku: F2 A", "a SKU must be of letters"),
        ("size: B, colour: {zh: 红, en: red}", "size: A", "same size and colour"),
        ("at_most: 40", "at_most: {zh: a, en: b}", "`at_most` must be a number"),
        (", at_most: 40", "", "must say `at_most` or `at_least`"),
        ("better: lower", "better: less", "noise.better` must be one of lower, higher"),
        ("articles:", "articles: [", "not valid YAML"),
    ],
)
def test_a_wrong_catalogue_is_refused_by_the_field(file, old, new, message):
    assert old in SMALL
    file.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_catalogue(file)
    assert message in str(error.value)


def test_a_missing_catalogue_is_named(tmp_path):
    with pytest.raises(DataError, match=r"The catalogue .*none\.yml cannot be read"):
        load_catalogue(tmp_path / "none.yml")
