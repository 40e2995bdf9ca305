"""One question as it was read: what it says, who asks, and what may answer it."""

import time
from dataclasses import dataclass, field
from datetime import datetime

from kefu.knowledge.asker import TIERS, Asker
from kefu.knowledge.decision import Reason
from kefu.knowledge.recall.search import Query
from kefu.protocols import Vectors, Where
from kefu.text import Language, normalise

LONGEST_QUESTION = 2000  # characters; nobody asks one thing in more


@dataclass(frozen=True)
class Asked:
    """One question, as read: ``language`` is the customer's, ``only`` the one that the knowledge is asked in (None:
    both), ``started`` a reading of the performance counter in seconds."""

    text: str
    language: Language
    strict: bool
    only: Language | None
    explain: bool
    asker: Asker
    moment: datetime
    started: float = field(default_factory=time.perf_counter)

    @property
    def where(self) -> Where:
        """What may answer it."""
        return Where(self.only, self.asker.category, self.asker.channel, self.moment)

    @property
    def filters(self) -> dict[str, str]:
        """The same in words, for a trace, and the tier."""
        given = {
            "language": self.only,
            "category": self.asker.category,
            "channel": self.asker.channel,
            "tier": self.asker.tier,
        }
        return {"valid_at": self.moment.isoformat(timespec="seconds"), **{k: v for k, v in given.items() if v}}

    def query(self, vector: Vectors) -> Query:
        """Make the query of it with its vector, ``float32[dim]``; the tier says how much of that is searched by."""
        share = TIERS.get(self.asker.tier, 1)
        dim = len(vector) // share if share > 1 else None
        return Query(self.text, vector, self.where, self.asker.interests, dim)

    def unreadable(self) -> Reason:
        """Say why it cannot be a question; empty if it may be one."""
        if len(self.text) > LONGEST_QUESTION:
            return "too_long"
        return "" if any(character.isalpha() for character in normalise(self.text)) else "nothing_to_read"
