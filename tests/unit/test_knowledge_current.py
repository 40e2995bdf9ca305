"""New knowledge is live at the next answer; what no longer holds is never answered again."""

import dataclasses
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kefu.errors import DataError, KnowledgeIndexError, ModelError, StoreError
from kefu.knowledge.asker import Asker
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.entries import Entry, Scope, Wording
from kefu.knowledge.index.build import build_index
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.knowledge.vectors.memory import MemoryIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.fake_reranker import FakeReranker
from kefu.protocols import RerankerIdentity, Scores, Vectors
from kefu.settings import CacheSettings, RerankerSettings, Settings
from tests.clock import Clock

NOW = datetime(2026, 11, 11, 12, tzinfo=timezone.utc)
SALE = Entry("sale", "promotion", 0.5, {"en": Wording("Is there a Singles' Day sale?", "Everything is 10% off.")})
ASKED = "Is there a Singles' Day sale?"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def base(shop: Settings, store: KnowledgeStore, clock: Clock) -> KnowledgeBase:
    return KnowledgeBase(shop, FakeEmbedder(), clock=clock)


def put(store: KnowledgeStore, *entries: Entry) -> None:
    store.put(entries, author="me", source="test")


def test_an_entry_that_is_put_is_answered_with_next(base: KnowledgeBase, store: KnowledgeStore) -> None:
    assert base.answer(ASKED).entry_id != "sale"
    put(store, SALE)
    decision = base.answer(ASKED)
    assert (decision.entry_id, decision.text, decision.source_version) == ("sale", "Everything is 10% off.", "1")
    assert "sale" in base.entry_ids


def test_an_entry_that_is_changed_is_answered_with_as_it_is_now(base: KnowledgeBase, store: KnowledgeStore) -> None:
    put(store, SALE)
    base.answer(ASKED)
    put(store, dataclasses.replace(SALE, wordings={"en": Wording(ASKED, "It is over.")}))
    assert (base.answer(ASKED).text, base.answer(ASKED).source_version) == ("It is over.", "2")


def test_an_entry_that_is_deleted_is_never_answered_with_again(base: KnowledgeBase, store: KnowledgeStore) -> None:
    put(store, SALE)
    assert base.answer(ASKED).entry_id == "sale"
    store.delete(["sale"], author="me")
    assert base.answer(ASKED).entry_id != "sale"
    with pytest.raises(DataError, match="`sale`"):
        base.entry_text("sale", "en")


def test_only_the_change_is_embedded(shop: Settings, store: KnowledgeStore) -> None:
    embedder = FakeEmbedder()
    base = KnowledgeBase(shop, embedder)
    assert embedder.batches == []
    put(store, SALE)
    base.answer(ASKED)
    assert embedder.batches == [1, 1]  # the entry's one question, and the customer's


def test_an_entry_holds_from_its_beginning_until_its_end(
    base: KnowledgeBase, store: KnowledgeStore, clock: Clock
) -> None:
    put(store, dataclasses.replace(SALE, scope=Scope(valid_from=NOW, valid_to=NOW + timedelta(days=1))))
    answered = {}
    for hours in (-1, 0, 23, 24):
        clock.now = NOW + timedelta(hours=hours)
        answered[hours] = base.answer(ASKED).entry_id == "sale"
    assert answered == {-1: False, 0: True, 23: True, 24: False}
    with pytest.raises(DataError, match="does not hold"):
        base.entry_answer("sale", "en")


def test_an_entry_of_one_channel_is_not_told_on_another(base: KnowledgeBase, store: KnowledgeStore) -> None:
    put(store, dataclasses.replace(SALE, scope=Scope(channels=("app",))))
    found = {name: base.answer(ASKED, asker=Asker(channel=name)).entry_id for name in ("app", "web", None)}
    assert found["app"] == found[None] == "sale" and found["web"] != "sale"


def test_a_link_is_told_with_the_answer(base: KnowledgeBase, store: KnowledgeStore) -> None:
    put(store, dataclasses.replace(SALE, link="https://shop.example/sale"))
    assert base.answer(ASKED).link == "https://shop.example/sale"


def test_an_entry_that_names_an_unknown_fact_is_withdrawn_and_holds_nothing_up(
    base: KnowledgeBase, store: KnowledgeStore, caplog: pytest.LogCaptureFixture
) -> None:
    put(store, SALE)
    assert base.answer(ASKED).entry_id == "sale"
    put(store, dataclasses.replace(SALE, wordings={"en": Wording(ASKED, "{policy.nonsense} off.")}))
    with caplog.at_level(logging.WARNING):
        assert base.answer("几天内可以退货？").text == "签收后 7 天内可以退货。"
        assert base.answer(ASKED).entry_id != "sale"
    assert caplog.text.count("nonsense") == 1
    put(store, SALE)
    assert base.answer(ASKED).text == "Everything is 10% off."


def test_a_store_that_cannot_be_read_leaves_the_knowledge_as_it_was(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(KnowledgeStore, "version", locked)
    assert base.answer("几天内可以退货？").kind == "answer"
    assert "locked" in caplog.text


def test_changes_that_were_compacted_away_are_no_loss(base: KnowledgeBase, store: KnowledgeStore) -> None:
    put(store, SALE)
    store.compact()
    assert base.answer(ASKED).entry_id == "sale"


def test_answers_go_on_in_threads_while_entries_come_and_go(base: KnowledgeBase, store: KnowledgeStore) -> None:
    errors: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert base.answer("几天内可以退货？").text == "签收后 7 天内可以退货。"
        except BaseException as error:  # noqa: BLE001 (told by the test itself)
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        put(store, SALE)
        assert base.answer(ASKED).entry_id == "sale"
        store.delete(["sale"], author="me")
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []


# --- the cache


def with_cache(shop: Settings, clock: Callable[[], datetime]) -> KnowledgeBase:
    return KnowledgeBase(dataclasses.replace(shop, cache=CacheSettings()), FakeEmbedder(), clock=clock)


def cache_of(base: KnowledgeBase, text: str, **options: object) -> str:
    trace = base.answer(text, **options).trace  # type: ignore[arg-type]
    assert trace is not None
    return trace.cache


def test_the_same_question_is_answered_from_the_cache(shop: Settings, store: KnowledgeStore, clock: Clock) -> None:
    base = with_cache(shop, clock)
    first, second = base.answer("几天内可以退货？"), base.answer("几天内可以退货？")
    assert (cache_of(base, "怎么开发票？"), cache_of(base, "怎么开发票？")) == ("miss", "hit")
    assert dataclasses.replace(first, trace=None) == dataclasses.replace(second, trace=None)
    assert (base.cache.hits, base.cache.misses) == (2, 2)
    assert cache_of(base, "怎么开发票？", explain=True) == "passed by"


@pytest.mark.parametrize(
    "other",
    [
        {"language": "en"},
        {"strict": True},
        {"knowledge_language": "zh"},
        {"asker": Asker(channel="web")},
        {"asker": Asker(tier="app")},
        {"asker": Asker(category="return")},
        {"asker": Asker(customer="13800138000")},
        {"asker": Asker(interests=frozenset({"fan"}))},
    ],
)
def test_whatever_an_answer_depends_on_is_part_of_its_key(
    shop: Settings, store: KnowledgeStore, clock: Clock, other: dict[str, object]
) -> None:
    base = with_cache(shop, clock)
    assert cache_of(base, "几天内可以退货？") == "miss"
    assert cache_of(base, "几天内可以退货？", **other) == "miss"
    assert cache_of(base, "几天内可以退货？", **other) == "hit"


def test_new_knowledge_is_not_hidden_by_the_cache(shop: Settings, store: KnowledgeStore, clock: Clock) -> None:
    base = with_cache(shop, clock)
    put(store, SALE)
    assert base.answer(ASKED).text == base.answer(ASKED).text == "Everything is 10% off."
    store.delete(["sale"], author="me")
    assert base.answer(ASKED).entry_id != "sale"


def test_nothing_that_ended_comes_from_the_cache(shop: Settings, store: KnowledgeStore, clock: Clock) -> None:
    base = with_cache(shop, clock)
    put(store, dataclasses.replace(SALE, scope=Scope(valid_to=NOW + timedelta(seconds=30))))
    assert base.answer(ASKED).entry_id == "sale"
    clock.now += timedelta(seconds=30)
    assert base.answer(ASKED).entry_id != "sale"


def test_nothing_that_began_is_hidden_by_the_cache(shop: Settings, store: KnowledgeStore, clock: Clock) -> None:
    put(store, dataclasses.replace(SALE, scope=Scope(valid_from=NOW + timedelta(seconds=0.05))))
    base = with_cache(shop, clock)
    assert base.answer(ASKED).entry_id != "sale"
    time.sleep(0.06)  # an answer lives no longer than until the next entry begins to hold
    clock.now += timedelta(seconds=0.06)
    assert base.answer(ASKED).entry_id == "sale"


# --- the reranker


class Broken(FakeReranker):
    """A reranker that fails, or is late."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(RerankerSettings(model="fake"))
        self._seconds = seconds

    def identity(self) -> RerankerIdentity:
        return RerankerIdentity("broken", "broken")

    def score(self, query: str, documents: object, *, instruction: str | None = None) -> Scores:
        time.sleep(self._seconds)
        if not self._seconds:
            raise ModelError("out of memory")
        return np.zeros(0, dtype=np.float32)


@pytest.mark.parametrize(("reranker", "state"), [(Broken(), "failed"), (Broken(0.5), "late"), (None, "off")])
def test_without_a_reranker_the_fused_order_is_used_and_the_trace_says_so(
    shop: Settings, store: KnowledgeStore, reranker: FakeReranker | None, state: str
) -> None:
    settings = dataclasses.replace(shop, reranker=RerankerSettings(deadline=0.1))
    decision = KnowledgeBase(settings, FakeEmbedder(), reranker).answer("几天内可以退货？", explain=True)
    assert decision.trace is not None and decision.trace.reranker == state
    assert decision.entry_id == "return_window"
    assert [one.entry_id for one in decision.candidates] == [one.entry_id for one in decision.trace.routes["fused"]]


def test_a_reranker_is_asked_and_the_trace_says_so(shop: Settings, store: KnowledgeStore) -> None:
    reranker = FakeReranker(RerankerSettings(model="fake"))
    decision = KnowledgeBase(shop, FakeEmbedder(), reranker).answer("几天内可以退货？", explain=True)
    assert decision.trace is not None and decision.trace.reranker == "used"
    assert decision.trace.models["reranker"] == reranker.identity().name
    assert all(candidate.reranked is not None for candidate in decision.candidates)
    assert {candidate.places["reranker"] for candidate in decision.candidates} == {1, 2, 3}


# --- tiers


@pytest.mark.parametrize("tier", ["vip", "web", "app", "unheard of"])
def test_every_tier_finds_what_is_meant(shop: Settings, store: KnowledgeStore, tier: str) -> None:
    decision = KnowledgeBase(shop, FakeEmbedder()).answer("几天内可以退货？", asker=Asker(tier=tier))
    assert decision.entry_id == "return_window"


@pytest.mark.parametrize(
    ("vectors", "storage", "share"),
    [("auto", "float32", 4), ("funnel", "int8", 1), ("flat", "float32", 1), ("hnsw", "float32", 1)],
)
def test_the_dimension_that_was_really_searched_by_is_told(
    shop: Settings, vectors: str, storage: str, share: int
) -> None:
    knowledge = dataclasses.replace(shop.knowledge, vectors=vectors, storage=storage)
    shop = dataclasses.replace(shop, knowledge=knowledge)
    build_index(shop, FakeEmbedder())
    base = KnowledgeBase(shop, FakeEmbedder())
    dim = FakeEmbedder().identity().dim
    for tier, part in (("app", share), ("vip", 1)):
        trace = base.answer("几天内可以退货？", asker=Asker(tier=tier)).trace
        assert trace is not None and trace.dimension == dim // part


# --- facts of the moment


def test_a_live_fact_is_filled_in_when_it_is_said_and_kept_for_nobody_else(
    shop: Settings, store: KnowledgeStore, clock: Clock
) -> None:
    (shop.root / "data" / "shop" / "catalogue.yml").write_bytes(
        (Path(__file__).parents[2] / "data" / "shop" / "catalogue.yml").read_bytes()
    )
    base = with_cache(shop, clock)
    put(store, dataclasses.replace(SALE, wordings={"en": Wording(ASKED, "Phones: {price:HM-PH-8}.")}))
    decision = base.answer(ASKED)
    assert decision.text.startswith("Phones: ") and "2,599" in decision.text.replace("2599", "2,599")
    assert datetime.strptime(decision.as_of, "%Y-%m-%d %H:%M") and not decision.is_shared
    assert cache_of(base, ASKED) == cache_of(base, ASKED) == "not shared"
    assert base.entry_text("sale", "en") == decision.text


def test_an_unknown_live_fact_is_refused_when_the_entry_is_read(shop: Settings) -> None:
    file = shop.path(shop.knowledge.entries) / "shop.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("From {shop", "From {stok:X} {shop"), encoding="utf-8")
    with pytest.raises(DataError, match=r"opening_hours.en: `answer`: .*stok.*stock"):
        build_index(shop, FakeEmbedder())


# --- faults


def test_an_answer_is_kept_under_the_state_that_it_was_found_in(
    shop: Settings, store: KnowledgeStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry is corrected, and another thread takes that in, while this one waits for a slow reranker."""
    put(store, SALE)
    base = with_cache(shop, clock)
    judge = base._look.judge

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(base._look, "judge", judge)
        put(store, dataclasses.replace(SALE, wordings={"en": Wording(ASKED, "It is over.")}))
        base.catch_up()
        return judge(*arguments)

    monkeypatch.setattr(base._look, "judge", slow)
    assert base.answer(ASKED).text == "Everything is 10% off."
    assert base.answer(ASKED).text == "It is over."


def test_an_index_that_does_not_take_the_vectors_leaves_the_knowledge_whole(
    base: KnowledgeBase, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise KnowledgeIndexError("Milvus does not answer")

    before = base.answer(ASKED)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryIndex, "upsert", away)
        put(store, SALE)
        for _ in range(3):
            assert base.answer(ASKED).entry_id == before.entry_id
    assert caplog.text.count("Milvus does not answer") == 1
    assert base.answer(ASKED).entry_id == "sale"


def test_a_store_that_is_away_while_a_new_index_comes_is_no_refusal_for_good(
    shop: Settings, base: KnowledgeBase, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("restarting")

    build_index(shop, FakeEmbedder(), force=True)
    with monkeypatch.context() as patch:
        patch.setattr(KnowledgeStore, "all_entries", away)
        assert base.answer("几天内可以退货？").kind == "answer"
        assert not base.catch_up()
    monkeypatch.setattr("kefu.knowledge.current.time.monotonic", lambda: time.perf_counter() + 1e6)
    assert base.catch_up()


def test_days_are_those_of_the_shop(shop: Settings, store: KnowledgeStore) -> None:
    late = open_store(shop, lambda: datetime(2026, 11, 10, 18, 30, tzinfo=timezone.utc))  # in China it is tomorrow
    put(late, SALE)
    late.database.close()
    assert KnowledgeBase(shop, FakeEmbedder()).answer(ASKED).as_of == "2026-11-11"


def test_the_policy_that_answers_are_made_with_is_that_of_the_process(shop: Settings, base: KnowledgeBase) -> None:
    """The rules of returns in this process have read the old one, and must not be contradicted."""
    policy = shop.path(shop.knowledge.policy)
    content = policy.read_text(encoding="utf-8").replace("return_days: 7\n", "return_days: 8\n")
    policy.write_text(content.replace("silver: 7", "silver: 8"), encoding="utf-8")
    build_index(shop, FakeEmbedder(), force=True)
    assert base.answer("几天内可以退货？").text == "签收后 7 天内可以退货。"
    assert KnowledgeBase(shop, FakeEmbedder()).answer("几天内可以退货？").text == "签收后 8 天内可以退货。"


def test_an_older_copy_of_the_store_that_was_put_back_is_noticed(
    shop: Settings, base: KnowledgeBase, store: KnowledgeStore
) -> None:
    """Even where as many changes have been made since as the copy lacked."""
    file = shop.root / ".kefu" / "knowledge.db"
    with sqlite3.connect(file) as now, sqlite3.connect(shop.root / "copy.db") as copy:
        now.backup(copy)
    put(store, SALE)
    assert base.answer(ASKED).entry_id == "sale"
    with sqlite3.connect(shop.root / "copy.db") as copy, sqlite3.connect(file) as now:
        copy.backup(now)
    put(store, dataclasses.replace(SALE, id="another", wordings={"en": Wording("Do you sell ladders?", "No.")}))
    assert base.answer(ASKED).entry_id != "sale"
    assert "another" in base.entry_ids and "sale" not in base.entry_ids


def test_what_ends_while_it_is_looked_for_is_not_told(shop: Settings, store: KnowledgeStore, clock: Clock) -> None:
    class Slow(FakeEmbedder):
        """A model that takes half a minute for a question."""

        def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
            clock.now += timedelta(seconds=30 if task else 0)
            return super().embed(texts, task=task)

    put(store, dataclasses.replace(SALE, scope=Scope(valid_to=NOW + timedelta(seconds=20))))
    decision = KnowledgeBase(shop, Slow(), clock=clock).answer(ASKED)
    assert (decision.kind, decision.text) == ("abstain", "")
