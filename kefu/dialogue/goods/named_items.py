"""Which things of an order a message is about, and how many pieces of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.goods.item_parts import Part, read_parts
from kefu.dialogue.goods.item_words import (
    ADDS,
    ALL,
    ALL_IF_ASKED,
    ALL_OF_SO_MANY,
    LEFT_OUT,
    NARROWS,
    REST,
    SELECTS,
    SET_AGAINST,
    WHOLE_ORDER,
)
from kefu.dialogue.words.counts import MEASURE
from kefu.dialogue.words.numerals import CHINESE, ENGLISH, FIGURE, number
from kefu.dialogue.words.question_words import PROPOSES
from kefu.dialogue.words.wording import GAP, NAMED, Span, runs, without
from kefu.shop.cases import Line
from kefu.shop.orders import Item

# "那两件" behind a refusal is "two, then", not "those two"; "two then" is a number of pieces, too.
_THEN = re.compile(rf"那就?(?={CHINESE}|{FIGURE}|[俩仨])")
_ALONE = re.compile(rf"\W*(?:(?:then|ok|okay|well|oh|just|so|the) )*({ENGLISH})(?:,? (?:then|please))*\W*")
_IS_A_COUNT = re.compile(
    rf"\W*(?:就|只)?({FIGURE}|{CHINESE}|[俩仨]) ?{MEASURE}(?:吧|啊|呀|哦|的)?\W*"
    rf"|\W*(?:(?:no|wait|sorry|actually|just|only|make it|all)\W+)*(?:{ENGLISH}|{FIGURE})"
    r"(?: (?:of them|pieces?|pcs?|packs?|pairs?|box(?:es)?|bottles?|items?|units?))\W*"
)
_COUNTS_LESS = re.compile("[只就][退换要]|[是改]|(?<![a-z])(?:are|is|only|just|make)(?![a-z])")


@dataclass(frozen=True)
class Choice:
    """What there is to choose from: the things as listed, the pieces still open, those chosen before.

    ``asked``: the customer was asked which ones. ``refused``: what he was just told to be impossible.
    """

    items: Sequence[Item]
    open_lines: Sequence[Line]
    known: tuple[Line, ...] | None
    asked: bool
    refused: tuple[Line, ...] = ()

    @property
    def spoken_of(self) -> Line | None:
        """The one thing that was spoken of last."""
        lines = self.known if self.known is not None and not self.asked else self.refused
        return lines[0] if lines and len(lines) == 1 else None


@dataclass(frozen=True)
class Pieces:
    """What a text names, None where that is nothing or cannot be told; ``tried`` says which.

    ``spans``: by what words. ``leaves_out``: by saying what stays ("耳机不退了").
    """

    lines: tuple[Line, ...] | None = None
    spans: tuple[Span, ...] = ()
    tried: bool = False
    leaves_out: bool = False


def named_items(text: str, choice: Choice, reasons: Sequence[Span] = ()) -> Pieces:
    """Read which pieces a folded text is about.

    :param reasons: where it says what is wrong; counts there ("只收到一个") are no choice.
    """
    if not choice.items:
        return Pieces()
    if choice.known is not None and not choice.asked:
        text = _choosing(text, choice, reasons)
    if choice.refused:
        text = _THEN.sub(lambda match: GAP * len(match.group()), text)
    text = without(text, reasons, NAMED)  # "三个杯子里[碎的]那个" stays one part
    against = _left_out(text, choice.items, SET_AGAINST)
    text = without(text, [span for part in against for span in part.spans])
    left_out = _left_out(text, choice.items, LEFT_OUT)
    text = without(text, [span for part in left_out for span in part.spans])
    parts = read_parts(text, choice.items, by_number=choice.asked)
    so_many = [match for pattern in ALL_OF_SO_MANY for match in pattern.finditer(text)]
    whole = [*(match.span() for match in so_many), *ALL.spans(text), *REST.spans(text)]
    whole = whole or (ALL_IF_ASKED.spans(text) if choice.asked else [])
    spans = (*whole, *(span for part in (*against, *left_out, *parts) for span in part.spans))
    if any(part.places for part in parts):
        apart = {part.places[0] for part in (*against, *left_out)}
        lines = _of_parts([_told_from(part, apart) for part in parts if part.places], choice, bool(whole))
        lines = _together(lines, text, parts, choice) if lines else None
    elif left_out:
        lines = _all_but(left_out, choice, bool(whole))
    elif so_many and (count := number(so_many[0].group(1))) is not None and count > 1:
        lines = _so_many(count, choice)
    elif whole:
        lines = _whole(text, choice)
    elif (count := _count(text, parts, choice)) is not None:
        lines = _counted(count, choice)
    else:
        return Pieces(tried=bool(against))
    return Pieces(lines or None, spans, not lines, bool(left_out))


def _choosing(text: str, choice: Choice, reasons: Sequence[Span]) -> str:
    """Leave out the clauses that name things without choosing among them."""
    idle = []
    for start, end in runs(text):
        clause = text[start:end]
        gives_reason = any(start <= at < end for at, _ in reasons)
        chooses = (NARROWS if gives_reason else SELECTS).within(clause) or (
            choice.refused and not gives_reason and PROPOSES.within(clause)
        )
        # "外套也起球了" is about one more thing; "一根" is nothing but a count.
        chooses = chooses or (gives_reason and ADDS.within(clause) and _names_another(clause, choice))
        chooses = chooses or _IS_A_COUNT.fullmatch(clause) is not None
        if not chooses and (gives_reason or not _is_but_a_name(clause, choice)):
            idle.append((start, end))
    return without(text, idle)


def _names_another(clause: str, choice: Choice) -> bool:
    known = {line.position for line in choice.known or ()}
    named = {choice.items[place].position for one in mentions(clause, choice.items) for place in one.candidates}
    return bool(named) and named.isdisjoint(known)


def _is_but_a_name(clause: str, choice: Choice) -> bool:
    cells = [mention.cells for mention in mentions(clause, choice.items)]
    rest = "".join(c for at, c in enumerate(clause) if c.isalnum() and not any(at in some for some in cells))
    return bool(cells) and len(rest.replace("the", "").replace("one", "")) <= 2


def _left_out(text: str, items: Sequence[Item], patterns: Sequence[re.Pattern[str]]) -> list[Part]:
    """Find what is left out, each with its one place in the list, and how many pieces of it, None for all of them."""
    found: list[Part] = []
    for pattern in patterns:
        for match in pattern.finditer(without(text, [span for part in found for span in part.spans])):
            # "杯子[留]一个" counts what stays.
            inside = [part for part in read_parts(match["what"].replace("留", GAP), items) if part.places]
            if inside and all(len(part.places) == 1 for part in inside):
                found += [Part(part.places, part.count, (match.span(),)) for part in inside]
    return found


def _told_from(part: Part, apart: set[int]) -> Part:
    """Of things that share a name, leave those that something else was said of: "not the white one, the other tee"."""
    if len(part.places) < 2:
        return part
    return replace(part, places=tuple(place for place in part.places if place not in apart) or part.places)


def _of_parts(parts: list[Part], choice: Choice, means_all: bool) -> tuple[Line, ...] | None:
    """Give the pieces that are named, None if the words fit several things; more than there are is for the rules."""
    wanted: dict[int, int] = {}
    for part in parts:
        places = part.places
        if len(places) > 1 and not (means_all or part.count == len(places)):
            places = tuple(place for place in places if _open(choice, place))
        if len(places) != 1 and not (means_all or part.count == len(places)):
            return None
        for place in places:
            if not 0 <= place < len(choice.items):
                return None
            many = part.count if part.count is not None and len(places) == 1 else _default(choice, place, means_all)
            if many < 1:
                return None
            wanted[choice.items[place].position] = many
    return tuple(Line(position, many) for position, many in sorted(wanted.items()))


def _together(lines: tuple[Line, ...], text: str, parts: list[Part], choice: Choice) -> tuple[Line, ...]:
    """Put named pieces together with those chosen before: "键盘也退" adds, "杯子只退一个" changes how many."""
    if choice.known is None or choice.asked:
        return lines
    first = next(part.spans[0] for part in parts if part.places)
    has_count = any(part.count is not None for part in parts)
    changes_count = has_count and len(lines) == 1 and _COUNTS_LESS.search(text, first[1]) is not None
    if not ADDS.within(text) and not (
        changes_count and any(line.position == lines[0].position for line in choice.known)
    ):
        return lines
    together = {line.position: line for line in (*choice.known, *lines)}
    return tuple(together[position] for position in sorted(together))


def _all_but(left_out: Sequence[Part], choice: Choice, means_all: bool) -> tuple[Line, ...]:
    """Give the rest: of what was chosen before, or of everything; where some pieces of a thing stay, of that."""
    stay = {
        choice.items[part.places[0]].position: part.count for part in left_out if part.places[0] < len(choice.items)
    }
    base: Sequence[Line] = choice.open_lines
    if choice.known is not None and not choice.asked and not means_all:
        base = choice.known
    elif not means_all and None not in stay.values():
        base = [line for line in base if line.position in stay]
    kept = (replace(line, quantity=line.quantity - _staying(line, stay)) for line in base)
    # Where all the others are in cases already, they are meant all the same: the rules say so.
    others = (Line(item.position, item.quantity) for item in choice.items if item.position not in stay)
    return tuple(line for line in kept if line.quantity > 0) or tuple(others)


def _staying(line: Line, stay: Mapping[int, int | None]) -> int:
    many = stay.get(line.position, 0)
    return line.quantity if many is None else many


def _count(text: str, parts: list[Part], choice: Choice) -> int | None:
    """Give the smallest number of pieces that is named without a thing."""
    if choice.refused and (alone := _ALONE.fullmatch(text)):
        return number(alone.group(1))
    return min((part.count for part in parts if part.count is not None), default=None)


def _whole(text: str, choice: Choice) -> tuple[Line, ...]:
    """Give all there is; where one thing was refused in that number, "all of them" are those of it that there are."""
    refused = choice.spoken_of if choice.asked else None
    there = _open_at(choice, refused.position) if refused else 0
    if refused and 0 < there < refused.quantity and not WHOLE_ORDER.within(text):
        return (Line(refused.position, there),)
    return tuple(choice.open_lines)


def _so_many(count: int, choice: Choice) -> tuple[Line, ...] | None:
    """Give what "both" or "all three" can mean: the thing that was spoken of, the whole order, or what was chosen."""
    one = choice.spoken_of
    if one is not None and _open_at(choice, one.position) == count:
        return (Line(one.position, count),)
    for lines in (choice.open_lines, choice.known or ()):
        if count in (len(lines), sum(line.quantity for line in lines)):
            return tuple(lines)
    return None


def _counted(count: int, choice: Choice) -> tuple[Line, ...] | None:
    """Give the pieces that a mere number can mean: of the only thing in question, or all of them."""
    if (one := choice.spoken_of) is not None:
        return (Line(one.position, count),) if count >= 1 else None
    in_question = choice.known if choice.known is not None and not choice.asked else choice.open_lines
    if len(in_question) == 1:
        return (Line(in_question[0].position, count),) if count >= 1 else None
    return tuple(in_question) if count == sum(line.quantity for line in in_question) else None


def _open(choice: Choice, place: int) -> int:
    return _open_at(choice, choice.items[place].position)


def _open_at(choice: Choice, position: int) -> int:
    return next((line.quantity for line in choice.open_lines if line.position == position), 0)


def _default(choice: Choice, place: int, means_all: bool) -> int:
    """As many as were chosen before, else all pieces that are open; of a thing with none, all there are, so that the
    rules can say why it is refused."""
    position = choice.items[place].position
    chosen = () if choice.asked or means_all else choice.known or ()
    before = next((line.quantity for line in chosen if line.position == position), 0)
    return before or _open(choice, place) or choice.items[place].quantity
