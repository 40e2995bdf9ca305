"""What scripts/interop needs no tool for: the pinned versions, and that a figure out of bounds is one."""

import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from kefu.models.checkpoint import EMBEDDED_EMBEDDER

ROOT = Path(__file__).parent.parent.parent
INTEROP = ROOT / "scripts" / "interop"
PINS = INTEROP / "pins"


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(INTEROP))
    return importlib.import_module("findings")


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(INTEROP))
    return importlib.import_module("classifier")


def torch(file: Path) -> list[str]:
    return re.findall(r"^torch==[^\s;]+", file.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("tool", ["sentence-transformers", "infinity", "transformers-serve", "four-bit"])
def test_the_tools_have_the_torch_of_the_lock(tool: str) -> None:
    assert torch(PINS / f"{tool}.txt") == torch(ROOT / "requirements.lock"), (
        "`.venv/bin/python scripts/interop renew-pins` resolves the tools' versions anew"
    )


def test_pins_name_versions_only() -> None:
    for file in PINS.iterdir():
        for line in file.read_text(encoding="utf-8").splitlines():
            assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+( ; .+)?$", line), f"{file.name}: {line}"


def test_one_vector_that_differs_is_found(findings: Any) -> None:
    ours = np.eye(3, 64, dtype=np.float32)
    theirs = 2 * ours
    assert findings.cosines("same", "ours", ["a", "b", "c"], ours, theirs).is_good
    theirs[1, 7] = 0.1
    found = findings.cosines("other", "ours", ["a", "b", "c"], ours, theirs)
    assert not found.is_good and found.worst == "b"
    theirs[2] = np.nan
    assert findings.cosines("broken", "ours", ["a", "b", "c"], ours, theirs).worst == "c"
    with pytest.raises(ValueError, match=r"\(3, 32\) vectors"):
        findings.cosines("short", "ours", ["a", "b", "c"], ours, theirs[:, :32])


def test_one_score_that_differs_is_found(findings: Any) -> None:
    ours = np.array([0.1, 0.9], dtype=np.float32)
    assert findings.score_gap("same", "ours", ["a", "b"], ours, ours + 1e-6).is_good
    missing = np.array([0.1, np.nan], dtype=np.float32)
    assert not findings.score_gap("missing", "ours", ["a", "b"], ours, missing).is_good
    assert findings.score_gap("told", "ours", ["a", "b"], ours, ours + 1, judged=False).is_good


@pytest.mark.parametrize("query", ["运费", "who pays the postage?", "。"])
@pytest.mark.parametrize("document", ["包邮。", "We pay the postage", "👌"])
def test_a_pair_that_lost_its_white_space_gets_the_tokens_of_the_whole_prompt(
    classifier: Any, load_script: Any, query: str, document: str
) -> None:
    def tokenizer() -> Tokenizer:
        embedded = Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json"))
        return load_script("training/tokenizer.py").for_reranker(embedded)

    pair = (query, document)
    whole = tokenizer().encode(classifier.whole_prompt(pair)).ids
    stripped = [half.strip() for half in classifier.halves(pair)]
    assert tokenizer().encode(*stripped).ids != whole
    assert classifier.restores_ends(tokenizer()).encode(*stripped).ids == whole
    assert classifier.words_prompt(tokenizer()).encode(*pair).ids == whole
