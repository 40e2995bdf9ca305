"""What a message means to an open form: tables of what customers type, in ``read_turn/*.txt``.

``[draft]`` names one of ``DRAFTS``; the rows below it say what is typed, and behind the arrow all that must come of it
(and ``intent=``, where the classifier's word matters). What a row does not name must not come.
"""

import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message, Question, Reading
from kefu.shop.cases import Line
from kefu.shop.identity import Contact
from kefu.shop.labels import labels
from kefu.shop.orders import Bilingual, Item, Order

TABLES = Path(__file__).parent / "read_turn"
CHINA = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 20)  # a Friday

AFTER_SALES = ("order_number", "contact", "items", "reason", "remedy", "exchange_for", "confirmed")
REASONS = ("no_reason", "defect", "damage", "wrong_item", "missing_item", "spoiled")


def item(position: int, zh: str, en: str, quantity: int = 1, category: str = "household", also: str = "") -> Item:
    names = tuple(also.split())
    return Item(position, f"HM-{position}", Bilingual(zh, en), category, 1000, quantity, 1, names)


def order(number: str, day: date, *items: Item) -> Order:
    created = datetime(day.year, day.month, day.day, 9, 30, tzinfo=CHINA)
    return Order(number, "lin_xiao", "shipped", created, created, None, 0, items, ())


EARBUDS = item(1, "蓝牙降噪耳机 E210", "E210 noise-cancelling earbuds", also="耳机 耳塞 headphones earphones")
MUGS = item(2, "陶瓷马克杯", "ceramic mug", 3, also="杯子 cup")
KEYBOARD = item(3, "机械键盘 K87", "K87 mechanical keyboard")
WHITE_SHIRT = item(1, "纯棉 T 恤 白色 M", "cotton T-shirt, white, M", also="衣服 短袖 tee")
BLACK_SHIRT = item(2, "纯棉 T 恤 黑色 L", "cotton T-shirt, black, L", also="衣服 短袖 tee")
SHOES = item(3, "跑鞋 42 码", "running shoes, size 42 (EU)", also="鞋子 sneakers trainers")
STRAWBERRIES = item(1, "丹东草莓 1 公斤", "Dandong strawberries, 1 kg", category="perishable", also="草莓")
TEES = item(1, "纯棉 T 恤 白色 M", "cotton T-shirt, white, M", 2, also="衣服 短袖 tee")
BRIEFS = item(2, "纯棉内裤 3 条装", "cotton briefs (3 pack)", category="underwear", also="内裤 underwear")
BRA = item(2, "无痕文胸", "seamless bra", category="underwear", also="文胸 胸罩 内衣")
COOKER = item(1, "电饭煲 4 升", "rice cooker, 4 L", also="电饭锅")
FLASKS = item(2, "保温杯 500 毫升", "thermos flask, 500 ml", 2, also="水杯 保温瓶")
CHERRIES = item(2, "智利车厘子 2 公斤", "Chilean cherries, 2 kg", category="perishable", also="车厘子 樱桃")


APPLES = item(2, "烟台苹果 5 斤", "Yantai apples, 2.5 kg", 2, category="perishable", also="苹果")


def choosing(*items: Item, **fields: Any) -> Draft:
    lines = tuple(Line(one.position, one.quantity) for one in items)
    return Draft("after_sales_form", AFTER_SALES, items=items, open_lines=lines, today=TODAY, **fields)


_KNOWN = {"order_number": "SO20260001", "contact": Contact("phone_tail", "8019")}
_EARBUDS_AND_MUGS = {**_KNOWN, "items": (Line(1, 1), Line(2, 3))}
_CHOSEN = {**_EARBUDS_AND_MUGS, "reason": "no_reason", "remedy": "return"}
_THREE = (EARBUDS, MUGS, KEYBOARD)
_LISTED = (
    order("SO20260011", date(2026, 11, 10), EARBUDS),
    order("SO20260012", date(2026, 11, 19), MUGS, KEYBOARD),
    order("SO20260013", date(2026, 11, 3), SHOES),
    order("SO20260014", date(2026, 11, 11), WHITE_SHIRT),
)

DRAFTS: dict[str, Draft] = {
    "number": Draft("after_sales_form", AFTER_SALES, asked="order_number", today=TODAY),
    "opening": Draft("after_sales_form", AFTER_SALES, today=TODAY),
    "orders": Draft("after_sales_form", AFTER_SALES, asked="order_number", orders=_LISTED, today=TODAY),
    "orders_undated": Draft("after_sales_form", AFTER_SALES, asked="order_number", orders=_LISTED),
    "one_order": Draft("after_sales_form", AFTER_SALES, asked="order_number", orders=_LISTED[:1], today=TODAY),
    "contact": Draft(
        "after_sales_form", AFTER_SALES, asked="contact", known={"order_number": "SO20260001"}, today=TODAY
    ),
    "items": choosing(*_THREE, asked="items", known=_KNOWN),
    "one_line": choosing(replace(MUGS, position=1), asked="items", known=_KNOWN),
    "shirts": choosing(WHITE_SHIRT, BLACK_SHIRT, SHOES, asked="items", known=_KNOWN),
    "held": replace(choosing(*_THREE, asked="items", known=_KNOWN), open_lines=(Line(1, 1), Line(2, 2))),
    "reason": choosing(*_THREE, asked="reason", known=_EARBUDS_AND_MUGS, reasons=REASONS),
    "fruit": choosing(
        STRAWBERRIES, CHERRIES, asked="reason", known={**_KNOWN, "items": (Line(1, 1),)}, reasons=REASONS
    ),
    "apples_rotten": choosing(
        STRAWBERRIES,
        APPLES,
        asked="remedy",
        known={**_KNOWN, "items": (Line(2, 2),), "reason": "spoiled"},
        remedies=("refund_only", "resend"),
    ),
    "fruits": choosing(STRAWBERRIES, CHERRIES),
    "opening_goods": choosing(*_THREE),
    "thermos": choosing(COOKER, FLASKS, asked="items", known=_KNOWN),
    "reason_mugs": choosing(*_THREE, asked="reason", known={**_KNOWN, "items": (Line(2, 3),)}, reasons=REASONS),
    "too_many": choosing(TEES, BRIEFS, asked="items", known=_KNOWN, refused=(Line(1, 3),)),
    "whole_parcel": choosing(COOKER, BRA, asked="items", known=_KNOWN, refused=(Line(2, 1),)),
    "refused": choosing(
        replace(BRIEFS, position=1),
        BRA,
        asked="reason",
        known={**_KNOWN, "items": (Line(1, 1),), "remedy": "return"},
        reasons=REASONS[1:],
        refused=(Line(1, 1),),
    ),
    "one_of_two": choosing(
        TEES,
        BRIEFS,
        asked="confirmed",
        known={**_CHOSEN, "items": (Line(1, 1),)},
        summary="abc123",
        remedies=("return", "exchange"),
    ),
    "intercepting": choosing(
        *_THREE, asked="confirmed", known={**_KNOWN, "items": (Line(1, 1),), "wish": "intercept"}, summary="abc123"
    ),
    "remedy": choosing(
        *_THREE,
        asked="remedy",
        known={**_EARBUDS_AND_MUGS, "reason": "defect"},
        remedies=("return", "exchange", "repair"),
    ),
    "remedy_missing": choosing(
        *_THREE,
        asked="remedy",
        known={**_EARBUDS_AND_MUGS, "reason": "missing_item"},
        remedies=("resend", "refund_only"),
    ),
    "remedy_damage": choosing(
        *_THREE,
        asked="remedy",
        known={**_EARBUDS_AND_MUGS, "reason": "damage"},
        remedies=("return", "exchange", "refund_only"),
    ),
    "exchange_for": choosing(
        *_THREE, asked="exchange_for", known={**_CHOSEN, "remedy": "exchange"}, remedies=("return", "exchange")
    ),
    "confirmed": choosing(
        *_THREE, asked="confirmed", known=_CHOSEN, summary="abc123", remedies=("return", "exchange")
    ),
    "confirmed_answered": choosing(
        *_THREE, asked="confirmed", known=_CHOSEN, summary="abc123", remedies=("return", "exchange"), answered=True
    ),
    "confirmed_mugs": choosing(
        *_THREE,
        asked="confirmed",
        known={**_CHOSEN, "items": (Line(2, 3),)},
        summary="abc123",
        remedies=("return", "exchange"),
    ),
    "confirmed_exchange": choosing(
        *_THREE,
        asked="confirmed",
        known={**_CHOSEN, "remedy": "exchange"},
        summary="abc123",
        remedies=("return", "exchange"),
    ),
    "changing": choosing(
        replace(SHOES, position=1),
        asked="confirmed",
        known={**_CHOSEN, "items": (Line(1, 1),), "remedy": "exchange", "exchange_for": "43"},
        summary="abc123",
        remedies=("return", "exchange"),
    ),
    "quoted": choosing(*_THREE, quoted=True),
    "quoted_two": choosing(TEES, BRIEFS, quoted=True),
    "stale": choosing(*_THREE, asked="confirmed", known=_CHOSEN),
    "cancelling": Draft(
        "after_sales_form",
        ("order_number", "contact", "confirmed"),
        asked="confirmed",
        known={**_KNOWN, "wish": "cancel"},
        summary="abc123",
        today=TODAY,
    ),
    "cancelling_goods": choosing(*_THREE, asked="confirmed", known={**_KNOWN, "wish": "cancel"}, summary="abc123"),
    "withdrawing": Draft("withdraw_form", ("confirmed",), "confirmed", known={"wish": "withdraw"}, summary="abc123"),
    "withdrawing_stale": Draft("withdraw_form", ("confirmed",), "confirmed", known={"wish": "withdraw"}),
    "track_number": Draft("track_order_form", ("order_number", "contact"), asked="order_number", today=TODAY),
    "track_contact": Draft(
        "track_order_form",
        ("order_number", "contact"),
        asked="contact",
        known={"order_number": "SO20260001"},
        today=TODAY,
    ),
}


def read_table(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    """Read (draft, text, what is expected) from a table."""
    table, draft = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            draft = line[1:-1]
        elif line and not line.startswith("# "):
            text, _, wanted = line.partition(" →")
            pairs = [pair.strip() for pair in wanted.split(" | ")] if wanted.strip() else []
            table.append((draft, text, dict(pair.split("=", 1) for pair in pairs)))
    return table


ROWS = [
    pytest.param(*row, id=f"{path.stem}-{row[0]}-{row[1][:40]}")
    for path in sorted(TABLES.glob("*.txt"))
    for row in read_table(path)
]


def pieces(text: str) -> tuple[Line, ...]:
    """Read "1x2 3x1": two pieces of the first thing, one of the third."""
    return tuple(Line(*map(int, pair.split("x"))) for pair in text.split())


def contact(text: str) -> Contact:
    kind = "email" if "@" in text else "phone" if len(text) == 11 else "phone_tail"
    return Contact(kind, text)


_VALUES = {
    "order_number": str,
    "contact": contact,
    "second_contact": contact,
    "items": pieces,
    "reason": str,
    "remedy": str,
    "condition": lambda names: frozenset(names.split()),
    "pickup": str,
    "exchange_for": str,
}
_QUESTIONS = {"question": str, "topic": str, "supposed": pieces}
_READINGS = {
    "answer": str,
    "move": str,
    "target": str,
    "unclear": bool,
}


def asked(row: dict[str, str]) -> tuple[Question, ...]:
    """Read the questions of a row: ``question``, ``topic`` and ``supposed`` of the first, ``question2`` and so on."""
    questions = []
    for end in ("", "2"):
        said = {name: read(row[name + end]) for name, read in _QUESTIONS.items() if name + end in row}
        questions += [Question(said.pop("question"), **said)] if said else []
    return tuple(questions)


def expected(row: dict[str, str]) -> Reading:
    of_questions = {name + end for name in _QUESTIONS for end in ("", "2")}
    unknown = set(row) - {"intent", "corrected", *_VALUES, *_READINGS, *of_questions}
    assert not unknown, f"{row}: {unknown}"
    values = {name: read(row[name]) for name, read in _VALUES.items() if name in row}
    rest = {name: read(row[name]) for name, read in _READINGS.items() if name in row}
    return Reading(values, frozenset(row.get("corrected", "").split()), asked(row), **rest)


@pytest.mark.parametrize(("draft", "text", "row"), ROWS)
def test_rows(draft: str, text: str, row: dict[str, str]) -> None:
    assert read_turn(Message(text, row.get("intent"), "zh"), DRAFTS[draft]) == expected(row)


@pytest.mark.parametrize(("asked", "group"), [("reason", "reasons"), ("remedy", "remedies")])
def test_every_title_of_a_choice_chooses_it(asked: str, group: str) -> None:
    for key, title in labels(group).items():
        for text in (title.zh, title.en, title.en.upper() + "."):
            reading = read_turn(Message(text, None, "zh"), DRAFTS[asked])
            assert reading.values == {asked: key}, text


# Pieces of real messages, glued together at random, reach more of the rules than arbitrary characters do.
_SNIPPETS = st.sampled_from(sorted({row.values[1] for row in ROWS}))
_GLUE = st.sampled_from(["，", " ", "", "。", "? ", ", ", " but ", "不过", "\n", "不是"])
_GLUED = st.lists(st.tuples(_SNIPPETS, _GLUE), min_size=1, max_size=4).map(lambda parts: "".join(map("".join, parts)))
_TEXTS = st.text(max_size=60) | _GLUED
_INTENTS = st.sampled_from(
    [
        None,
        "affirm",
        "deny",
        "stop",
        "ask_question",
        "talk_to_human",
        "track_order",
        "cancel_order",
        "request_exchange",
    ]
)


@st.composite
def _drafts(draw: st.DrawFn) -> Draft:
    draft = draw(st.sampled_from(sorted(DRAFTS)).map(DRAFTS.__getitem__))
    fills = draw(st.sets(st.sampled_from(AFTER_SALES)).map(tuple)) if draw(st.booleans()) else draft.fills
    known = {slot: value for slot, value in draft.known.items() if draw(st.booleans())}
    asked = draw(st.sampled_from([None, draft.asked, *AFTER_SALES]))
    summary = draw(st.sampled_from([None, "abc123"]))
    return replace(draft, fills=fills, known=known, asked=asked, summary=summary)


_COME_WITH = {"second_contact": "contact", "condition": "items", "pickup": "confirmed"}


@settings(max_examples=400, deadline=None)
@given(_TEXTS, _INTENTS, _drafts())
def test_whatever_is_typed_gives_a_sound_reading(text: str, intent: str | None, draft: Draft) -> None:
    reading = read_turn(Message(text, intent, "zh"), draft)
    assert {_COME_WITH.get(slot, slot) for slot in reading.values} <= set(draft.fills)
    assert reading.corrected <= set(reading.values) & set(draft.known)
    assert (reading.target is not None) == (reading.move == "switch")
    for question in reading.questions:
        assert question.text
        assert question.supposed is None or question.topic
    if reading.answer is not None:
        assert draft.asked == "confirmed" and reading.move is None and not reading.questions and not reading.unclear
        assert not reading.corrected and "pickup" not in reading.values
    if reading.answer == "yes":
        assert draft.summary is not None
        assert all(draft.known.get(slot) == value for slot, value in reading.values.items())
    for line in reading.values.get("items", ()):
        assert line.quantity >= 1 and any(item.position == line.position for item in draft.items)


@settings(max_examples=200, deadline=None)
@given(_GLUED)
def test_the_classifier_alone_never_makes_a_yes(text: str) -> None:
    draft = DRAFTS["confirmed"]
    if read_turn(Message(text, None, "zh"), draft).answer != "yes":
        assert read_turn(Message(text, "affirm", "zh"), draft).answer != "yes"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5000,
        "退" * 5000,
        "一" * 5000,
        "第一" * 2500,
        "不是" * 2500,
        "耳机和" * 1700,
        "我的" * 2500,
        "1 " * 2500,
        "not " * 1250,
        "send it back " * 400,
        "ordered a b c " * 400,
        "'; DROP TABLE orders; --" * 200,
        "{{7*7}}${7*7}<script>" * 240,
        "/affirm" + "[" * 5000,
        "😀" * 5000,
        "\u200b" * 5000,
        "好的" * 2500 + "，不过先不要提交",
    ],
    ids=lambda text: text[:12],
)
def test_long_and_odd_messages_are_read_in_no_time(text: str) -> None:
    """A pattern that backtracks would take minutes; the limit leaves room for a busy machine."""
    start = time.perf_counter()
    readings = [read_turn(Message(text, None, "zh"), draft) for draft in DRAFTS.values()]
    assert time.perf_counter() - start < 10 * len(DRAFTS)
    assert all(reading.answer is None for reading in readings)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b\u200d", "\x00", "\ufeff", "'; DROP TABLE orders; --", "{{7*7}}", "💩"]
)
@pytest.mark.parametrize("draft", sorted(DRAFTS))
def test_noise_gives_nothing(text: str, draft: str) -> None:
    reading = read_turn(Message(text, None, "zh"), DRAFTS[draft])
    assert replace(reading, values={}, unclear=False) == Reading()
    assert set(reading.values) <= {"exchange_for"}  # asked what he wants instead, a customer may say anything
