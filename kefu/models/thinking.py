"""Leaves out what a model thinks before it answers: ``<think>…</think>``, whole, unfinished or half cut off."""

import re

_CLOSED = re.compile(r"</\s*think\s*>", re.IGNORECASE)
_OPENED = re.compile(r"<\s*think\s*>.*", re.IGNORECASE | re.DOTALL)
_HALF_A_MARK = re.compile(r"</?(?:t(?:h(?:i(?:nk?)?)?)?)?$", re.IGNORECASE)


def without_thinking(text: str) -> str:
    """Give what a model says after its thinking; empty if it never got that far.

    Some servers' templates open the block in the prompt, so that only its end is seen: whatever stands before an end
    is thinking.
    """
    answer = _CLOSED.split(text)[-1]
    return _HALF_A_MARK.sub("", _OPENED.sub("", answer)).strip()
