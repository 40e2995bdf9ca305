"""The rows of the index: every way to ask every entry, and after them what no shop's knowledge answers."""

from dataclasses import dataclass

from kefu.knowledge.entries import Knowledge, text_hash
from kefu.knowledge.entry_files import load_knowledge
from kefu.knowledge.unanswerable import SENTENCES
from kefu.settings import Settings
from kefu.text import LANGUAGES, Language


@dataclass(frozen=True)
class Row:
    """One text with its vector; ``entry_id`` is None for a sentence that nothing answers."""

    entry_id: str | None
    language: Language
    text: str

    @property
    def text_hash(self) -> str:
        """What tells whether the vector of an earlier index can be taken over."""
        return text_hash(self.text)


def rows_of(knowledge: Knowledge) -> list[Row]:
    """List all rows in an order that depends on nothing but the content: by language, by id, as written."""
    rows = [
        Row(entry_id, language, text)
        for language in LANGUAGES
        for entry_id in sorted(knowledge.entries)
        if language in knowledge.entries[entry_id].wordings
        for text in knowledge.entries[entry_id].wordings[language].questions
    ]
    return rows + [Row(None, language, text) for language in LANGUAGES for text in SENTENCES[language]]


def questions_by_entry(settings: Settings) -> dict[str, list[str]]:
    """Read all ways to ask each entry of a project.

    :raises DataError: if an entry or the policy is wrong.
    """
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    return {
        entry_id: [text for wording in entry.wordings.values() for text in wording.questions]
        for entry_id, entry in sorted(knowledge.entries.items())
    }
