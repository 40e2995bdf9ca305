"""What the rules of after-sales look at, and what they answer, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from kefu.shop.cases import Case, Postage, Remedy
from kefu.shop.orders import Level, Order
from kefu.shop.policy import Policy

# How far the goods in question are. `mixed`: some have arrived, others have not.
Stage = Literal["unpaid", "cancelled", "not_shipped", "underway", "delivered", "mixed"]
# What is possible instead of what was refused.
Instead = Literal["with_defect", "repair", "return", "cancel", "intercept", "choose_items", "person"]


@dataclass(frozen=True)
class Matter:
    """All that the rules look at: the order, its cases so far, its customer's level, the time, the policy."""

    order: Order
    cases: tuple[Case, ...]
    level: Level
    now: datetime
    policy: Policy

    @property
    def today(self) -> date:
        """The day it is now where the shop is."""
        return self.now.astimezone(self.policy.timezone).date()


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be done (the rule that fired, with the facts that it rests on), and what can."""

    rule: str
    instead: tuple[Instead, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remedies:
    """What the customer may choose for a reason, the usual remedy first, and who pays the postage back."""

    rule: str
    kinds: tuple[Remedy, ...]
    postage: Postage
