"""Which remedy a customer wants."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kefu.dialogue.reasons.reason_cues import INSTEAD
from kefu.dialogue.wishes.remedy_words import (
    AGAIN,
    BACK,
    DENIED_BEFORE,
    DENIED_BEHIND,
    IF_ASKED,
    IF_NONE_LEFT,
    IN_PLACE,
    KEEPS,
    MONEY,
    NEW_ONE,
    NOW,
    OR,
    REMEDIES,
    SECOND_BEST,
    SIMPLY_MONEY,
    STANDS_ALONE,
)
from kefu.dialogue.words.phrases import Hit, Phrases, widest
from kefu.dialogue.words.wording import GAP, Span
from kefu.shop.cases import Remedy

_NO_REMEDY = re.compile(
    r"退换|[换改]成(?=[补退修仅维])|换(?:个|一个|一下|下)?(?:手机号|地址|电话|号码|时间|人|订单|单|客服|话题|邮箱|快递|账号|卡|问题)"
)
_DENIED_BEFORE = re.compile(DENIED_BEFORE)
_DENIED_BEHIND = re.compile(DENIED_BEHIND)
_SETTLES = re.compile(r"(?:改成?|改为|换成|不如|干脆|直接|那就|还是)$")
_OR = re.compile(OR)
_SECOND_BEST = re.compile(SECOND_BEST)
_IF_NONE_LEFT = re.compile(IF_NONE_LEFT)
_FOR_WHAT = re.compile(r"(?<![a-z])(?:for|into|to) (?=(?:an?|the|size|[0-9]+|x{0,3}[sl]|m|bigger|smaller|larger) ?\b)")
_LOOK_BACK = 40
_WEAK: tuple[Phrases, ...] = (AGAIN, NEW_ONE, MONEY, SIMPLY_MONEY, BACK)
# Together they are one wish: "换个新的，旧的退给你们".
_CARRIES = {"exchange": {"return"}, "resend": {"return"}, "repair": {"return"}, "refund_only": {"return"}}


@dataclass(frozen=True)
class WantedRemedy:
    """The remedy that a text asks for, None if it asks for none or ``several``; those that it ``denied``."""

    remedy: Remedy | None = None
    spans: tuple[Span, ...] = ()
    several: bool = False
    denied: frozenset[str] = frozenset()

    @property
    def goes_on(self) -> bool:
        """Whether it asks for something else than it refuses: "不退了，换货吧", but not "不退了，退货太麻烦"."""
        return self.remedy is not None and _family(self.remedy) not in self.denied


def read_remedy(
    text: str, offered: Sequence[Remedy] = (), known: Remedy | None = None, *, asked: bool = False
) -> WantedRemedy:
    """Read the remedy that a folded text asks for.

    :param offered: what the customer may choose, if that is known: "refund" means what of it gives money.
    :param known: the remedy so far, which a passing 退 does not change.
    :param asked: it was asked for.
    """
    ignored = [match.span() for match in _NO_REMEDY.finditer(text)]
    tables = (*REMEDIES, *_WEAK, *IF_ASKED) if asked else (*REMEDIES, *_WEAK)
    found = [hit for phrases in tables for hit in phrases.hits(text)]
    hits = [hit for hit in widest(found) if not any(start <= hit.start < end for start, end in ignored)]
    wanted = _latest(text, [hit for hit in hits if not _is_denied(text, hit)])
    if known is not None and _IF_NONE_LEFT.search(text):
        wanted = []  # on what it depends, the shop knows and he does not
    if second := _SECOND_BEST.search(text):
        wanted = [hit for hit in wanted if hit.start < second.start()] or wanted
    denied = {hit.key for hit in hits if _is_denied(text, hit)}
    is_firm = asked or known is None or bool(denied) or STANDS_ALONE.within(text) or NOW.within(text)
    kinds = {_meaning(hit, offered, known, is_firm) for hit in wanted} - {None}
    if KEEPS.within(text) and any(hit.key in ("money", "simply_money") for hit in wanted):
        kinds.add("refund_only")
    if _or_between(text, wanted) and len(kinds) > 1:
        return WantedRemedy(None, _spans(hits), several=True)
    for leading, carried in _CARRIES.items():
        if leading in kinds:
            kinds -= carried
    if {"refund_only", "exchange"} <= kinds or {"refund_only", "resend"} <= kinds:
        kinds = {kind for hit in wanted if (kind := _meaning(hit, offered, known, is_firm)) and hit.key != "money"}
    remedy = kinds.pop() if len(kinds) == 1 else None
    return WantedRemedy(remedy, _spans(hits), len(kinds) > 1, frozenset(map(_family, denied)))


def wanted_in_place(text: str) -> Span | None:
    """Find where a folded text says what is wanted in place of the goods ("换[大一码的]"); None if nowhere."""
    exchange = next(phrases for phrases in REMEDIES if phrases.key == "exchange")
    for start, end in reversed(exchange.spans(text)):
        stop = text.find(GAP, end)
        stop = len(text) if stop < 0 else stop
        # "swap the shoes [for a 43]": what goes back stands before it.
        whats = [match.start() for match in _FOR_WHAT.finditer(text, end, stop)]
        if IN_PLACE.within(text[start:stop]):
            return (whats[-1] if whats else start), stop
    return None


def _meaning(hit: Hit, offered: Sequence[Remedy], known: Remedy | None, is_firm: bool) -> Remedy | None:
    """Say which remedy a phrase means here."""
    gives_money = [remedy for remedy in ("return", "refund_only") if remedy in offered]
    if hit.key == "again":
        return "exchange" if offered and "resend" not in offered else "resend"
    if hit.key == "new_one":
        return "resend" if "resend" in offered and "exchange" not in offered else "exchange"
    if hit.key == "simply_money":
        return "return" if gives_money == ["return"] else "refund_only"
    if hit.key in ("money", "back"):
        if hit.key == "back" and not is_firm:
            return known
        if known in ("return", "refund_only"):
            return known
        return "refund_only" if gives_money == ["refund_only"] else "return"
    return hit.key  # type: ignore[return-value]


def _family(key: str) -> str:
    """Give the remedy that a phrase is a way of saying, near enough to tell whether it is refused."""
    return {
        "again": "exchange",
        "new_one": "exchange",
        "simply_money": "return",
        "money": "return",
        "back": "return",
        "refund_only": "return",
    }.get(key, key)


def _is_denied(text: str, hit: Hit) -> bool:
    before = text[max(0, hit.start - _LOOK_BACK) : hit.start].rpartition(GAP)[2]
    behind = text[hit.end : hit.end + _LOOK_BACK].partition(GAP)[0]
    if _DENIED_BEFORE.search(before):
        return True
    # "改成退货算了" settles for it; "退货算了" drops it.
    return bool(_DENIED_BEHIND.match(behind)) and not (_SETTLES.search(before) and behind.startswith("算了"))


def _latest(text: str, wanted: list[Hit]) -> list[Hit]:
    """Keep what stands behind the last correction, if anything does."""
    for _, end in reversed([*INSTEAD.spans(text)]):
        if after := [hit for hit in wanted if hit.start >= end]:
            return after
    return wanted


def _or_between(text: str, wanted: Sequence[Hit]) -> bool:
    return len(wanted) > 1 and _OR.search(text, wanted[0].end, wanted[-1].start) is not None


def _spans(hits: Sequence[Hit]) -> tuple[Span, ...]:
    return tuple(hit.span for hit in hits)
