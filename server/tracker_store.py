"""Rasa's store of conversations, fit for a database that is away now and then."""

from rasa.core.tracker_store import (
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    SQLTrackerStore,
    TrackerStore,
    create_engine_kwargs,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.database import bounded_postgres
from kefu.server.logs import log_failure


class CarefulTrackerStore(FailSafeTrackerStore):
    """Rasa's wrapper, but for reading.

    Rasa takes a conversation that cannot be read for a new one, and what the customer was about is overwritten once
    the store is back. Here reading fails, and the turn with it: the customer is asked to try again, and then all is
    as it was. What cannot be saved is kept in memory, as Rasa does; it is logged without the rows it quotes.
    """

    def __init__(self, store: TrackerStore) -> None:
        super().__init__(store, on_tracker_store_error=_log_error)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Read the conversation since its latest session began."""
        return await self._tracker_store.retrieve(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Read the whole conversation."""
        return await self._tracker_store.retrieve_full_tracker(conversation_id)


def careful(store: TrackerStore | None, domain: Domain) -> CarefulTrackerStore:
    """Wrap the store that ``endpoints.yml`` names; without one, conversations are kept in memory."""
    if store is not None:
        store.domain = domain
    if isinstance(store, SQLTrackerStore) and store.engine.dialect.name == "postgresql":
        _bound(store)
    return CarefulTrackerStore(store or InMemoryTrackerStore(domain))


def _bound(store: SQLTrackerStore) -> None:
    """Give the store connections that are tried before they are used, and waits that end: Rasa's own do neither."""
    before = store.engine
    store.engine = bounded_postgres(before.url, **create_engine_kwargs(before.url))
    store.sessionmaker.configure(bind=store.engine)
    before.dispose()


def _log_error(error: Exception) -> None:
    log_failure("the tracker store", error, None)
