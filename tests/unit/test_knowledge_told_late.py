"""An answer that took long to find or to word is told only if it is still right by then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.entries import Entry, Scope, Wording
from kefu.knowledge.store.store import KnowledgeStore
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.fake_generator import ScriptedGenerator
from kefu.models.fake_reranker import FakeReranker
from kefu.settings import Settings
from tests.clock import Clock

NOW = datetime(2026, 11, 11, 12, tzinfo=timezone.utc)
ASKED = "Is there a Singles' Day sale?"
SCOPE = Scope(valid_to=NOW + timedelta(seconds=10))
SALE = Entry("sale", "promotion", 0.5, {"en": Wording(ASKED, "Everything is 10% off.")}, scope=SCOPE)
Meanwhile = Callable[[KnowledgeStore, Clock], object]
MEANWHILE: dict[str, Meanwhile] = {
    "it ends": lambda _, clock: setattr(clock, "now", NOW + timedelta(seconds=11)),
    "it is deleted": lambda store, _: store.delete(["sale"], author="me"),
    "it is ended": lambda store, _: put(store, replace(SALE, scope=Scope(valid_to=NOW))),
}


def put(store: KnowledgeStore, *entries: Entry) -> None:
    store.put(entries, author="me", source="test")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(autouse=True)
def sale(store: KnowledgeStore) -> None:
    put(store, SALE)


def worded(shop: Settings, store: KnowledgeStore, clock: Clock, happens: Meanwhile, patch: pytest.MonkeyPatch) -> str:
    """Let a generator word what the sale's entry says, while something happens."""

    def write(_: object) -> str:
        happens(store, clock)
        return "Everything is 10% off [1]."

    generator = ScriptedGenerator(write)
    patch.setattr("kefu.knowledge.base.shared_generator", lambda _: generator)
    base = KnowledgeBase(shop, FakeEmbedder(), clock=clock)
    unsure = replace(base.answer(ASKED), kind="abstain", confidence=0.9)
    found = base.worded(ASKED, unsure, "en")
    base.close()
    assert generator.asked
    return found.text if found else ""


def test_what_still_holds_is_worded(
    shop: Settings, store: KnowledgeStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(store: KnowledgeStore, _: Clock) -> None:
        store.delete(["invoice"], author="me")

    assert worded(shop, store, clock, other, monkeypatch) == "Everything is 10% off [1]."


@pytest.mark.parametrize("happens", [*MEANWHILE, "it is changed"])
def test_nothing_is_worded_of_what_is_no_more_once_the_generator_is_done(
    shop: Settings, store: KnowledgeStore, clock: Clock, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    changed = replace(SALE, wordings={"en": Wording(ASKED, "Everything is 5% off.")})
    meanwhile = {**MEANWHILE, "it is changed": lambda store, _: put(store, changed)}
    assert worded(shop, store, clock, meanwhile[happens], monkeypatch) == ""


@pytest.mark.parametrize("happens", MEANWHILE)
def test_nothing_is_answered_that_is_no_more_once_the_reranker_is_done(
    shop: Settings, store: KnowledgeStore, clock: Clock, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    monkeypatch.setattr("kefu.knowledge.base._LONG_MS", 0.0)

    class Slow(FakeReranker):
        def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
            MEANWHILE[happens](store, clock)
            return super()._score_batch(query, documents, instruction)

    kept, base = (KnowledgeBase(shop, FakeEmbedder(), one(), clock=clock) for one in (FakeReranker, Slow))
    assert kept.answer(ASKED).entry_id == "sale"
    decision = base.answer(ASKED)
    assert (decision.kind, decision.text) == ("abstain", "")
