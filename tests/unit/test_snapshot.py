"""Snapshots: the old state or the new one after a kill at any moment; damage and another model are refused."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kefu.errors import KnowledgeIndexError
from kefu.knowledge.index import snapshot
from kefu.knowledge.index.snapshot import MANIFEST, read_snapshot, write_snapshot
from kefu.protocols import ModelIdentity

MODEL = ModelIdentity("a model", "fingerprint", 32)
_PARTS, _BYTES = 4, 300_000
# Writes state after state, each of files that say the same, and reports the number of each that is complete.
_WRITER = f"""
import itertools, sys
from pathlib import Path
from kefu.knowledge.index.snapshot import write_snapshot
from kefu.protocols import ModelIdentity

def write(folder):
    for part in range({_PARTS}):
        (folder / f"part{{part}}").write_bytes(str(number % 10).encode() * {_BYTES})

for number in itertools.count(int(sys.argv[2])):
    write_snapshot(Path(sys.argv[1]), ModelIdentity("a model", "fingerprint", 32), write)
    print(number, flush=True)
"""


def put(folder: Path, text: str, model: ModelIdentity = MODEL) -> None:
    write_snapshot(folder, model, lambda content: (content / "file").write_text(text, encoding="utf-8"))


def get(folder: Path, model: ModelIdentity = MODEL) -> str:
    return read_snapshot(folder, model, lambda content: (content / "file").read_text(encoding="utf-8"))


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_latest_state_counts_and_the_others_are_gone(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        put(tmp_path / "deep" / "index", text)
        assert get(tmp_path / "deep" / "index") == text
        assert len(contents(tmp_path / "deep" / "index")) == 2


def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    chance = random.Random(11)
    number, states = 0, set()
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            number = int(process.stdout.readline())  # it has begun in earnest
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            # The last one reported is there, or the next one, if it was killed before it could say so.
            number = int(([str(number), *process.stdout.read().split()])[-1])
        parts = read_snapshot(
            tmp_path, MODEL, lambda content: [(content / f"part{part}").read_bytes() for part in range(_PARTS)]
        )
        assert len(set(parts)) == 1 and len(parts[0]) == _BYTES
        found = parts[0][:1].decode()
        assert found in (str(number % 10), str((number + 1) % 10))
        states.add(len(contents(tmp_path)))
        number += 1
    assert max(states) > 2, "no writer was killed before it was done"
    put(tmp_path, "anew")
    assert get(tmp_path) == "anew" and len(contents(tmp_path)) == 2


@pytest.mark.parametrize("broken", ["_sync", "_checksum", "_replace_manifest"])
def test_a_failure_before_the_replacement_leaves_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    put(tmp_path, "old")
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, broken, full)
        with pytest.raises(KnowledgeIndexError, match=r"cannot be written to .*: No space.*What was there before"):
            put(tmp_path, "new")
    assert get(tmp_path) == "old" and contents(tmp_path) == before


def test_a_state_that_is_replaced_while_it_is_read_is_read_anew(tmp_path: Path) -> None:
    put(tmp_path, "old")
    reads = []

    def read(content: Path) -> str:
        if not reads:
            put(tmp_path, "new")
        reads.append(content)
        return (content / "file").read_text(encoding="utf-8")

    assert read_snapshot(tmp_path, MODEL, read) == "new" and len(reads) == 2


def test_without_a_state_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeIndexError, match=r"no knowledge index in .*Run `kefu index`"):
        get(tmp_path)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (ModelIdentity("another", "fingerprint", 64), r"dimension 32 \(a model\).* another, gives 64"),
        (ModelIdentity("another", "other", 32), r"a model \(fingerprint\).*another \(other\)"),
    ],
)
def test_what_another_model_made_is_refused(tmp_path: Path, model: ModelIdentity, message: str) -> None:
    put(tmp_path, "text")
    with pytest.raises(KnowledgeIndexError, match=rf"{message}.*Run `kefu index`"):
        get(tmp_path, model)


def damage(folder: Path, how: str) -> None:
    manifest = folder / MANIFEST
    content = next(folder.glob("content-*"))
    if how == "one bit":
        (content / "file").write_text("texu", encoding="utf-8")
    elif how == "cut":
        (content / "file").write_text("tex", encoding="utf-8")
    elif how == "file gone":
        (content / "file").unlink()
    elif how == "manifest cut":
        manifest.write_text(manifest.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    elif how == "manifest without model":
        read = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({name: value for name, value in read.items() if name != "model"}))
    else:
        manifest.write_text(json.dumps({"format": 99}))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("one bit", "file is damaged: its checksum"),
        ("cut", "file is damaged: its checksum"),
        ("file gone", "lacks .*file"),
        ("manifest cut", "cannot be read"),
        ("manifest without model", "manifest.json is damaged"),
        ("other format", "another version of Kefu"),
    ],
)
def test_damage_is_refused_with_the_remedy(tmp_path: Path, how: str, message: str) -> None:
    put(tmp_path, "text")
    damage(tmp_path, how)
    with pytest.raises(KnowledgeIndexError, match=rf"{message}.*Run `kefu index`"):
        get(tmp_path)
