"""Batches by length, and the cache of vectors."""

import itertools
import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kefu.models.base import BatchedEmbedder
from kefu.models.vectors import VectorCache, batches_by_length
from kefu.protocols import ModelIdentity, Vectors
from kefu.settings import EmbeddingSettings

LENGTHS = st.lists(st.integers(0, 40), max_size=60)


class ByLength(BatchedEmbedder):
    """Gives each text a vector that tells its length, and keeps the batches it was given."""

    def __init__(self, **options: int) -> None:
        super().__init__(EmbeddingSettings(**options))  # type: ignore[arg-type]
        self.batches: list[list[str]] = []

    def _load(self) -> ModelIdentity:
        return ModelIdentity(name="by length", fingerprint="0", dim=2)

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        self.batches.append(texts)
        angles = np.array([len(text) for text in texts]) / 100
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def lengths_told(vectors: Vectors) -> list[int]:
    return [round(angle * 100) for angle in np.arctan2(vectors[:, 1], vectors[:, 0])]


@given(LENGTHS, st.integers(1, 9))
def test_every_text_is_in_one_batch_within_its_bound(lengths: list[int], size: int) -> None:
    batches = list(batches_by_length(["x" * length for length in lengths], size))
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    assert all(len(batch) == size for batch in batches[:-1])
    assert not batches or 1 <= len(batches[-1]) <= size


@given(LENGTHS, st.integers(1, 9))
def test_no_text_is_longer_than_those_of_a_later_batch(lengths: list[int], size: int) -> None:
    batches = list(batches_by_length(["x" * length for length in lengths], size))
    for earlier, later in itertools.pairwise(batches):
        assert max(lengths[at] for at in earlier) <= min(lengths[at] for at in later)


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 9))
def test_vectors_come_in_the_order_of_the_texts(lengths: list[int], size: int) -> None:
    embedder = ByLength(batch_size=size, cache_size=0)
    vectors = embedder.embed(["x" * length for length in lengths])
    assert lengths_told(vectors) == lengths
    assert all(len(batch) <= size for batch in embedder.batches)
    assert sum(map(len, embedder.batches)) == len(set(lengths)), "a text that comes twice is embedded once"


def row(number: int) -> Vectors:
    return np.full(4, number, dtype=np.float32)


def filled(size: int, keys: str) -> VectorCache:
    cache = VectorCache(size)
    for number, key in enumerate(keys):
        cache.put(key, row(number))
    return cache


def kept(cache: VectorCache, keys: str) -> str:
    """Say which keys are there, without asking twice: asking counts as use."""
    return "".join(key for key in keys if cache.get(key) is not None)


def test_the_oldest_gives_way() -> None:
    cache = filled(3, "abcd")
    assert len(cache) == 3
    assert kept(cache, "abcd") == "bcd"


def test_what_was_read_lately_stays() -> None:
    cache = filled(3, "abc")
    assert cache.get("a") is not None
    cache.put("d", row(9))
    assert kept(cache, "abcd") == "acd"
    cache.put("e", row(9))
    assert kept(cache, "acde") == "cde"


def test_what_was_written_again_lately_stays_with_its_new_vector() -> None:
    cache = filled(2, "ab")
    cache.put("a", row(7))
    cache.put("c", row(9))
    assert kept(cache, "bc") == "c"
    found = cache.get("a")
    assert found is not None
    np.testing.assert_array_equal(found, row(7))


def test_a_key_that_is_missing_moves_nothing() -> None:
    cache = filled(2, "ab")
    assert cache.get("z") is None
    cache.put("c", row(9))
    assert kept(cache, "abc") == "bc"


def test_a_cache_of_no_size_keeps_nothing() -> None:
    assert len(filled(0, "ab")) == 0


def test_an_embedder_forgets_the_text_unused_for_longest() -> None:
    embedder = ByLength(batch_size=8, cache_size=2)
    for text in ("a", "bb", "a", "ccc"):
        embedder.embed([text])
    assert embedder.batches == [["a"], ["bb"], ["ccc"]]
    embedder.embed(["a", "ccc"])
    assert len(embedder.batches) == 3
    embedder.embed(["bb"])
    assert embedder.batches[3:] == [["bb"]]


def test_threads_that_crowd_a_small_cache_get_their_own_vectors() -> None:
    cache, wrong = VectorCache(3), []

    def crowd(seed: int) -> None:
        for number in np.random.default_rng(seed).integers(0, 8, 2000).tolist():
            found = cache.get(str(number))
            if found is not None and found[0] != number:
                wrong.append(number)
            cache.put(str(number), row(number))

    threads = [threading.Thread(target=crowd, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(cache) == 3
