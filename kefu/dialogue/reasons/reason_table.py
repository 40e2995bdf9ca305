"""The form of the tables of reasons."""

from dataclasses import dataclass

from kefu.dialogue.words.phrases import Phrases


@dataclass(frozen=True)
class ReasonWords:
    """Phrases for one reason, and the reasons beside which they say nothing new ("坏了，不想要了" is a defect).

    What ``is_weak`` does not replace a known reason in passing.
    """

    reason: str
    phrases: Phrases
    yields_to: frozenset[str] = frozenset()
    is_weak: bool = False


def words(
    reason: str,
    zh: tuple[str, ...],
    en: tuple[str, ...],
    yields_to: frozenset[str] = frozenset(),
    is_weak: bool = False,
) -> ReasonWords:
    """Make a table of phrases in both languages."""
    return ReasonWords(reason, Phrases(reason, zh=zh, en=en), yields_to, is_weak)
