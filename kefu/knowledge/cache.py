"""Answers kept for a while: in this process, or in Redis where several workers share them.

A key holds all that an answer depends on, so that an entry that changes is asked for under another key from then on;
an answer lives no longer than until the next entry begins or ceases to hold.
"""

import json
import logging
import threading
import time
from typing import Any, Protocol

from kefu.errors import SettingsError
from kefu.knowledge.decision import Decision
from kefu.settings import CacheSettings

logger = logging.getLogger(__name__)

_PREFIX = "kefu:answer:"
_PATIENCE_SECONDS = 0.2  # with Redis: answering anew takes less than waiting for it


class Cache(Protocol):
    """Keeps texts by key for some seconds; what it cannot keep or give is just not there."""

    def get(self, key: str) -> str | None:
        """Give what is kept under a key, if its time is not over."""

    def put(self, key: str, value: str, seconds: float) -> None:
        """Keep a text for so long."""


class NoCache:
    """Keeps nothing."""

    def get(self, key: str) -> str | None:
        """Give nothing."""
        return None

    def put(self, key: str, value: str, seconds: float) -> None:
        """Keep nothing."""


class LocalCache:
    """Keeps a bounded number of texts in this process; what was not asked for longest goes first."""

    def __init__(self, size: int) -> None:
        import cachetools

        # Each value carries how long it lives.
        self._kept: Any = cachetools.TLRUCache(size, ttu=lambda _, value, now: now + value[1], timer=time.monotonic)
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        """Give what is kept under a key, if its time is not over."""
        with self._lock:
            found = self._kept.get(key)
        return found[0] if found else None

    def put(self, key: str, value: str, seconds: float) -> None:
        """Keep a text for so long."""
        with self._lock:
            self._kept[key] = value, seconds


class RedisCache:
    """Keeps texts in Redis; while Redis is away, nothing is kept, and that is logged once."""

    def __init__(self, url: str) -> None:
        """:raises SettingsError: if the URL is none."""
        import redis

        self._errors: type[Exception] = redis.RedisError
        try:
            self._redis: Any = redis.Redis.from_url(
                url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
            )
        except ValueError as error:
            raise SettingsError("`cache.url` must look like redis://host:6379/0.") from error
        self._away = False

    def get(self, key: str) -> str | None:
        """Give what is kept under a key, if its time is not over."""
        try:
            found = self._redis.get(_PREFIX + key)
        except self._errors as error:
            self._note(error)
            return None
        self._away = False
        return found.decode("utf-8") if found else None

    def put(self, key: str, value: str, seconds: float) -> None:
        """Keep a text for so long."""
        try:
            self._redis.set(_PREFIX + key, value, px=max(1, int(seconds * 1000)))
        except self._errors as error:
            self._note(error)

    def _note(self, error: Exception) -> None:
        if not self._away:
            logger.warning("Redis cannot be used (%s); answers are not kept until it can.", type(error).__name__)
        self._away = True


def build_cache(settings: CacheSettings) -> Cache:
    """Make the cache that the settings describe.

    :raises SettingsError: if the URL is none.
    """
    if not settings.size or not settings.seconds:
        return NoCache()
    return RedisCache(settings.url) if settings.url else LocalCache(settings.size)


class AnswerCache:
    """Decisions in a cache, and how often one was found there."""

    def __init__(self, cache: Cache, seconds: float) -> None:
        self._cache, self._seconds = cache, seconds
        self.hits = self.misses = 0

    @property
    def is_on(self) -> bool:
        """Whether anything is ever kept."""
        return not isinstance(self._cache, NoCache)

    def get(self, key: str) -> Decision | None:
        """Give the decision under a key, if it is kept still."""
        kept = self._cache.get(key)
        try:
            found = Decision.from_json(json.loads(kept)) if kept else None
        except (ValueError, TypeError, KeyError):  # another version of Kefu put it there
            found = None
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, key: str, decision: Decision, until: float | None) -> None:
        """Keep a decision, ``until`` so many seconds from now at most (None: no such limit)."""
        seconds = self._seconds if until is None else min(self._seconds, until)
        if seconds > 0:
            self._cache.put(key, json.dumps(decision.to_json(), ensure_ascii=False), seconds)
