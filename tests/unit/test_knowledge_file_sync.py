"""The project's files of entries and the store: what changes in the one changes in the other."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from kefu.errors import DataError
from kefu.knowledge.entries import Facts, text_hash
from kefu.knowledge.exchange.importing import Importer, ImportOptions
from kefu.knowledge.files.sync import is_behind, sync_files
from kefu.knowledge.store.records import Query, Report
from kefu.knowledge.store.store import open_store
from kefu.knowledge.store.text_vectors import Embedding
from kefu.models.fake_embedder import FakeEmbedder

OPTIONS = ImportOptions("ann")
ALL = ("return_window", "invoice", "opening_hours")


@pytest.fixture
def store(shop):
    store = open_store(shop)
    yield store
    store.database.close()


@pytest.fixture
def sync(shop, store):
    return lambda: sync_files(store, shop.path(shop.knowledge.entries), shop.root)


def test_the_store_lies_where_the_settings_say(shop, store):
    assert (shop.root / ".kefu" / "knowledge.db").is_file()


def test_entries_come_from_their_files_with_their_placeholders(store, sync):
    assert sync() == Report(added=ALL)
    record = store.get("return_window")
    assert record.source == "file:data/knowledge/shop.yml" and record.author == "kefu"
    assert "{policy.return_days}" in record.entry.wordings["zh"].answer
    assert not sync().changed and store.sequence() == 3


def test_what_changed_is_updated_and_what_is_gone_deleted(store, sync, edit):
    sync()
    edit("「申请发票」", "「开发票」")
    assert sync() == Report(updated=("invoice",), unchanged=("return_window", "opening_hours"))
    edit("id: opening_hours", "id: hours")
    assert sync() == Report(added=("hours",), unchanged=("return_window", "invoice"), deleted=("opening_hours",))
    edit("id: hours", "id: opening_hours")
    assert sync().added == ("opening_hours",) and store.get("opening_hours").revision == 3


def test_entries_of_other_sources_stay(shop, store, sync):
    sync()
    other = store.get("invoice").entry
    mine = type(other)("mine", other.category, 0.5, other.wordings)
    store.put([mine], author="ann", source="import:a.csv")
    sync()
    assert store.get("mine") is not None


def test_what_was_changed_here_stays_until_the_file_changes(store, sync, edit):
    sync()
    old = store.get("invoice").entry
    store.put([type(old)("invoice", "billing", 0.5, old.wordings)], author="ann", source="cli")
    store.delete(["opening_hours"], author="ann")
    assert not sync().changed
    assert store.get("invoice").entry.category == "billing" and store.get("opening_hours") is None
    edit("「申请发票」", "「开发票」")
    assert sync().updated == ("invoice",)
    assert store.get("invoice").source.startswith("file:") and store.get("invoice").entry.category == "shop"
    assert [past.author for past in store.history("invoice")] == ["kefu", "ann", "kefu"]


def test_what_was_changed_here_outlives_its_file(shop, store, sync, edit):
    sync()
    old = store.get("invoice").entry
    store.put([type(old)("invoice", "billing", 0.5, old.wordings)], author="ann", source="cli")
    edit("id: invoice", "id: receipt")
    assert sync() == Report(added=("receipt",), unchanged=("return_window", "opening_hours"))
    assert store.get("invoice").source == "cli" and not sync().changed


def test_an_entry_may_move_to_another_file(shop, store, sync):
    sync()
    folder = shop.path(shop.knowledge.entries)
    (folder / "shop.yml").rename(folder / "store.yml")
    assert set(sync().updated) >= {"invoice"}
    assert store.find(Query(source="file:data/knowledge/store.yml")).total == 3
    assert not sync().changed


def test_a_wrong_file_changes_nothing(store, sync, edit):
    sync()
    edit("怎么开发票？", "")
    edit("id: opening_hours", "id: hours")
    with pytest.raises(DataError, match=r"shop.yml: invoice\.zh: `question`"):
        sync()
    assert store.sequence() == 3 and store.get("opening_hours") is not None


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        ([f"c{number}" for number in range(17)], "`channels` are 17; 16 are allowed"),
        (["the app"], "`channels`: 'the app' is no name of a channel"),
        (["a" * 65], "`channels`: 'a+' is no name of a channel"),
    ],
)
def test_channels_are_few_and_have_names(sync, edit, channels, message):
    edit("- id: invoice\n", f"- id: invoice\n    channels: [{', '.join(channels)}]\n")
    with pytest.raises(DataError, match=f"shop.yml: invoice: {message}"):
        sync()


def test_as_many_channels_as_are_allowed_are_taken(store, sync, edit):
    names = ("web", "wechat_work", "My-App.2", *(f"c{number}" for number in range(13)))
    edit("- id: invoice\n", f"- id: invoice\n    channels: [{', '.join(names)}]\n")
    sync()
    assert store.get("invoice").entry.scope.channels == names


def test_an_answer_that_is_too_long_is_refused_by_name(store, sync, edit):
    edit("在订单里点「申请发票」。", "长" * 102400)
    with pytest.raises(DataError, match=r"shop.yml: invoice\.zh: `answer` has 102,400 characters; 8,000 are allowed"):
        sync()


def test_vectors_are_stored_along_and_only_new_texts_are_embedded(shop, store, edit):
    def sync(model):
        folder, facts = shop.path(shop.knowledge.entries), Facts(shop.path(shop.knowledge.policy))
        return sync_files(store, folder, shop.root, facts, Embedding(store.database, model))

    first, second, third = FakeEmbedder(), FakeEmbedder(), FakeEmbedder()
    sync(first)
    assert sum(first.batches) == 11 and store.stats().vectors == {"fake": 11}
    sync(second)
    edit("怎么开发票？", "满 {policy.return_days} 天怎么开发票？")
    sync(third)
    assert (sum(second.batches), sum(third.batches)) == (0, 1)
    filled = Embedding(store.database, FakeEmbedder()).vectors_for(["满 7 天怎么开发票？"])
    assert text_hash("满 7 天怎么开发票？") in filled.rows


def test_a_fact_that_the_policy_lacks_changes_nothing(shop, store, edit):
    edit("{policy.return_days} 天内", "{policy.nonsense} 天内")
    with pytest.raises(DataError, match=r"shop.yml: return_window.zh.answer: .*nonsense"):
        sync_files(store, shop.path(shop.knowledge.entries), shop.root, Facts(shop.path(shop.knowledge.policy)))
    assert store.sequence() == 0


def test_without_files_the_store_keeps_its_own(shop, store, sync):
    sync()
    Path(shop.path(shop.knowledge.entries) / "shop.yml").unlink()
    assert set(sync().deleted) == set(ALL)


def test_a_folder_that_is_missing_deletes_nothing(shop, store, sync):
    folder = shop.path(shop.knowledge.entries)
    sync()
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(DataError, match="is missing, and 3 entries came from files"):
        sync()
    assert store.stats().entries == 3
    folder.mkdir()
    assert set(sync().deleted) == set(ALL)


def test_a_shop_may_have_no_files_at_all(shop, store):
    assert not sync_files(store, shop.root / "nowhere", shop.root).changed


def test_what_the_files_say_anew_is_noticed(shop, store, sync):
    folder = shop.path(shop.knowledge.entries)
    assert is_behind(store, folder, shop.root)
    sync()
    assert not is_behind(store, folder, shop.root)
    store.delete(["invoice"], author="me")  # which stays so until the file changes, too
    assert not is_behind(store, folder, shop.root)
    file = folder / "shop.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("need a receipt", "want a receipt"), encoding="utf-8")
    assert is_behind(store, folder, shop.root)


def test_a_day_is_that_of_the_shop_wherever_it_is(shop, store, edit):
    policy = shop.path(shop.knowledge.policy)
    policy.write_text(policy.read_text(encoding="utf-8").replace("Asia/Shanghai", "Europe/Berlin"), encoding="utf-8")
    edit("  - id: opening_hours", "  - id: opening_hours\n    valid_to: 2026-12-31")
    folder, facts = shop.path(shop.knowledge.entries), Facts(policy)
    sync_files(store, folder, shop.root, facts)
    ends = store.get("opening_hours").entry.scope.valid_to
    assert ends == datetime(2026, 12, 31, 23, tzinfo=timezone.utc)
    assert not is_behind(store, folder, shop.root, facts)
    Importer(store, facts).run(
        b"id,question,answer,valid_from\nx,Is it on?,Yes.,2026-11-11\n", "a.csv", "csv", OPTIONS
    )
    assert store.get("x").entry.scope.valid_from == datetime(2026, 11, 10, 23, tzinfo=timezone.utc)
