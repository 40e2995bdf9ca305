"""Rasa's agent at Kefu's door: what comes in is cleaned, joined and bounded before a turn begins."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.server.burst import BurstJoiner
from kefu.server.deadline import turn_deadline
from kefu.server.intake import clean
from kefu.server.logs import log_failure, logger
from kefu.server.processor import KefuMessageProcessor
from kefu.server.replies import SAY_SOMETHING, SERVICE_TROUBLE, TOO_LONG, compose, send
from kefu.server.tracker_store import careful
from kefu.settings import ServerSettings
from kefu.text import is_blank

_READ_AT_MOST = 4  # times max_characters; what lies beyond is not even cleaned, so that a huge message costs nothing
_RESERVE = 1.0  # seconds of a lock's life, at most, that are kept for saying that a turn failed, and saving it
_LOCK_POLL = 0.05  # seconds between two looks at a conversation's lock; Rasa looks once a second


class KefuAgent(Agent):
    """An agent that answers every message; ``settings`` are those of the class (see :func:`configured`)."""

    settings: ClassVar[ServerSettings] = ServerSettings()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bursts = BurstJoiner(self.settings.burst_seconds)
        self._turns: set[asyncio.Future[None]] = set()
        self._parsers = ThreadPoolExecutor(max(1, self.settings.parse_threads), thread_name_prefix="kefu-parse")

    @classmethod
    def load(cls, model_path: str | Path, *args: Any, fingerprint: str | None = None, **kwargs: Any) -> "KefuAgent":
        """Make an agent with a model; the options are those of Rasa's ``Agent``."""
        agent = cls(*args, fingerprint=fingerprint, **kwargs)
        agent.load_model(model_path, fingerprint)
        return agent

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model into Kefu's processor."""
        self.processor = KefuMessageProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
            parsers=self._parsers,
            action_timeout=self.settings.action_timeout,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if hasattr(self.nlg, "responses"):
            self.nlg.responses = self.domain.responses if self.domain else {}

    def close(self) -> None:
        """End the threads; messages that are being parsed are finished."""
        self._parsers.shutdown(wait=False)

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer a message, alone or with the pieces of a sentence that came right before it.

        Never fails. The earlier pieces of a burst get nothing: the last one's request carries the answer.
        """
        message.text = clean((message.text or "")[: _READ_AT_MOST * self.settings.max_characters])
        if not is_blank(message.text):
            joined = await self._bursts.join(message.sender_id, message.text)
            if joined is None:
                return _said(message)
            message.text = joined
        # A client that hangs up ends its request, not the turn: what an action has done must be on the tracker.
        turn = asyncio.ensure_future(self._turn(message))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        await asyncio.shield(turn)
        return _said(message)

    async def _turn(self, message: UserMessage) -> None:
        answered = False
        lifetime = self.settings.lock_lifetime
        try:
            with turn_deadline(lifetime - min(_RESERVE, lifetime / 10)):
                async with self.lock_store.lock(message.sender_id, lifetime, _LOCK_POLL):
                    await self._take_turn(message)
                    answered = True
        except Exception as error:  # noqa: BLE001 – locks and stores may be servers that are away
            log_failure("turn", error, message.sender_id)
            if not answered:
                await self._apologise(message)

    async def _take_turn(self, message: UserMessage) -> None:
        if not isinstance(self.processor, KefuMessageProcessor):
            logger.error("A message came in, and there is no model. Train one with `kefu train`.")
            await self._apologise(message)
        elif is_blank(message.text or ""):
            await self.processor.reply(SAY_SOMETHING, message)
        elif len(message.text or "") > self.settings.max_characters:
            await self.processor.reply(TOO_LONG, message)
        else:
            await self.processor.handle_message(message)

    async def _apologise(self, message: UserMessage) -> None:
        """Send the service message without noting it: the conversation is not ours to write to, or cannot be read."""
        tracker: DialogueStateTracker | None = None
        try:
            tracker = await self.tracker_store.retrieve(message.sender_id)
        except Exception as error:  # noqa: BLE001 – only the language is wanted, and there is a way without it
            log_failure("reading the conversation", error, message.sender_id)
        if tracker is None:
            slots = self.domain.slots if self.domain else []
            tracker = DialogueStateTracker.from_events(message.sender_id, [], slots)
        said = await compose(SERVICE_TROUBLE, tracker, self.domain, self.nlg, message.output_channel, message.text)
        await send(said, message.sender_id, message.output_channel)

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        return careful(store, domain)


def _said(message: UserMessage) -> list[dict[str, Any]] | None:
    channel = message.output_channel
    return channel.messages if isinstance(channel, CollectingOutputChannel) else None


def configured(settings: ServerSettings) -> type[KefuAgent]:
    """Give the agent class for these settings, fit to stand in for ``rasa.core.agent.Agent``."""
    return type("ConfiguredKefuAgent", (KefuAgent,), {"settings": settings})
