"""What is deleted is answered with no more, whatever else the same change brings and whatever is away."""

import dataclasses
from collections.abc import Iterator, Sequence

import pytest

from kefu.errors import KnowledgeIndexError, ModelError
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.entries import Entry, Scope, Wording
from kefu.knowledge.index.build import build_index
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.vectors.memory import MemoryIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import Vectors
from kefu.settings import CacheSettings, Settings

ASKED = "Is there a Singles' Day sale?"
SALE = Entry("sale", "promotion", 0.5, {"en": Wording(ASKED, "Everything is 10% off.")})
LADDERS = Entry("ladders", "product", 0.5, {"en": Wording("Do you sell ladders?", "No.")})


class Leaving(FakeEmbedder):
    """A model that is away from some moment on, but for questions of customers."""

    is_away = False

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
        if self.is_away and task is None:
            raise ModelError("the model is away")
        return super().embed(texts, task=task)


@pytest.fixture
def model() -> Leaving:
    return Leaving()


@pytest.fixture
def base(shop: Settings, store: KnowledgeStore, model: Leaving) -> Iterator[KnowledgeBase]:
    """A process that knows the sale, and keeps its answers."""
    put(store, SALE)
    base = KnowledgeBase(dataclasses.replace(shop, cache=CacheSettings()), model)
    assert base.answer(ASKED).entry_id == "sale"
    yield base
    base.close()


def put(store: KnowledgeStore, *entries: Entry) -> None:
    store.put(entries, author="me", source="test")


def test_any_number_of_channels_holds_nothing_up(shop: Settings, base: KnowledgeBase, store: KnowledgeStore) -> None:
    names = [[f"shop-{entry}-{number}" for number in range(16)] for entry in range(5)]
    new = [
        Entry(
            f"new{at}", "product", 0.5, {"en": Wording(f"Do you sell item {word}?", "Yes.")}, scope=Scope(tuple(own))
        )
        for at, (word, own) in enumerate(zip(("anvil", "bugle", "cello", "drill", "easel"), names, strict=True))
    ]
    put(store, *new)
    store.delete(["sale"], author="me")
    assert base.answer(ASKED).entry_id != "sale"
    assert base.answer("Do you sell item easel?").entry_id == "new4"
    build_index(shop, FakeEmbedder())
    again = KnowledgeBase(shop, FakeEmbedder())
    assert "sale" not in again.entry_ids and {"new0", "new4"} <= again.entry_ids
    again.close()


@pytest.mark.parametrize("deleted_with", ["a new entry", "a compacted log"])
def test_a_deletion_waits_for_no_model(
    base: KnowledgeBase, store: KnowledgeStore, model: Leaving, deleted_with: str
) -> None:
    model.is_away = True
    put(store, LADDERS)
    store.delete(["sale"], author="me")
    if deleted_with == "a compacted log":
        store.compact()
    for _ in range(2):
        assert base.answer(ASKED).entry_id != "sale" and "sale" not in base.entry_ids
    assert "ladders" not in base.entry_ids
    model.is_away = False
    assert base.catch_up() and "ladders" in base.entry_ids and "sale" not in base.entry_ids


def test_a_deletion_waits_for_no_store_of_vectors(
    base: KnowledgeBase, store: KnowledgeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise KnowledgeIndexError("Milvus does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryIndex, "upsert", away)
        patch.setattr(MemoryIndex, "delete", away)
        put(store, LADDERS)
        store.delete(["sale"], author="me")
        for _ in range(2):
            assert base.answer(ASKED).entry_id != "sale" and "sale" not in base.entry_ids
    assert base.catch_up() and "ladders" in base.entry_ids
    index = base._knowledge._state.index
    known = {number for entry in base._knowledge.live.values() for number in numbers_of(entry.entry)}
    assert set(index.ids().tolist()) == known  # what could not be deleted then is deleted by now


def numbers_of(entry: Entry) -> list[int]:
    from kefu.knowledge.recall.rows import rows_of_entry

    return [row.number for row in rows_of_entry(entry)]


def test_what_was_deleted_is_not_offered_from_the_cache(
    base: KnowledgeBase, store: KnowledgeStore, model: Leaving
) -> None:
    """Even where the rest of the change cannot be taken in, so that the version of the knowledge stays."""
    before = base._knowledge.version
    model.is_away = True
    put(store, LADDERS)
    store.delete(["sale"], author="me")
    base.catch_up()
    after = base._knowledge.version
    assert after != before and base.answer(ASKED).entry_id != "sale"
    assert base._knowledge.version == after  # so that the answers from then on are kept


def test_an_entry_that_came_back_before_the_deletion_was_taken_in_is_answered_with(
    base: KnowledgeBase, store: KnowledgeStore, model: Leaving
) -> None:
    model.is_away = True
    put(store, LADDERS)
    store.delete(["sale"], author="me")
    assert base.answer(ASKED).entry_id != "sale"
    model.is_away = False
    put(store, SALE)
    assert base.answer(ASKED).entry_id == "sale" and "ladders" in base.entry_ids
