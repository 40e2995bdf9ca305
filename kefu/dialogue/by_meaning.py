"""What a second opinion adds to the parts of a message: the reason that it gives in words that no table has."""

import re
from dataclasses import replace

from kefu.dialogue.form.details import are_perishable
from kefu.dialogue.form.moves import resigns
from kefu.dialogue.parts import Parts
from kefu.dialogue.turn import Draft, Message, SecondOpinion
from kefu.dialogue.words.wording import GAP, content, without
from kefu.dialogue.words.yes_no import asks_for_time, is_nothing_but_an_answer, is_nothing_but_filler

# What the classifier takes for these tells no reason.
_TELLS_NONE = frozenset(
    "greet are_you_there thanks goodbye what_can_you_do are_you_robot affirm stop talk_to_human track_order "
    "cancel_order".split()
)
_CJK = re.compile("[\u4e00-\u9fff]")
_SHORTEST = 2  # characters; below, nothing is told
_SHORTEST_BESIDE = 2  # characters or words beside what was read, those that tell nothing left out
# What a wish and the goods are named with; none of it tells a reason.
_EMPTY = re.compile(
    r"(?<![a-z])(?:i|we|it|is|am|would|will|like|want|need|have|has|had|can|could|please|just|to|the|this|that|these|my|a|"
    r"an|of|for|from|in|on|and|with|you|me|your|last|week|order|ordered|bought|got|do|get|be|about|some|one|hi|hello)"
    r"(?![a-z])|[我你您想要把给帮请的了在这那个买下单拍订麻烦就可以能吗吧呢先来一件双上周月星期昨前天刚收到]"
)
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
    # What comes with the wish is read again once the order is known: only then is it clear what are names of goods.
    is_opening = draft.asked is None and bool(draft.items)
    return draft.asked == "reason" or (is_opening and "remedy" in parts.values)


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
    if sum(character.isdigit() for character in plain) * 2 > len(plain.replace(" ", "")) or "last four" in plain:
        return False
    if GAP not in left:
        return len(plain) >= _SHORTEST
    plain = content(_EMPTY.sub(" ", plain))
    characters = len(_CJK.findall(plain))
    return (characters or len(plain.split())) >= _SHORTEST_BESIDE
