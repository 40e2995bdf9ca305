"""The query of bench/true_size.py: as many tokens as the table says."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer
from kefu.text import normalise


@pytest.fixture(scope="module")
def bench(load_script: Callable[[str], ModuleType]) -> ModuleType:
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
