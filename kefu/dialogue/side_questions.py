"""The question that a customer asks beside what the form wants to know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kefu.dialogue.clauses import Clause
from kefu.dialogue.conditions import read_conditions
from kefu.dialogue.details import supposed_pieces
from kefu.dialogue.reasons import read_reason
from kefu.dialogue.remedies import read_remedy
from kefu.dialogue.topic_words import TOPICS
from kefu.dialogue.turn import Draft, Topic
from kefu.dialogue.wording import NAMED, Wording, content, only
from kefu.dialogue.yes_no import is_nothing_but_agreement
from kefu.shop.cases import Line

_CJK = re.compile("[\u4e00-\u9fff]")
# A question about some length of time is about the rules, not about this order: "过了七天还能退吗".
_A_LENGTH_OF_TIME = re.compile(
    r"[0-9一二两三四五六七八九十几半多]个?(?:天|周|月|年|星期|礼拜)|(?<![a-z])(?:days?|weeks?|months?|years?)(?![a-z])"
)
_AT_THE_EDGES = re.compile(r"^[\s,，.。!！;；、:：~—-]+|[\s,，.。!！;；、:：~—-]+$")
_NAMES_BEFORE = re.compile(rf"(?:[{NAMED} ,]|[0-9]{{4,8}}(?=[ ,]))+")
_NAMES_BEHIND = re.compile(rf"[{NAMED} ,]+$")
_BEGINNINGS = re.compile(
    r"^(?:but|and|so|also|then|但是?|不过|可是|对了|另外|还有|顺便)(?:问一?下|问问)?[\s,，:：]*", re.IGNORECASE
)
_SHORT_ZH, _SHORT_EN = 3, 2


@dataclass(frozen=True)
class Question:
    """A question in the customer's words; see :class:`kefu.dialogue.turn.Reading`."""

    text: str
    topic: Topic | None = None
    supposed: tuple[Line, ...] | None = None


def read_question(
    words: Wording, asking: Sequence[Clause], telling: Sequence[Clause], draft: Draft
) -> Question | None:
    """Put the clauses that ask into one question, complete enough to look its answer up."""
    if not asking:
        return None
    asked = only(words.text, [clause.span for clause in asking])
    topic = _topic(asked, draft)
    stretches = _stretches(asking)
    if topic is None and _is_short(content(asked)):
        # "耳机，多久？" asks about the clause before.
        before = [one for one in telling if one.end <= asking[0].start and not _agrees(words.text, one)]
        if before:
            stretches[0] = (before[-1].start, stretches[0][1])
    text = " ".join(filter(None, (_tidy(words.quote(*_without_names(words.text, *span))) for span in stretches)))
    supposed = supposed_pieces(asked, draft) if topic else None
    return Question(text, topic, supposed) if text else None


def _topic(asked: str, draft: Draft) -> Topic | None:
    """Say which fact of this matter is asked for; none where something else is supposed than the form knows of."""
    if not {"items", "confirmed"} & set(draft.fills):
        return None
    topic = next((topic for topic, phrases in TOPICS if phrases.within(asked)), None)
    if topic is None or _supposes_else(asked, draft):
        return None
    return None if topic == "eligible" and _A_LENGTH_OF_TIME.search(asked) else topic


def _supposes_else(asked: str, draft: Draft) -> bool:
    reason = read_reason(asked)
    conditions = read_conditions(asked)
    remedy = read_remedy(asked, draft.remedies, draft.known.get("remedy")).remedy
    known = draft.known.get("remedy")
    return (
        bool(reason.spans and reason.reason != draft.known.get("reason"))
        or not (conditions.present <= (draft.known.get("condition") or frozenset()))
        or (known is not None and remedy is not None and remedy != known)
    )


def _stretches(asking: Sequence[Clause]) -> list[tuple[int, int]]:
    """Join clauses that stand side by side."""
    joined: list[tuple[int, int]] = []
    last: Clause | None = None
    for clause in asking:
        if last is not None and clause.start - last.stop <= 1 and joined:
            joined[-1] = (joined[-1][0], clause.stop)
        else:
            joined.append((clause.start, clause.stop))
        last = clause
    return joined


def _without_names(text: str, start: int, stop: int) -> tuple[int, int]:
    """Leave out numbers and addresses at the edges: "SO20260001 多久发货" asks the rest."""
    left = _NAMES_BEFORE.match(text, start, stop)
    right = _NAMES_BEHIND.search(text, start, stop)
    return (left.end() if left else start), (right.start() if right else stop)


def _agrees(text: str, clause: Clause) -> bool:
    return is_nothing_but_agreement(text[clause.start : clause.end])


def _tidy(text: str) -> str:
    return _AT_THE_EDGES.sub("", _BEGINNINGS.sub("", _AT_THE_EDGES.sub("", text))).strip()


def _is_short(text: str) -> bool:
    characters = len(_CJK.findall(text))
    return characters <= _SHORT_ZH if characters else len(text.split()) <= _SHORT_EN
