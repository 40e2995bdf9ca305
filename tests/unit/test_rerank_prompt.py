"""The published prompt: its text, its tokens in the embedded tokenizer, and how it is laid around a body."""

from collections.abc import Callable
from types import ModuleType

import pytest
from tokenizers import Tokenizer

from kefu.errors import ModelError
from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.prompt_tokens import PromptTokens
from kefu.models.rerank_prompt import AFTER, BEFORE, body, document_side, query_side


@pytest.fixture(scope="module")
def tokenizing(load_script: Callable[[str], ModuleType]) -> ModuleType:
    """The script of `training`, which is no package."""
    return load_script("training/tokenizer.py")


@pytest.fixture(scope="module")
def embedded() -> Tokenizer:
    return Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json"))


def tokens_of(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def test_a_body_is_its_two_sides_one_after_the_other() -> None:
    expected = "<Instruct>: Find it\n<Query>: 运费\n<Document>: 包邮"
    assert body("运费", "包邮", "Find it") == expected == query_side("运费", "Find it") + document_side("包邮")


def test_each_fixed_part_of_the_prompt_is_one_token_of_the_embedded_tokenizer(
    tokenizing: ModuleType, embedded: Tokenizer
) -> None:
    assert len(tokenizing.PROMPT_PARTS) == 8
    for part in tokenizing.PROMPT_PARTS:
        assert len(tokens_of(embedded, part)) == 1, part
    for answer in ("yes", "no"):
        assert tokens_of(embedded, answer) == [embedded.token_to_id(answer)]


@pytest.mark.parametrize("query", ["运费", "where is my parcel", "", "\n"])
def test_a_prompt_in_one_piece_has_the_tokens_of_its_parts(
    tokenizing: ModuleType, embedded: Tokenizer, query: str
) -> None:
    """Servers read it in one piece, the model card's code in three."""
    tokenizer = tokenizing.for_reranker(embedded)
    middle = body(query, "包邮 hello")
    parts = [number for part in (BEFORE, middle, AFTER) for number in tokens_of(tokenizer, part)]
    assert tokenizer.encode(BEFORE + middle + AFTER).ids == parts
    assert tokenizer.get_vocab_size() == embedded.get_vocab_size()


def test_a_rerankers_tokenizer_closes_no_text(tokenizing: ModuleType, embedded: Tokenizer) -> None:
    assert tokenizing.for_reranker(embedded).encode("运费").ids == tokens_of(embedded, "运费")


def characters(texts: list[str]) -> list[list[int]]:
    return [[ord(character) for character in text] for text in texts]


def test_of_a_body_the_end_is_cut_and_the_prompt_is_whole() -> None:
    prompt = PromptTokens(characters, ord_of, max_length=len(BEFORE) + len(AFTER) + 40)
    short, long = prompt.rows("q", ["d", "d" * 1000], "i")
    assert "".join(map(chr, short)) == BEFORE + body("q", "d", "i") + AFTER
    assert "".join(map(chr, long)) == BEFORE + body("q", "d" * 1000, "i")[:40] + AFTER
    assert prompt.answers == [2, 3]


def ord_of(token: str) -> int | None:
    return {"no": 2, "yes": 3}.get(token)


def test_a_model_without_answers_or_without_room_is_refused() -> None:
    with pytest.raises(ModelError, match="lacks one of no and yes"):
        PromptTokens(characters, {"yes": 3}.get, max_length=4096)
    with pytest.raises(ModelError, match="`max_length` is 20"):
        PromptTokens(characters, ord_of, max_length=20)
