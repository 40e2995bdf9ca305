"""Locks by name, for as long as somebody holds them."""

import asyncio
from weakref import WeakValueDictionary


class Locks:
    """One lock for each session or conversation; first come, first served."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, session: str) -> asyncio.Lock:
        """Give a session's lock."""
        lock = self._locks.get(session)
        if lock is None:
            lock = self._locks[session] = asyncio.Lock()
        return lock
