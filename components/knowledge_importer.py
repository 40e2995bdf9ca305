"""Teaches the intent classifier that what the knowledge base can answer is a question."""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu.knowledge.recall.rows import questions_by_entry
from kefu.settings import load_settings


class KnowledgeImporter(TrainingDataImporter):
    """Gives the questions of the knowledge entries to one intent, beside the utterances that other importers read.

    Options: ``intent``, and ``without``, the entries whose wordings ask for something to be done ("cancel my order"
    stands under how to cancel) and so belong to intents of their own. Without a knowledge folder there are none.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: Any = None,
        intent: str = "ask_question",
        without: list[str] | None = None,
    ) -> None:
        self._intent = intent
        self._without = frozenset(without or ())

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Give one example for each question and alternative."""
        settings = load_settings()
        if not Path(settings.path(settings.knowledge.entries)).is_dir():
            return TrainingData()
        texts = [
            text
            for entry_id, questions in questions_by_entry(settings).items()
            if entry_id not in self._without
            for text in questions
        ]
        return TrainingData([Message({TEXT: text, INTENT: self._intent}) for text in dict.fromkeys(texts)])

    def get_domain(self) -> Domain:
        """Add nothing to the domain."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Add no stories."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """Add no tests."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Add nothing to the configuration."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """Leave the configuration's file to Rasa's own importer."""
        return None
