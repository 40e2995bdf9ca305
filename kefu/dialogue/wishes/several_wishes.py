"""Several wishes in one message about one order: "the shoes go back, the tee in a size up" makes two cases."""

import re
from dataclasses import dataclass

from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.goods.item_words import ADDS, ALL, ALL_OF_SO_MANY
from kefu.dialogue.reasons.reason import read_reason
from kefu.dialogue.turn import Draft, Reading
from kefu.dialogue.wishes.remedies import read_remedy
from kefu.dialogue.words.question_words import ASKS
from kefu.dialogue.words.wording import Span, wording
from kefu.shop.orders import Item

_CJK = "\u4e00-\u9fff"
_CUT = re.compile(
    rf"[,，。;；!！~\n]+|\.(?=\s|$)|(?<=[{_CJK}]) (?=\S)|(?=然后|还有|另外)|(?<![a-z])(?:and|but|then|while)(?![a-z])"
)
_PERISHABLE = "perishable"


@dataclass(frozen=True)
class _Wish:
    """A stretch of a message with the things that it names, what is wanted for them, and what is wrong with them."""

    span: Span
    places: frozenset[int] = frozenset()
    remedy: str | None = None
    reason: str | None = None

    @property
    def says_something(self) -> bool:
        return self.remedy is not None or self.reason is not None

    def differs(self, other: "_Wish") -> bool:
        """Say whether both together cannot be one case."""
        remedies, reasons = (self.remedy, other.remedy), (self.reason, other.reason)
        return (None not in remedies and len(set(remedies)) > 1) or (None not in reasons and len(set(reasons)) > 1)

    def with_more(self, other: "_Wish") -> "_Wish":
        """Take what follows in."""
        return _Wish(
            (self.span[0], other.span[1]),
            self.places | other.places,
            self.remedy or other.remedy,
            self.reason or other.reason,
        )


def several_wishes(text: str, items: tuple[Item, ...]) -> tuple[str, ...] | None:
    """Part a message that wants one thing for one article and another for another; None where it is one matter.

    :return: the parts in the customer's words, in their order.
    """
    words = wording(text)
    if ASKS.within(words.text) or "?" in words.text:
        return None
    wishes: list[_Wish] = []
    for piece in _pieces(words.text, items):
        last = wishes[-1] if wishes else None
        if last is None or (piece.says_something and _is_apart(piece, wishes)):
            wishes.append(piece)
        elif piece.places or not _is_of_all(words.text[slice(*piece.span)]):
            wishes[-1] = last.with_more(piece)
    return tuple(words.quote(*wish.span).strip(" ,，") for wish in wishes) if len(wishes) > 1 else None


def is_another_wish(text: str, reading: Reading, draft: Draft) -> bool:
    """Say whether a message inside an open case wants something else for another article: a case of its own."""
    chosen = {line.position for line in draft.known.get("items") or ()}
    named = {line.position for line in reading.values.get("items") or ()} - chosen
    if not chosen or not named or draft.asked == "items":
        return False

    changed = {
        name
        for name in ("remedy", "reason")
        if draft.known.get(name) is not None and reading.values.get(name) not in (None, draft.known[name])
    }
    return bool(changed) and ADDS.within(wording(text).text)


def _pieces(text: str, items: tuple[Item, ...]) -> list[_Wish]:
    found = []
    start = 0
    for match in (*_CUT.finditer(text), None):
        end = match.start() if match else len(text)
        if any(map(str.isalnum, text[start:end])):
            found.append(_wish((start, end), text[start:end], items))
        start = match.end() if match else end
    return found


def _wish(span: Span, said: str, items: tuple[Item, ...]) -> _Wish:
    places = frozenset(place for one in mentions(said, items) for place in one.candidates)
    is_food = bool(places) and all(items[place].category == _PERISHABLE for place in places)
    return _Wish(span, places, read_remedy(said).remedy, read_reason(said, perishable=is_food).reason)


def _is_apart(piece: _Wish, before: list[_Wish]) -> bool:
    """Say whether a piece wants something else than the last one, for other things than all before it."""
    are_others = all(one.places and one.places.isdisjoint(piece.places) for one in before)
    return bool(piece.places) and are_others and piece.differs(before[-1])


def _is_of_all(said: str) -> bool:
    return ALL.within(said) or any(pattern.search(said) for pattern in ALL_OF_SO_MANY)
