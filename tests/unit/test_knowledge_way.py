"""The way of a question through the search: how much of its vector is compared, fifty judged, five shown, and told."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pytest

from kefu.cli.explain import explain
from kefu.knowledge import shared
from kefu.knowledge.asker import TIERS, Asker
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.decision import Decision
from kefu.knowledge.entries import Entry, Wording
from kefu.knowledge.index.build import build_index
from kefu.knowledge.recall.routes import DENSE, FUSED, KEYWORD, RERANKER
from kefu.knowledge.store.store import open_store
from kefu.knowledge.vectors.memory import MemoryIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.fake_reranker import FakeReranker
from kefu.protocols import Scores
from kefu.settings import CacheSettings, Settings

QUESTION = "can the kettle of model 7 be descaled"


@pytest.fixture(scope="module")
def many() -> list[Entry]:
    """More entries than a reranker reads, with words in common."""
    return [
        Entry(f"kettle{number}", "care", 0.5, {"en": Wording(f"can the kettle of model {number} be cleaned", "Yes.")})
        for number in range(60)
    ]


@pytest.fixture
def wide(shop: Settings, many: list[Entry]) -> Settings:
    """The shop with all of these."""
    store = open_store(shop)
    store.put(many, author="test", source="test")
    store.database.close()
    build_index(shop, FakeEmbedder())
    return shop


class Counting(FakeReranker):
    """A reranker that keeps what it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Sequence[str]] = []

    def score(self, query: str, documents: Sequence[str], *, instruction: str | None = None) -> Scores:
        self.asked.append(documents)
        return super().score(query, documents, instruction=instruction)


def test_fifty_entries_are_judged_and_five_of_them_given(wide: Settings) -> None:
    reranker = Counting()
    decision = KnowledgeBase(wide, FakeEmbedder(), reranker).answer(QUESTION, language="en")
    assert [len(documents) for documents in reranker.asked] == [50]
    assert len(set(reranker.asked[0])) == 50 and len(decision.candidates) == 5
    assert decision.trace is not None and decision.trace.reranker == "used"
    assert {len(found) for name, found in decision.trace.routes.items() if name in (DENSE, FUSED, RERANKER)} == {5}


@pytest.mark.parametrize(("tier", "share"), TIERS.items())
def test_a_tier_searches_by_its_part_of_the_vector(
    wide: Settings, monkeypatch: pytest.MonkeyPatch, tier: str, share: int
) -> None:
    asked: list[tuple[int, int | None]] = []
    search = MemoryIndex.search

    def watched(index: MemoryIndex, vectors: Any, count: int, where: Any = None, dim: int | None = None) -> Any:
        asked.append((vectors.shape[1], dim))
        return search(index, vectors, count, where, dim)

    monkeypatch.setattr(MemoryIndex, "search", watched)
    KnowledgeBase(wide, FakeEmbedder()).answer(QUESTION, language="en", asker=Asker(tier=tier))
    whole = FakeEmbedder().identity().dim
    assert asked == [(whole, None if share == 1 else whole // share)]


def test_scores_weights_and_the_cache_are_told(wide: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    base = KnowledgeBase(dataclasses.replace(wide, cache=CacheSettings()), FakeEmbedder())
    explained = base.answer(QUESTION, language="en", explain=True)
    trace = explained.trace
    assert trace is not None
    for route in (DENSE, KEYWORD, FUSED):
        scores = [one.score for one in trace.routes[route]]
        assert scores == sorted(scores, reverse=True) and scores[0] > 0
    assert trace.routes[DENSE][0].score == pytest.approx(explained.candidates[0].dense, abs=0.02)
    assert trace.weights[DENSE] == 1 and {KEYWORD, "popularity", "smoothing"} < set(trace.weights)
    assert Decision.from_json(json.loads(json.dumps(explained.to_json()))) == explained
    explain(explained)
    told = " ".join(capsys.readouterr().out.split())
    assert f"{KEYWORD}: {trace.routes[KEYWORD][0].entry_id} {trace.routes[KEYWORD][0].score:.4f}" in told
    assert "fusion: dense 1 · keyword" in told and "cache passed by" in told
    for state in ("miss", "hit"):
        explain(base.answer(QUESTION, language="en"))
        assert f"cache {state}" in " ".join(capsys.readouterr().out.split())


def test_the_hit_rate_of_the_cache_is_counted(wide: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_shared", {})
    assert shared.cache_counts() == {"from_cache": 0, "decided": 0, "hit_rate": 0.0}
    base = KnowledgeBase(dataclasses.replace(wide, cache=CacheSettings()), FakeEmbedder())
    monkeypatch.setattr(shared, "_shared", {wide: base})
    for _ in range(3):
        base.answer(QUESTION, language="en")
    assert shared.cache_counts() == {"from_cache": 2, "decided": 1, "hit_rate": 0.6667}
