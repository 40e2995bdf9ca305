"""The rows of the index: every way to ask every entry; and beside them what no shop's knowledge answers."""

import hashlib
from dataclasses import astuple, dataclass

from kefu.knowledge.entries import Entry, Knowledge, digest, text_hash
from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.recall.unanswerable import SENTENCES
from kefu.protocols import Label
from kefu.settings import Settings
from kefu.text import LANGUAGES, Language, normalise


@dataclass(frozen=True)
class Row:
    """One text with its vector; ``entry_id`` is None for a sentence that nothing answers."""

    entry_id: str | None
    language: Language
    text: str
    scope: str = ""  # hash of what the row is filtered by

    @property
    def text_hash(self) -> str:
        """What tells whether the vector of an earlier index can be taken over."""
        return text_hash(self.text)

    @property
    def number(self) -> int:
        """What the row is known by in every index, of 63 bits: the same in every process, with no list of numbers.

        A row that is filtered by something else, or has another text, is another row.
        """
        name = f"{self.entry_id or ''}\0{self.language}\0{self.scope}\0{normalise(self.text)}"
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def rows_of_entry(entry: Entry) -> list[Row]:
    """List the rows of one entry: by language, as written."""
    scope = digest([entry.category, *(str(value) for value in astuple(entry.scope))])
    return [
        Row(entry.id, language, text, scope)
        for language in LANGUAGES
        if language in entry.wordings
        for text in entry.wordings[language].questions
    ]


def rows_of(knowledge: Knowledge) -> list[Row]:
    """List the rows of all entries in an order that depends on nothing but the content."""
    return [row for name in sorted(knowledge.entries) for row in rows_of_entry(knowledge.entries[name])]


def unanswerable_rows() -> list[Row]:
    """List the sentences that nothing answers."""
    return [Row(None, language, text) for language in LANGUAGES for text in SENTENCES[language]]


def label_of(row: Row, entry: Entry) -> Label:
    """Give what a row is filtered by."""
    scope = entry.scope
    return Label(entry.id, row.language, entry.category, scope.channels, scope.valid_from, scope.valid_to)


def questions_by_entry(settings: Settings) -> dict[str, list[str]]:
    """Read all ways to ask each entry of a project.

    :raises DataError: if an entry or the policy is wrong.
    """
    knowledge = load_knowledge(settings.path(settings.knowledge.entries), settings.path(settings.knowledge.policy))
    return {
        entry_id: [text for wording in entry.wordings.values() for text in wording.questions]
        for entry_id, entry in sorted(knowledge.entries.items())
    }
