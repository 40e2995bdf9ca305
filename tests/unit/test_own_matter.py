"""Which messages that were taken for questions open the after-sales form: a table of what customers type."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kefu.actions.case_view import FILLS as FILLS_OF_THE_FORM
from kefu.actions.case_view import FORM as NAME_OF_THE_FORM
from kefu.dialogue.own_matter import FILLS, FORM, OwnMatter, opens_form, own_matter
from kefu.dialogue.turn import Message
from kefu.shop.orders import Bilingual, Item
from kefu.text import detect_language

TODAY = date(2026, 11, 20)
ORDER = "SO20260001"
ITEMS = (
    Item(
        1,
        "HM-1",
        Bilingual("蓝牙降噪耳机 E210", "E210 noise-cancelling earbuds"),
        "electronics",
        1000,
        1,
        1,
        ("耳机",),
    ),
    Item(2, "HM-2", Bilingual("陶瓷马克杯", "ceramic mug"), "household", 1000, 3, 1, ("杯子",)),
)
# heading of the table → (opens although there is an answer, opens where there is none)
OPENS = {
    "opens the form": (True, True),
    "opens the form unless there is an answer": (False, True),
    "opens no form": (False, False),
}


@dataclass(frozen=True)
class Row:
    expected: tuple[bool, bool]
    intent: str
    last_order: str | None
    text: str


def rows() -> list[Row]:
    found = []
    heading, condition = "", ""
    for line in (Path(__file__).parent / "own_matter.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading, _, condition = (part.strip() for part in line.strip("[]").partition(":"))
        elif line and not line.startswith("#"):
            intent = condition if condition == "out_of_scope" else "ask_question"
            found.append(Row(OPENS[heading], intent, ORDER if ORDER in condition else None, line))
    return found


def read(text: str, intent: str = "ask_question", last_order: str | None = None) -> OwnMatter | None:
    language = detect_language(text) or "zh"
    items = ITEMS if last_order else ()
    return own_matter(Message(text, intent, language), last_order=last_order, items=items, today=TODAY)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_what_opens_the_form(row: Row) -> None:
    matter = read(row.text, row.intent, row.last_order)
    assert (opens_form(matter, is_answered=True), opens_form(matter, is_answered=False)) == row.expected


def test_the_table_has_enough_of_each() -> None:
    for expected in ((True, True), (False, False)):
        for language in ("zh", "en"):
            alike = [row for row in rows() if row.expected == expected and detect_language(row.text) == language]
            assert len(alike) >= 15


@pytest.mark.parametrize("text", ["how much do I get back?", "能退我多少钱？"])
def test_what_would_come_back_is_worked_out_for_the_order_in_question(text: str) -> None:
    assert read(text) is None
    assert read(text, last_order=ORDER) == OwnMatter("quote", ORDER, is_sure=True)
    assert read(f"SO20260002 {text}", last_order=ORDER) == OwnMatter("quote", "SO20260002", is_sure=True)
    assert read(text, "out_of_scope", ORDER) is None


@pytest.mark.parametrize("text", ["", "/ask_question", "😀", "???"])
def test_what_has_no_words_opens_nothing(text: str) -> None:
    assert read(text, last_order=ORDER) is None


def test_it_is_the_form_of_the_action_server() -> None:
    assert (FORM, FILLS) == (NAME_OF_THE_FORM, FILLS_OF_THE_FORM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SO20260002 8019 帮我取消订单", OwnMatter("cancel", "SO20260002", is_sure=True)),
        ("please cancel SO20260002", OwnMatter("cancel", "SO20260002", is_sure=True)),
        ("SO20260001到哪了", OwnMatter("track", "SO20260001", is_sure=True)),
        ("where is SO20260001", OwnMatter("track", "SO20260001", is_sure=True)),
        ("我的快递到哪了", OwnMatter("track")),
        ("8031", OwnMatter("track", is_sure=True)),
        ("尾号8031", OwnMatter("track", is_sure=True)),
        ("anna@example.com", OwnMatter("track", is_sure=True)),
        ("怎么取消订单", None),
        ("how do i cancel an order", None),
        ("可以开 2000 元的发票吗", None),
    ],
)
def test_orders_that_are_asked_for_or_cancelled_are_known_by_the_words(text: str, expected: OwnMatter | None) -> None:
    assert read(text, "nlu_fallback") == expected
