"""What single kinds of vector indexes do beyond the contract, and how the settings choose among them."""

import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from kefu.errors import KnowledgeIndexError, SettingsError
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.saved import Fit, Meta, open_saved, save
from kefu.knowledge.vectors import new_vectors
from kefu.knowledge.vectors.choose import MOST_FOR_FUNNEL, choose
from kefu.knowledge.vectors.codes import FLOAT32, INT8, Codes, new_store
from kefu.knowledge.vectors.funnel import FunnelIndex
from kefu.knowledge.vectors.hnsw import HnswIndex
from kefu.knowledge.vectors.labels import LabelColumns
from kefu.knowledge.vectors.memory import MemoryIndex
from kefu.knowledge.vectors.milvus import MilvusIndex
from kefu.protocols import Ids, Label, ModelIdentity, VectorIndex, Vectors, Where
from kefu.settings import KnowledgeSettings, Settings, load_settings

DIM = 32
MODEL = ModelIdentity("a model", "fingerprint", DIM)
CHINESE, ENGLISH = Label("a", "zh"), Label("b", "en")


def keep(index: VectorIndex, folder: Path, model: ModelIdentity) -> None:
    """Save an index as a build does."""
    save(folder, Meta(model, None, Rule(), Fit("", "", 0, None, None, None), ""), index)


def opened(settings: Settings, folder: Path, model: ModelIdentity) -> VectorIndex:
    """Open it as the assistant does."""
    return open_saved(settings, folder, model)[1]


def rows(count: int, seed: int = 0) -> Vectors:
    found = np.random.default_rng(seed).standard_normal((count, DIM)) * np.linspace(2.0, 0.3, DIM)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(
    ("settings", "count", "kind"),
    [
        (KnowledgeSettings(), 0, "funnel"),
        (KnowledgeSettings(), MOST_FOR_FUNNEL, "funnel"),
        (KnowledgeSettings(), MOST_FOR_FUNNEL + 1, "hnsw"),
        (KnowledgeSettings(milvus="http://milvus:19530"), 1, "milvus"),
        (KnowledgeSettings(vectors="flat", milvus="http://milvus:19530"), 10**6, "flat"),
        (KnowledgeSettings(vectors="gpu-ivf"), 1, "gpu-ivf"),
    ],
)
def test_settings_and_number_choose(settings: KnowledgeSettings, count: int, kind: str) -> None:
    assert choose(settings, count) == kind


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (KnowledgeSettings(vectors="hnws"), r"`knowledge.vectors` has no option `hnws`. Did you mean `hnsw`\?"),
        (KnowledgeSettings(storage="int4"), r"`knowledge.storage` has no option `int4`. Did you mean `int8`\?"),
        (KnowledgeSettings(vectors="milvus"), "`knowledge.milvus` does not say where"),
        (KnowledgeSettings(milvus="m.db", storage="int8"), "Milvus keeps float32 only"),
    ],
)
def test_what_there_is_not_is_refused(settings: KnowledgeSettings, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        choose(settings, 1)


def test_milvus_is_one_line_of_the_endpoints(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yml"
    file.write_text("knowledge:\n  milvus: http://milvus:19530\n", encoding="utf-8")
    assert choose(load_settings(file).knowledge, 1) == "milvus"
    file.write_text("knowledge:\n  vectors: 8\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"knowledge\.vectors` must be of type str"):
        load_settings(file)


def saved(tmp_path: Path, settings: KnowledgeSettings, count: int = 0) -> Settings:
    project = Settings(root=tmp_path, knowledge=settings)
    keep(new_vectors(project, DIM, count), tmp_path, MODEL)
    return project


@pytest.mark.parametrize(
    "now",
    [
        KnowledgeSettings(vectors="hnsw"),
        KnowledgeSettings(vectors="funnel", storage="int8"),
        KnowledgeSettings(milvus="http://milvus:19530"),
    ],
)
def test_an_index_of_another_kind_than_set_now_is_refused(tmp_path: Path, now: KnowledgeSettings) -> None:
    project = saved(tmp_path, KnowledgeSettings(vectors="funnel"))
    with pytest.raises(KnowledgeIndexError, match=r"of kind funnel with float32.*Run `kefu index`"):
        opened(replace(project, knowledge=now), tmp_path, MODEL)


@pytest.mark.parametrize("count", [1, MOST_FOR_FUNNEL + 1])
def test_auto_opens_what_auto_has_built(tmp_path: Path, count: int) -> None:
    project = saved(tmp_path, KnowledgeSettings(), count)
    assert len(opened(project, tmp_path, MODEL)) == 0


def test_vectors_of_another_model_are_refused(tmp_path: Path) -> None:
    project = saved(tmp_path, KnowledgeSettings())
    with pytest.raises(KnowledgeIndexError, match=r"a model \(fingerprint\).*a model \(other\).*Run `kefu index`"):
        opened(project, tmp_path, replace(MODEL, fingerprint="other"))


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one, other = HnswIndex(DIM, "float32"), HnswIndex(DIM, "float32")
    one.upsert(np.arange(3), rows(3), [CHINESE] * 3)
    for index, name in ((one, "one"), (other, "other")):
        (tmp_path / name).mkdir()
        index.save(tmp_path / name)
    (tmp_path / "other" / "rows.npz").replace(tmp_path / "one" / "rows.npz")
    with pytest.raises(KnowledgeIndexError, match="3 rows of dimension 32; 0 of 32"):
        HnswIndex.load(tmp_path / "one", DIM, "float32")


def test_without_a_gpu_faiss_the_commands_are_named() -> None:
    with pytest.raises(SettingsError, match=r"FAISS installed is for CPUs.*pip uninstall faiss-cpu"):
        new_vectors(Settings(root=Path(), knowledge=KnowledgeSettings(vectors="gpu-flat")), DIM, 1)


def test_without_a_gpu_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faiss, "StandardGpuResources", object, raising=False)
    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 0, raising=False)
    with pytest.raises(SettingsError, match="FAISS sees none"):
        new_vectors(Settings(root=Path(), knowledge=KnowledgeSettings(vectors="gpu-ivf")), DIM, 1)


class Watched:
    """The graph of an HNSW index, which counts how often it is asked."""

    def __init__(self, graph: Any) -> None:
        self._graph, self.asked, self.finds_nothing = graph, 0, False

    def search(self, queries: Vectors, count: int, params: Any) -> Any:
        self.asked += 1
        scores, positions = self._graph.search(queries, count, params=params)
        if self.finds_nothing:
            positions[:] = -1
        return scores, positions


@pytest.fixture
def big() -> HnswIndex:
    """More rows than are looked at one by one; every 20th is English."""
    index = HnswIndex(DIM, "float32")
    index.upsert(np.arange(6000), rows(6000), [CHINESE if number % 20 else ENGLISH for number in range(6000)])
    index._codes.adder = Watched(index._codes.adder)
    return index


def test_the_graph_is_asked_where_much_is_left(big: HnswIndex) -> None:
    big.search(rows(1), 10)
    big.search(rows(1), 10, Where(language="zh"))
    assert big._codes.adder.asked == 2


def test_where_a_filter_leaves_few_these_are_looked_at(big: HnswIndex) -> None:
    query = rows(1, seed=5)
    found, scores = big.search(query, 10, Where(language="en"))
    english = np.arange(0, 6000, 20)
    assert big._codes.adder.asked == 0
    np.testing.assert_allclose(scores[0], np.sort(rows(6000)[english] @ query[0])[::-1][:10], atol=1e-5)
    assert set(found[0]) <= set(english)


def test_where_the_graph_finds_too_few_all_are_looked_at(big: HnswIndex) -> None:
    big._codes.adder.finds_nothing = True
    query = rows(2, seed=5)
    _, scores = big.search(query, 10)
    np.testing.assert_allclose(scores, -np.sort(-(query @ rows(6000).T), axis=1)[:, :10], atol=1e-5)
    assert big._codes.adder.asked == 1


def test_compacting_leaves_out_what_is_not_found_any_more() -> None:
    index = HnswIndex(DIM, "float32")
    ids = np.arange(5000)
    index.upsert(ids, rows(5000), [CHINESE] * 5000)
    index.delete(ids[::2])
    index.upsert(ids[1:101:2], rows(50, seed=8), [ENGLISH] * 50)
    assert len(index._codes) == len(index) == 2500  # that was one too many
    index.upsert(ids[1:101:2], rows(50, seed=8), [ENGLISH] * 50)
    before = index.search(rows(20, seed=5), 10)
    assert len(index._codes) == 2550
    index.compact()
    assert len(index._codes) == len(index) == 2500
    after = index.search(rows(20, seed=5), 10)
    assert np.mean(before[0] == after[0]) > 0.95
    assert index.search(rows(1, seed=8), 1, Where(language="en"))[0].tolist() == [[1]]


@pytest.mark.parametrize("storage", ["float32", INT8])
def test_a_graph_does_not_grow_by_what_is_replaced(storage: str) -> None:
    index = HnswIndex(DIM, storage)
    ids = np.arange(400)
    for round_ in range(10):
        index.upsert(ids, rows(400, seed=round_), [CHINESE] * 400)
        assert len(index._codes) <= 2 * 400
    assert index.search(rows(400, seed=9), 1)[0][:, 0].tolist() == ids.tolist()


@pytest.mark.parametrize("kind", [FunnelIndex, HnswIndex])
def test_memory_of_deleted_rows_is_given_back(kind: type[MemoryIndex]) -> None:
    index = kind(DIM, "float32")
    index.upsert(np.arange(1000), rows(1000), [CHINESE] * 1000)
    index.search(rows(1), 1, dim=8)
    index.delete(np.arange(900))
    assert len(index._codes) == len(index) == 100
    assert index.search(rows(1000)[950:951], 1, dim=8)[0].tolist() == [[950]]


def test_searches_go_on_while_an_index_is_compacted(monkeypatch: pytest.MonkeyPatch) -> None:
    index = HnswIndex(DIM, "float32")
    index.upsert(np.arange(100), rows(100), [CHINESE] * 100)
    index.delete(np.arange(50))
    found = []
    append = Codes.append

    def searched(codes: Codes, vectors: Vectors) -> None:
        search = threading.Thread(target=lambda: found.append(index.search(rows(100)[70:71], 1)[0].item()))
        search.start()
        search.join(timeout=5)
        append(codes, vectors)

    monkeypatch.setattr(Codes, "append", searched)
    index.compact()
    assert found == [70] and len(index._codes) == 50


def test_there_may_be_any_number_of_channels() -> None:
    columns = LabelColumns()
    columns.put([0, 1], [Label("a", "zh"), Label("b", "zh", channels=("web",))])
    many = [Label(f"e{number}", "zh", channels=(f"c{number}", f"d{number}", "web")) for number in range(100)]
    columns.put(range(2, 102), many)
    kept = LabelColumns.from_arrays(columns.arrays(102))
    for one in (columns, kept, columns.take(np.arange(102))):
        assert np.flatnonzero(one.mask(Where(channel="d99"), 102)).tolist() == [0, 101]
        assert one.mask(Where(channel="web"), 102).all()
        assert np.flatnonzero(one.mask(Where(channel="fax"), 102)).tolist() == [0]


def test_a_flat_store_uses_the_place_of_deleted_rows_again() -> None:
    index = FunnelIndex(DIM, "float32")
    for round_ in range(5):
        index.upsert(np.arange(100), rows(100, seed=round_), [CHINESE] * 100)
        index.delete(np.arange(50))
    assert len(index._codes) == 100


def test_int8_makes_room_for_rows_that_reach_farther() -> None:
    codes = Codes(new_store(DIM, INT8))
    small, far = rows(500), np.zeros((2 * DIM, DIM), dtype=np.float32)
    far[np.arange(2 * DIM), np.arange(2 * DIM) // 2] = np.tile([1, -1], DIM)
    codes.append(small[:1])
    codes.append(small[1:])
    codes.append(far)  # as far as a row of length 1 can reach
    steps = 2 * 1.25 / 255  # of the widest range
    kept = codes.store.reconstruct_batch(np.arange(len(codes)))
    np.testing.assert_allclose(kept[500:], far, atol=steps / 2 + 1e-6)
    np.testing.assert_allclose(kept[:500], small, atol=steps / 2 + 1e-6)
    np.testing.assert_array_equal(codes.decode(np.arange(len(codes))), np.concatenate([small, far]))


def test_int8_takes_a_quarter_of_the_memory(tmp_path: Path) -> None:
    sizes = []
    for storage in ("float32", "int8"):
        index = FunnelIndex(DIM, storage)
        index.upsert(np.arange(2000), rows(2000), [CHINESE] * 2000)
        (tmp_path / storage).mkdir()
        index.save(tmp_path / storage)
        sizes.append((tmp_path / storage / "vectors.faiss").stat().st_size)
    assert sizes[1] < 0.26 * sizes[0]


# Saves an index of 2,000 rows in place of one of 3, where no file may have more bytes than given.
_CRAMPED = """
import resource, sys
from pathlib import Path
from tests.unit.test_vector_index_kinds import CHINESE, DIM, MODEL, keep, rows
from kefu.errors import KnowledgeIndexError
from kefu.knowledge.vectors.funnel import FunnelIndex
import numpy as np

index = FunnelIndex(DIM, sys.argv[3])
index.upsert(np.arange(2000), rows(2000), [CHINESE] * 2000)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    keep(index, Path(sys.argv[1]), MODEL)
except KnowledgeIndexError as error:
    print(error)
"""


@pytest.mark.parametrize(("room", "storage"), [(100_000, "float32"), (2000 * DIM * 4, "float32"), (100_000, INT8)])
def test_where_the_disk_is_full_the_old_index_stays_and_the_reason_is_named(
    tmp_path: Path, room: int, storage: str
) -> None:
    project = Settings(root=tmp_path, knowledge=KnowledgeSettings(vectors="funnel", storage=storage))
    index = FunnelIndex(DIM, storage)
    index.upsert(np.arange(3), rows(3), [CHINESE] * 3)
    keep(index, tmp_path, MODEL)
    command = [sys.executable, "-c", _CRAMPED, str(tmp_path), str(room), storage]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert re.search(r"cannot be written to .*: File too large\. What was there before still counts", done.stdout)
    assert len(opened(project, tmp_path, MODEL)) == 3


def exact_best(queries: Vectors, vectors: Vectors) -> Vectors:
    return -np.sort(-(queries @ vectors.T), axis=1)[:, :10]


def test_int8_orders_its_candidates_by_the_full_rows_however_they_came_there(tmp_path: Path) -> None:
    index, ids, queries = FunnelIndex(DIM, INT8), np.arange(3000), rows(50, seed=5)
    index.upsert(ids, rows(3000), [CHINESE] * 3000)
    np.testing.assert_allclose(index.search(queries, 10, dim=8)[1], exact_best(queries, rows(3000)), atol=1e-5)
    index.save(tmp_path)
    opened_again = FunnelIndex.load(tmp_path, DIM, INT8)
    expected = np.concatenate([rows(3000), rows(100, seed=6)])
    opened_again.upsert(np.arange(3000, 3100), rows(100, seed=6), [CHINESE] * 100)
    expected[:50] = rows(50, seed=7)
    opened_again.upsert(np.arange(50), rows(50, seed=7), [CHINESE] * 50)
    np.testing.assert_array_equal(opened_again.vectors(np.arange(3100)), expected)
    np.testing.assert_allclose(opened_again.search(queries, 10)[1], exact_best(queries, expected), atol=1e-5)
    (tmp_path / "again").mkdir()
    opened_again.save(tmp_path / "again")
    third = FunnelIndex.load(tmp_path / "again", DIM, INT8)
    np.testing.assert_array_equal(third.vectors(np.arange(3100)), expected)
    np.testing.assert_array_equal(FunnelIndex.load(tmp_path, DIM, INT8).vectors(ids), rows(3000))


def test_int8_without_its_full_rows_is_refused(tmp_path: Path) -> None:
    index = FunnelIndex(DIM, INT8)
    index.upsert(np.arange(3), rows(3), [CHINESE] * 3)
    index.save(tmp_path)
    np.save(tmp_path / "exact.npy", rows(2))
    with pytest.raises(KnowledgeIndexError, match="2 full rows"):
        FunnelIndex.load(tmp_path, DIM, INT8)
    (tmp_path / "exact.npy").unlink()
    with pytest.raises(KnowledgeIndexError, match=r"exact\.npy cannot be read.*Run `kefu index`"):
        FunnelIndex.load(tmp_path, DIM, INT8)


def test_prefixes_follow_every_change_of_the_rows() -> None:
    index = FunnelIndex(DIM, FLOAT32)
    there: dict[int, Vectors] = {}

    def put(ids: Ids, seed: int) -> None:
        found = rows(len(ids), seed=seed)
        index.upsert(ids, found, [CHINESE] * len(ids))
        there.update(zip(ids.tolist(), found, strict=True))

    def holds() -> None:
        query = rows(5, seed=99)
        numbers, scores = index.search(query, 10, dim=DIM // 2)
        vectors = np.stack([there[number] for number in sorted(there)])
        assert set(numbers.ravel().tolist()) <= set(there)
        np.testing.assert_allclose(scores, exact_best(query, vectors), atol=1e-5)

    put(np.arange(150), 1)
    holds()
    put(np.arange(100, 190), 2)  # some are replaced, others are new
    holds()
    for gone in (np.arange(20), np.arange(20, 150)):  # the second time so many that the index is compacted
        index.delete(gone)
        for number in gone.tolist():
            del there[number]
        holds()
    index.compact()
    put(np.arange(500, 640), 3)
    holds()


def test_a_server_that_is_away_is_named_within_the_time_allowed() -> None:
    with pytest.raises(KnowledgeIndexError, match=r"http://127\.0\.0\.1:1"):
        MilvusIndex("http://127.0.0.1:1", DIM, timeout=1)


class Server:
    """Stands in for Milvus: knows the names of its collections."""

    def __init__(self) -> None:
        self.collections: set[str] = set()

    def has_collection(self, name: str, timeout: float) -> bool:
        return name in self.collections

    def drop_collection(self, name: str, timeout: float) -> None:
        self.collections.remove(name)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr("kefu.knowledge.vectors.milvus._connect", lambda *_: server)
    monkeypatch.setattr(
        "kefu.knowledge.vectors.milvus.MilvusIndex._create", lambda index: server.collections.add(index.collection)
    )
    return server


def built(folder: Path) -> MilvusIndex:
    index = MilvusIndex("http://milvus", DIM)
    keep(index, folder, MODEL)
    return index


def test_the_collection_that_workers_may_search_is_kept_for_one_more_build(tmp_path: Path, server: Server) -> None:
    first, second = built(tmp_path), built(tmp_path)
    assert server.collections == {first.collection, second.collection}
    third = built(tmp_path)
    assert server.collections == {second.collection, third.collection}


def test_what_lies_on_a_server_is_shared(server: Server) -> None:
    assert MilvusIndex("http://milvus", DIM).is_shared


def test_an_index_that_is_saved_again_forgets_nothing(tmp_path: Path, server: Server) -> None:
    first, second = built(tmp_path), built(tmp_path)
    keep(second, tmp_path, MODEL)
    assert server.collections == {first.collection, second.collection}
    third = built(tmp_path)
    assert server.collections == {second.collection, third.collection}


def test_collections_of_others_are_not_touched(tmp_path: Path, server: Server) -> None:
    others = {built(tmp_path / "other").collection, "kefu_0123456789ab"}
    server.collections |= others
    for _ in range(3):
        built(tmp_path / "ours")
    assert others < server.collections and len(server.collections) == 4


@pytest.mark.full
def test_a_collection_is_dropped_and_no_other(tmp_path: Path) -> None:
    file = str(tmp_path / "milvus.db")
    old, other, new = (MilvusIndex(file, DIM, name=name) for name in ("kefu", "kefu_shop", "kefu"))
    new.drop(old.collection)
    new.drop(old.collection)
    names = set(new._client.list_collections())
    assert names == {other.collection, new.collection}
    with pytest.raises(KnowledgeIndexError, match=f"no collection {old.collection}.*Run `kefu index`"):
        MilvusIndex(file, DIM, collection=old.collection)
    with pytest.raises(KnowledgeIndexError, match="has dimension 32; 64 is wanted"):
        MilvusIndex(file, 64, collection=new.collection)
