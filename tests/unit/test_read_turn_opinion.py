"""When a second opinion on the reason is asked for, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.shop.cases import Line
from kefu.shop.orders import Bilingual, Item

FILLS = ("order_number", "contact", "items", "reason", "remedy", "exchange_for", "confirmed")
LAMP = Item(1, "HM-1", Bilingual("护眼台灯", "desk lamp"), "household", 1000, 1, 1, ())
STRAWBERRIES = Item(1, "HM-2", Bilingual("丹东草莓", "Dandong strawberries"), "perishable", 1000, 1, 1, ())


def asking(asked: str | None, item: Item = LAMP, **known: object) -> Draft:
    return Draft("after_sales_form", FILLS, asked, known, items=(item,), open_lines=(Line(1, 1),))


_CHOSEN = {"items": (Line(1, 1),)}
DRAFTS = {
    "opening": asking(None),
    "unknown": Draft("after_sales_form", FILLS),
    "number": Draft("after_sales_form", FILLS, "order_number"),
    "items": asking("items"),
    "reason": replace(asking("reason", **_CHOSEN), reasons=("no_reason", "defect", "damage")),
    "remedy": replace(asking("remedy", **_CHOSEN, reason="damage"), remedies=("return", "exchange")),
    "confirmed": replace(asking("confirmed", **_CHOSEN, reason="damage", remedy="return"), summary="abc123"),
    "track_number": Draft("track_order_form", ("order_number", "contact"), "order_number"),
}

# Words that no table has, with the reason that the opinion gives them.
OPINIONS = {"喇叭里像有只蟋蟀": "defect", "the stand sags to one side": "defect", "活像个麻袋": "no_reason"}


class Opinion:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        self.asked += texts
        return [OPINIONS.get(text) for text in texts]


def read(text: str, draft: Draft, intent: str | None = None) -> tuple[Reading, list[str]]:
    opinion = Opinion()
    return read_turn(Message(text, intent, "zh"), draft, opinion), opinion.asked


@pytest.mark.parametrize("text", list(OPINIONS))
def test_where_the_reason_is_asked_it_is_taken(text: str):
    reading, _ = read(text, DRAFTS["reason"])
    assert reading == Reading({"reason": OPINIONS[text]})


def test_without_an_opinion_it_is_asked_again():
    assert read("转角那儿怪怪的", DRAFTS["reason"]) == (Reading(unclear=True), ["转角那儿怪怪的"])
    assert read_turn(Message("喇叭里像有只蟋蟀", None, "zh"), DRAFTS["reason"]) == Reading(unclear=True)


def test_beside_a_wish_it_is_taken_from_what_came_first():
    reading, asked = read("喇叭里像有只蟋蟀，我想退货", DRAFTS["opening"])
    assert reading.values == {"reason": "defect", "remedy": "return"}
    assert asked == ["喇叭里像有只蟋蟀"]
    reading, _ = read("the stand sags to one side, can I get a replacement?", DRAFTS["opening"])
    assert reading.values == {"reason": "defect", "remedy": "exchange"}


@pytest.mark.parametrize(
    ("draft", "text", "intent"),
    [
        ("reason", "坏了", None),  # the tables know it
        ("reason", "坏了，而且发错颜色", None),  # and know two
        ("reason", "运费谁出？", None),
        ("reason", "算了", None),
        ("reason", "转人工", None),
        ("reason", "等一下", None),
        ("reason", "好的", None),
        ("reason", "谢谢", "thanks"),
        ("reason", "喇叭里像有只蟋蟀", "talk_to_human"),
        ("reason", "1", None),
        ("opening", "喇叭里像有只蟋蟀", None),  # no wish
        ("items", "喇叭里像有只蟋蟀", None),
        ("remedy", "喇叭里像有只蟋蟀", None),
        ("confirmed", "喇叭里像有只蟋蟀", None),
        ("track_number", "喇叭里像有只蟋蟀", None),
        # Nothing is told beside the wish.
        ("opening", "我要退货", None),
        ("opening", "我想把上周买的台灯退了", None),
        ("opening", "I'd like to return the lamp I ordered", None),
        ("opening", "hi, can I return something I bought last week", None),
        ("opening", "can you refund me for this order please, SO20260007, last four digits 8034", None),
        ("unknown", "喇叭里像有只蟋蟀，我想退货", None),  # read again when the order is known
        ("number", "喇叭里像有只蟋蟀，我想退货", None),
    ],
)
def test_where_no_reason_is_wanted_or_told_nobody_is_asked(draft: str, text: str, intent: str | None):
    reading, asked = read(text, DRAFTS[draft], intent)
    assert asked == []
    assert reading == read_turn(Message(text, intent, "zh"), DRAFTS[draft])


def test_two_clauses_that_mean_different_reasons_are_asked_about():
    reading, asked = read("喇叭里像有只蟋蟀，活像个麻袋", DRAFTS["reason"])
    assert asked == ["喇叭里像有只蟋蟀", "活像个麻袋"]
    assert reading == Reading(unclear=True)


def test_a_known_reason_is_not_replaced():
    draft = replace(DRAFTS["opening"], known={"reason": "damage"})
    assert read("喇叭里像有只蟋蟀，退货", draft)[1] == []


def test_faulty_food_is_spoiled():
    draft = asking("reason", STRAWBERRIES, items=(Line(1, 1),))
    assert read("喇叭里像有只蟋蟀", draft)[0].values == {"reason": "spoiled"}


def test_an_opinion_never_answers_a_summary():
    """Whatever it would say: at the summary nobody is asked, so no yes and no amount rests on it."""

    def eager(texts: Sequence[str]) -> list[str | None]:
        return ["defect" for _ in texts]

    for text in ("好的", "嗯嗯那就这么着", "随你们吧", "okily dokily"):
        message = Message(text, "affirm", "zh")
        assert read_turn(message, DRAFTS["confirmed"], eager) == read_turn(message, DRAFTS["confirmed"])
