"""An index of vectors that several workers share, each a little ahead of the others or behind."""

from dataclasses import replace

import numpy as np
import pytest

from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.entries import Entry, Wording
from kefu.knowledge.index.saved import open_saved
from kefu.knowledge.recall.question_rules import QuestionRules
from kefu.knowledge.recall.ranking import Hits
from kefu.knowledge.recall.rows import rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Query, Search
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.vectors.flat import FlatIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import VectorIndex
from kefu.settings import Settings

ASKED = "Is there a Singles' Day sale?"
SALE = Entry("sale", "promotion", 0.5, {"en": Wording(ASKED, "Everything is 10% off.", ("any sale", "a sale today"))})
LADDERS = Entry("ladders", "product", 0.5, {"en": Wording("Do you have ladders on sale?", "No.")})


class SharedIndex(FlatIndex):
    """What a server of vectors is to several workers, without one."""

    is_shared = True

    def close(self) -> None:
        """Others use it still."""


class Worker:
    """A search of one process."""

    def __init__(self, index: VectorIndex) -> None:
        self.model, unanswerable = FakeEmbedder(), unanswerable_rows()[:5]
        vectors = self.model.embed([row.text for row in unanswerable])
        self.search = Search(index, unanswerable, vectors, QuestionRules({}))

    def put(self, *entries: Entry) -> None:
        rows = [row for entry in entries for row in rows_of_entry(entry)]
        vectors = self.model.embed([row.text for row in rows])
        self.search.put(entries, {row.number: vector for row, vector in zip(rows, vectors, strict=True)})

    def find(self, text: str) -> Hits:
        return self.search.find(Query(text, self.model.embed([text])[0]))


@pytest.fixture
def index() -> SharedIndex:
    return SharedIndex(FakeEmbedder().identity().dim, "float32")


def test_what_another_worker_deleted_is_passed_over(index: SharedIndex) -> None:
    ahead, behind = Worker(index), Worker(index)
    for one in (ahead, behind):
        one.put(SALE, LADDERS)
    ahead.search.drop(["sale"])
    found = behind.find(ASKED)  # whose words find it still
    assert [entry.id for entry in found.entries] == ["ladders"] and len(found.dense) == len(found.rows) == 1
    ahead.search.drop(["ladders"])
    assert behind.find(ASKED).entries == []


def test_what_another_worker_deletes_during_a_search_is_passed_over(
    index: SharedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(index)
    worker.put(SALE, LADDERS)
    search = SharedIndex.search

    def searched(self: SharedIndex, *options: object) -> object:
        found = search(self, *options)  # type: ignore[arg-type]
        self.delete(np.array([row.number for row in rows_of_entry(SALE)]))
        return found

    monkeypatch.setattr(SharedIndex, "search", searched)
    assert [entry.id for entry in worker.find(ASKED).entries] == ["ladders"]


def test_a_worker_that_is_behind_keeps_what_others_put_in(index: SharedIndex) -> None:
    ahead, behind = Worker(index), Worker(index)
    behind.put(LADDERS)
    ahead.put(SALE, LADDERS)
    assert {entry.id for entry in behind.find(ASKED).entries} == {"ladders"}
    behind.put(SALE)
    assert {entry.id for entry in ahead.find(ASKED).entries} == {"sale", "ladders"}


@pytest.fixture
def shared(shop: Settings, store: KnowledgeStore, index: SharedIndex, monkeypatch: pytest.MonkeyPatch) -> SharedIndex:
    """The shop's index as a server has it, for all processes."""
    meta, _ = open_saved(shop, shop.path(shop.knowledge.index), FakeEmbedder().identity())
    monkeypatch.setattr("kefu.knowledge.current.open_saved", lambda *_: (meta, index))
    return index


def test_answers_go_on_while_another_worker_takes_entries_out(
    shop: Settings, store: KnowledgeStore, shared: SharedIndex
) -> None:
    store.put([SALE, LADDERS], author="me", source="test")
    first, second = (KnowledgeBase(shop, FakeEmbedder()) for _ in range(2))
    assert first.answer(ASKED).entry_id == second.answer(ASKED).entry_id == "sale"
    vector = FakeEmbedder().embed([ASKED])[0]
    store.delete(["sale"], author="me")
    first.catch_up()
    (view,) = second._knowledge.find([Query(ASKED, vector)])  # between its own look at the store and its search
    names = [entry.id for entry in view.hits.entries]
    assert "sale" not in names and "ladders" in names
    assert second.answer(ASKED).entry_id != "sale"


def test_a_process_that_opens_behind_another_leaves_its_rows_alone(
    shop: Settings, store: KnowledgeStore, shared: SharedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = KnowledgeBase(shop, FakeEmbedder())
    earlier = store.all_entries()
    store.put([SALE], author="me", source="test")
    assert running.answer(ASKED).entry_id == "sale"
    with monkeypatch.context() as patch:
        patch.setattr(KnowledgeStore, "all_entries", lambda _: replace(earlier))
        opening = KnowledgeBase(shop, FakeEmbedder())
    assert {row.number for row in rows_of_entry(SALE)} <= set(shared.ids().tolist())
    assert running.answer(ASKED).entry_id == opening.answer(ASKED).entry_id == "sale"
