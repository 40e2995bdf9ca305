"""Who asks the knowledge base: over which channel, how well known to the shop, and owner of which goods."""

import logging
from collections.abc import Mapping
from typing import TypeGuard

from kefu.actions.identify import orders_of
from kefu.actions.services import services
from kefu.actions.turn import Turn
from kefu.errors import KefuError
from kefu.knowledge.asker import CHANNEL_TIER, TIERS, Asker
from kefu.shop.orders import Level, Order

logger = logging.getLogger(__name__)

_SKU = "sku:"
_LONGEST_CHANNEL = 40  # characters; whoever calls over REST may name anything
# Rasa's name of a channel → what entries call it.
_CHANNELS: Mapping[str, str] = {"cmdline": "shell", "socketio": "webchat"}
_UNKNOWN = "vip"  # everything is searched for whoever is not known, on a channel that names no tier
_TIER_OF_LEVEL: Mapping[Level, str] = {"vip": "vip", "gold": "vip", "silver": "web"}


def asker_of(turn: Turn) -> Asker:
    """Say who asks. What a customer owns counts only as long as the proof of who he is holds; blocks.

    The help pages need no orders: while these are out of reach, nobody is known.
    """
    try:
        customers, orders, tier = _proven(turn.conversation)
    except KefuError as error:
        logger.warning("Who asks is not known: %s: %s", type(error).__name__, error)
        customers, orders, tier = [], (), None
    channel = _channel(turn)
    return Asker(
        channel=channel,
        tier=_tier(turn, tier, channel),
        customer=" ".join(customers),
        interests=frozenset(interest for order in orders for interest in _interests(order)),
    )


def _tier(turn: Turn, proven: str | None, channel: str | None) -> str:
    """Give the customer's own tier: the better of what somebody vouches for and of what he has shown; else that of all
    on his channel, as it is set up or else as it is called."""
    own = [one for one in (turn.metadata.get("tier"), proven) if _is_tier(one)]
    if own:
        return min(own, key=lambda one: TIERS[one])
    return next((one for one in (turn.metadata.get(CHANNEL_TIER), channel) if _is_tier(one)), _UNKNOWN)


def _is_tier(named: object) -> TypeGuard[str]:
    return isinstance(named, str) and named in TIERS


def _proven(conversation: str) -> tuple[list[str], tuple[Order, ...], str | None]:
    """Give who has shown in this conversation who he is, his orders, and the tier of the best level among them."""
    shop = services()
    customers = sorted(shop.identity.proven_customers(conversation))
    orders = orders_of(shop, conversation) if customers else ()
    levels = {owner.level for order in orders if (owner := shop.orders.customer_of(order.number))}
    tiers = {_TIER_OF_LEVEL[level] for level in levels}
    return customers, orders, min(tiers, key=lambda tier: TIERS[tier]) if tiers else None


def _channel(turn: Turn) -> str | None:
    """Name the channel; what a message says of itself counts more than the way that it came."""
    named = turn.metadata.get("channel")
    if isinstance(named, str) and 0 < len(named) <= _LONGEST_CHANNEL:
        return named
    return _CHANNELS.get(turn.channel, turn.channel) or None


def _interests(order: Order) -> list[str]:
    return [name for item in order.items for name in (item.category, f"{_SKU}{item.sku}")]
