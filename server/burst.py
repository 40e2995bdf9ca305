"""A burst of short messages is one message: 我上周买的 / 那个耳机 / 坏了.

Customers of a chat press Enter where others put a comma. Each piece waits a moment for the next one; the last piece
carries them all, the earlier ones are absorbed. Pure asyncio, one instance for a server, nothing shared between
senders and nothing kept of a sender once his burst has ended.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kefu.entities import extract_entities
from kefu.text import detect_language, is_payload, tokens

MAX_PIECES = 6
_LONGEST_WAIT = 4  # times burst_seconds, from the first piece to the flush
_SHORT = 10  # tokens (Chinese characters, Latin words); more than that is a message of its own
_SENTENCE_ENDS = tuple("。！？.!?…")


def is_complete(text: str) -> bool:
    """Say whether a message needs no waiting for more.

    It is long, ends a sentence, names an order, an e-mail or another number that a form asks for, or is a bare number.
    """
    return (
        text.rstrip().endswith(_SENTENCE_ENDS)
        or text.strip().isdigit()
        or bool(extract_entities(text))
        or len(tokens(text)) > _SHORT
    )


def join_pieces(pieces: list[str]) -> str:
    """Make one message of the pieces: with a Chinese comma where they are Chinese, else with spaces."""
    if len(pieces) == 1:
        return pieces[0]
    return ("，" if detect_language(" ".join(pieces)) == "zh" else " ").join(pieces)


@dataclass
class _Burst:
    """The pieces so far; ``timer`` belongs to the latest one, which is the only one that still waits."""

    pieces: list[str]
    started: float
    timer: "asyncio.Future[None]"
    absorbed: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class BurstJoiner:
    """Joins what one sender says in quick succession.

    :param seconds: how long a piece waits for the next; 0 joins nothing.
    :param sleep: and ``clock`` are asyncio's unless a test brings its own.
    """

    def __init__(
        self,
        seconds: float,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._bursts: dict[str, _Burst] = {}

    def __len__(self) -> int:
        """Count the senders whose burst is open."""
        return len(self._bursts)

    async def join(self, sender: str, text: str) -> str | None:
        """Give the message to answer: ``text`` with what came right before it, or None if a later one took it over.

        What the caller does between this return and its first real wait comes before anything a later message of the
        same sender does. A caller that is cancelled takes its burst with it.
        """
        if self._seconds <= 0:
            return text
        if is_payload(text):  # a pressed button is no part of a sentence: what was being said is answered first
            await self._finish(sender)
            return text
        earlier = self._absorb(sender)
        pieces = [*(earlier.pieces if earlier else []), text]
        now = self._clock()
        started = earlier.started if earlier else now
        remaining = min(self._seconds, started + _LONGEST_WAIT * self._seconds - now)
        if is_complete(text) or len(pieces) >= MAX_PIECES or remaining <= 0:
            return join_pieces(pieces)
        return await self._wait(sender, pieces, started, remaining)

    async def _wait(self, sender: str, pieces: list[str], started: float, seconds: float) -> str | None:
        burst = _Burst(pieces, started, asyncio.ensure_future(self._sleep(seconds)))
        self._bursts[sender] = burst
        try:
            await asyncio.wait({burst.timer})
        finally:
            burst.timer.cancel()
            burst.ended.set()
            if self._bursts.get(sender) is burst:
                del self._bursts[sender]
        return None if burst.absorbed else join_pieces(burst.pieces)

    def _absorb(self, sender: str) -> _Burst | None:
        """Take the open burst over, so that the piece that waits for it returns empty-handed."""
        burst = self._bursts.pop(sender, None)
        if burst:
            burst.absorbed = True
            burst.timer.cancel()
        return burst

    async def _finish(self, sender: str) -> None:
        """End the open burst now and let its last piece go first."""
        burst = self._bursts.pop(sender, None)
        if burst:
            burst.timer.cancel()
            await burst.ended.wait()
