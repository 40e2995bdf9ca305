"""The index: nothing embedded twice, replaced in one step, refused where it does not fit."""

import dataclasses
import json
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import faiss
import numpy as np
import pytest

from kefu.errors import DataError, KnowledgeIndexError
from kefu.knowledge import index
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.build import build_index
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings, Settings

Edit = Callable[[str, str], None]


def folder_of(shop: Settings) -> Path:
    return shop.path(shop.knowledge.index)


def fresh() -> FakeEmbedder:
    """An embedder that has nothing in its cache, so that what reaches the model is counted."""
    return FakeEmbedder(EmbeddingSettings(model="fake", cache_size=0))


class OtherWeights(FakeEmbedder):
    """The same dimension from other weights."""

    def _load(self) -> ModelIdentity:
        return dataclasses.replace(super()._load(), fingerprint="other")


def test_a_second_build_does_nothing(shop: Settings) -> None:
    first = build_index(shop, fresh())
    before = index.stamp(folder_of(shop))
    embedder = fresh()
    embedder.warm_up = embedder.embed = None  # type: ignore[method-assign, assignment]  # not even loaded
    second = build_index(shop, embedder)
    assert first.changed and first.embedded == len(set(index.read_index(folder_of(shop)).meta.row_hashes))
    assert not second.changed and embedder.batches == []
    assert index.stamp(folder_of(shop)) == before


def test_only_a_changed_text_is_embedded_again(shop: Settings, edit: Edit) -> None:
    build_index(shop, fresh())
    old = index.read_index(folder_of(shop))
    edit("return window", "window for returns")
    report = build_index(shop, fresh())
    assert (report.changed, report.embedded) == (True, 1)
    new = index.read_index(folder_of(shop))
    kept = dict(zip(old.meta.row_hashes, old.all_vectors(), strict=True))
    same = [(row, kept[key]) for key, row in zip(new.meta.row_hashes, new.all_vectors(), strict=True) if key in kept]
    assert len(same) == len(kept) - 1
    assert all(np.array_equal(row, before) for row, before in same)


def test_rows_taken_over_and_rows_made_anew_are_the_same(shop: Settings, edit: Edit) -> None:
    build_index(shop, fresh())
    edit("id: invoice", "id: an_invoice")  # moves rows, changes no text
    build_index(shop, fresh())
    taken_over = index.read_index(folder_of(shop))
    build_index(shop, fresh(), force=True)
    anew = index.read_index(folder_of(shop))
    assert taken_over.meta.row_hashes == anew.meta.row_hashes
    np.testing.assert_allclose(taken_over.all_vectors(), anew.all_vectors(), atol=1e-6)


def test_a_changed_answer_embeds_and_fits_nothing(shop: Settings, edit: Edit) -> None:
    build_index(shop, fresh())
    edit("in the order.", "in My Orders.")
    embedder = fresh()
    report = build_index(shop, embedder)
    assert (report.changed, report.embedded, report.fitted, embedder.batches) == (True, 0, False, [])


def test_changed_dev_questions_fit_again_and_embed_no_entry(shop: Settings) -> None:
    build_index(shop, fresh())
    dev = shop.path(shop.knowledge.dev)
    dev.parent.mkdir(parents=True)
    dev.write_text("kind\tlang\tquery\tid\nstandard\ten\tinvoice please\tinvoice\n", encoding="utf-8")
    report = build_index(shop, fresh())
    assert (report.changed, report.embedded, report.fitted, report.fit.source) == (True, 0, True, "dev.tsv")


def test_a_wrong_dev_question_leaves_the_old_index(shop: Settings) -> None:
    build_index(shop, fresh())
    before = index.stamp(folder_of(shop))
    dev = shop.path(shop.knowledge.dev)
    dev.parent.mkdir(parents=True)
    dev.write_text("kind\tlang\tquery\tid\nstandard\ten\tinvoice please\tinvoic\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2.*invoic"):
        build_index(shop, fresh())
    assert index.stamp(folder_of(shop)) == before


def test_an_entry_says_since_when_it_is_as_it_is(shop: Settings, edit: Edit) -> None:
    build_index(shop, fresh(), clock=lambda: datetime(2026, 3, 1, tzinfo=timezone.utc))
    edit("in the order.", "in My Orders.")
    build_index(shop, fresh(), clock=lambda: datetime(2026, 4, 2, tzinfo=timezone.utc))
    since = {name: version.since for name, version in index.read_index(folder_of(shop)).meta.entries.items()}
    assert since == {"invoice": "2026-04-02", "return_window": "2026-03-01", "opening_hours": "2026-03-01"}


@pytest.mark.parametrize("broken", ["_sync", "json.dumps"])
def test_a_crash_before_the_replacement_leaves_the_old_index(
    shop: Settings, edit: Edit, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    build_index(shop, fresh())
    before = index.read_index(folder_of(shop)).meta
    edit("return window", "window for returns")

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"kefu.knowledge.index.{broken}", crash)
        with pytest.raises(KeyboardInterrupt):
            build_index(shop, fresh())
    assert index.read_index(folder_of(shop)).meta == before
    build_index(shop, fresh())
    assert index.read_index(folder_of(shop)).meta.content_hash != before.content_hash
    assert len(list(folder_of(shop).glob("vectors-*"))) == 1


def test_a_crash_at_the_replacement_itself_leaves_the_old_index(
    shop: Settings, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(shop, fresh())
    before = index.read_index(folder_of(shop)).meta
    edit("return window", "window for returns")

    def crash(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(OSError, match="disk full"):
            build_index(shop, fresh())
    assert index.read_index(folder_of(shop)).meta == before


def test_the_lock_outlives_no_crash_and_lets_one_builder_in_at_a_time(shop: Settings) -> None:
    folder = folder_of(shop)
    entered, leave, second_in = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with index.building(folder):
            entered.set()
            leave.wait()

    def second() -> None:
        with index.building(folder):
            second_in.set()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    entered.wait()
    threads[1].start()
    assert not second_in.is_set()
    leave.set()
    for thread in threads:
        thread.join()
    assert second_in.is_set()


def test_there_must_be_an_index(shop: Settings) -> None:
    with pytest.raises(KnowledgeIndexError, match=r"no knowledge index.*kefu index"):
        KnowledgeBase.open(shop, fresh())


def test_another_dimension_is_refused(shop: Settings) -> None:
    build_index(shop, fresh())
    wider = FakeEmbedder(EmbeddingSettings(model="fake", dimension=96))
    with pytest.raises(KnowledgeIndexError, match=r"dimension 64.*96.*kefu index"):
        KnowledgeBase.open(shop, wider)


def test_another_dimension_is_embedded_anew(shop: Settings) -> None:
    build_index(shop, fresh())
    narrow = EmbeddingSettings(model="fake", dimension=32, cache_size=0)
    report = build_index(dataclasses.replace(shop, embedding=narrow), FakeEmbedder(narrow))
    assert (report.changed, report.reused) == (True, 0)
    assert index.read_index(folder_of(shop)).vectors.d == 32


def test_other_weights_are_refused_and_embedded_anew(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(shop, fresh())
    other = OtherWeights(EmbeddingSettings(model="fake", cache_size=0))
    with pytest.raises(KnowledgeIndexError, match=r"made with the model.*kefu index"):
        KnowledgeBase.open(shop, other)
    monkeypatch.setattr("kefu.knowledge.build.model_fingerprint", lambda settings: "other")
    report = build_index(shop, other)
    assert (report.reused, report.fitted) == (0, True)
    KnowledgeBase.open(shop, other)


@pytest.mark.parametrize("place", ["answer", "question", "policy"])
def test_other_content_is_refused(shop: Settings, edit: Edit, place: str) -> None:
    build_index(shop, fresh())
    if place == "policy":
        policy = shop.path(shop.knowledge.policy)
        content = policy.read_text(encoding="utf-8")
        assert "return_days: 7 " in content.replace("\n", " ")
        content = content.replace("return_days: 7\n", "return_days: 8\n").replace("silver: 7", "silver: 8")
        policy.write_text(content, encoding="utf-8")
    else:
        edit(*{"answer": ("in the order.", "in My Orders."), "question": ("return window", "window")}[place])
    with pytest.raises(KnowledgeIndexError, match=r"changed since.*kefu index"):
        KnowledgeBase.open(shop, fresh())


@pytest.mark.parametrize(
    "damage",
    [
        lambda meta: meta.update(format=99),
        lambda meta: meta.pop("rule"),
        lambda meta: meta["rule"]["same_language"].update(weights=[1.0]),
        lambda meta: meta["rule"].update(threshold=float("nan")),
        lambda meta: meta.update(vectors="nowhere.faiss"),
        lambda meta: meta["row_hashes"].pop(),
    ],
)
def test_a_damaged_meta_file_is_refused_with_the_command(shop: Settings, damage: Callable[[dict], object]) -> None:
    build_index(shop, fresh())
    file = folder_of(shop) / index.META
    meta = json.loads(file.read_text(encoding="utf-8"))
    damage(meta)
    file.write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(KnowledgeIndexError, match="kefu index"):
        KnowledgeBase.open(shop, fresh())
    build_index(shop, fresh())
    KnowledgeBase.open(shop, fresh())


@pytest.mark.parametrize("content", [b"", b"not an index"])
def test_damaged_vectors_are_refused_with_the_command(shop: Settings, content: bytes) -> None:
    build_index(shop, fresh())
    next(folder_of(shop).glob("vectors-*")).write_bytes(content)
    with pytest.raises(KnowledgeIndexError, match=r"damaged.*kefu index"):
        index.read_index(folder_of(shop))


def test_a_reader_between_two_builds_gets_the_new_one(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(shop, fresh())
    read, calls = faiss.read_index, []

    def slow(path: str) -> object:
        if not calls:
            calls.append(path)
            build_index(shop, fresh(), force=True)  # takes away the vectors that this reader is about to open
        return read(path)

    monkeypatch.setattr(faiss, "read_index", slow)
    stored = index.read_index(folder_of(shop))
    assert calls and stored.vectors.ntotal == len(stored.meta.row_hashes)


def test_progress_counts_what_is_embedded(shop: Settings) -> None:
    steps: list[tuple[int, int]] = []
    report = build_index(shop, fresh(), progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (report.embedded, report.embedded)
