"""Whether goods are to be had in the size and colour that a customer wants in exchange."""

import pytest

from kefu.dialogue.goods.made_in import names_neither, not_to_be_had, step_taken
from kefu.shop.catalogue import Article, Variant
from kefu.shop.orders import Bilingual

BLACK, RED, WHITE = Bilingual("黑色", "black"), Bilingual("红色", "red"), Bilingual("白色", "white")
SHOES = Article(
    "SH",
    Bilingual("跑鞋", "running shoes"),
    "shoes",
    "shoes",
    42900,
    tuple(Variant(f"SH-{size}", str(size), None, int(size != 41)) for size in (40, 41, 42, 43)),
)
COAT = Article(
    "CT",
    Bilingual("外套", "coat"),
    "clothing",
    "clothing",
    36900,
    (
        Variant("CT-M", "M", BLACK, 3),
        Variant("CT-L", "L", BLACK, 3),
        Variant("CT-XL", "XL", BLACK, 0),
        Variant("CT-M-R", "M", RED, 1),
    ),
)
CUP = Article("CP", Bilingual("杯子", "cup"), "household", "kitchen", 1900, (Variant("CP", None, None, 5),))


def verdict(wanted: str, own: str) -> tuple[str | None, list[str]]:
    article = next(one for one in (SHOES, COAT, CUP) if any(variant.sku == own for variant in one.variants))
    found = not_to_be_had(wanted, article, own, {variant.sku: variant.stock for variant in article.variants})
    return (found.why, [variant.sku for variant in found.instead]) if found else (None, [])


@pytest.mark.parametrize("wanted", ["43", "43码", "size 43", "大一码", "大一点的", "a size up", "40 码的"])
def test_a_size_that_there_is_can_be_had(wanted: str) -> None:
    assert verdict(wanted, "SH-42") == (None, [])


@pytest.mark.parametrize("wanted", ["47码", "size 47", "45", "XL"])
def test_a_size_that_is_not_made_is_told_with_what_there_is(wanted: str) -> None:
    assert verdict(wanted, "SH-42") == ("not_made", ["SH-40", "SH-43"])


@pytest.mark.parametrize("wanted", ["41码", "小一码", "a size smaller"])
def test_a_size_that_is_sold_out_is_told(wanted: str) -> None:
    assert verdict(wanted, "SH-42") == ("sold_out", ["SH-40", "SH-43"])


def test_nothing_is_larger_than_the_largest() -> None:
    assert verdict("大一码", "SH-43") == ("not_made", ["SH-40", "SH-42"])


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("紫色", "not_made"),
        ("purple", "not_made"),
        ("红色的", "not_made"),  # in L, which he has
        ("红色 M 码", None),
        ("a red one in M", None),
        ("加大码", "sold_out"),
        ("extra large", "sold_out"),
        ("中码", None),
        ("medium", None),
        ("a size smaller", None),
        ("没有瑕疵的", None),
        ("one without a stain", None),
    ],
)
def test_a_colour_alone_is_wanted_in_ones_own_size(wanted: str, why: str | None) -> None:
    assert verdict(wanted, "CT-L")[0] == why


def test_of_goods_without_sizes_and_colours_nothing_is_known() -> None:
    assert verdict("红色的", "CP") == verdict("43 码", "CP") == (None, [])
    assert verdict("红色的", "SH-42") == (None, []), "shoes whose colour the catalogue does not say"


def test_a_stock_that_is_not_known_stands_against_nothing() -> None:
    assert not_to_be_had("41 码", SHOES, "SH-42", {}) is None


@pytest.mark.parametrize(
    ("wanted", "own", "sku"),
    [
        ("one size up", "SH-42", "SH-43"),
        ("大一码", "SH-42", "SH-43"),
        ("bigger", "SH-42", "SH-43"),
        ("two sizes down", "SH-42", "SH-40"),
        ("大一码", "SH-43", None),
        ("a size up, red", "CT-M", None),  # which is not made
        ("43码", "SH-42", None),  # says itself which
        ("one without a stain", "SH-42", None),
    ],
)
def test_a_step_means_one_variant(wanted: str, own: str, sku: str | None) -> None:
    article = next(one for one in (SHOES, COAT) if any(variant.sku == own for variant in one.variants))
    meant = step_taken(wanted, article, own)
    assert (meant and meant.sku) == sku


def test_words_that_choose_none_of_several() -> None:
    assert names_neither("thanks", SHOES) and names_neither("same ones", COAT)
    assert not any(names_neither(wanted, SHOES) for wanted in ("43", "a size up", "红色的", "size 52"))
    assert not names_neither("the same", CUP), "there is but one"
