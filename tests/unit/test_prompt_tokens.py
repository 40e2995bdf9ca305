"""How many tokens the dialogue so far may take: counted from above, against a tokenizer that splits every digit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.knowledge.files.project import read_folder
from kefu.knowledge.grounding.prompt import escaped, tokens_at_most
from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.text_tokens import TextTokenizer

SAID = sorted(
    {
        text
        for _, entry in read_folder(Path(__file__).parents[2] / "data" / "knowledge")
        for wording in entry.wordings.values()
        for text in (*wording.questions, wording.answer)
    }
)
FIGURES = st.one_of(
    st.integers(0, 10**20).map(str),
    st.from_regex(r"SO[0-9]{8}|[0-9]{3}-[0-9]{4}|¥[0-9]{1,9}\.[0-9]{2}|２０[０-９]{2}年", fullmatch=True),
)
MARKS = st.text(st.characters(exclude_categories=["L", "Cs"]), max_size=8)
OTHER_SCRIPTS = st.text(st.characters(min_codepoint=0x250, max_codepoint=0x2000, categories=["L"]), max_size=8)


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    """The embedded model's: bytes joined behind the pattern of Qwen's own tokenizer."""
    return TextTokenizer(EMBEDDED_EMBEDDER)


@given(st.lists(st.one_of(st.sampled_from(SAID), FIGURES, MARKS, OTHER_SCRIPTS), max_size=6).map(" ".join))
def test_no_text_has_more_tokens_than_are_counted(tokenizer: TextTokenizer, text: str) -> None:
    (encoding,) = tokenizer.encode([escaped(text)], is_closed=False)
    assert len(encoding.ids) <= tokens_at_most(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1234567890", 10),
        ("13800138019 138 0013 8019", 25),
        ("SO20260001", 10),
        ("退货，谢谢！", 6),
        ("to return it", 2 + 4 + 2),
        ("qXzJ", 4),
        ("龘", 3),
        ("😀", 4),
        ("<", 4),
        ("", 0),
    ],
)
def test_what_is_counted(text: str, tokens: int) -> None:
    assert tokens_at_most(text) == tokens
