"""Whether a message leaves the form, and where to."""

import re
from dataclasses import dataclass

from kefu.dialogue.form.move_words import (
    CANCEL_ORDER,
    DEPENDS,
    EXCHANGE,
    NOT_PERSON,
    NOT_TRACK,
    PERSON,
    PERSON_ALONE,
    PERSON_CLAUSE,
    RESIGNS,
    RETURN,
    START_OVER,
    STOP,
    STOP_CLAUSE,
    TRACK,
    WHICH,
)
from kefu.dialogue.turn import Move
from kefu.dialogue.words.clauses import Clause
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.question_words import ASKS_A_FACT
from kefu.dialogue.words.wording import without
from kefu.dialogue.words.yes_no import is_nothing_but_filler

TRACK_FORM = "track_order_form"
_OUTER = re.compile(r"^\W+|\W+$")
_LAST_RESIGNS = re.compile(r"(?:[^\w]|了{2,})(?:算[了啦咯])+吧?\W*$")
# The intents that lead out of a form, where no words say so.
_SWITCHES = {phrases.key: phrases for phrases in (TRACK, CANCEL_ORDER, EXCHANGE, RETURN)}


@dataclass(frozen=True)
class Leaving:
    """A move, and the intent that a switch leads to."""

    move: Move
    target: str | None = None


def own_intents(form: str, wish: object) -> frozenset[str]:
    """Name the intents that are what the form is for; ``wish``: what it was opened for, if it has several uses."""
    if form == TRACK_FORM:
        return frozenset({"track_order"})
    own = {"request_return", "request_exchange"}
    return frozenset(own | {"cancel_order"} if wish in ("cancel", "intercept") else own)


def read_move(text: str, cut: tuple[Clause, ...], own: frozenset[str], *, yes_no: bool) -> Leaving | None:
    """Read a move from a folded text and its clauses.

    :param own: intents that lead to this very form.
    :param yes_no: a question of yes or no was asked: "不用了" answers it.
    """
    if _wants_a_person(text, cut):
        return Leaving("person")
    said = [text[clause.start : clause.end] for clause in cut]
    plain = [_OUTER.sub("", clause) for clause in said]
    if any(_is_all(START_OVER, clause) for clause in plain):
        return Leaving("start_over")
    if (target := _target(text, cut, own)) is not None:
        return Leaving("switch", target)
    if len(plain) == 1 and _is_all(WHICH, plain[0]):
        return Leaving("which")
    if STOP.within(text) or any(
        _is_all(STOP_CLAUSE, clause) for clause in plain if not (yes_no and _declines(clause))
    ):
        return Leaving("stop")
    return None


def names_move(clause: str, leaving: Leaving | None) -> bool:
    """Say whether a folded clause in the dress of a question is what leaves: "我的快递到哪了", "可以转人工吗"."""
    if leaving is None or leaving.move not in ("person", "switch"):
        return False
    phrases = PERSON if leaving.move == "person" else _SWITCHES[leaving.target or ""]
    return phrases.within(clause)


def resigns(text: str) -> bool:
    """Say whether a folded text has an "算了", which is a stop unless it goes on with something.

    One that depends on something ("要扣运费的话就算了") is none.
    """
    return RESIGNS.within(text) and not DEPENDS.within(text)


def resigns_at_last(text: str) -> bool:
    """Say whether a folded text ends with an "算了" of its own: what is said before it no longer matters."""
    return _LAST_RESIGNS.search(text) is not None and not DEPENDS.within(text)


def refuses_a_person(text: str) -> bool:
    """Say whether a folded text says that no person is wanted."""
    return NOT_PERSON.within(text)


def target_of(intent: str | None, own: frozenset[str]) -> str | None:
    """Give the intent as a target, if it leads out of the form."""
    return intent if intent in _SWITCHES and intent not in own else None


def _target(text: str, cut: tuple[Clause, ...], own: frozenset[str]) -> str | None:
    if CANCEL_ORDER.key not in own and CANCEL_ORDER.within(text) and not _is_asked_about(CANCEL_ORDER, text, cut):
        return CANCEL_ORDER.key
    tracks = any(_tracks(text[clause.start : clause.end]) for clause in cut)
    if TRACK.key not in own and tracks:
        return TRACK.key
    if "request_return" in own:
        return None
    for phrases in (EXCHANGE, RETURN):
        if phrases.within(text) and not STOP.within(text) and not _is_asked_about(phrases, text, cut):
            return phrases.key
    return None


def _tracks(clause: str) -> bool:
    return TRACK.within(clause) and not NOT_TRACK.within(clause)


def _is_asked_about(phrases: Phrases, text: str, cut: tuple[Clause, ...]) -> bool:
    """Say whether only questions name it: "怎么取消订单" wants to know, not to cancel."""
    return not any(phrases.within(text[clause.start : clause.end]) for clause in cut if clause.kind == "says")


def _wants_a_person(text: str, cut: tuple[Clause, ...]) -> bool:
    for clause in cut:
        said = text[clause.start : clause.end]
        said = without(said, NOT_PERSON.spans(said))
        if _is_all(PERSON_CLAUSE, _OUTER.sub("", said)):
            return clause.kind != "doubts"
        if len(cut) == 1 and clause.kind == "says" and _is_all(PERSON_ALONE, _OUTER.sub("", said)):
            return True
        asks_a_fact = clause.kind == "asks" and ASKS_A_FACT.within(said)
        if PERSON.within(said) and (not asks_a_fact or _how_to_reach(said)):
            return True
    return False


def _how_to_reach(said: str) -> bool:
    """Asking how to get to a person is asking for one."""
    return re.search(r"怎么(?:转|找|联系|接)|how (?:do|can) i (?:talk|speak|get|reach)", said) is not None


def _declines(clause: str) -> bool:
    return (
        re.fullmatch(
            r"(?:(?:不用|不必|不需要|先不用|不要)(?:了|谢谢)*)+|no (?:thanks|thank you|need)|not needed", clause
        )
        is not None
    )


def _is_all(phrases: Phrases, clause: str) -> bool:
    spans = phrases.spans(clause)
    return bool(spans) and is_nothing_but_filler(without(clause, spans))
