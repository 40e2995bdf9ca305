"""Building: nothing embedded twice, replaced in one step, refused where it does not fit."""

import dataclasses
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kefu.errors import DataError, KnowledgeIndexError
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.index import saved
from kefu.knowledge.index.build import build_index
from kefu.knowledge.index.saved import Meta
from kefu.knowledge.index.snapshot import MANIFEST
from kefu.knowledge.store.store import open_store
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import ModelIdentity
from kefu.settings import EmbeddingSettings, Settings

Edit = Callable[[str, str], None]


def folder_of(shop: Settings) -> Path:
    return shop.path(shop.knowledge.index)


def meta_of(shop: Settings) -> Meta:
    return saved.read_meta(folder_of(shop))


def fresh() -> FakeEmbedder:
    """An embedder that has nothing in its cache, so that what reaches the model is counted."""
    return FakeEmbedder(EmbeddingSettings(model="fake", cache_size=0))


class OtherWeights(FakeEmbedder):
    """The same dimension from other weights."""

    def _load(self) -> ModelIdentity:
        return dataclasses.replace(super()._load(), fingerprint="other")


def test_a_second_build_does_nothing(shop: Settings) -> None:
    first = build_index(shop, fresh())
    before = saved.stamp(folder_of(shop))
    embedder = fresh()
    embedder.warm_up = embedder.embed = None  # type: ignore[method-assign, assignment]  # not even loaded
    second = build_index(shop, embedder)
    assert first.changed and first.embedded > 10 and first.reused == 0
    assert not second.changed and embedder.batches == []
    assert saved.stamp(folder_of(shop)) == before


def test_only_a_changed_text_is_embedded_again(shop: Settings, edit: Edit) -> None:
    first = build_index(shop, fresh())
    edit("return window", "window for returns")
    report = build_index(shop, fresh())
    assert (report.changed, report.embedded, report.rows) == (True, 1, first.rows)


def test_a_moved_entry_is_embedded_by_nobody(shop: Settings, edit: Edit) -> None:
    build_index(shop, fresh())
    edit("id: invoice", "id: an_invoice")
    report = build_index(shop, fresh())
    assert (report.changed, report.embedded) == (True, 0)
    assert KnowledgeBase(shop, fresh()).answer("怎么开发票？").entry_id == "an_invoice"


def test_force_embeds_everything_anew(shop: Settings) -> None:
    first = build_index(shop, fresh())
    forced = build_index(shop, fresh(), force=True)
    assert (forced.embedded, forced.reused, forced.fitted) == (first.embedded, 0, True)


def test_what_was_added_without_a_file_is_built_too(shop: Settings) -> None:
    build_index(shop, fresh())
    store = open_store(shop)
    entry = store.get("invoice")
    assert entry is not None
    store.put([dataclasses.replace(entry.entry, id="receipt")], author="me", source="test")
    store.database.close()
    report = build_index(shop, fresh())
    assert (report.changed, report.entries, report.embedded) == (True, 4, 0)


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
    before = saved.stamp(folder_of(shop))
    dev = shop.path(shop.knowledge.dev)
    dev.parent.mkdir(parents=True)
    dev.write_text("kind\tlang\tquery\tid\nstandard\ten\tinvoice please\tinvoic\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2.*invoic"):
        build_index(shop, fresh())
    assert saved.stamp(folder_of(shop)) == before


def test_a_rule_for_an_entry_that_there_is_not_is_refused(shop: Settings) -> None:
    file = shop.path(shop.knowledge.rules)
    file.write_text("question_rules:\n  - entry: invioce\n    patterns: [invoice]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"question_rules.yml.*invioce"):
        build_index(shop, fresh())


@pytest.mark.parametrize("broken", ["kefu.knowledge.index.snapshot._sync", "kefu.knowledge.index.saved.json.dumps"])
def test_a_crash_before_the_replacement_leaves_the_old_index(
    shop: Settings, edit: Edit, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    build_index(shop, fresh())
    before = meta_of(shop)
    edit("return window", "window for returns")

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(broken, crash)
        with pytest.raises(KeyboardInterrupt):
            build_index(shop, fresh())
    assert meta_of(shop) == before
    assert build_index(shop, fresh()).fitted
    assert len(list(folder_of(shop).glob("content-*"))) == 1


def test_the_lock_outlives_no_crash_and_lets_one_builder_in_at_a_time(shop: Settings) -> None:
    folder = folder_of(shop)
    entered, leave, second_in = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with saved.building(folder):
            entered.set()
            leave.wait()

    def second() -> None:
        with saved.building(folder):
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
        KnowledgeBase(shop, fresh())


def test_an_index_without_its_store_is_refused(shop: Settings) -> None:
    build_index(shop, fresh())
    for file in (shop.root / ".kefu").glob("knowledge.db*"):
        file.unlink()
    with pytest.raises(KnowledgeIndexError, match=r"store has no entry.*kefu index"):
        KnowledgeBase(shop, fresh())


def test_another_dimension_is_refused(shop: Settings) -> None:
    build_index(shop, fresh())
    wider = FakeEmbedder(EmbeddingSettings(model="fake", dimension=96))
    with pytest.raises(KnowledgeIndexError, match=r"dimension 64.*96.*kefu index"):
        KnowledgeBase(shop, wider)


def test_another_dimension_is_embedded_anew(shop: Settings) -> None:
    build_index(shop, fresh())
    narrow = EmbeddingSettings(model="fake", dimension=32, cache_size=0)
    report = build_index(dataclasses.replace(shop, embedding=narrow), FakeEmbedder(narrow))
    assert (report.changed, report.reused) == (True, 0)
    assert meta_of(shop).model.dim == 32


def test_other_weights_are_refused_and_embedded_anew(shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(shop, fresh())
    other = OtherWeights(EmbeddingSettings(model="fake", cache_size=0))
    with pytest.raises(KnowledgeIndexError, match=r"made with the model.*kefu index"):
        KnowledgeBase(shop, other)
    monkeypatch.setattr("kefu.knowledge.index.build.model_fingerprint", lambda settings: "other")
    report = build_index(shop, other)
    assert (report.reused, report.fitted) == (0, True)
    KnowledgeBase(shop, other)


def content_of(shop: Settings) -> Path:
    return folder_of(shop) / json.loads((folder_of(shop) / MANIFEST).read_text(encoding="utf-8"))["content"]


@pytest.mark.parametrize("file", ["meta.json", "vectors.faiss", "rows.npz", "kind.json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_refused_with_the_command(shop: Settings, file: str, damage: str) -> None:
    build_index(shop, fresh())
    path = content_of(shop) / file
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes(content[:middle] if damage == "cut" else flipped)
    with pytest.raises(KnowledgeIndexError, match="kefu index"):
        KnowledgeBase(shop, fresh())
    build_index(shop, fresh())
    KnowledgeBase(shop, fresh())


@pytest.mark.parametrize(
    "damage",
    [
        lambda meta: meta.pop("rule"),
        lambda meta: meta["rule"]["same_language"].update(weights=[1.0]),
        lambda meta: meta["rule"].update(threshold=float("nan")),
        lambda meta: meta["fit"].pop("curve"),
    ],
)
def test_a_meta_file_that_makes_no_sense_is_refused_with_the_command(
    tmp_path: Path, shop: Settings, damage: Callable[[dict], object]
) -> None:
    build_index(shop, fresh())
    meta = json.loads((content_of(shop) / saved.META).read_text(encoding="utf-8"))
    damage(meta)
    (tmp_path / saved.META).write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(KnowledgeIndexError, match="kefu index"):
        saved._meta(tmp_path)


def test_progress_counts_what_is_embedded(shop: Settings) -> None:
    steps: list[tuple[int, int]] = []
    build_index(shop, fresh(), progress=lambda done, total: steps.append((done, total)))
    assert steps and all(done == total for done, total in steps)


def test_another_kind_of_index_is_built_without_embedding_anything_again(shop: Settings) -> None:
    build_index(shop, fresh())
    int8 = dataclasses.replace(shop, knowledge=dataclasses.replace(shop.knowledge, storage="int8"))
    with pytest.raises(KnowledgeIndexError, match="kefu index"):
        KnowledgeBase(int8, fresh())
    report = build_index(int8, fresh())
    assert (report.changed, report.embedded, report.fitted) == (True, 0, False)
    assert KnowledgeBase(int8, fresh()).answer("怎么开发票？").entry_id == "invoice"


def test_a_lost_file_of_the_index_is_built_again(shop: Settings) -> None:
    build_index(shop, fresh())
    (content_of(shop) / "vectors.faiss").unlink()
    assert build_index(shop, fresh()).changed
    KnowledgeBase(shop, fresh())


def test_a_wrong_rule_changes_nothing_in_the_store(shop: Settings, edit: Edit, tmp_path: Path) -> None:
    build_index(shop, fresh())
    store = open_store(shop)
    before = store.sequence()
    edit("in the order.", "in My Orders.")
    shop.path(shop.knowledge.rules).write_text(
        "question_rules:\n  - entry: invioce\n    patterns: [invoice]\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="invioce"):
        build_index(shop, fresh(), force=True)
    assert store.sequence() == before
    store.database.close()


def test_an_entry_from_elsewhere_that_names_an_unknown_fact_is_left_out(shop: Settings) -> None:
    build_index(shop, fresh())
    store = open_store(shop)
    entry = store.get("invoice")
    assert entry is not None
    wordings = {"en": dataclasses.replace(entry.entry.wordings["en"], answer="{policy.nonsense}")}
    store.put([dataclasses.replace(entry.entry, id="odd", wordings=wordings)], author="me", source="test")
    store.database.close()
    assert build_index(shop, fresh()).entries == 3
    assert "odd" not in KnowledgeBase(shop, fresh()).entry_ids
