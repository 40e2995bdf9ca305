"""The questions that a customer asks beside what the form wants to know."""

import re
from collections.abc import Sequence

from kefu.dialogue.form.details import supposed_pieces
from kefu.dialogue.questions.topic_words import TOPICS
from kefu.dialogue.reasons.conditions import read_conditions
from kefu.dialogue.reasons.reason import read_reason
from kefu.dialogue.turn import Draft, Question, Topic
from kefu.dialogue.wishes.remedies import read_remedy
from kefu.dialogue.words.clauses import Clause
from kefu.dialogue.words.wording import GAP, NAMED, Wording, content, only
from kefu.dialogue.words.yes_no import is_nothing_but_agreement
from kefu.shop.cases import Remedy

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
# Behind a question about the amount, "it" is the money.
_GETS_IT = re.compile(
    r"(?:when|how soon|how long)[^\n]{0,24}(?:get|have|receive|see) (?:it|that)(?![a-z])"
    r"|(?:什么时候|啥时候|几天|多久|哪天)[^\n]{0,4}(?:到|给|打|收到)(?!货|家)"
)
_WHETHER = re.compile("用不用|要不要|需不需要|是不是|能不能|可不可以|会不会")
_ENDS_ASKING = re.compile(r"[吗呢么嘛]\W*$")
_BEGINS_ANEW = re.compile(r"^\W*and ")
_SHORT_ZH, _SHORT_EN = 3, 2


def read_questions(
    words: Wording, asking: Sequence[Clause], telling: Sequence[Clause], draft: Draft
) -> tuple[Question, ...]:
    """Put the clauses that ask into questions, each complete enough to look its answer up."""
    questions: list[Question] = []
    for group in _apart(words.text, asking):
        before = questions[-1].topic if questions else None
        if (question := _question(words, group, telling, draft, before)) is not None:
            questions.append(question)
    return tuple(questions)


def _apart(text: str, asking: Sequence[Clause]) -> list[list[Clause]]:
    """Put together the clauses that ask one thing."""
    groups: list[list[Clause]] = []
    for clause in asking:
        if groups and not _is_another(text, groups[-1], clause):
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _is_another(text: str, group: Sequence[Clause], clause: Clause) -> bool:
    """Say whether a clause asks something else than those before it; what was only supposed belongs to it."""
    if all(one.supposes for one in group):
        return False
    said, last = text[clause.start : clause.end], group[-1]
    before = only(text, [one.span for one in group])
    topics = {_about(before), _about(said)}
    if None not in topics:
        return len(topics) > 1
    if clause.kind != "asks" or _is_short(content(said)) or _is_short(content(before)):
        return False
    has_ended = "?" in text[last.end : last.stop] or _ENDS_ASKING.search(text[last.start : last.end])
    return bool(has_ended or _BEGINS_ANEW.match(said))


def _question(
    words: Wording, asking: Sequence[Clause], telling: Sequence[Clause], draft: Draft, before: Topic | None
) -> Question | None:
    """Make one question; ``before`` is the topic of the one before it."""
    asked = only(words.text, [clause.span for clause in asking])
    topic = _topic(asked, draft)
    if topic is None and before in ("amount", "payout") and _GETS_IT.search(asked):
        topic = "payout"
    stretches = _stretches(asking)
    if topic is None and _is_short(content(asked)):
        # "耳机，多久？" asks about the clause before.
        told = [one for one in telling if one.end <= asking[0].start and not _agrees(words.text, one)]
        if told:
            stretches[0] = (told[-1].start, stretches[0][1])
    text = " ".join(filter(None, (_tidy(words.quote(*_without_names(words.text, *span))) for span in stretches)))
    supposed = supposed_pieces(asked, draft) if topic or draft.quoted else None
    if topic is None and supposed:
        topic = "amount"  # "and both?" behind an estimate
    return Question(text, topic, supposed) if text else None


def _topic(asked: str, draft: Draft) -> Topic | None:
    """Say which fact of this matter is asked for; none where something else is supposed than the form knows of."""
    if not {"items", "confirmed"} & set(draft.fills):
        return None
    topic = _about(asked)
    if topic is None or _supposes_else(asked, draft):
        return None
    return None if topic == "eligible" and _A_LENGTH_OF_TIME.search(asked) else topic


def _about(asked: str) -> Topic | None:
    return next((topic for topic, phrases in TOPICS if phrases.within(asked)), None)


def _supposes_else(asked: str, draft: Draft) -> bool:
    asked = _WHETHER.sub(GAP, asked)
    reason = read_reason(asked)
    conditions = read_conditions(asked)
    known = draft.known.get("remedy")
    wanted = read_remedy(asked, draft.remedies, known)
    denied = [remedy for remedy in wanted.denied if _is_other(remedy, known)]
    return (
        bool(reason.spans and reason.reason != draft.known.get("reason"))
        or not (conditions.present <= (draft.known.get("condition") or frozenset()))
        or (known is not None and wanted.remedy is not None and _is_other(wanted.remedy, known))
        or (known is not None and bool(denied))
    )


def _is_other(remedy: str, known: Remedy | None) -> bool:
    """Say whether a remedy is another than the known one; his money is what he gets by either of these two."""
    return remedy != known and not {remedy, known} <= {"return", "refund_only"}


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
