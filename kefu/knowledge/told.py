"""What is told of an entry: its approved answer in the customer's language, or in the other one with a note."""

from collections.abc import Mapping

from kefu.knowledge.current import Live
from kefu.knowledge.decision import Decision
from kefu.text import Language

# Where an entry lacks the customer's language (zh, en): said before the text in the other one.
_OTHER_LANGUAGE_NOTE: Mapping[Language, str] = {
    "zh": "这一条目前只有英文说明：",
    "en": "This is available in Chinese only so far:",
}


def answered(live: Live, language: Language, only: Language | None = None) -> Decision:
    """Answer with an entry, as sure as can be.

    :param only: the language that the answer is to be in, whatever the customer's is.
    """
    told = _available(live, only or language)
    wording = live.entry.wordings[told]
    text = wording.answer if told == language else f"{_OTHER_LANGUAGE_NOTE[language]}\n{wording.answer}"
    return Decision(
        "answer",
        told,
        live.entry.id,
        wording.question,
        text,
        source_version=str(live.revision),
        as_of=live.since,
        link=live.entry.link,
        confidence=1.0,
    )


def title(live: Live, language: Language) -> str:
    """Give the question that an entry answers, in the other language if it lacks this one."""
    return live.entry.wordings[_available(live, language)].question


def _available(live: Live, language: Language) -> Language:
    return language if language in live.entry.wordings else next(iter(live.entry.wordings))
