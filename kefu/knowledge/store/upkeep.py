"""What keeps a store in good order: forgetting what nobody needs, and finding what stands twice."""

from dataclasses import dataclass
from datetime import timedelta

from kefu.clock import now
from kefu.knowledge.entries import Facts, Knowledge
from kefu.knowledge.recall.rows import rows_of, unanswerable_rows
from kefu.knowledge.store.duplicates import NEAR_IN_LETTERS, NEAR_IN_MEANING, Pair, find_duplicates
from kefu.knowledge.store.store import KnowledgeStore
from kefu.knowledge.store.text_vectors import Embedding, Progress
from kefu.protocols import Embedder, ModelIdentity
from kefu.settings import Settings

USUAL_DAYS = 30


@dataclass(frozen=True)
class Forgotten:
    """How much was forgotten, and the number that the log of changes begins after."""

    changes: int
    vectors: int
    compacted: int


@dataclass(frozen=True)
class Duplicates:
    """Entries that ask nearly the same, the nearest first, among so many."""

    pairs: tuple[Pair, ...]
    entries: int


def compact(store: KnowledgeStore, settings: Settings, model: ModelIdentity, *, days: int = USUAL_DAYS) -> Forgotten:
    """Forget what deleted entries said, the changes before them, and vectors that the model's index has no use for.

    :param days: keep what is younger.
    :raises DataError: if an entry names a fact that the policy lacks.
    :raises StoreError: if the database cannot be used.
    """
    before = store.stats()
    used = (model.fingerprint, model.dim, _used_texts(store, settings))
    store.compact(before=now() - timedelta(days=days), used=used)
    after = store.stats()
    vectors = sum(before.vectors.values()) - sum(after.vectors.values())
    return Forgotten(after.compacted - before.compacted, vectors, after.compacted)


def duplicates(
    store: KnowledgeStore,
    settings: Settings,
    embedder: Embedder,
    meaning: float = NEAR_IN_MEANING,
    letters: float = NEAR_IN_LETTERS,
    progress: Progress | None = None,
) -> Duplicates:
    """Find the pairs of entries with questions that are at least so near, in meaning or in letters.

    :raises DataError: if an entry names a fact that the policy lacks.
    :raises ModelError: if the questions cannot be embedded.
    :raises StoreError: if the database cannot be used.
    """
    facts = _facts(settings)
    entries = [facts.fill(entry, entry.id) for entry in store.all_entries().entries]
    pairs = find_duplicates(entries, Embedding(store.database, embedder), meaning, letters, progress)
    return Duplicates(tuple(pairs), len(entries))


def _used_texts(store: KnowledgeStore, settings: Settings) -> frozenset[str]:
    """Give the hashes of all texts that the index has rows of."""
    facts = _facts(settings)
    knowledge = Knowledge.of(facts.fill(entry, entry.id) for entry in store.all_entries().entries)
    return frozenset(row.text_hash for row in (*rows_of(knowledge), *unanswerable_rows()))


def _facts(settings: Settings) -> Facts:
    return Facts(settings.path(settings.knowledge.policy))
