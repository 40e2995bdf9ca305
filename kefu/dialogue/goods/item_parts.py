"""The parts of a text that each name a thing of a list, or a number of pieces, or both ("耳机和两个杯子")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.goods.item_words import PARTS
from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.counts import counts
from kefu.dialogue.words.numerals import number
from kefu.dialogue.words.phrases import Hit
from kefu.dialogue.words.wording import Span, without
from kefu.shop.orders import Item

_BOTH_AND = re.compile(r"(?<![a-z])both(?= (?:the |my )?[a-z-]+ (?:and|&) )")  # counts neither of them
_PAIR = re.compile(r"[双对]$|(?<![a-z])pairs?(?![a-z])")
_PAIRED = re.compile("鞋|靴|袜|手套|耳机|耳塞|耳环|筷|拖|眼镜|音箱")


@dataclass(frozen=True)
class Part:
    """What a part names: places in the list, from 0 (several where the words fit several things), and a count."""

    places: tuple[int, ...]
    count: int | None
    spans: tuple[Span, ...] = ()


def read_parts(text: str, items: Sequence[Item], *, by_number: bool = False) -> list[Part]:
    """Find the parts of a folded text that name something, in its order.

    :param by_number: a bare number is a place in the list; where the list has one thing, it counts it. A place that
        is not there is given all the same.
    """
    numbered = [Part((one.place - 1,), None, (one.span,)) for one in chosen(text, len(items), bare=by_number)]
    if len(items) == 1:
        numbered = [
            Part((), part.places[0] + 1, part.spans) if number(text[slice(*part.spans[0])]) else part
            for part in numbered
        ]
    text = without(text, [span for part in numbered for span in part.spans])
    text = _BOTH_AND.sub(lambda match: " " * len(match.group()), text)
    parts: list[Part] = []
    start = 0
    for match in (*PARTS.finditer(text), None):
        end = match.start() if match else len(text)
        own = [part for part in numbered if start <= part.spans[0][0] <= end]
        parts += _within(text, (start, end), own, items)
        start = match.end() if match else end
    return _joined(parts)


def _within(text: str, span: Span, numbered: list[Part], items: Sequence[Item]) -> list[Part]:
    start, end = span
    said = text[start:end]
    found = mentions(said, items)
    cells = frozenset(cell for mention in found for cell in mention.cells)
    named = [Part(one.candidates, None, (_moved(one.span, start),)) for one in found]
    is_paired = bool(found) and all(_PAIRED.search(items[place].name.zh) for one in found for place in one.candidates)
    counted = [
        Hit(str(int(hit.key) * _pieces_in(said[hit.start : hit.end], is_paired)), hit.start + start, hit.end + start)
        for hit in counts(said, cells)
    ]
    named = _same(numbered, named)
    if len(named) > 1:
        return _each_with_count(named, counted)
    # "两个杯子碎了一个": the smaller number is the one that he means.
    count = min((int(hit.key) for hit in counted), default=None)
    spans = tuple(hit.span for hit in counted)
    if named:
        part = named[0]
        return [Part(part.places, count if count is not None else part.count, (*part.spans, *spans))]
    return [Part((), count, spans)] if counted else []


def _pieces_in(counted: str, is_paired: bool) -> int:
    """A pair is one piece of what is sold in pairs, and two of anything else: "杯子退一双"."""
    return 2 if _PAIR.search(counted) and not is_paired else 1


def _same(numbered: list[Part], named: list[Part]) -> list[Part]:
    """Take a number in the list and a name for the same thing as one: "第二个杯子", "the second mug"."""
    if (
        len(numbered) == 1
        and len(named) == 1
        and numbered[0].places
        and set(numbered[0].places) <= set(named[0].places)
    ):
        return [Part(numbered[0].places, None, (*numbered[0].spans, *named[0].spans))]
    return sorted((*numbered, *named), key=lambda part: part.spans[0])


def _each_with_count(named: list[Part], counted: list[Hit]) -> list[Part]:
    """Give each thing the count beside it: before it if the first stands so ("一个耳机两个杯子"), else behind it."""
    goes_before = bool(counted) and counted[0].start < named[0].spans[0][0]
    parts = list(named)
    for hit in counted:
        if goes_before:
            beside = next((at for at, part in enumerate(parts) if part.spans[0][0] >= hit.end), None)
        else:
            beside = next((at for at in reversed(range(len(parts))) if parts[at].spans[0][1] <= hit.start), None)
        if beside is not None:
            parts[beside] = replace(parts[beside], count=int(hit.key), spans=(*parts[beside].spans, hit.span))
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Give a number that stands by itself to the thing named before or after it: "杯子，退两个"."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and last.places and last.count is None and not part.places:
            joined[-1] = Part(last.places, part.count, (*last.spans, *part.spans))
        elif last and not last.places and len(joined) == 1 and part.places and part.count is None:
            joined[-1] = Part(part.places, last.count, (*last.spans, *part.spans))
        else:
            joined.append(part)
    return joined


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
