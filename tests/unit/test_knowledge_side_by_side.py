"""The routes of a search run side by side: a server of vectors is waited for while words and rules are looked up."""

import threading

import numpy as np
import pytest

from kefu.knowledge.entries import Entry, Wording
from kefu.knowledge.recall.question_rules import QuestionRules
from kefu.knowledge.recall.rows import rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Query, Search
from kefu.knowledge.vectors.flat import FlatIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import Ids, Scores, Vectors, Where

PATIENCE = 10.0  # seconds that a route waits for the other one, if they take turns
ASKED = "how do I get an invoice"
INVOICE = Entry("invoice", "invoice", 0.5, {"en": Wording(ASKED, "It comes by mail.", ("an invoice please",))})


class SlowIndex(FlatIndex):
    """Answers when it is let, and says when it is asked."""

    def __init__(self, dim: int) -> None:
        super().__init__(dim, "float32")
        self.asked, self.let, self.answered = threading.Event(), threading.Event(), threading.Event()
        self.was_let = False

    def search(
        self, vectors: Vectors, count: int, where: Where | None = None, dim: int | None = None
    ) -> tuple[Ids, Scores]:
        """Search once it is let."""
        self.asked.set()
        self.was_let = self.let.wait(PATIENCE)
        found = super().search(vectors, count, where, dim)
        self.answered.set()
        return found


class RulesAtWork(QuestionRules):
    """Rules that are looked up only once the index is asked, and let it answer."""

    def __init__(self, index: SlowIndex, error: Exception | None = None) -> None:
        super().__init__({})
        self.index, self.error, self.met = index, error, False

    def match(self, text: str) -> list[str]:
        """Name no entry, or fail."""
        self.met = self.index.asked.wait(PATIENCE)
        self.index.let.set()
        if self.error is not None:
            raise self.error
        return []


@pytest.fixture
def index() -> SlowIndex:
    return SlowIndex(FakeEmbedder().identity().dim)


def search_of(index: SlowIndex, rules: QuestionRules) -> tuple[Search, Query]:
    model, unanswerable = FakeEmbedder(), unanswerable_rows()[:3]
    search = Search(index, unanswerable, model.embed([row.text for row in unanswerable]), rules)
    rows = rows_of_entry(INVOICE)
    vectors = model.embed([row.text for row in rows])
    search.put([INVOICE], {row.number: vector for row, vector in zip(rows, vectors, strict=True)})
    return search, Query(ASKED, model.embed([ASKED])[0])


def test_meaning_is_looked_up_while_the_rules_are(index: SlowIndex) -> None:
    rules = RulesAtWork(index)
    search, query = search_of(index, rules)
    hits = search.find(query)
    assert rules.met, "the index was asked"
    assert index.was_let, "and did not keep the rules waiting"
    assert [entry.id for entry in hits.entries] == ["invoice"]
    assert np.argmax(hits.dense) == [row.text for row in hits.rows].index(ASKED)


def test_a_route_that_fails_leaves_no_other_at_work_behind(index: SlowIndex) -> None:
    """What comes next may put entries in, which no index takes while it is read."""
    search, query = search_of(index, RulesAtWork(index, ValueError("a rule")))
    with pytest.raises(ValueError, match="a rule"):
        search.find(query)
    assert index.answered.is_set()
