"""What is read, and what is read out of it: the values that :func:`kefu.dialogue.read_turn.read_turn` works on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kefu.shop.cases import Line, Remedy
from kefu.shop.orders import Item, Order
from kefu.text import Language

Answer = Literal["yes", "no"]
# `which`: a bare 取消 in the middle of a form, which may mean the form or the order.
Move = Literal["stop", "switch", "start_over", "person", "which"]
# A side question about the very matter that the form is on, which the order answers, not the help pages.
Topic = Literal["amount", "postage", "deadline", "address", "payout", "eligible"]
SecondOpinion = Callable[[Sequence[str]], Sequence[str | None]]
"""Gives the group that each of some texts belongs to by meaning, such as a reason of the policy; None if not sure."""


@dataclass(frozen=True)
class Message:
    """What a customer typed, and what the intent classifier took it for (None where it fell back)."""

    text: str
    intent: str | None
    language: Language


@dataclass(frozen=True)
class Draft:
    """What an open form knows, as far as it decides what a message means.

    ``fills`` names the slots of the form, ``asked`` the one it has just asked for. ``items``, ``orders``, ``reasons``
    and ``remedies`` are the choices before the customer, in the order in which they were listed; ``open_lines`` says
    how many pieces of each item can still be asked for. ``known`` holds what has been filled so far. ``summary`` is
    the fingerprint of the summary that he is looking at, None unless it is unchanged since. ``refused`` are the pieces
    that he asked for and was just told to be impossible. ``today`` is the date in the shop's time zone; without it
    "last week" names no order. ``quoted``: the turn before said what would come back for something. ``answered``: it
    answered something beside the summary, which thanks are meant for.
    """

    form: str
    fills: tuple[str, ...]
    asked: str | None = None
    known: Mapping[str, Any] = field(default_factory=dict)
    orders: tuple[Order, ...] = ()
    items: tuple[Item, ...] = ()
    open_lines: tuple[Line, ...] = ()
    reasons: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    summary: str | None = None
    refused: tuple[Line, ...] = ()
    today: date | None = None
    quoted: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Question:
    """A side question in the customer's own words.

    ``topic`` says that it is about this very matter, and ``supposed`` are the pieces that he only supposes in it
    ("if I send back just one").
    """

    text: str
    topic: Topic | None = None
    supposed: tuple[Line, ...] | None = None


@dataclass(frozen=True)
class Reading:
    """What one message means to the open form.

    ``values`` holds what it gives to slots: ``order_number`` (str), ``contact`` and ``second_contact``
    (:class:`~kefu.shop.identity.Contact`; the second where it names two), ``items`` (tuple of
    :class:`~kefu.shop.cases.Line`), ``reason`` (a key of the policy's reasons), ``remedy``, ``condition`` (frozenset
    of names), ``exchange_for`` and ``pickup`` (str, in his words). ``corrected`` are those that replace a value that
    was known and different.

    ``answer`` is a yes or a no to what was asked. ``target`` is the intent that a ``switch`` leads to. ``unclear``: he
    tried to answer what was asked, but it cannot be read.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
    answer: Answer | None = None
    move: Move | None = None
    target: str | None = None
    unclear: bool = False

    @property
    def topic(self) -> Topic | None:
        """The first topic that is asked about."""
        return next((question.topic for question in self.questions if question.topic), None)
