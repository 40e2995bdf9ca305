"""Second opinions by meaning, as the actions ask them: opened when first needed, silent where they cannot be had."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from kefu.dialogue.alarms.alarm_opinion import GROUPS, AlarmOpinion
from kefu.dialogue.reasons.reason_opinion import ReasonOpinion
from kefu.dialogue.turn import SecondOpinion
from kefu.dialogue.words.examples import Examples, load_examples
from kefu.errors import KefuError
from kefu.protocols import Embedder
from kefu.settings import Settings
from kefu.shop.policy import Policy

logger = logging.getLogger(__name__)


class CautiousOpinion:
    """Has none where there are no examples, or the model is away: then the words alone decide, as ever."""

    def __init__(self, open_opinion: Callable[[], SecondOpinion | None]) -> None:
        self._open = open_opinion
        self._opinion: SecondOpinion | None = None
        self._is_open = False
        self._opening = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Sequence[str | None]:
        """Give the group of each text; blocks."""
        try:
            with self._opening:
                if not self._is_open:
                    self._opinion, self._is_open = self._open(), True
            if self._opinion is not None:
                return self._opinion(texts)
        except KefuError as error:
            logger.warning("No second opinion: %s: %s", type(error).__name__, error)
        return [None] * len(texts)


def reasons_by_meaning(settings: Settings, policy: Policy) -> SecondOpinion:
    """Give the opinion of the shop's embedder over the shop's examples of reasons."""
    return _by_meaning(settings, settings.knowledge.reason_examples, policy.reasons, ReasonOpinion.open, "reasons")


def alarms_by_meaning(settings: Settings) -> SecondOpinion:
    """Give the opinion of the shop's embedder over the shop's examples of danger and fraud."""
    return _by_meaning(settings, settings.knowledge.alarm_examples, GROUPS, AlarmOpinion.open, "alarms")


def _by_meaning(
    settings: Settings,
    examples: str,
    groups: Collection[str],
    fit: Callable[[Examples, Embedder, Path], SecondOpinion],
    name: str,
) -> SecondOpinion:
    def open_opinion() -> SecondOpinion | None:
        from kefu.models import shared_embedder

        file = settings.path(examples)
        if not file.is_file():
            return None
        cache = settings.path(settings.knowledge.index) / f"{name}.npz"
        return fit(load_examples(file, groups), shared_embedder(settings.embedding), cache)

    return CautiousOpinion(open_opinion)
