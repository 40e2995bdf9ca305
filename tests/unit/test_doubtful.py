"""What needs a surer answer, as it may be no question at all."""

import pytest

from kefu.dialogue.questions.doubtful import is_doubtful
from kefu.dialogue.turn import Message
from kefu.text import detect_language


def read(text: str, intent: str) -> bool:
    return is_doubtful(Message(text, intent, detect_language(text) or "zh"))


@pytest.mark.parametrize("text", ["我刚付了钱", "it was a present for my mum", "东西还行", "it's ok"])
@pytest.mark.parametrize("intent", ["nlu_fallback", "deny", "affirm"])
def test_what_only_tells_something_is_doubtful(text: str, intent: str) -> None:
    assert read(text, intent)
    assert not read(text, "ask_question")


@pytest.mark.parametrize("text", ["什么时候发货", "运费多少", "when will you ship", "is it dishwasher safe?"])
def test_what_asks_is_not_whatever_it_was_taken_for(text: str) -> None:
    assert not read(text, "nlu_fallback")
    assert read(text, "out_of_scope")
