"""What channels must not forget over a restart: events they have taken, and choices they have offered.

A database (``channels.url`` in endpoints.yml; SQLite by default), so that two processes that share it take no event
twice. Calls block for about a millisecond; callers in an event loop use ``asyncio.to_thread``.
"""

import secrets
import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from kefu.database import Database

_SEEN_SECONDS = 24 * 3600.0  # Slack repeats an event within minutes, Telegram an update for up to a day
_CHOICE_SECONDS = 7 * 24 * 3600.0
_SWEEP_EVERY = 200  # writes between two looks for what is too old
_KEY_BYTES = 12  # 16 characters, far below the 64 bytes of Telegram's callback data

TABLES = sa.MetaData()
_seen = sa.Table(
    "channel_seen",
    TABLES,
    sa.Column("channel", sa.String(40), primary_key=True),
    sa.Column("event", sa.String(200), primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
_offered = sa.Table(
    "channel_offered",
    TABLES,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("choice", sa.String(32), primary_key=True),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


class ChannelStore:
    """Events seen and choices offered.

    A button carries a random key instead of its payload. The key is good in its own conversation only, and only until
    the customer says something else: nobody can make one up, press a button of yesterday's summary, or send a payload
    that no button had.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """:raises StoreError: if the database cannot be used."""
        self._database = database
        self._clock = clock
        self._writes = 0
        with database.creating("channels", 1, TABLES):
            pass

    def is_new(self, channel: str, event: str) -> bool:
        """Note an event; False if it has been noted before."""
        with self._database.writing() as connection:
            self._sweep(connection)
            row = {"channel": channel, "event": event[:200], "at": self._clock()}
            try:
                connection.execute(sa.insert(_seen).values(row))
            except sa.exc.IntegrityError:
                return False
        return True

    def forget(self, channel: str, event: str) -> None:
        """Take a note back: the event could not be taken after all, and may be delivered again."""
        with self._database.writing() as connection:
            same = (_seen.c.channel == channel) & (_seen.c.event == event[:200])
            connection.execute(sa.delete(_seen).where(same))

    def offer(self, conversation: str, payloads: Sequence[str]) -> list[str]:
        """Note what buttons offer, and give a key for each."""
        keys = [secrets.token_urlsafe(_KEY_BYTES) for _ in payloads]
        if keys:
            now = self._clock()
            rows = [
                {"conversation": conversation, "choice": key, "payload": payload, "at": now}
                for key, payload in zip(keys, payloads, strict=True)
            ]
            with self._database.writing() as connection:
                self._sweep(connection)
                connection.execute(sa.insert(_offered), rows)
        return keys

    def choose(self, conversation: str, key: str) -> str | None:
        """Give the payload of a choice and close all choices of the conversation; None if it is not open."""
        of_conversation = _offered.c.conversation == conversation
        with self._database.writing() as connection:
            chosen = of_conversation & (_offered.c.choice == key)
            payload: str | None = connection.scalar(sa.select(_offered.c.payload).where(chosen))
            # Of two processes that have read it, one deletes it.
            if payload is None or not connection.execute(sa.delete(_offered).where(chosen)).rowcount:
                return None
            connection.execute(sa.delete(_offered).where(of_conversation))
        return payload

    def offered(self, conversation: str, key: str) -> str | None:
        """Give the payload of a choice, which stays open; None if it is not."""
        chosen = (_offered.c.conversation == conversation) & (_offered.c.choice == key)
        with self._database.reading() as connection:
            payload: str | None = connection.scalar(sa.select(_offered.c.payload).where(chosen))
        return payload

    def close_choices(self, conversation: str) -> None:
        """Close all choices of a conversation: its customer has said something else."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_offered).where(_offered.c.conversation == conversation))

    def _sweep(self, connection: sa.engine.Connection) -> None:
        """Delete what is too old, now and then, so that neither table grows for ever."""
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 1:
            now = self._clock()
            connection.execute(sa.delete(_seen).where(_seen.c.at < now - _SEEN_SECONDS))
            connection.execute(sa.delete(_offered).where(_offered.c.at < now - _CHOICE_SECONDS))
