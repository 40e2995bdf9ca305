"""Puts questions through the trained Rasa model first, as a customer's message goes. Rasa is imported here only."""

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from kefu import clock
from kefu.errors import ModelError
from kefu.settings import Settings
from kefu.text import Language

if TYPE_CHECKING:
    from kefu.knowledge.base import KnowledgeBase
    from kefu.knowledge.evaluation.evaluate import Outcome
    from kefu.knowledge.evaluation.questions import Question

ASKING = frozenset({"ask_question", "nlu_fallback"})
STARTING_A_FORM = frozenset({"request_return", "request_exchange", "track_order", "cancel_order"})
MODELS = "models"
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "ERROR",
}


def ask_end_to_end(
    settings: Settings,
    base: "KnowledgeBase",
    questions: Sequence["Question"],
    knowledge_language: Language | None = None,
) -> list["Outcome"]:
    """Parse each question with the newest trained model, then do what the assistant does with its intent.

    :raises ModelError: if there is no trained Rasa model.
    """
    intents = parse_all(newest_model(settings.path(MODELS)), [question.text for question in questions])
    return outcomes_of(base, questions, intents, knowledge_language)


def newest_model(models: Path) -> Path:
    """Find the newest trained model in a folder.

    :raises ModelError: if there is none.
    """
    found = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise ModelError(f"There is no trained Rasa model in {models}. Run `kefu train`.")
    return found[-1]


def parse_all(model: Path, texts: Sequence[str]) -> list[str]:
    """Give the intent that a trained Rasa model reads off each text.

    :raises ModelError: if the model cannot be loaded.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # of Keras and TensorFlow, dozens of them
    with redirect_stdout(sys.stderr):  # standard output belongs to the result
        import structlog
        from rasa.core.agent import Agent

        # Rasa's debug events, printed by default, carry the text of every message.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        agent = Agent.load(model)
        if not agent.is_ready():
            raise ModelError(f"The Rasa model {model} cannot be loaded. Run `kefu train --force`.")

        async def parse() -> list[str]:
            parsed = [await agent.parse_message(text) for text in texts]
            return [(result.get("intent") or {}).get("name") or "nlu_fallback" for result in parsed]

        return asyncio.run(parse())


def outcomes_of(
    base: "KnowledgeBase",
    questions: Sequence["Question"],
    intents: Sequence[str],
    knowledge_language: Language | None = None,
) -> list["Outcome"]:
    """Do with each question what the assistant does: open a form, ask the knowledge, or neither (small talk)."""
    from kefu.dialogue.questions.doubtful import is_doubtful
    from kefu.dialogue.questions.own_matter import STRANGE, opens_form, own_matter
    from kefu.dialogue.turn import Message
    from kefu.knowledge.evaluation.evaluate import Outcome, outcome_of

    heard = [_heard(question.text, intent) for question, intent in zip(questions, intents, strict=True)]
    outcomes = [Outcome(starts_form=intent in STARTING_A_FORM) for _, intent in heard]
    today = clock.now().date()
    read = [
        Message(text, intent, question.language) for (text, intent), question in zip(heard, questions, strict=True)
    ]
    for strict in (False, True):
        positions = [
            position
            for position, message in enumerate(read)
            if message.intent in ASKING | STRANGE and is_doubtful(message) == strict
        ]
        texts = [(read[position].text, read[position].language) for position in positions]
        decisions = base.answer_many(texts, strict, knowledge_language, explain=True)
        for position, decision in zip(positions, decisions, strict=True):
            matter = own_matter(read[position], today=today)
            is_form = opens_form(matter, is_answered=decision.kind == "answer")
            outcomes[position] = Outcome(starts_form=True) if is_form else outcome_of(decision)
    return outcomes


def _heard(text: str, intent: str) -> tuple[str, str]:
    """Give what is looked up and what for: follow-ups are questions whatever they were taken for, scolding is none."""
    from kefu.dialogue.alarms.mood import asks_something, mood
    from kefu.dialogue.questions.follow_up import follow_up

    found = follow_up(text)
    if found is not None and found.kind != "other":
        return found.question, "ask_question"
    is_scolding = mood(text) == "angry" and not asks_something(text)
    return (text, "feedback") if is_scolding and intent not in STARTING_A_FORM else (text, intent)
