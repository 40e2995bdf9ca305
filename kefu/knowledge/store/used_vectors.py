"""Which vectors of the store are in use."""

from kefu.knowledge.entries import Facts, Knowledge
from kefu.knowledge.recall.rows import rows_of, unanswerable_rows
from kefu.knowledge.store.store import KnowledgeStore
from kefu.protocols import ModelIdentity
from kefu.settings import Settings


def used_vectors(store: KnowledgeStore, settings: Settings, model: ModelIdentity) -> tuple[str, int, frozenset[str]]:
    """Give fingerprint and dimension of the model, and the hashes of all texts that the index has rows of.

    :raises DataError: if an entry names a fact that the policy lacks.
    """
    facts = Facts(settings.path(settings.knowledge.policy))
    knowledge = Knowledge.of(facts.fill(entry, entry.id) for entry in store.all_entries().entries)
    return (
        model.fingerprint,
        model.dim,
        frozenset(row.text_hash for row in (*rows_of(knowledge), *unanswerable_rows())),
    )
