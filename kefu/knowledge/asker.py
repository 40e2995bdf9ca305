"""Who asks, as far as an answer depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass

# tier → the part of the vectors that is searched by: all, a half, a quarter
TIERS: Mapping[str, int] = {"vip": 1, "web": 2, "app": 4}
# In a message's metadata: the tier of all who write on its channel; what is known of one of them counts more.
CHANNEL_TIER = "channel_tier"


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as the answer depends on it.

    ``tier`` chooses how much of the vectors is searched by (``TIERS``). ``interests`` are tags and categories of what
    a customer bought or has open (an article as ``sku:…``); ``customer`` is who that is, so that no answer made with
    them is kept for anybody else.
    """

    channel: str | None = None
    tier: str = "vip"
    category: str | None = None
    customer: str = ""
    interests: frozenset[str] = frozenset()
