"""What of a message tells something to the form that is open, and what asks."""

import re
from dataclasses import dataclass, replace

from kefu.dialogue.form.details import read_details
from kefu.dialogue.form.move_words import TRACK
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.form.named_orders import read_order
from kefu.dialogue.form.pickup import wants_pickup
from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.reasons.reason import read_reason
from kefu.dialogue.turn import Draft
from kefu.dialogue.wishes.remedies import read_remedy
from kefu.dialogue.words.clauses import Clause, clauses
from kefu.dialogue.words.question_words import ASKS_A_FACT, KEEPS_SOME, PROPOSES, RHETORICAL, SMALL_TALK, WHAT_NOW
from kefu.dialogue.words.wording import Span, only, without

_DETAILS = frozenset({"items", "reason", "remedy"})
# "能退款吗" where remedies are before him chooses one; "这个能退吗" asks whether it is possible at all.
_MAY = re.compile(r"能|可以|可否|(?<![a-z])(?:can|could|may|might|would)(?![a-z])")
# "Exchange my shoes for size 43?" tells what to do; "refund?" asks.
_ORDERS = re.compile(
    r"\W*(?:(?:please|just|hi|hello|so|and) )*(?:exchange|swap|replace|return|refund|send|change|repair)(?: \w+){2}"
    r"|\W*(?:请|麻烦|那)?(?:帮我|给我|我要|我想)?(?:换|退|补发|修)(?![^\n]*(?:的话|也要))[^\n]{4}"
)
# "And both", "两件都退呢": of an estimate they ask for another one.
_FURTHER = re.compile(
    r"^\W*(?:and (?:the|my|both|all|one|two|everything|if)|what (?:about|if)|how about)(?![a-z])|(?:呢|的话)\W*$"
)


@dataclass(frozen=True)
class Heard:
    """The folded text without what asks, the clauses that tell, and those that ask."""

    said: str
    telling: tuple[Clause, ...]
    asking: tuple[Clause, ...]


def hear(text: str, draft: Draft) -> Heard:
    """Tell what a folded text says from what it asks."""
    cut = [
        replace(clause, kind="says") if _only_looks_asking(text, clause, draft) else clause for clause in clauses(text)
    ]
    cut = [clause for clause in cut if not _is_no_question(text, clause, draft)]
    if draft.quoted and draft.asked in (None, "confirmed"):
        cut = [replace(clause, kind="asks") if _goes_on_asking(text, clause) else clause for clause in cut]
    told = any(clause.kind == "says" for clause in cut)
    settled: list[Clause] = []
    problem: list[Span] = []
    rhetoric = [span for clause in cut for span in _rhetoric(text, clause, draft)]
    cut = [replace(clause, kind="says") if _within(rhetoric, clause) else clause for clause in cut]
    for clause in cut:
        if clause.kind == "tag" and told and _gives_something(only(text, _telling(cut)), draft):
            continue
        now = WHAT_NOW.spans(text[clause.start : clause.end])
        if clause.kind == "asks" and now and _tells_problem(only(text, [*problem, *_telling(settled), clause.span])):
            # "坏了怎么办": what is done about it is what the form is for.
            problem.append((clause.start, clause.start + now[0][0]))
            continue
        settled.append(clause)
    asking = tuple(clause for clause in settled if clause.kind != "says")
    telling = tuple(clause for clause in settled if clause.kind == "says")
    return Heard(without(only(text, [*_telling(settled), *problem]), rhetoric), telling, asking)


def _only_looks_asking(text: str, clause: Clause, draft: Draft) -> bool:
    """Say whether a clause in the dress of a question answers what was asked."""
    if clause.kind not in ("asks", "doubts"):
        return False
    said = text[clause.start : clause.end]
    if (draft.asked == "items" or draft.refused) and PROPOSES.within(said) and mentions(said, draft.items):
        return True
    if KEEPS_SOME.within(said) and len(draft.known.get("items") or ()) + 2 * (draft.asked == "items") > 1:
        return bool(mentions(said, draft.items))
    if clause.kind == "doubts":
        return _answers(only(text, [clause.span]), draft) or _ORDERS.match(said) is not None
    if ASKS_A_FACT.within(said):
        return False
    if draft.asked == "reason" and said.rstrip().endswith("嘛") and _MAY.search(said) is None:
        return _answers(only(text, [clause.span]), draft)  # "就是不亮了嘛"
    if _MAY.search(said) is None:
        return False
    return (draft.asked == "confirmed" and wants_pickup(said)) or (
        draft.asked == "remedy" and _names_remedy(said, draft)
    )


def _rhetoric(text: str, clause: Clause, draft: Draft) -> list[Span]:
    """Give the words by which a clause in the dress of a question wishes for another remedy than the known one."""
    said = text[clause.start : clause.end]
    spans = RHETORICAL.spans(said)
    is_asked = clause.kind != "says" or "?" in text[clause.end : clause.stop] or said.endswith(("吗", "么", "嘛"))
    if not spans or not is_asked or "remedy" not in draft.fills:
        return []
    plain = without(said, spans)
    known = draft.known.get("remedy")
    wanted = read_remedy(plain, draft.remedies, known, asked=True).remedy
    is_wish = wanted not in (None, known) and not ASKS_A_FACT.within(plain)
    return [(clause.start + start, clause.start + end) for start, end in spans] if is_wish else []


def _goes_on_asking(text: str, clause: Clause) -> bool:
    """Say whether a clause takes an estimate further: "两件都退呢", "and both"."""
    return clause.kind == "doubts" or _FURTHER.search(text[clause.start : clause.end]) is not None


def _within(spans: list[Span], clause: Clause) -> bool:
    return any(clause.start <= start < clause.end for start, _ in spans)


def _is_no_question(text: str, clause: Clause, draft: Draft) -> bool:
    """Leave out what is asked of the assistant itself, and what the form is there to answer."""
    said = text[clause.start : clause.end]
    return clause.kind != "says" and (SMALL_TALK.within(said) or (draft.form == TRACK_FORM and TRACK.within(said)))


def _names_remedy(said: str, draft: Draft) -> bool:
    remedy = read_remedy(said, draft.remedies, asked=True).remedy
    plain = without(said, [match.span() for match in re.finditer("退(?![货款钱])", said)])
    return remedy is not None and read_remedy(plain, draft.remedies, asked=True).remedy is not None


def _answers(said: str, draft: Draft) -> bool:
    """Say whether a text, read as a statement, fills the slot that was asked for."""
    if draft.asked == "order_number":
        return read_order(said, draft.orders, draft.today, asked=True).number is not None
    return draft.asked in _DETAILS and draft.asked in read_details(said, draft).values


def _gives_something(said: str, draft: Draft) -> bool:
    return bool(_DETAILS & set(draft.fills)) and bool(read_details(said, draft).values)


def _tells_problem(said: str) -> bool:
    return bool(read_reason(said).spans)


def _telling(cut: list[Clause]) -> list[Span]:
    return [clause.span for clause in cut if clause.kind == "says"]
