"""What a message gives to an after-sales form: which pieces, what is wrong, what is wanted, how they are collected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kefu.dialogue.goods.another_place import other_place
from kefu.dialogue.goods.faulty_pieces import faulty_pieces, pieces_that_came
from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.goods.item_words import HAS_COME, NARROWS, SELECTS, WANTS_SO_MANY
from kefu.dialogue.goods.named_items import Choice, Pieces, named_items
from kefu.dialogue.goods.the_whole import takes_the_whole
from kefu.dialogue.reasons.conditions import SaidConditions, read_conditions
from kefu.dialogue.reasons.reason import GivenReason, read_reason
from kefu.dialogue.turn import Draft
from kefu.dialogue.wishes.remedies import read_remedy, wanted_in_place
from kefu.dialogue.words.choices import chosen, titled
from kefu.dialogue.words.numerals import number
from kefu.dialogue.words.wording import Span, only, runs, without
from kefu.shop.cases import Line

_PERISHABLE = "perishable"
_BUT = re.compile(r"(?<![a-z])(?:but|although|though|while)(?![a-z])|但是?|不过|可是|[,，]|[。!?！？;；]|\.(?=\s|$)")
# "only the strawberries apples ok"
_NOUN_OK = re.compile(
    r" (?!(?:is|are|was|were|looks?|works?|all|so|very) )(?=(?:the |my )?[a-z]+ (?:is |are )?"
    r"(?:ok|okay|fine|good|great|perfect|alright)\W*(?:$|\n))"
)
_AND_THE = re.compile(r"(?<![a-z])and(?= (?:the|my) )")


@dataclass(frozen=True)
class Details:
    """Values by slot, the words that gave them, and the slots that were tried for in vain.

    ``goes_on``: he asks for something beside what he refuses. ``in_place``: where he says what he wants instead.
    """

    values: dict[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    tried: frozenset[str] = frozenset()
    goes_on: bool = False
    in_place: Span | None = None


def read_details(text: str, draft: Draft) -> Details:
    """Read the details that a folded text tells; questions have been taken out of it."""
    if lines := other_place(text, draft) or takes_the_whole(text, draft):
        return Details({"items": lines}, ((0, len(text)),))
    picked = _picked(text, draft)
    left = without(text, picked.spans)
    passing = _reason(left, draft, perishable=False)
    in_place = wanted_in_place(without(left, passing.spans))
    pieces = _as_many_as_faulty(_pieces(left, draft, passing, in_place), left, draft, passing)
    reason = _reason(left, draft, perishable=are_perishable(draft, pieces.lines))
    remedy = read_remedy(left, draft.remedies, draft.known.get("remedy"), asked=draft.asked == "remedy")
    conditions = read_conditions(left)
    values: dict[str, Any] = {
        "items": pieces.lines,
        "reason": reason.reason,
        "remedy": remedy.remedy,
        "condition": _condition(draft, conditions),
        **picked.values,
    }
    tried = {
        "items": pieces.tried,
        "reason": reason.several,
        "remedy": remedy.several or bool(remedy.denied and remedy.remedy is None),
    }
    words = {"items": pieces.spans, "reason": reason.spans, "remedy": remedy.spans, "condition": conditions.spans}
    given = {slot: value for slot, value in values.items() if value is not None}
    return Details(
        given,
        (*picked.spans, *(span for slot, spans in words.items() if slot in given for span in spans)),
        picked.tried | {slot for slot, in_vain in tried.items() if in_vain and slot not in picked.values},
        remedy.goes_on or (pieces.leaves_out and pieces.lines is not None),
        in_place,
    )


def supposed_pieces(text: str, draft: Draft) -> tuple[Line, ...] | None:
    """Give the pieces that a folded question is about, None if it names none."""
    return _pieces(text, draft, GivenReason(), None).lines


def _picked(text: str, draft: Draft) -> Details:
    """Read a choice from the list that was shown, by its title or its number."""
    listed: dict[str, tuple[str, Sequence[str]]] = {
        "reason": ("reasons", draft.reasons),
        "remedy": ("remedies", draft.remedies),
    }
    if draft.asked not in listed:
        return Details()
    group, choices = listed[draft.asked]
    if (key := titled(text, group)) is not None:
        return Details({draft.asked: key}, ((0, len(text)),))
    is_told = read_reason(text).spans if draft.asked == "reason" else read_remedy(text).spans
    numbers = chosen(text, len(choices)) if choices and not is_told else []
    places = {one.place for one in numbers}
    spans = tuple(one.span for one in numbers)
    if len(places) == 1 and 1 <= (place := places.pop()) <= len(choices):
        return Details({draft.asked: choices[place - 1]}, spans)
    return Details({}, spans, frozenset({draft.asked}) if numbers else frozenset())


def _pieces(text: str, draft: Draft, reason: GivenReason, in_place: Span | None) -> Pieces:
    known = draft.known.get("items")
    if in_place is not None:
        text = without(text, [in_place])
    if draft.asked == "exchange_for" and not NARROWS.within(text):
        return Pieces()
    choice = Choice(draft.items, draft.open_lines, known, draft.asked == "items", draft.refused)
    cut = _clauses(text, reason)
    # "耳机不是坏的，杯子坏了": what is said to be all right is not meant where something else is.
    all_right = [
        run
        for run in cut
        if any(run[0] <= start < run[1] for start, _ in reason.denied) or HAS_COME.within(text[slice(*run)])
    ]
    if all_right:
        others = named_items(without(text, all_right), choice, reason.spans)
        if others.lines or others.tried:
            return others
        if reason.reason is not None and (rest := _rest(text, all_right, choice)):
            return rest
        if reason.reason is None and (kept := _without_what_is_fine(text, all_right, draft, choice)):
            return kept
    return named_items(without(text, _introducing(text, cut, draft, reason)), choice, reason.spans)


def _clauses(text: str, reason: GivenReason) -> list[Span]:
    """Cut where another thing may be spoken of; at "and the …" only behind a fault, so that lists stay whole."""
    told = min((start for start, _ in reason.spans), default=len(text))
    marks = [*_BUT.finditer(text), *(match for match in _AND_THE.finditer(text) if match.start() > told)]
    marks += [match for match in _NOUN_OK.finditer(text) if match.start() > 0]
    return list(runs(without(text, [match.span() for match in marks])))


def _rest(text: str, all_right: Sequence[Span], choice: Choice) -> Pieces | None:
    """Take a fault for that of the only thing that is not said to be all right: "it's broken; the mugs are fine"."""
    fine = named_items(only(text, all_right), replace(choice, known=None))
    if not fine.lines:
        return None
    kept = {line.position for line in fine.lines}
    rest = tuple(line for line in choice.open_lines if line.position not in kept)
    return Pieces(rest, fine.spans, leaves_out=True) if len(rest) == 1 else Pieces(spans=fine.spans)


def _without_what_is_fine(text: str, all_right: Sequence[Span], draft: Draft, choice: Choice) -> Pieces | None:
    """Leave out things of which nothing is told but that they are all right: "草莓没事" speaks of the apples.

    None where that decides nothing: nothing was named before, or they are wished back all the same.
    """
    known = choice.open_lines if choice.asked else choice.known
    if known is None or draft.known.get("reason") == "no_reason":  # praise of what goes back all the same
        return None
    remedy = read_remedy(text, draft.remedies, draft.known.get("remedy"))
    named = {draft.items[at].position for one in mentions(only(text, all_right), draft.items) for at in one.candidates}
    spans = tuple(all_right)
    if named and named.isdisjoint(line.position for line in known):
        return Pieces(spans=spans)
    if not named or remedy.remedy is not None:
        return None
    kept = tuple(line for line in known if line.position not in named)
    if choice.asked and len(kept) != 1:
        return Pieces(spans=spans, tried=True)
    return Pieces(kept or None, spans, tried=not kept, leaves_out=bool(kept))


def _introducing(text: str, cut: Sequence[Span], draft: Draft, reason: GivenReason) -> list[Span]:
    """Find what only tells what was bought: "mugs and earbuds. one earbud is dead" is about what is named again."""
    places = {run: {at for one in mentions(text[slice(*run)], draft.items) for at in one.candidates} for run in cut}
    told = [run for run in cut if any(run[0] <= start < run[1] for start, _ in reason.spans)]
    faulty = {place for run in told for place in places[run]}
    return [
        run
        for run in cut
        if run not in told and faulty & places[run] and places[run] - faulty and not SELECTS.within(text[slice(*run)])
    ]


def _as_many_as_faulty(pieces: Pieces, text: str, draft: Draft, reason: GivenReason) -> Pieces:
    """Take as many pieces as have the fault that is told: "碎了一个" of three mugs is about one."""
    line = _in_question(pieces, text, draft)
    if line is None or reason.reason in (None, "no_reason"):
        return pieces
    there = next((one.quantity for one in draft.open_lines if one.position == line.position), 0)
    if pieces.lines and (wanted := WANTS_SO_MANY.search(text)):
        many = number(wanted.group(1)) if wanted.lastindex else None
        return replace(pieces, lines=(replace(line, quantity=many),)) if many and 1 <= many <= there else pieces
    if pieces.lines and there == 1 < line.quantity:
        return replace(pieces, lines=(replace(line, quantity=1),))  # three mugs of a set that is sold as one
    came = pieces_that_came(text) if reason.reason == "missing_item" else None
    many = faulty_pieces(text, reason.spans) if came is None else there - came
    if many is None or not 1 <= many <= there or (pieces.lines is None and many == line.quantity):
        return pieces
    others = () if pieces.lines else tuple(one for one in _chosen(draft) if one.position != line.position)
    lines = sorted((*others, Line(line.position, many)), key=lambda one: one.position)
    return replace(pieces, lines=tuple(lines))


def _in_question(pieces: Pieces, text: str, draft: Draft) -> Line | None:
    """Give the one thing that a fault is told of: the one chosen, or the one of those chosen that is named."""
    lines = pieces.lines
    if lines is None and not pieces.tried:
        lines = _chosen(draft) or (draft.open_lines if "items" in draft.fills else ())
        if len(lines) > 1 and _chosen(draft):
            named = {draft.items[place].position for one in mentions(text, draft.items) for place in one.candidates}
            lines = tuple(line for line in lines if line.position in named) if len(named) == 1 else ()
    return lines[0] if lines and len(lines) == 1 else None


def _chosen(draft: Draft) -> tuple[Line, ...]:
    return () if draft.asked == "items" else tuple(draft.known.get("items") or ())


def are_perishable(draft: Draft, lines: tuple[Line, ...] | None) -> bool:
    """Say whether the goods in question are all perishable: ``lines``, else those chosen, else all of the order."""
    lines = lines or draft.known.get("items")
    positions = {line.position for line in lines} if lines else {item.position for item in draft.items}
    categories = [item.category for item in draft.items if item.position in positions]
    return bool(categories) and all(category == _PERISHABLE for category in categories)


def _reason(text: str, draft: Draft, *, perishable: bool) -> GivenReason:
    settled = draft.known.get("reason") is not None and draft.asked != "reason"
    names = [mention.span for mention in mentions(text, draft.items)] if settled else []
    return read_reason(text, perishable=perishable, settled=settled, names=names)


def _condition(draft: Draft, said: SaidConditions) -> frozenset[str] | None:
    """Add what is said to what is known, and take away what is denied; None where nothing changes."""
    known = draft.known.get("condition") or frozenset()
    condition = (known | said.present) - said.absent
    return condition if said.present or condition != known else None
