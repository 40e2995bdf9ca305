"""Which reason a customer gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kefu.dialogue.reasons.fault_words import BROKEN, FAULTS, FOOD
from kefu.dialogue.reasons.own_reason_words import OWN_REASONS
from kefu.dialogue.reasons.reason_cues import (
    ALL_RIGHT,
    DENIED_BEFORE,
    DENIED_BEFORE_EN,
    GIVES_REASON,
    HIS_OWN_DOING,
    INSTEAD,
    OF_THE_SUMMARY,
    PACKAGING,
    THEM,
)
from kefu.dialogue.words.phrases import Hit, widest
from kefu.dialogue.words.wording import GAP, Span, runs, without
from kefu.dialogue.words.yes_no import is_nothing_but_filler

_REASONS = (*FAULTS, *OWN_REASONS)
_DENIED = re.compile(f"{DENIED_BEFORE}|{DENIED_BEFORE_EN}")
_LOOK_BACK = 40  # characters in which a negation may stand


@dataclass(frozen=True)
class GivenReason:
    """The reason that a text gives, None if it gives none, ``several``, or one that is no reason here.

    ``spans``: by what words, those included that it ``denied``.
    """

    reason: str | None = None
    spans: tuple[Span, ...] = ()
    several: bool = False
    denied: tuple[Span, ...] = ()


def read_reason(
    text: str, *, perishable: bool = False, settled: bool = False, names: Sequence[Span] = ()
) -> GivenReason:
    """Read the reason that a folded text gives.

    :param perishable: the goods in question are: broken ones are spoiled.
    :param settled: a reason is known and was not asked for, so that a passing word does not replace it.
    :param names: where the text names the goods; "the earbuds are broken" is about them, "my phone is broken" is not.
    """
    found = [(place, hit) for place, words in enumerate(_REASONS) for hit in words.phrases.hits(text)]
    kept = set(widest([hit for _, hit in found]))
    told = [(place, hit) for place, hit in found if hit in kept and not _is_denied(text, hit)]
    if settled:
        told = [
            (place, hit)
            for place, hit in told
            if _replaces(text, place, hit, [*(other.span for _, other in found), *names])
        ]
    told = _after_correction(text, told)
    if HIS_OWN_DOING.within(text) and any(_REASONS[place].reason in ("defect", "damage") for place, _ in told):
        return GivenReason(several=True)  # none of the shop's reasons; which he means, he must say himself
    told = [(place, hit) for place, hit in told if not _is_of_the_packaging(text, hit)]
    given = {place: _reason(text, place, perishable) for place, _ in told}
    strong = {
        reason for place, reason in given.items() if not _REASONS[place].yields_to & (set(given.values()) - {reason})
    }
    spans = tuple(hit.span for hit in sorted(kept, key=lambda hit: hit.start))
    denied = tuple(hit.span for hit in kept if _is_denied(text, hit))
    return GivenReason(strong.pop() if len(strong) == 1 else None, spans, len(strong) > 1, denied)


def names_a_fault(text: str) -> bool:
    """Say whether a folded text names a fault outright; that something "will not …" may be said of anything."""
    return any(words.phrases.within(text) for words in FAULTS if not words.is_weak)


def _reason(text: str, place: int, perishable: bool) -> str:
    is_food = perishable or FOOD.within(text)
    is_broken = _REASONS[place] is BROKEN or (perishable and _REASONS[place].reason == "defect")
    return "spoiled" if is_broken and is_food else _REASONS[place].reason


def _is_denied(text: str, hit: Hit) -> bool:
    return _DENIED.search(text[max(0, hit.start - _LOOK_BACK) : hit.start].rpartition(GAP)[2]) is not None


def _is_of_the_packaging(text: str, hit: Hit) -> bool:
    """Say whether only the box is damaged: "盒子瘪了但东西没事"."""
    if hit.key != "damage" or not ALL_RIGHT.within(text):
        return False
    return any(start <= hit.start < end and PACKAGING.within(text[start : hit.end]) for start, end in runs(text))


def _replaces(text: str, place: int, hit: Hit, understood: Sequence[Span]) -> bool:
    """Say whether a reason in passing replaces a known one: with a word that says so, or if it is all there is."""
    if any(start < hit.end and hit.start < end for start, end in OF_THE_SUMMARY.spans(text)):
        return False
    if GIVES_REASON.within(text) or INSTEAD.within(text):
        return True
    if _REASONS[place].is_weak:
        return False
    rest = without(text, understood)
    return is_nothing_but_filler(without(rest, THEM.spans(rest)))


def _after_correction(text: str, told: list[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    """Keep what stands behind the last "actually" or "说错了", if anything does."""
    marks = [end for _, end in INSTEAD.spans(text)]
    for mark in reversed(marks):
        after = [(place, hit) for place, hit in told if hit.start >= mark or hit.end > mark]
        if after:
            return after
    return told
