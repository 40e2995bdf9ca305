"""What a message answers that was asked beside the form's own slots: which to end, what to change, which size."""

import re
from dataclasses import replace

from kefu.actions.case_view import CaseView
from kefu.actions.context import Turn
from kefu.dialogue.turn import Reading

# What he may name when asked what should be different at the summary.
_CHANGES = {
    "lines": re.compile(r"商品|件数|数量|东西|\b(?:items?|articles?|goods|quantity|how many)\b", re.IGNORECASE),
    "reason": re.compile(r"原因|理由|\breason\b", re.IGNORECASE),
    "remedy": re.compile(r"处理|方式|怎么办|\bwhat (?:you|we) do\b|\bremedy\b", re.IGNORECASE),
}
_ANOTHER_SIZE = re.compile(r"[改换]成?|还是要|码|\b(?:make it|rather|instead|size|actually)\b", re.IGNORECASE)
_FREE_TEXT = 120  # characters of his own words that are kept
_THE_REQUEST = re.compile(r"申请|退货|换货|售后|\b(?:request|return|exchange|form)\b", re.IGNORECASE)
_THE_ORDER = re.compile(r"单|\border\b", re.IGNORECASE)


def which_to_end(turn: Turn, reading: Reading, asked: str | None) -> Reading:
    """Read "the order" or "the request" where he was asked which of them to end."""
    if asked != "case_which" or reading.move or reading.values or reading.question:
        return reading
    if _THE_REQUEST.search(turn.words):
        return Reading(move="stop")
    return Reading(move="switch", target="cancel_order") if _THE_ORDER.search(turn.words) else reading


def named_change(turn: Turn, reading: Reading, asked: str | None) -> str | None:
    """Which answer he wants to give anew, where he names it and nothing in its place ("the reason")."""
    if asked != "case_change" or reading.values or reading.move or reading.answer:
        return None
    return next((name for name, words in _CHANGES.items() if words.search(turn.words)), None)


def in_own_words(turn: Turn, view: CaseView, reading: Reading, asked: str | None) -> Reading:
    """At the summary of an exchange, "make it 44" is another size, not another number of pieces."""
    is_open = asked == "case_confirmed" and view.draft.exchange_for and not (reading.question or reading.move)
    if not is_open or reading.answer or not _ANOTHER_SIZE.search(turn.words):
        return reading
    return replace(reading, values={"exchange_for": turn.words.strip()[:_FREE_TEXT]}, unclear=False)
