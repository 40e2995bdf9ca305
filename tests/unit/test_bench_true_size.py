"""bench/true_size.py: its query has as many tokens as the table says, and the run that is kept has every side."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer
from kefu.text import normalise

MEASURED = Path(__file__).parents[2] / "bench" / "measured" / "true_size.json"


@pytest.fixture
def bench(load_script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(MEASURED.parents[1]))
    return load_script("bench/true_size.py")


def test_it_has_twenty_tokens_of_the_embedded_models(bench: ModuleType) -> None:
    query = bench.query_of(bench.TOKENS, TextTokenizer(EMBEDDED_EMBEDDER))
    tokenizer = Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json"))
    assert bench.TOKENS == 20 == len(tokenizer.encode(query, add_special_tokens=False).ids)
    assert normalise(query) == query


def test_another_tokenizer_gets_a_shorter_or_a_longer_one(bench: ModuleType, tmp_path: Path) -> None:
    letters = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    letters.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    letters.save(str(tmp_path / "tokenizer.json"))
    assert len(bench.query_of(20, TextTokenizer(tmp_path))) == 20


def test_the_run_that_is_kept_has_every_side(bench: ModuleType) -> None:
    rows = json.loads(MEASURED.read_text(encoding="utf-8"))["rows"]
    assert [row["side"] for row in rows] == [*bench.SIDES, bench.EMBEDDED_SIDE]
    assert {row["query_tokens"] for row in rows} == {bench.TOKENS}
    assert {row["dimension"] for row in rows[:-1]} == {bench.SHAPE["hidden_size"]}


def test_figures_are_shown_one_side_a_line(bench: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"side": "ONNX Runtime, int8", "query_tokens": 20, "read_tokens": 22, "dimension": 1024, "load_s": 2.5}
    row |= {"query_ms_p50": 81.25, "batch16_ms": 800.4, "memory_mb": 1200.0}
    bench.show({"machine": "x86_64", "python": "3.10.13", "rows": [row]})
    shown = capsys.readouterr().out.splitlines()
    assert "a query of 20 tokens, 22 with" in shown[0]
    assert shown[2].split() == ["ONNX", "Runtime,", "int8", "1024", "2.5", "81.2", "800", "1200"]
