"""Finding things by what customers call them, and the numbers beside them."""

import pytest

from kefu.dialogue.goods.item_names import mentions, stem
from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.counts import counts
from kefu.dialogue.words.numerals import number
from kefu.dialogue.words.wording import folded
from kefu.shop.orders import Bilingual, Item


def item(zh: str, en: str, *also: str) -> Item:
    return Item(1, "HM", Bilingual(zh, en), "household", 100, 1, None, also)


PHONE = item("禾木手机 8（128GB 黑色）", "Hemu Phone 8 (128 GB, black)", "手机")
CASE = item("硅胶手机壳 透明", "clear silicone phone case", "手机壳")
COOKER = item("电饭煲 4 升", "4 L rice cooker", "电饭锅", "锅")
SHIRT = item("纯棉 T 恤 白色 M", "cotton T-shirt, white, M")
OTHER_SHIRT = item("纯棉 T 恤 黑色 L", "cotton T-shirt, black, L")
CHARGER = item("65W 充电器", "65 W charger")
ALL = (PHONE, CASE, COOKER, SHIRT, OTHER_SHIRT, CHARGER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("手机壳", [(1,)]),
        ("手机", [(0,)]),
        ("手機殼", [(1,)]),
        ("the phone case", [(1,)]),
        ("phone cases", [(1,)]),
        ("电饭锅", [(2,)]),
        ("那个锅", [(2,)]),
        ("rice cookers", [(2,)]),
        ("白色T恤", [(3,)]),
        ("白色的 T 恤", [(3,)]),
        ("白的", [(3,)]),
        ("M码的", [(3,)]),
        ("the size L one", [(4,)]),
        ("a white t-shirt", [(3,)]),
        ("tshirt", [(3, 4)]),
        ("T恤", [(3, 4)]),
        ("充电器", [(5,)]),
        ("电饭煲充电器", [(2,), (5,)]),
        ("洗衣机", []),
        ("一个", []),
        ("the one with the box", []),
        ("", []),
    ],
)
def test_mentions(text: str, found: list[tuple[int, ...]]) -> None:
    assert [mention.candidates for mention in mentions(folded(text), ALL)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("退一个", [1]),
        ("两双", [2]),
        ("退俩", [2]),
        ("十二件", [12]),
        ("2 of them", [2]),
        ("just one", [1]),
        ("x3", [3]),
        ("a pair", [1]),
        ("是两个不是三个", [2]),
        ("一半", [0]),
        ("换一个", []),
        ("这一个", []),
        ("另一个", []),
        ("有一个问题", []),
        ("三个工作日", []),
        ("the white one", []),
        ("that one", []),
        ("2026", []),
        ("at 3 o'clock", []),
    ],
)
def test_counts(text: str, found: list[int]) -> None:
    assert [int(hit.key) for hit in counts(folded(text))] == found


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("第二个", {2}),
        ("2", {2}),
        ("1和3", {1, 3}),
        ("第1、3个", {1, 3}),
        ("1,2", {1, 2}),
        ("最后一个", {4}),
        ("倒数第二个", {3}),
        ("前两个", {1, 2}),
        ("the first and the third", {1, 3}),
        ("second", {2}),
        ("the last one", {4}),
        ("option 3", {3}),
        ("#4", {4}),
        ("9", {9}),
        ("两个", set()),
        ("2 mugs", set()),
        ("the first time", set()),
        ("second hand", set()),
        ("the 3rd of November", set()),
        ("that one", set()),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13", set()),
    ],
)
def test_places_in_a_list_of_four(text: str, places: set[int]) -> None:
    assert {one.place for one in chosen(folded(text), 4)} == places


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("7", 7),
        ("两", 2),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("三十四", 34),
        ("俩", 2),
        ("one", 1),
        ("third", 3),
        ("22nd", 22),
    ],
)
def test_numbers(word: str, value: int) -> None:
    assert number(word) == value


@pytest.mark.parametrize("word", ["", "个", "百", "十十", "two hundred", "٣"])
def test_what_is_no_number(word: str) -> None:
    assert number(word) is None


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("mugs", "mug"),
        ("batteries", "battery"),
        ("boxes", "box"),
        ("watches", "watch"),
        ("glass", "glass"),
        ("bus", "bus"),
    ],
)
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed
