"""The one knowledge base of a process, for all who ask."""

import threading

from kefu.knowledge.base import KnowledgeBase
from kefu.models import shared_embedder, shared_reranker
from kefu.settings import Settings

_shared: dict[Settings, KnowledgeBase] = {}
_sharing = threading.Lock()


def shared_base(settings: Settings) -> KnowledgeBase:
    """Give this process's one knowledge base for these settings, opening it at first.

    :raises KefuError: if it cannot be opened; the next call tries again.
    """
    with _sharing:
        if settings not in _shared:
            _shared[settings] = KnowledgeBase(
                settings, shared_embedder(settings.embedding), shared_reranker(settings.reranker)
            )
        return _shared[settings]


def cache_counts() -> dict[str, int | float]:
    """Count how many answers of this process came from a cache and how many did not, and the share that did (0 while
    nothing was asked)."""
    with _sharing:
        caches = [base.cache for base in _shared.values()]
    hits, misses = sum(one.hits for one in caches), sum(one.misses for one in caches)
    return {"from_cache": hits, "decided": misses, "hit_rate": round(hits / max(hits + misses, 1), 4)}
