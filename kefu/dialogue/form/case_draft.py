"""What a customer has said so far about the order that he wants something done with."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from kefu.dialogue.form.pickup import wants_pickup
from kefu.dialogue.words.wording import folded
from kefu.shop.cases import REMEDIES, Line, Plan, Remedy

# What he came for. `quote`: he only wants to know; nothing is ever written.
Wish = Literal["return", "exchange", "cancel", "quote"]
WISHES: tuple[Wish, ...] = get_args(Wish)
_BETWEEN = "; "  # what stands between his wishes where they are written down with the case


@dataclass(frozen=True)
class CaseDraft:
    """The answers gathered; None where nothing was said.

    ``condition`` is what he said of the goods' state, ``exchange_for`` what he wants instead of them, ``pickup`` how
    or where they should be collected, both in his words. ``refused_lines`` and ``refused_reason`` are what he asked
    for or gave and was told to be impossible, as long as nothing else took its place.
    """

    wish: Wish = "return"
    lines: tuple[Line, ...] | None = None
    reason: str | None = None
    remedy: Remedy | None = None
    condition: frozenset[str] = frozenset()
    exchange_for: str | None = None
    pickup: str | None = None
    refused_lines: tuple[Line, ...] | None = None
    refused_reason: str | None = None

    def fingerprint(self, plan: Plan) -> str:
        """Identify what a summary of this draft says; the last day to send may move on at midnight."""
        said = (replace(plan, send_by=None), self.exchange_for, self.pickup)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:12]

    @property
    def wishes(self) -> str | None:
        """What is wanted instead and how the goods are collected, as whoever handles the case gets it in writing."""
        said = (wish.replace(";", ",") for wish in (self.exchange_for, self.pickup) if wish)
        return _BETWEEN.join(said) or None

    def values(self) -> dict[str, Any]:
        """Give the answers as plain values that survive JSON, by the names of their fields."""
        return {
            "wish": self.wish,
            "lines": _plain(self.lines),
            "reason": self.reason,
            "remedy": self.remedy,
            "condition": sorted(self.condition) or None,
            "exchange_for": self.exchange_for,
            "pickup": self.pickup,
            "refused_lines": _plain(self.refused_lines),
            "refused_reason": self.refused_reason,
        }


def case_draft(values: Mapping[str, Any]) -> CaseDraft:
    """Read what :meth:`CaseDraft.values` gave; what does not fit is taken as not said."""
    wish, remedy = values.get("wish"), values.get("remedy")
    return CaseDraft(
        wish=cast(Wish, wish) if wish in WISHES else "return",
        lines=_lines(values.get("lines")),
        reason=_text(values.get("reason")),
        remedy=cast(Remedy, remedy) if remedy in REMEDIES else None,
        condition=frozenset(values.get("condition") or ()),
        exchange_for=_text(values.get("exchange_for")),
        pickup=_text(values.get("pickup")),
        refused_lines=_lines(values.get("refused_lines")),
        refused_reason=_text(values.get("refused_reason")),
    )


def with_wishes(written: str | None) -> CaseDraft:
    """Read what :attr:`CaseDraft.wishes` gave; one wish alone is told by its words to be about the handing over."""
    first, _, second = (written or "").partition(_BETWEEN)
    if not second and wants_pickup(folded(first)):
        first, second = "", first
    return CaseDraft(exchange_for=first or None, pickup=second or None)


def _plain(lines: tuple[Line, ...] | None) -> list[list[int]] | None:
    return None if lines is None else [[line.position, line.quantity] for line in lines]


def _lines(value: Any) -> tuple[Line, ...] | None:
    try:
        return tuple(Line(int(position), int(quantity)) for position, quantity in value) or None
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
