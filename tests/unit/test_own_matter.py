"""Which messages that were taken for questions open the after-sales form: a table of what customers type."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kefu.actions.case_view import FILLS as FILLS_OF_THE_FORM
from kefu.actions.case_view import FORM as NAME_OF_THE_FORM
from kefu.dialogue.questions.own_matter import FILLS, FORM, OwnMatter, opens_form, own_matter
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
    "opens the form behind the answer": (False, True),
}


@dataclass(frozen=True)
class Row:
    heading: str
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
            found.append(Row(heading, OPENS[heading], intent, ORDER if ORDER in condition else None, line))
    return found


def read(text: str, intent: str = "ask_question", last_order: str | None = None) -> OwnMatter | None:
    language = detect_language(text) or "zh"
    items = ITEMS if last_order else ()
    return own_matter(Message(text, intent, language), last_order=last_order, items=items, today=TODAY)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_what_opens_the_form(row: Row) -> None:
    matter = read(row.text, row.intent, row.last_order)
    assert (opens_form(matter, is_answered=True), opens_form(matter, is_answered=False)) == row.expected


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_whether_the_form_follows_the_answer(row: Row) -> None:
    matter = read(row.text, row.intent, row.last_order)
    assert (matter is not None and matter.follows_answer) == (row.heading == "opens the form behind the answer")


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


@pytest.mark.parametrize(
    "text",
    [
        *(
            "手机号13800138031",
            "我的手机号是13800138031",
            "手机号：138 0013 8031",
            "电话13800138031",
            "联系电话13800138031",
        ),
        *(
            "你好，13800138031",
            "预留手机号13800138031",
            "尾号8031",
            "邮箱 bob@example.com",
            "这是我的邮箱 bob@example.com",
        ),
        *("my phone number is 13800138031", "phone: 13800138031", "hi, 13800138031", "last four digits 8031"),
        *("my e-mail is bob@example.com", "e-mail: bob@example.com", "the email address I used is bob@example.com"),
    ],
)
@pytest.mark.parametrize("intent", ["ask_question", "nlu_fallback"])
def test_a_contact_alone_says_whose_order_is_meant(text: str, intent: str) -> None:
    assert read(text, intent) == OwnMatter("track", is_sure=True)


@pytest.mark.parametrize(
    "text",
    [
        *("手机号换成13800138031", "我想把手机号改成13800138031", "怎么换手机号", "收不到验证码，手机13800138031"),
        *("change my number to 13800138031", "how do I change my phone number", "please call me on 13800138031"),
        *("发票寄到 bob@example.com", "send the invoice to bob@example.com"),
    ],
)
def test_a_contact_beside_a_wish_is_no_order(text: str) -> None:
    matter = read(text, "ask_question")
    assert matter is None or matter.kind != "track"
