"""The benchmark of vector indexes: different texts, recall counted rightly, every side on a small collection."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kefu.clock import now
from kefu.knowledge.recall.ranking import Hits
from kefu.knowledge.recall.search import Query, Search

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
    tenth = found.tenth
    assert recall([list(range(10, 20))], found, tenth) == recall([list(range(9, 19))], found, tenth) == 1.0
    assert recall([[*range(9, 14), *range(30, 35)]], found, tenth) == 0.5
    assert recall([[9, -1, -1]], found, tenth) == 0.1


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
            assert recall(answers, found, side.tenth(found)) > (0.9 if "int8" in side.name else 0.99), side.name
    assert {"flat", "funnel ¼", "HNSW", "HNSW, int8", "HNSW, 100 valid"} <= set(names)


def test_a_side_that_asks_as_the_search_does_passes_over_what_is_over() -> None:
    from retrieval.embedded import Collection, tenth_best
    from retrieval.sides import all_sides
    from retrieval.texts import corpus, lasting

    texts = corpus(300)
    vectors = np.full((300, 64), 0.125, dtype=np.float32)
    over = [place for place in range(300) if lasting(place).valid_to and not lasting(place).holds(now())]
    vectors[[place for place in range(300) if place not in over], 0] *= -1  # what is over is nearest
    query = np.full((1, 64), 0.125, dtype=np.float32)
    found = Collection(texts, vectors, texts[:1], query, tenth_best(vectors, query))
    (side,) = [side for side in all_sides() if side.name == "HNSW, 100 valid"]
    side.build(found)
    answers = side.look_up(0)
    side.close()
    assert len(over) == 3 and len(set(answers)) == 10 and not set(answers) & set(over)
    assert side.tenth(found) == pytest.approx(62 / 64) and found.tenth == pytest.approx(62 / 64)


def test_the_whole_search_and_an_upsert_from_another_process_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval import whole
    from retrieval.embedded import Collection
    from retrieval.texts import Text, corpus

    from kefu.models import build_embedder
    from kefu.settings import EmbeddingSettings

    hits: list[Hits] = []

    class Watched(Search):
        def find(self, query: Query) -> Hits:
            assert query.where.moment is not None
            hits.append(super().find(query))
            return hits[-1]

    monkeypatch.setattr(whole, "Search", Watched)
    monkeypatch.setattr(whole, "_UPSERTS", 2)
    texts = corpus(60)
    texts[1], texts[-1] = Text("怎样重置密码", "zh", "password_reset"), Text("我忘了密码", "zh", "password_reset")
    vectors = build_embedder(EmbeddingSettings()).embed([text.text for text in texts])
    found = Collection(texts[:40], vectors[:40], texts[40:], vectors[40:], np.zeros(20, dtype=np.float32))
    lines = {line.side: line for line in (*whole._search(found), *whole._upserts(found))}
    assert {whole.SEARCH, whole.EMBEDDED, whole.LIVE} <= set(lines)
    assert lines[whole.EMBEDDED].p50 > lines[whole.SEARCH].p50 > 0
    assert 0 < lines[whole.LIVE].p99 < 10_000 and lines[whole.LIVE].queries == 2
    # Rules and what concerns the customer bring something, as they do to questions of a shop.
    assert any(found.ruled for found in hits) and any(found.concerning.any() for found in hits)


def test_aims_are_those_of_the_size_and_the_side_and_each_may_be_missed() -> None:
    from retrieval import run
    from retrieval.measure import LIVE, Measurement
    from retrieval.report import aims
    from rich.console import Console

    good = Measurement("HNSW", "", run.AIMED_AT, 9, 0.99, 1.0, 5.0, None, None, 2000.0, 1.0, 1.0)
    live = replace(good, side=LIVE, recall=None, p99=999.0)
    elsewhere = [replace(good, vectors=1_000, recall=0.1), replace(good, side="flat", per_second=1.0)]
    assert [reached for _, reached in aims([good, live, *elsewhere], run.AIMED_AT, "HNSW")] == [True] * 4
    assert aims(elsewhere, run.AIMED_AT, "HNSW") == []
    worse = [replace(good, recall=0.9899), replace(good, recall=None), replace(good, p99=5.01)]
    worse += [replace(good, per_second=1999.0), replace(live, p99=1000.0)]
    console = Console(quiet=True)
    assert run._reached(console, [good, live]) and run._reached(console, elsewhere)
    for line in worse:
        assert [reached for _, reached in aims([line], run.AIMED_AT, "HNSW")].count(False) == 1, line
        assert not run._reached(console, [good, live, line])


@pytest.mark.parametrize(("quick", "missed"), [(True, True), (False, False), (False, True)])
def test_a_run_that_misses_an_aim_ends_with_an_error(
    monkeypatch: pytest.MonkeyPatch, quick: bool, missed: bool
) -> None:
    from retrieval import run
    from retrieval.measure import Measurement

    line = Measurement("HNSW", "", 1, 9, 0.5 if missed else 1.0, 1.0, 1.0, None, None, 9000.0, 1.0, 1.0)
    monkeypatch.setattr(run, "AIMED_AT", 1)
    monkeypatch.setattr(run, "MEASUREMENTS", [lambda collection, only: iter([line])])
    monkeypatch.setattr(run, "collections", lambda *_: [Collected()])
    monkeypatch.setattr(sys, "argv", ["bench/retrieval", *(["--quick"] if quick else [])])
    if missed and not quick:
        with pytest.raises(SystemExit) as ended:
            run.main()
        assert ended.value.code == 1
    else:
        run.main()


class Collected:
    vectors = np.zeros((1, 4), dtype=np.float32)
