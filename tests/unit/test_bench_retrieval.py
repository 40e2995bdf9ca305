"""The benchmark of vector indexes: different texts, recall counted rightly, every side on a small collection."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(autouse=True)
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the benchmark's modules importable, and forget them again."""
    monkeypatch.setattr(sys, "path", [str(BENCH), str(BENCH.parent / "training"), *sys.path])
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in ("retrieval", "grammar")]:
        del sys.modules[name]


def test_texts_differ_and_are_the_same_in_every_run() -> None:
    from retrieval.texts import corpus, questions

    from kefu.text import normalise

    texts = corpus(3000)
    assert len({normalise(text.text) for text in texts}) == 3000
    assert texts == corpus(3000)
    assert {text.language for text in texts} == {"zh", "en"} and len({text.topic for text in texts}) > 50
    asked = questions(200, texts)
    assert len(asked) == 200 and not {text.text for text in asked} & {text.text for text in texts}


def test_recall_counts_what_is_as_near_as_the_tenth() -> None:
    from retrieval.embedded import Collection, tenth_best
    from retrieval.measure import recall

    vectors = np.eye(40, dtype=np.float32)
    vectors[10:20] = vectors[9]  # eleven rows are the nearest alike
    query = np.linspace(1, 0, 40, dtype=np.float32)[None, :] / 5
    vectors[:9] = 0
    found = Collection([], vectors, [], query, tenth_best(vectors, query))
    assert recall([list(range(10, 20))], found) == recall([list(range(9, 19))], found) == 1.0
    assert recall([[*range(9, 14), *range(30, 35)]], found) == 0.5
    assert recall([[9, -1, -1]], found) == 0.1


def test_every_side_in_memory_finds_nearly_all() -> None:
    from retrieval.embedded import Collection, tenth_best
    from retrieval.measure import recall
    from retrieval.sides import all_sides
    from retrieval.texts import corpus

    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((420, 64)).astype(np.float32) * np.linspace(2, 0.3, 64, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = corpus(420)
    found = Collection(
        texts[:400], vectors[:400], texts[400:], vectors[400:], tenth_best(vectors[:400], vectors[400:])
    )
    names = []
    for side in all_sides():
        if side.name.startswith("Milvus"):
            continue
        side.build(found)
        answers = [side.look_up(query) for query in range(20)]
        side.close()
        names.append(side.name)
        if side.dense:
            assert recall(answers, found) > (0.9 if "int8" in side.name else 0.99), side.name
    assert {"flat", "funnel ¼", "HNSW", "HNSW, int8"} <= set(names)


def test_the_whole_search_and_an_upsert_from_another_process_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval import whole
    from retrieval.embedded import Collection
    from retrieval.texts import corpus

    from kefu.models import build_embedder
    from kefu.settings import EmbeddingSettings

    monkeypatch.setattr(whole, "_UPSERTS", 2)
    texts = corpus(60)
    vectors = build_embedder(EmbeddingSettings()).embed([text.text for text in texts])
    found = Collection(texts[:40], vectors[:40], texts[40:], vectors[40:], np.zeros(20, dtype=np.float32))
    lines = {line.side: line for line in (*whole._search(found), *whole._upserts(found))}
    assert {whole.SEARCH, whole.EMBEDDED, whole.LIVE} <= set(lines)
    assert lines[whole.EMBEDDED].p50 > lines[whole.SEARCH].p50 > 0
    assert 0 < lines[whole.LIVE].p99 < 10_000 and lines[whole.LIVE].queries == 2
