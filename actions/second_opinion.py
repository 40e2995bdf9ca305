"""The second opinion on reasons, as the actions ask it: opened when first needed, silent where it cannot be had."""

import logging
import threading
from collections.abc import Callable, Sequence

from kefu.dialogue.reason_opinion import ReasonOpinion, load_examples
from kefu.dialogue.turn import SecondOpinion
from kefu.errors import KefuError
from kefu.settings import Settings
from kefu.shop.policy import Policy

logger = logging.getLogger(__name__)


class CautiousOpinion:
    """Gives no reason where there are no examples, or the model is away: the customer is asked then, as ever."""

    def __init__(self, open_opinion: Callable[[], SecondOpinion | None]) -> None:
        self._open = open_opinion
        self._opinion: SecondOpinion | None = None
        self._is_open = False
        self._opening = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Sequence[str | None]:
        """Give the reason of each text; blocks."""
        try:
            with self._opening:
                if not self._is_open:
                    self._opinion, self._is_open = self._open(), True
            if self._opinion is not None:
                return self._opinion(texts)
        except KefuError as error:
            logger.warning("No second opinion on a reason: %s: %s", type(error).__name__, error)
        return [None] * len(texts)


def reasons_by_meaning(settings: Settings, policy: Policy) -> SecondOpinion:
    """Give the opinion of the shop's embedder over the shop's examples."""

    def open_opinion() -> SecondOpinion | None:
        from kefu.models import shared_embedder

        file = settings.path(settings.knowledge.reason_examples)
        if not file.is_file():
            return None
        cache = settings.path(settings.knowledge.index) / "reasons.npz"
        return ReasonOpinion.open(load_examples(file, policy.reasons), shared_embedder(settings.embedding), cache)

    return CautiousOpinion(open_opinion)
