"""Whether a message that was taken for a question is about an order of the customer's own, so that a form answers it.

A pure function over the words; what the classifier took the message for decides only that small talk opens no form.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kefu.dialogue.form.move_words import CANCELS
from kefu.dialogue.questions.own_words import (
    CHANGED_MIND,
    IN_GENERAL,
    INVOICES,
    MISFITS,
    NOT_GOODS,
    OWN_GOODS,
    REPORTS,
    SERVICES,
    WISHES,
    WORN,
)
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.reasons.reason import names_a_fault
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.dialogue.words.wording import wording
from kefu.shop.cases import Line
from kefu.shop.named import is_bare, named_contact, named_order
from kefu.shop.orders import Item

FORM = "after_sales_form"
FILLS = ("order_number", "contact", "items", "reason", "remedy", "exchange_for", "confirmed")
STRANGE = frozenset({"out_of_scope"})  # intents that no order can be meant by
_ASKS_WHETHER = re.compile(r"[吗么不嘛呢?？]\W*$")  # a wish all the same, but the help pages may settle it
# Without a wish: the missing piece may be in a parcel of its own, and "too late" may be about a parcel on its way.
_UNCLEAR = frozenset({"missing_item", "no_reason"})
_FAULTS = frozenset({"defect", "damage", "wrong_item", "spoiled"})
_MOVES: dict[str, Literal["cancel", "track"]] = {"cancel_order": "cancel", "track_order": "track"}
_OF_THE_RULES = frozenset({"amount", "eligible"})


@dataclass(frozen=True)
class OwnMatter:
    """What the message wants of the after-sales form.

    ``case``: something is to be done. ``quote``: the customer only wants to know what would come of it for ``order``,
    or for one that he is asked for.
    ``cancel``, ``track``: the order is to be stopped, its parcels are asked for. ``is_sure``: the form is opened at
    once; else only where the knowledge base has no answer. ``follows_answer``: then it opens behind the answer.
    """

    kind: Literal["case", "quote", "cancel", "track"]
    order: str | None = None
    is_sure: bool = False
    follows_answer: bool = False


def own_matter(
    message: Message,
    *,
    last_order: str | None = None,
    items: tuple[Item, ...] = (),
    today: date | None = None,
    quoted: bool = False,
    other_goods: bool = False,
) -> OwnMatter | None:
    """Say what a message outside of every form wants of an order; None where it is none of that.

    :param last_order: the order that was spoken of last, whose customer has shown who he is.
    :param items: what is in it.
    :param quoted: the turn before said what would come back for something of it.
    :param other_goods: the message names goods that are none of its items.
    """
    if message.intent in STRANGE:
        return None
    if is_bare(message.text) and (named_order(message.text) or named_contact(message.text, asked=True)):
        return OwnMatter("track", is_sure=True)  # whose order it is, for whatever he told before
    pieces = tuple(Line(item.position, item.quantity) for item in items) if quoted else ()
    reading = read_turn(message, Draft(FORM, FILLS, items=items, open_lines=pieces, today=today, quoted=quoted))
    named = reading.values.get("order_number")
    if reading.move == "switch" and reading.target in _MOVES:
        return OwnMatter(_MOVES[reading.target], named, is_sure=named is not None)
    order = named or (None if other_goods else last_order)
    if reading.topic in _OF_THE_RULES and order is not None:
        return OwnMatter("quote", order, is_sure=True)
    text = wording(message.text).text
    if reading.topic == "eligible" and not (IN_GENERAL.within(text) or NOT_GOODS.within(text)):
        return OwnMatter("quote")  # of which order is asked where the help pages do not say it
    if CHANGED_MIND.within(text):
        return OwnMatter("case", order, is_sure=True)
    cancels = CANCELS.within(text) and not REPORTS.within(text) and not INVOICES.within(text)
    if named is not None and not reading.questions and cancels:
        return OwnMatter("cancel", named, is_sure=True)
    if reading.questions or not _asks_for_action(reading, order):
        return OwnMatter("case", follows_answer=True) if _tells_a_fault(text, reading) else None
    if NOT_GOODS.within(text):
        return None
    is_plain = not REPORTS.within(text)
    is_known = named is not None or (order is not None and "items" in reading.values)
    is_clear = "remedy" in reading.values or reading.values.get("reason") not in _UNCLEAR
    is_clear = is_clear or (named is not None and reading.values["reason"] == "missing_item")
    wishes = is_plain and _wishes(text, reading)
    if (is_known and is_plain and is_clear) or (wishes and not _ASKS_WHETHER.search(text)):
        return OwnMatter("case", named, is_sure=True)
    is_about_it = order is not None and (is_plain or "reason" in reading.values)
    return OwnMatter("case", named) if wishes or is_about_it else None


def opens_form(matter: OwnMatter | None, *, is_answered: bool) -> bool:
    """Say whether the form takes the message, ``is_answered``: whether the knowledge base has an answer to it."""
    return matter is not None and (matter.is_sure or not is_answered)


def changed_mind(text: str) -> bool:
    """Say whether a message says nothing but that he no longer wants what he bought, or took the wrong thing."""
    return CHANGED_MIND.within(wording(text).text)


def is_told_only(text: str) -> bool:
    """Say whether what sounds like a wish is about something else than goods, or only tells what became of one."""
    read = wording(text).text
    return NOT_GOODS.within(read) or REPORTS.within(read)


def _asks_for_action(reading: Reading, order: str | None) -> bool:
    """A remedy is asked for, or a fault is told of an order that is known."""
    return "remedy" in reading.values or ("reason" in reading.values and order is not None)


def _tells_a_fault(text: str, reading: Reading) -> bool:
    """Say whether goods of his own are told to be faulty or not to fit, of no known order: "耳机坏了，咋整"."""
    if reading.questions or reading.move is not None or NOT_GOODS.within(text) or SERVICES.within(text):
        return False
    reason = reading.values.get("reason")
    is_faulty = reason in _FAULTS and names_a_fault(text) and OWN_GOODS.within(text)
    is_misfit = reason == "no_reason" and MISFITS.within(text) and WORN.within(text)
    return (is_faulty or is_misfit) and not (REPORTS.within(text) or IN_GENERAL.within(text))


def _wishes(text: str, reading: Reading) -> bool:
    return "remedy" in reading.values and ("reason" in reading.values or WISHES.within(text))
