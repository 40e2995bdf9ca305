"""Answers kept for a while, in this process and in Redis: one suite over both."""

import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from fakeredis import TcpFakeServer

from kefu.errors import SettingsError
from kefu.knowledge.cache import AnswerCache, Cache, LocalCache, NoCache, RedisCache, build_cache
from kefu.knowledge.decision import Brought, Candidate, Decision, Option, Trace
from kefu.knowledge.index.rule import Signals
from kefu.settings import CacheSettings

DECISION = Decision(
    "answer",
    "zh",
    "return_window",
    "几天内可以退货？",
    "7 天。",
    "3",
    "2026-11-11",
    "https://shop.example/r",
    options=(Option("a", "甲"),),
    confidence=0.9,
    threshold=0.4,
    candidates=(Candidate("return_window", 0.1, 0.9, 0.8, "几天内可以退货？", {"dense": 1}, 0.7),),
    signals=Signals(1, 1, 1, 1, 1, 1, 1, 1, False),
    trace=Trace(
        3,
        {"embedding": "fake"},
        {},
        {"dense": (Brought("return_window", 0.9),)},
        {"dense": 1.0},
        "off",
        {"answer": 0.4},
        {"total_ms": 1},
    ),
)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A server that speaks Redis' protocol, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = TcpFakeServer(("127.0.0.1", port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"redis://127.0.0.1:{port}/0"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["local", "redis"])
def cache(request: pytest.FixtureRequest, redis_url: str) -> Cache:
    return LocalCache(3) if request.param == "local" else RedisCache(redis_url)


def test_what_is_put_is_given_until_its_time_is_over(cache: Cache) -> None:
    cache.put("k", "退货", 0.3)
    assert (cache.get("k"), cache.get("other")) == ("退货", None)
    time.sleep(0.35)
    assert cache.get("k") is None


def test_what_is_put_again_counts(cache: Cache) -> None:
    cache.put("k", "old", 9)
    cache.put("k", "new", 9)
    assert cache.get("k") == "new"


def test_a_decision_survives(cache: Cache) -> None:
    answers = AnswerCache(cache, 9)
    answers.put("d", DECISION, None)
    assert answers.get("d") == DECISION
    assert answers.get("e") is None and (answers.hits, answers.misses) == (1, 1)


def test_what_another_version_kept_is_not_there(cache: Cache) -> None:
    answers = AnswerCache(cache, 9)
    for kept in ("{}", "[]", "not json", '{"kind": "answer"}'):
        cache.put("v", kept, 9)
        assert answers.get("v") is None


def test_a_decision_lives_no_longer_than_its_sources(cache: Cache) -> None:
    answers = AnswerCache(cache, 9)
    answers.put("f", DECISION, 0.0)
    assert answers.get("f") is None


def test_the_local_cache_is_bounded_and_forgets_what_was_not_asked_for_longest() -> None:
    cache = LocalCache(2)
    cache.put("a", "1", 9)
    cache.put("b", "2", 9)
    cache.get("a")
    cache.put("c", "3", 9)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("1", None, "3")


def test_while_redis_is_away_nothing_is_kept_and_that_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        cache = RedisCache(f"redis://127.0.0.1:{free.getsockname()[1]}/0")
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                cache.put("k", "v", 9)
                assert cache.get("k") is None
    assert len(caplog.records) == 1


def test_the_settings_choose() -> None:
    assert isinstance(build_cache(CacheSettings()), LocalCache)
    assert isinstance(build_cache(CacheSettings(size=0)), NoCache)
    assert isinstance(build_cache(CacheSettings(url="redis://localhost/0")), RedisCache)
    with pytest.raises(SettingsError, match="redis://"):
        build_cache(CacheSettings(url="localhost"))
