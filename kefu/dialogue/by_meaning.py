"""What a second opinion adds to the parts of a message: the reason that it gives in words that no table has."""

import re
from dataclasses import replace

from kefu.dialogue.details import are_perishable
from kefu.dialogue.moves import resigns
from kefu.dialogue.parts import Parts
from kefu.dialogue.turn import Draft, Message, SecondOpinion
from kefu.dialogue.wording import GAP, content, without
from kefu.dialogue.yes_no import asks_for_time, is_nothing_but_an_answer, is_nothing_but_filler

# What the classifier takes for these tells no reason.
_TELLS_NONE = frozenset(
    "greet are_you_there thanks goodbye what_can_you_do are_you_robot affirm stop talk_to_human track_order "
    "cancel_order".split()
)
# Beside a wish, in what may come before the order is known, a reason is given as well as where it is asked for.
_OPENING = frozenset({None, "order_number", "contact"})
_CJK = re.compile("[\u4e00-\u9fff]")
_SHORTEST = 2  # characters; below, nothing is told
_SHORTEST_BESIDE = 3  # characters or words beside what was read: "我想" of "我想退货" tells nothing
_MOST = 6  # clauses that are judged


def with_reason(parts: Parts, message: Message, draft: Draft, opinion: SecondOpinion) -> Parts:
    """Add the reason that all clauses with an opinion agree on; nothing where they tell none, or several."""
    if not _may_tell(parts, message, draft):
        return parts
    texts = _clauses(parts)
    reasons = {reason for reason in opinion(texts) if reason is not None} if texts else set()
    if len(reasons) != 1:
        return parts
    reason = reasons.pop()
    if reason == "defect" and are_perishable(draft, parts.values.get("items")):
        reason = "spoiled"
    return replace(parts, values={**parts.values, "reason": reason})


def _may_tell(parts: Parts, message: Message, draft: Draft) -> bool:
    """Say whether a reason is wanted, and may be told in words that were not read."""
    if "reason" not in draft.fills or draft.known.get("reason") is not None or parts.leaving is not None:
        return False
    if "reason" in parts.values or "reason" in parts.tried or message.intent in _TELLS_NONE:
        return False
    if resigns(parts.words.text) or asks_for_time(parts.words.text):
        return False
    return draft.asked == "reason" or (draft.asked in _OPENING and "remedy" in parts.values)


def _clauses(parts: Parts) -> list[str]:
    """Give the clauses that tell something beside what was read of them, in the customer's own words."""
    rest = without(parts.words.text, parts.details.spans)
    told = [
        clause.span
        for clause in parts.heard.telling
        if _is_long_enough(left := rest[clause.start : clause.end])
        and not is_nothing_but_filler(left)
        and not is_nothing_but_an_answer(parts.words.text[clause.start : clause.end])
    ]
    return [text for span in told[:_MOST] if (text := parts.words.quote(*span))]


def _is_long_enough(left: str) -> bool:
    plain = content(left)
    if GAP not in left:
        return len(plain) >= _SHORTEST
    characters = len(_CJK.findall(plain))
    return (characters or len(plain.split())) >= _SHORTEST_BESIDE
