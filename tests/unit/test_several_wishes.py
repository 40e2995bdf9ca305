"""Several wishes in one message, told from one wish in two clauses."""

import pytest

from kefu.dialogue.wishes.several_wishes import several_wishes
from kefu.shop.orders import Bilingual, Item


def item(position: int, zh: str, en: str, *also: str) -> Item:
    return Item(position, f"HM-{position}", Bilingual(zh, en), "household", 1000, 1, 1, also)


ITEMS = (
    item(1, "跑鞋 42 码", "running shoes, size 42 (EU)", "鞋子", "sneakers"),
    item(2, "纯棉 T 恤 白色 M", "cotton T-shirt, white, M", "衣服", "tee"),
    item(3, "保温杯 500 毫升", "thermos flask, 500 ml", "杯子"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("鞋退了 T恤换大一号", ("鞋退了", "T恤换大一号")),
        ("鞋子退货，衣服换小一号，太大了", ("鞋子退货", "衣服换小一号,太大了")),
        ("SO20260055 8007 鞋子我不想要了，杯子漏水", ("SO20260055 8007 鞋子我不想要了", "杯子漏水")),
        ("鞋子不喜欢，杯子漏水，都退了", ("鞋子不喜欢", "杯子漏水")),
        (
            "return the shoes and exchange the tee for a bigger one",
            ("return the shoes", "exchange the tee for a bigger one"),
        ),
        ("鞋退了，T恤换大一号，杯子漏水退货", ("鞋退了", "T恤换大一号", "杯子漏水退货")),
        (
            "return the shoes, exchange the tee for a bigger one, and refund the flask, it leaks",
            ("return the shoes", "exchange the tee for a bigger one", "refund the flask, it leaks"),
        ),
        ("the flask leaks. the shoes i just don't like", ("the flask leaks", "the shoes i just don't like")),
    ],
)
def test_several_wishes(text: str, expected: tuple[str, ...]) -> None:
    assert several_wishes(text, ITEMS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "鞋子和衣服都退了",
        "鞋子退，衣服也退",
        "鞋子坏了，杯子也坏了",
        "鞋子退，衣服不退",
        "鞋子要退，杯子挺好的",
        "鞋子能退吗，衣服能换吗",
        "鞋子太小了，换大一码",
        "鞋子开胶了，退货",
        "I want to return the shoes and the tee",
        "the shoes are broken, please exchange them",
        "everything except the flask goes back",
    ],
)
def test_one_matter(text: str) -> None:
    assert several_wishes(text, ITEMS) is None
