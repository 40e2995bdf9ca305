"""What every vector index does, whatever is behind it. GPUs are pretended; Milvus Lite is among the full tests."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.saved import Fit, Meta, open_saved, save
from kefu.knowledge.vectors import new_vectors
from kefu.protocols import Ids, Label, ModelIdentity, VectorIndex, Vectors, Where
from kefu.settings import KnowledgeSettings, Settings

DIM = 32
NOON = datetime(2026, 11, 11, 12, tzinfo=timezone.utc)
_CENTRES, _SPREAD = 60, 0.5
_FULL = pytest.mark.full
KINDS = [
    "flat",
    "flat-int8",
    "funnel",
    "funnel-int8",
    "hnsw",
    "hnsw-int8",
    "gpu-flat",
    "gpu-ivf",
    pytest.param("milvus", marks=_FULL),  # Milvus Lite starts a server for each file
]
every_kind = pytest.mark.parametrize("kind", KINDS, indirect=True)


def keep(index: VectorIndex, folder: Path, model: ModelIdentity) -> None:
    """Save an index as a build does."""
    save(folder, Meta(model, None, Rule(), Fit("", "", 0, None, None, None), ""), index)


def opened(settings: Settings, folder: Path, model: ModelIdentity) -> VectorIndex:
    """Open it as the assistant does."""
    return open_saved(settings, folder, model)[1]


@dataclass(frozen=True)
class Kind:
    """One kind of index, as a project's settings name it."""

    name: str
    settings: Settings

    def model(self, dim: int = DIM) -> ModelIdentity:
        """Who made the vectors."""
        return ModelIdentity("a model", "fingerprint", dim)

    def new(self, dim: int = DIM, count: int = 0) -> VectorIndex:
        """An empty index."""
        return new_vectors(self.settings, dim, count)

    def reopened(self, index: VectorIndex, dim: int = DIM) -> VectorIndex:
        """Save, close and open again."""
        folder = self.settings.path("index")
        keep(index, folder, self.model(dim))
        index.close()
        return opened(self.settings, folder, self.model(dim))


@pytest.fixture
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """The kind that a test is parametrised by (indirectly)."""
    name = request.param
    if name.startswith("gpu"):
        pretend_gpu(monkeypatch)
    chosen = KnowledgeSettings(
        vectors=name.removesuffix("-int8"),
        storage="int8" if name.endswith("-int8") else "float32",
        milvus="milvus.db" if name == "milvus" else None,
    )
    return Kind(name, Settings(root=tmp_path, knowledge=chosen))


def pretend_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give FAISS the names that faiss-gpu has, with what computes on the CPU behind them: no GPU is tested here."""
    import faiss

    def flat(resources: object, dim: int) -> Any:
        return faiss.IndexFlatIP(dim)

    def ivf(resources: object, dim: int, lists: int, metric: int) -> Any:
        quantiser = faiss.IndexFlatIP(dim)
        index = faiss.IndexIVFFlat(quantiser, dim, lists, metric)
        index.kept = quantiser  # FAISS only points to it
        return index

    monkeypatch.setattr(faiss, "StandardGpuResources", object, raising=False)
    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1, raising=False)
    monkeypatch.setattr(faiss, "GpuIndexFlatIP", flat, raising=False)
    monkeypatch.setattr(faiss, "GpuIndexIVFFlat", ivf, raising=False)


def clustered(count: int, seed: int = 0, dim: int = DIM) -> Vectors:
    """Make rows of length 1 around a few centres, whose first components say most, as Matryoshka vectors' do."""
    centres = np.random.default_rng(1).standard_normal((_CENTRES, dim))
    chance = np.random.default_rng(seed)
    rows = centres[chance.integers(0, _CENTRES, count)] + _SPREAD * chance.standard_normal((count, dim))
    rows *= np.linspace(2.0, 0.3, dim)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def numbered(count: int, seed: int = 0) -> Ids:
    """Make different ids of up to 63 bits, the largest one and 0 among them."""
    chance = np.random.default_rng(seed)
    drawn = np.unique(chance.integers(1, 2**63 - 1, 2 * count))
    ids = chance.permutation(drawn)[:count]
    ids[:2] = [0, 2**63 - 1][: len(ids)]
    return ids


def labelled(count: int, seed: int = 0) -> list[Label]:
    """Make labels of every sort."""
    chance = np.random.default_rng(seed)
    channels = [(), (), ("web",), ("app", "we_b"), ('"quoted", \\channel', "web")]
    return [
        Label(
            entry_id=f"entry_{position // 3}",
            language="zh" if chance.random() < 0.6 else "en",
            category=["return", "delivery", 'a "quoted" 退货 \\ category'][position % 3],
            channels=channels[chance.integers(len(channels))],
            valid_from=_perhaps(chance, -2),
            valid_to=_perhaps(chance, 2),
        )
        for position in range(count)
    ]


def _perhaps(chance: np.random.Generator, days: int) -> datetime | None:
    """A moment around noon, or none."""
    return None if chance.random() < 0.5 else NOON + timedelta(days=days * float(chance.uniform(-0.5, 1)))


WHERES = {
    "nothing asked": Where(),
    "language": Where(language="en"),
    "category": Where(category="return"),
    "quoted category": Where(category='a "quoted" 退货 \\ category'),
    "unknown category": Where(category="nobody's"),
    "channel": Where(channel="web"),
    "channel with a sign of patterns": Where(channel="we_b"),
    "quoted channel": Where(channel='"quoted", \\channel'),
    "unknown channel": Where(channel="fax"),
    "moment": Where(moment=NOON),
    "moment of another zone": Where(moment=NOON.astimezone(timezone(timedelta(hours=8)))),
    "all at once": Where(language="zh", category="return", channel="web", moment=NOON),
}


def fill(index: VectorIndex, count: int, seed: int = 0) -> tuple[Ids, Vectors, list[Label]]:
    """Put rows in; gives ids, what the index keeps of the vectors, and labels."""
    ids, labels = numbered(count, seed), labelled(count, seed)
    index.upsert(ids, clustered(count, seed), labels)
    return ids, index.vectors(ids), labels


def check_nearest(index: VectorIndex, kept: dict[int, tuple[Vectors, Label]], where: Where | None, count: int) -> None:
    """Compare a search with looking at all rows: the same scores, and rows that have them (ties may change places)."""
    query = clustered(1, seed=77)[0]
    allowed = sorted(
        (
            (float(row @ query), number)
            for number, (row, label) in kept.items()
            if (where or Where()).admits(number, label)
        ),
        reverse=True,
    )
    ids, scores = index.search(query[None, :], count, where)
    found = [number for number in ids[0].tolist() if number >= 0]
    assert len(found) == len(set(found)) == min(count, len(allowed))
    assert (ids[0, len(found) :] == -1).all() and (scores[0, len(found) :] == -np.inf).all()
    assert set(found) <= {number for _, number in allowed}
    np.testing.assert_allclose(scores[0, : len(found)], [score for score, _ in allowed[:count]], atol=1e-4)
    np.testing.assert_allclose(scores[0, : len(found)], [kept[number][0] @ query for number in found], atol=1e-4)


def as_kept(ids: Ids, vectors: Vectors, labels: list[Label]) -> dict[int, tuple[Vectors, Label]]:
    return {number: (row, label) for number, row, label in zip(ids.tolist(), vectors, labels, strict=True)}


@every_kind
def test_it_is_a_vector_index(kind: Kind) -> None:
    index = kind.new()
    assert isinstance(index, VectorIndex)
    assert not index.is_shared  # Milvus Lite lets one process open its file
    assert index.searched_dim(None) == index.searched_dim(DIM) == DIM
    assert index.searched_dim(DIM // 2) in (DIM // 2, DIM)


@every_kind
def test_vectors_are_found_and_given_back(kind: Kind) -> None:
    index = kind.new()
    ids, vectors, _ = fill(index, 300)
    np.testing.assert_allclose(vectors, clustered(300), atol=1e-6)
    assert index.ids().tolist() == sorted(ids.tolist()) and len(index) == 300
    found, scores = index.search(vectors[:20] / np.linalg.norm(vectors[:20], axis=1, keepdims=True), 1)
    assert found[:, 0].tolist() == ids[:20].tolist()
    assert (found.dtype, scores.dtype, found.shape) == (np.int64, np.float32, (20, 1))
    np.testing.assert_allclose(scores, 1, atol=0.02)


@every_kind
@pytest.mark.parametrize("where", WHERES.values(), ids=WHERES)
def test_a_filter_holds_exactly(kind: Kind, where: Where) -> None:
    index = kind.new()
    ids, vectors, labels = fill(index, 400)
    some = replace(where, without=(*ids[:200:3].tolist(), 12345))
    for wanted in (where, some):
        for count in (5, 500):
            check_nearest(index, as_kept(ids, vectors, labels), wanted, count)


@every_kind
def test_a_replaced_row_is_found_by_what_it_is_now(kind: Kind) -> None:
    index = kind.new()
    ids, _, labels = fill(index, 200)
    anew, moved = clustered(200, seed=5)[:50], [replace(label, category="moved") for label in labels[:50]]
    index.upsert(ids[:50], anew, moved)
    vectors = index.vectors(ids)
    assert len(index) == 200 and np.abs(vectors[:50] - anew).max() < 0.02
    for where in (None, Where(category="moved"), Where(category="return")):
        check_nearest(index, as_kept(ids, vectors, moved + labels[50:]), where, 250)


@every_kind
def test_a_deleted_row_is_found_no_more(kind: Kind) -> None:
    index = kind.new()
    ids, vectors, labels = fill(index, 200)
    index.delete(np.append(ids[:120], [4, 5]))
    index.delete(ids[:10])
    index.delete(np.zeros(0, dtype=np.int64))
    assert len(index) == 80 and index.ids().tolist() == sorted(ids[120:].tolist())
    kept = as_kept(ids[120:], vectors[120:], labels[120:])
    for where in (None, Where(language="zh"), Where(without=tuple(ids[:130].tolist()))):
        check_nearest(index, kept, where, 200)
    with pytest.raises(KeyError) as missing:
        index.vectors(ids[110:130])
    assert sorted(missing.value.args) == sorted(ids[110:120].tolist())  # all of them, so that a caller may go on


@every_kind
def test_many_changes_leave_what_a_dictionary_would_have(kind: Kind) -> None:
    index, kept = kind.new(), {}
    chance = np.random.default_rng(3)
    pool = numbered(60)
    for step in range(25):
        some = chance.choice(pool, chance.integers(0, 20))
        if chance.random() < 0.35:
            index.delete(some)
            kept = {number: row for number, row in kept.items() if number not in some}
            continue
        labels = labelled(len(some), seed=step)
        index.upsert(some, clustered(len(some), seed=step), labels)  # some ids are given twice: the last one counts
        kept.update((number, label) for number, label in zip(some.tolist(), labels, strict=True))
    assert index.ids().tolist() == sorted(kept)
    ids = index.ids()
    rows = as_kept(ids, index.vectors(ids), [kept[number] for number in ids.tolist()])
    for where in WHERES.values():
        check_nearest(index, rows, where, 10)


@every_kind
def test_of_an_id_given_twice_the_last_counts(kind: Kind) -> None:
    index = kind.new()
    rows = clustered(3)
    labels = [Label(name, "zh", name) for name in ("first", "other", "last")]
    index.upsert(np.array([7, 8, 7]), rows, labels)
    assert index.ids().tolist() == [7, 8]
    np.testing.assert_allclose(index.vectors(np.array([7]))[0], rows[2], atol=0.02)
    assert index.search(rows[:1], 2, Where(category="first"))[0].tolist() == [[-1, -1]]
    assert index.search(rows[:1], 2, Where(category="last"))[0].tolist() == [[7, -1]]


@every_kind
def test_an_empty_index_finds_nothing(kind: Kind) -> None:
    index = kind.new()
    nobody = np.zeros(0, dtype=np.int64)
    for _ in range(2):
        ids, scores = index.search(clustered(2), 3)
        assert ids.tolist() == [[-1] * 3] * 2 and np.isneginf(scores).all()
        assert len(index) == 0 and index.ids().tolist() == []
        assert index.vectors(nobody).shape == (0, DIM)
        index.delete(np.array([1]))
        index.upsert(nobody, np.zeros((0, DIM), dtype=np.float32), [])
        assert index.search(np.zeros((0, DIM), dtype=np.float32), 3)[0].shape == (0, 3)
        index = kind.reopened(index)
    fill(index, 50)
    assert len(index) == 50


@every_kind
def test_more_may_be_asked_for_than_there_are(kind: Kind) -> None:
    index = kind.new()
    ids, vectors, labels = fill(index, 30)
    check_nearest(index, as_kept(ids, vectors, labels), None, 3000)


@every_kind
def test_it_is_the_same_when_opened_again(kind: Kind) -> None:
    index = kind.new()
    ids, _, labels = fill(index, 300)
    index.delete(ids[:100])
    index.upsert(ids[100:150], clustered(50, seed=9), labels[100:150])
    before, vectors = index.search(clustered(10, seed=4), 20), index.vectors(ids[100:])
    again = kind.reopened(index)
    np.testing.assert_array_equal(again.vectors(ids[100:]), vectors)
    np.testing.assert_allclose(again.search(clustered(10, seed=4), 20)[1], before[1], atol=1e-6)
    for where in WHERES.values():
        check_nearest(again, as_kept(ids[100:], vectors, labels[100:]), where, 10)
    again.upsert(ids[:100], clustered(100, seed=8), labels[:100])
    assert again.ids().tolist() == sorted(ids.tolist())
    check_nearest(again, as_kept(ids, again.vectors(ids), labels), None, 10)


@every_kind
@pytest.mark.parametrize("dim", [None, DIM // 2, DIM // 4])
@pytest.mark.parametrize("where", [None, Where(language="zh"), Where(category="return", moment=NOON)])
def test_nearly_all_of_the_nearest_ten_are_found(kind: Kind, dim: int | None, where: Where | None) -> None:
    index = kind.new()
    ids, vectors, labels = fill(index, 6000)
    queries = clustered(100, seed=21)
    found, scores = index.search(queries, 10, where, dim)
    admitted = np.array([(where or Where()).admits(*row) for row in zip(ids.tolist(), labels, strict=True)])
    truth = np.where(admitted, queries @ vectors.T, -np.inf)
    best = ids[np.argsort(-truth, axis=1)[:, :10]]
    recall = np.mean(
        [len(set(some) & set(all_)) / 10 for some, all_ in zip(found.tolist(), best.tolist(), strict=True)]
    )
    assert recall >= (0.9 if kind.name == "gpu-ivf" else 0.99)
    # Whatever finds them, they are scored at full length.
    at = {number: position for position, number in enumerate(ids.tolist())}
    rows = np.array([[at[number] for number in row] for row in found.tolist()])
    np.testing.assert_allclose(scores, np.take_along_axis(truth, rows, axis=1), atol=1e-4)


def broken(**changes: Any) -> tuple[Any, Any, Any]:
    good = {"ids": np.array([1, 2]), "vectors": clustered(2), "labels": labelled(2)} | changes
    return good["ids"], good["vectors"], good["labels"]


REFUSED = {
    "another dimension": (broken(vectors=clustered(2, dim=DIM + 1)), rf"\[n, {DIM}\].*\[2, {DIM + 1}\]"),
    "one vector alone": (broken(vectors=clustered(2)[0]), rf"\[n, {DIM}\]"),
    "not a number": (broken(vectors=clustered(2) * np.float32(np.nan)), "length 1.*nan"),
    "longer than 1": (broken(vectors=clustered(2) * np.float32(3)), "length 1; one has 3"),
    "too few labels": (broken(labels=labelled(1)), "2, 2 and 1"),
    "too many ids": (broken(ids=np.arange(3)), "3, 2 and 2"),
    "an id below 0": (broken(ids=np.array([1, -2])), "from 0 to"),
    "a moment without a zone": (
        broken(labels=[Label("a", "zh"), Label("b", "zh", valid_to=datetime(2026, 1, 1))]),
        "needs its zone",
    ),
}


@every_kind
@pytest.mark.parametrize(("rows", "message"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(kind: Kind, rows: Any, message: str) -> None:
    index = kind.new()
    ids, vectors, labels = fill(index, 20)
    with pytest.raises(KnowledgeIndexError, match=message):
        index.upsert(*rows)
    check_nearest(index, as_kept(ids, vectors, labels), None, 30)


@every_kind
def test_a_search_that_makes_no_sense_is_refused(kind: Kind) -> None:
    index = kind.new()
    fill(index, 20)
    with pytest.raises(KnowledgeIndexError, match=rf"\[n, {DIM}\]"):
        index.search(clustered(1, dim=DIM - 1), 3)
    with pytest.raises(KnowledgeIndexError, match="0 were asked for"):
        index.search(clustered(1), 0)
    with pytest.raises(KnowledgeIndexError, match="needs its zone"):
        index.search(clustered(1), 3, Where(moment=datetime(2026, 1, 1)))


@every_kind
def test_searches_go_on_while_rows_change(kind: Kind) -> None:
    index = kind.new()
    ids, _, labels = fill(index, 500)
    stop, wrong = threading.Event(), []

    def search() -> None:
        while not stop.is_set():
            found, scores = index.search(clustered(2, seed=3), 10, Where(language="zh"))
            if (found < 0).any() or (np.diff(scores, axis=1) > 1e-6).any():
                wrong.append((found, scores))

    thread = threading.Thread(target=search)
    thread.start()
    for round_ in range(10):
        index.delete(ids[:100])
        index.upsert(ids[:150], clustered(150, seed=round_), labels[:150])
    stop.set()
    thread.join()
    assert not wrong and len(index) == 500
