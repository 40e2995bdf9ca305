"""How many messages one sender may send: a token bucket each, kept in this process.

Behind several workers each counts by itself, so that a sender has at most as many times the limit.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pass", "tell", "ignore"]
_SENDERS = 10_000  # kept at most; those quiet the longest go first, with buckets that are full again or nearly so


@dataclass
class _Bucket:
    tokens: float
    at: float
    is_told: bool = False


class RateLimiter:
    """Lets messages pass, or says that their sender is to be told once, or is to be ignored until there is room again.

    :param per_minute: messages in the long run; 0 lets everything pass.
    :param burst: messages at once.
    """

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = float(max(1, burst))
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Count the senders that are kept."""
        return len(self._buckets)

    def ask(self, sender: str, cost: int = 1) -> Verdict:
        """Count a message of a sender, as ``cost`` of them, and say what becomes of it."""
        if self._rate <= 0:
            return "pass"
        bucket = self._filled(sender)
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return "pass"
        if bucket.is_told:
            return "ignore"
        bucket.is_told = True
        return "tell"

    def seconds_to_wait(self, sender: str) -> float:
        """Give the seconds until the sender's next message passes."""
        bucket = self._buckets.get(sender)
        return max(0.0, (1 - bucket.tokens) / self._rate) if bucket and self._rate > 0 else 0.0

    def _filled(self, sender: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(sender, _Bucket(self._burst, now))
        self._buckets.move_to_end(sender)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens >= self._burst / 2:  # not at the first drop, or whoever floods is told at every one
            bucket.is_told = False
        while len(self._buckets) > _SENDERS:
            self._buckets.popitem(last=False)
        return bucket
