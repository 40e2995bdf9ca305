"""The knowledge store, on SQLite and (in the full tests) on Postgres: what every reader and writer relies on."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

import numpy as np
import pytest
import sqlalchemy as sa

from kefu.database import Database
from kefu.errors import ChangesGone, DataError, ModelError, StoreError
from kefu.knowledge.entries import Entry, Scope, Wording, text_hash
from kefu.knowledge.store import tables
from kefu.knowledge.store.entry_rows import set_number
from kefu.knowledge.store.records import Query, Report
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import Embedding, TextVectors
from kefu.models.fake_embedder import FakeEmbedder

BEGIN = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)


def entry(entry_id="gift_wrap", answer="Tick “Gift wrap”.", **more):
    wordings = {"en": Wording(f"What about {entry_id}?", answer, ("wrap it", "as a present"))}
    values = {"category": "product", "popularity": 0.5, "wordings": MappingProxyType(wordings), **more}
    return Entry(entry_id, **values)


class Clock:
    def __init__(self):
        self.moment = BEGIN

    def __call__(self):
        return self.moment

    def later(self, **by):
        self.moment += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(database_url, clock):
    store = KnowledgeStore(Database(database_url), clock)
    store.prepare()
    yield store
    store.database.close()


def put(store, *entries, author="ann", source="cli", **more):
    return store.put(entries, author=author, source=source, **more)


def test_an_empty_store(store):
    assert (store.sequence(), store.changes(0), store.all_entries().records) == (0, [], ())
    assert store.get("gift_wrap") is None and store.history("gift_wrap") == []
    assert store.find().total == 0 and store.stats().entries == 0


def test_what_was_put_is_there_as_it_was(store, clock):
    scope = Scope(("web", "app"), BEGIN, BEGIN + timedelta(days=3))
    wordings = {
        "zh": Wording("可以退吗？", "{policy.return_days} 天内，{stock:E210} <b>可以</b>。\n\n好的"),
        "en": Wording("q", "a"),
    }
    told = entry(
        wordings=MappingProxyType(wordings), tags=("gift", "礼物"), scope=scope, link="https://x.cn/a", popularity=0.9
    )
    assert put(store, told) == Report(added=("gift_wrap",))
    record = store.get("gift_wrap")
    assert record.entry == told and record.entry.version == told.version
    assert (record.revision, record.source, record.author) == (1, "cli", "ann")
    assert record.created == record.updated == clock.moment


def test_a_change_is_a_new_revision_and_what_is_the_same_is_none(store, clock):
    put(store, entry(), entry("other"))
    clock.later(hours=1)
    report = put(store, entry(answer="No."), entry("other"), entry("third"), author="bob", source="import:a.csv")
    assert report == Report(added=("third",), updated=("gift_wrap",), unchanged=("other",))
    record = store.get("gift_wrap")
    assert (record.revision, record.author, record.source) == (2, "bob", "import:a.csv")
    assert record.updated - record.created == timedelta(hours=1)
    other = store.get("other")
    assert (other.revision, other.author, other.source) == (1, "ann", "cli")


def test_the_log_tells_each_change_with_what_the_entry_became(store):
    put(store, entry(), entry("other"))
    put(store, entry(answer="No."))
    store.delete(["other", "nobody"], author="bob")
    changes = store.changes(0)
    assert [(change.seq, change.kind, change.entry_id, change.revision) for change in changes] == [
        (1, "upsert", "gift_wrap", 1),
        (2, "upsert", "other", 1),
        (3, "upsert", "gift_wrap", 2),
        (4, "delete", "other", 2),
    ]
    assert [change.entry and change.entry.wordings["en"].answer for change in changes] == [
        "Tick “Gift wrap”.",
        "Tick “Gift wrap”.",
        "No.",
        None,
    ]
    assert store.sequence() == 4 and store.changes(3) == changes[3:] and store.changes(4) == []


def test_a_deletion_counts_at_once_and_is_in_the_history(store, clock):
    put(store, entry(), entry("other"))
    clock.later(hours=1)
    assert store.delete(["gift_wrap", "nobody"], author="bob") == Report(deleted=("gift_wrap",))
    assert store.delete(["gift_wrap"], author="bob") == Report()
    assert store.get("gift_wrap") is None and store.find().total == 1
    assert [record.entry.id for record in store.all_entries().records] == ["other"]
    first, last = store.history("gift_wrap")
    assert (first.kind, first.author, first.entry) == ("upsert", "ann", entry())
    assert (last.kind, last.author, last.entry, last.at) == ("delete", "bob", None, clock.moment)
    clock.later(hours=1)
    assert put(store, entry()) == Report(added=("gift_wrap",))
    assert store.get("gift_wrap").revision == 3 and store.get("gift_wrap").created == BEGIN


def test_an_id_that_stands_twice_changes_nothing(store):
    with pytest.raises(DataError, match="`gift_wrap`"):
        put(store, entry("other"), entry(), entry(answer="No."))
    assert store.sequence() == 0


def test_all_entries_are_one_view_in_the_order_of_ids(store):
    put(store, *(entry(f"e{number}") for number in (3, 10, 1)))
    snapshot = store.all_entries()
    assert snapshot.sequence == 3 and [one.id for one in snapshot.entries] == ["e1", "e10", "e3"]


def test_more_entries_than_a_statement_takes(store):
    many = [entry(f"e{number:04}") for number in range(1234)]
    assert len(put(store, *many).added) == 1234
    changed = [entry(f"e{number:04}", "No.") if number % 2 else entry(f"e{number:04}") for number in range(1234)]
    report = put(store, *changed)
    assert (len(report.updated), len(report.unchanged)) == (617, 617)
    assert len(store.delete([one.id for one in many], author="x").deleted) == 1234
    assert [change.seq for change in store.changes(0)] == list(range(1, 1234 + 617 + 1234 + 1))


# --- finding


@pytest.fixture
def filled(store):
    zh = MappingProxyType({"zh": Wording("１２期免息怎么用？", "满 300 元，95% 可用_的。", ("分期",))})
    put(
        store,
        entry("wrap", tags=("gift",), scope=Scope(("web",))),
        entry("sale", category="promotion", scope=Scope((), BEGIN, BEGIN + timedelta(days=1))),
        source="file:data/knowledge/product.yml",
    )
    put(store, entry("rates", category="payment", wordings=zh, tags=("gift", "rates"), scope=Scope(("app",))))
    put(store, entry("gone", tags=("gift",)))
    store.delete(["gone"], author="x")
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), ["rates", "sale", "wrap"]),
        (Query(category="promotion"), ["sale"]),
        (Query(category="promo"), []),
        (Query(tag="gift"), ["rates", "wrap"]),
        (Query(tag="gift", category="product"), ["wrap"]),
        (Query(language="zh"), ["rates"]),
        (Query(language="en"), ["sale", "wrap"]),
        (Query(channel="web"), ["sale", "wrap"]),
        (Query(channel="slack"), ["sale"]),
        (Query(source="cli"), ["rates"]),
        (Query(source="file:*"), ["sale", "wrap"]),
        (Query(source="file:"), []),
        (Query(source="*"), ["rates", "sale", "wrap"]),
        (Query(valid_at=BEGIN - timedelta(seconds=1)), ["rates", "wrap"]),
        (Query(valid_at=BEGIN), ["rates", "sale", "wrap"]),
        (Query(valid_at=BEGIN + timedelta(days=1)), ["rates", "wrap"]),
        (Query(text="WHAT ABOUT wrap"), ["wrap"]),
        (Query(text="as a PRESENT"), ["sale", "wrap"]),
        (Query(text="12期"), ["rates"]),
        (Query(text="95%"), ["rates"]),
        (Query(text="9_%"), []),
        (Query(text="可用_"), ["rates"]),
        (Query(text="question"), []),
        (Query(text="' OR 1=1 --"), []),
    ],
)
def test_find(filled, query, found):
    page = filled.find(query)
    assert [record.entry.id for record in page.records] == found and page.total == len(found)


def test_find_page_by_page(filled):
    pages = [filled.find(limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [[record.entry.id for record in page.records] for page in pages] == [["rates", "sale"], ["wrap"], []]
    assert [page.total for page in pages] == [3, 3, 3]


def test_stats(filled):
    stats = filled.stats()
    assert (stats.entries, stats.deleted, stats.revisions, stats.sequence, stats.valid_now) == (3, 1, 5, 5, 3)
    assert stats.languages == {"en": 2, "zh": 1}
    assert stats.categories == {"payment": 1, "product": 1, "promotion": 1}
    assert stats.sources == {"cli": 1, "file:data/knowledge/product.yml": 2}


# --- vectors


def test_each_text_is_embedded_once(store):
    model = FakeEmbedder()
    embedding = Embedding(store.database, model)
    said = []
    first = embedding.vectors_for(["wrap it", "wrap  it", "as a present"], lambda *done: said.append(done))
    assert sorted(first.rows) == sorted(map(text_hash, ["wrap it", "as a present"])) and said == [(2, 2)]
    put(store, entry(), vectors=first)
    again = FakeEmbedder()
    second = Embedding(store.database, again).vectors_for(["wrap it", "as a present", "new"])
    assert sum(model.batches) == 2 and sum(again.batches) == 1
    for name, row in first.rows.items():
        assert row.dtype == np.float32 and (second.rows[name] == row).all()


def test_vectors_of_models_and_dimensions_do_not_mix(store):
    for model, dim in (("a", 2), ("b", 2), ("a", 3)):
        store.put_vectors(TextVectors(model, dim, {"h": np.full(dim, 0.5, np.float32)}))
        store.put_vectors(TextVectors(model, dim, {"h": np.full(dim, 0.9, np.float32)}))  # what is there stays
    assert store.stats().vectors == {"a": 2, "b": 1}


def test_entries_without_their_vectors_are_not_stored_by_halves(store):
    broken = TextVectors("m", 2, {"h": np.zeros(2, np.float32), "i": np.zeros(3, np.float32)})
    with pytest.raises(ModelError, match=r"\(3,\).*2 dimensions"):
        put(store, entry(), vectors=broken)
    assert store.sequence() == 0 and store.get("gift_wrap") is None and store.stats().vectors == {}


# --- compacting


def test_compacting_forgets_deleted_texts_and_old_changes(store, clock):
    put(store, entry(), entry("kept"), entry("later"))
    store.delete(["gift_wrap"], author="bob")
    clock.later(days=40)
    store.delete(["later"], author="bob")
    assert store.compact(before=clock.moment - timedelta(days=30)) == 4
    assert [(past.kind, past.author, past.entry) for past in store.history("gift_wrap")] == [
        ("upsert", "ann", None),
        ("delete", "bob", None),
    ]
    assert store.history("later")[0].entry == entry("later")
    with pytest.raises(ChangesGone, match="up to 4"):
        store.changes(3)
    assert [change.entry_id for change in store.changes(4)] == ["later"]
    assert store.sequence() == 5 and store.all_entries().sequence == 5
    assert store.stats().compacted == 4
    assert store.compact() == 5 and store.sequence() == 5 and store.changes(5) == []
    put(store, entry("gift_wrap", "Again."))
    assert [(change.seq, change.revision) for change in store.changes(5)] == [(6, 3)]


def test_a_reader_that_is_ahead_of_the_store_is_told(store):
    """An older copy of the database was put back."""
    put(store, entry())
    with pytest.raises(ChangesGone, match="latest change is 1"):
        store.changes(2)


def test_a_reader_notices_another_history_of_the_same_length(store, clock):
    """An older copy was put back, and went on by other changes."""
    put(store, entry(), entry("other"))
    seen = store.version()
    assert seen == store.all_entries().version == store.changes(0)[-1].version and seen.sequence == 2
    put(store, entry("later"))
    assert [change.entry_id for change in store.changes(seen.sequence, seen.mark)] == ["later"]
    _put_back(store, 1)
    clock.later(seconds=1)
    put(store, entry("other", "Otherwise."))
    assert store.sequence() == seen.sequence and store.version() != seen
    put(store, entry("later"))
    with pytest.raises(ChangesGone, match="numbered 2 is another one"):
        store.changes(seen.sequence, seen.mark)


def _put_back(store, seq):
    with store.database.writing() as connection:
        ids = tables.changes.c.seq > seq
        gone = connection.execute(sa.select(tables.changes.c.entry_id).where(ids)).scalars().all()
        connection.execute(sa.delete(tables.labels).where(tables.labels.c.entry_id.in_(gone)))
        for table, column in ((tables.entries, "id"), (tables.history, "entry_id"), (tables.changes, "entry_id")):
            connection.execute(sa.delete(table).where(table.c[column].in_(gone)))
        set_number(connection, tables.SEQUENCE, seq)


def test_a_version_outlasts_compacting(store):
    assert store.version() == store.all_entries().version and store.version().sequence == 0
    put(store, entry(), entry("other"))
    seen = store.version()
    store.compact()
    assert store.version() == store.all_entries().version == seen
    assert store.changes(seen.sequence, seen.mark) == []
    put(store, entry("later"))
    assert [change.seq for change in store.changes(seen.sequence, seen.mark)] == [3]
    store.compact(up_to=2)
    assert [change.seq for change in store.changes(seen.sequence, seen.mark)] == [3]


def test_compacting_keeps_what_a_snapshot_needs(store):
    put(store, entry(), entry("other"))
    store.delete(["gift_wrap"], author="bob")
    assert store.compact(up_to=2) == 2
    assert [change.kind for change in store.changes(2)] == ["delete"]
    assert store.history("gift_wrap")[0].entry == entry()
    assert store.compact(up_to=1) == 2  # what was forgotten once is not remembered


def test_compacting_drops_vectors_that_nobody_refers_to(store):
    row = np.ones(2, np.float32)
    store.put_vectors(TextVectors("old", 2, {"a": row}))
    store.put_vectors(TextVectors("m", 2, dict.fromkeys("abc", row)))
    store.compact(used=("m", 2, ["a", "c"]))
    assert store.stats().vectors == {"m": 2}
    store.compact()
    assert store.stats().vectors == {"m": 2}


# --- faults


def test_tables_of_another_version_are_refused(database_url, monkeypatch):
    KnowledgeStore(Database(database_url)).prepare()
    monkeypatch.setattr("kefu.knowledge.store.tables.VERSION", 2)
    with pytest.raises(StoreError, match="`knowledge` have version 1, this Kefu needs 2"):
        KnowledgeStore(Database(database_url)).prepare()


def test_two_facts_of_one_transaction_go_together(store, monkeypatch):
    """A writer that fails after the entry and before the log leaves neither."""
    put(store, entry())
    monkeypatch.setattr("kefu.knowledge.store.entry_rows._change", lambda row, seq: {"seq": None})
    with pytest.raises(StoreError):
        put(store, entry(answer="No."), entry("other"))
    assert store.get("gift_wrap").revision == 1 and store.get("other") is None
    assert store.sequence() == 1 and len(store.history("gift_wrap")) == 1


def test_a_report_says_whether_anything_changed():
    assert not Report(unchanged=("a",)).changed
    assert all(replace(Report(), **{name: ("a",)}).changed for name in ("added", "updated", "deleted"))
