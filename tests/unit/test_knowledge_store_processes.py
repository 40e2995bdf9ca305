"""The knowledge store between processes: two writers at once, a killed one, a locked or full database."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import MappingProxyType

import pytest

from kefu.database import Database, take_turns
from kefu.errors import StoreError
from kefu.knowledge.entries import Entry, Wording
from kefu.knowledge.store.store import KnowledgeStore

ROOT = Path(__file__).parents[2]
SEED = 20261127
KILLS = 12
# One process: ready, it waits for the word; then it writes one batch after the other and says so after each.
WRITER = """
import sys
from types import MappingProxyType
import numpy as np
from kefu.database import Database
from kefu.knowledge.entries import Entry, Wording, text_hash
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import TextVectors

url, me, rounds, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = KnowledgeStore(Database(url))
store.prepare()
print("ready", flush=True)
sys.stdin.readline()
for number in range(rounds):
    said = f"{me}{number}"
    wordings = MappingProxyType({"en": Wording(said, said)})
    entries = [Entry(f"e{i}", "c", 0.5, wordings) for i in range(size)]
    vectors = TextVectors("m", 2, {text_hash(said): np.ones(2, np.float32)})
    store.put(entries, author=me, source="test", vectors=vectors)
    print(said, flush=True)
"""


def start(url, me, rounds, size):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", WRITER, url, me, str(rounds), str(size)]
    process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
    assert process.stdout.readline() == "ready\n", process.communicate()
    return process


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def open_store(url):
    store = KnowledgeStore(Database(url))
    store.prepare()
    return store


def entry(entry_id="mine"):
    return Entry(entry_id, "c", 0.5, MappingProxyType({"en": Wording("q", "a")}))


def require_whole(store, size):
    """Each batch is there as a whole or not at all, in entries, history, log and vectors alike; give the batches."""
    snapshot, changes = store.all_entries(), store.changes(0)
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
    assert snapshot.sequence == len(changes) and len(changes) % size == 0
    batches = []
    for first in range(0, len(changes), size):
        batch = changes[first : first + size]
        (said,) = {change.entry.wordings["en"].answer for change in batch}
        assert [change.entry_id for change in batch] == [f"e{number}" for number in range(size)]
        batches.append(said)
    latest = {one.wordings["en"].answer for one in snapshot.entries}
    assert latest == ({batches[-1]} if batches else set())
    assert store.stats().vectors == ({"m": len(set(batches))} if batches else {})
    assert {record.revision for record in snapshot.records} == ({len(batches)} if batches else set())
    return batches


def test_two_imports_at_once_take_turns(database_url):
    rounds, size = 8, 40
    processes = [start(database_url, me, rounds, size) for me in "ab"]
    for process in processes:
        go(process)
    said = [process.communicate(timeout=120) for process in processes]
    assert [error for _, error in said] == ["", ""]
    batches = require_whole(open_store(database_url), size)
    assert [name for name in batches if name[0] == "a"] == [f"a{number}" for number in range(rounds)]
    assert [name for name in batches if name[0] == "b"] == [f"b{number}" for number in range(rounds)]


def test_a_reader_sees_numbers_without_gaps_while_others_write(database_url):
    store = open_store(database_url)
    processes = [start(database_url, me, 10, 20) for me in "ab"]
    for process in processes:
        go(process)
    seen = 0
    deadline = time.monotonic() + 120
    while seen < 2 * 10 * 20 and time.monotonic() < deadline:
        for change in store.changes(seen):
            assert change.seq == seen + 1
            seen = change.seq
    for process in processes:
        process.communicate(timeout=60)
    assert seen == 2 * 10 * 20


def test_kill_9_at_any_moment_loses_nothing_and_leaves_nothing_by_halves(database_url):
    chance = random.Random(SEED)
    size, promised = 60, []
    for kill in range(KILLS):
        process = start(database_url, chr(ord("a") + kill), 1000, size)
        go(process)
        time.sleep(chance.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        promised += process.communicate(timeout=30)[0].split()
        batches = require_whole(open_store(database_url), size)
        assert set(promised) <= set(batches), "what was said to be stored is gone"
        assert len(batches) - len(promised) <= kill + 1  # one a kill may be stored and not yet said
    assert open_store(database_url).put([entry()], author="x", source="y").added == ("mine",)


def test_a_writer_waits_for_a_whole_import_however_long_the_database_waits(database_url, monkeypatch):
    monkeypatch.setattr("kefu.database._BUSY_SECONDS", 0.2)
    store, other = open_store(database_url), open_store(database_url)
    holds, over = threading.Event(), []

    def hold():
        with other.database.writing() as connection:
            take_turns(connection, "knowledge")
            holds.set()
            time.sleep(1)
            over.append(True)

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    assert store.put([entry()], author="x", source="y").added == ("mine",) and over
    thread.join()


# --- SQLite alone


@pytest.fixture
def file(tmp_path):
    return tmp_path / "knowledge.db"


def test_a_locked_database_is_waited_for_and_then_named(file, monkeypatch):
    monkeypatch.setattr("kefu.database._BUSY_SECONDS", 0.3)
    monkeypatch.setattr("kefu.knowledge.store.store._PATIENCE_SECONDS", 0)
    store = open_store(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="database is locked"):
        store.put([entry()], author="x", source="y")
    assert store.sequence() == 0  # readers go on
    threading.Timer(0.1, other.execute, ["ROLLBACK"]).start()
    assert store.put([entry()], author="x", source="y").added == ("mine",)
    other.close()


def test_a_full_disk_is_named_and_loses_nothing(file):
    store = open_store(f"sqlite:///{file}")
    store.put([entry()], author="x", source="y")
    pages = sqlite3.connect(file).execute("PRAGMA page_count").fetchone()[0]

    def fill_up(connection, _):
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    import sqlalchemy as sa

    store.database.close()
    sa.event.listen(store.database._engine, "connect", fill_up)
    with pytest.raises(StoreError, match=r"database or disk is full\). Nothing of this was stored: make room"):
        store.put([entry(f"e{number}") for number in range(500)], author="x", source="y")
    assert store.sequence() == 1 and store.get("mine") is not None
    sa.event.remove(store.database._engine, "connect", fill_up)
    store.database.close()
    assert len(store.put([entry(f"e{number}") for number in range(500)], author="x", source="y").added) == 500
