"""What every message passes on its way in: rate, length, kind, and whether its choice was offered."""

import asyncio
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rasa.core.channels.channel import UserMessage

from kefu.channels.notices import CHOICE_GONE, TOO_FAST, TOO_LONG, TROUBLE, WORDS_ONLY, notice
from kefu.channels.rate_limit import RateLimiter
from kefu.channels.replies import ReplyChannel
from kefu.channels.sources import Sources
from kefu.channels.store import ChannelStore
from kefu.database import Database
from kefu.errors import StoreError
from kefu.settings import Settings, load_settings

Handler = Callable[[UserMessage], Awaitable[Any]]
Outcome = Literal["taken", "too_fast", "too_long", "words_only", "choice_gone"]

_SLASH = "/"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A message as a channel read it.

    ``text`` is None where the customer sent something without words (a picture, a voice message). ``choice`` is the
    key of a pressed button. ``metadata`` goes on to the dialogue: ``channel``, and ``tier`` where somebody vouches for
    it.
    """

    conversation: str
    text: str | None = None
    choice: str | None = None
    language: str | None = None  # a code such as zh-hans, as the platform has it
    message_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    sender: str | None = None  # whose messages are counted together, where one person has several conversations
    address: str | None = None  # whose failed proofs are counted together, where nobody vouches for a person


@dataclass(frozen=True)
class Shared:
    """What the channels of a process have in common."""

    settings: Settings
    database: Database
    store: ChannelStore
    limiter: RateLimiter
    sources: Sources


def shared(settings: Settings | None = None) -> Shared:
    """Open what the channels share.

    :raises SettingsError: if endpoints.yml is wrong, or the secret of :mod:`kefu.channels.sources` cannot be used.
    :raises StoreError: if the database cannot be used.
    """
    settings = settings or load_settings()
    database = Database(settings.database_url(settings.channels.url))
    limiter = RateLimiter(settings.channels.per_minute, settings.channels.burst)
    return Shared(settings, database, ChannelStore(database), limiter, Sources.of_settings(settings))


class Intake:
    """Hands messages to the dialogue, or answers them itself.

    :param agent: gives the running Rasa agent, or None as long as there is none.
    :param metadata: goes on with every message of the channel.
    """

    def __init__(
        self,
        channel: str,
        parts: Shared,
        on_new_message: Handler,
        output: ReplyChannel,
        agent: Callable[[], Any],
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self._channel = channel
        self._metadata = metadata or {}
        self._parts = parts
        self._on_new_message = on_new_message
        self._output = output
        self._agent = agent

    async def check(self, incoming: Incoming, *, takes_choice: bool = True) -> tuple[Outcome, UserMessage | None]:
        """Say what becomes of a message, and give it as the dialogue takes it; what is refused is answered here.

        After this the choices that were open are closed.

        :param takes_choice: False leaves them open where one was chosen, until :meth:`close_choices`: for a channel
            that has something to keep first, and is sent the choice again if it cannot.
        """
        verdict = self._parts.limiter.ask(incoming.sender or incoming.conversation)
        if verdict != "pass":
            if verdict == "tell":
                await self._say(TOO_FAST, incoming)
            return "too_fast", None
        if incoming.choice is not None:
            read = self._parts.store.choose if takes_choice else self._parts.store.offered
            payload = await asyncio.to_thread(read, incoming.conversation, incoming.choice)
            if payload is None:
                return "choice_gone", None
            return "taken", self._message(payload, incoming)
        if incoming.text is None or not incoming.text.strip():
            await self._say(WORDS_ONLY, incoming)
            return "words_only", None
        if len(incoming.text) > self._parts.settings.server.max_characters:
            await self._say(TOO_LONG, incoming)
            return "too_long", None
        await asyncio.to_thread(self._parts.store.close_choices, incoming.conversation)
        return "taken", self._message(as_words(incoming.text), incoming)

    async def close_choices(self, conversation: str) -> None:
        """Close the choices of a conversation whose message is kept; a fault must not keep it from being answered."""
        try:
            await asyncio.to_thread(self._parts.store.close_choices, conversation)
        except StoreError as error:
            logger.error("the choices of a conversation could not be closed: %s", error)

    async def hand_over(self, message: UserMessage) -> None:
        """Have a checked message answered; whatever fails, the channel goes on."""
        try:
            await self._on_new_message(message)
        except Exception as error:  # noqa: BLE001 – its words may be a customer's
            logger.error("a message over %s failed with %s", self._channel, type(error).__name__)

    async def say_choice_gone(self, incoming: Incoming) -> None:
        """Say that a choice is not open any more, where the platform has no better place for it."""
        await self._say(CHOICE_GONE, incoming)

    async def say_trouble(self, incoming: Incoming) -> None:
        """Say that a message could not be taken: the messenger does not deliver it again."""
        await self._say(TROUBLE, incoming)

    async def worded_choice_gone(self, incoming: Incoming) -> str:
        """Word it."""
        return await self._worded(CHOICE_GONE, incoming)

    def _message(self, text: str, incoming: Incoming) -> UserMessage:
        source = self._parts.sources.metadata(incoming.sender or incoming.address)
        return UserMessage(
            text,
            self._output,
            incoming.conversation,
            input_channel=self._channel,
            message_id=incoming.message_id,
            metadata={**self._metadata, **incoming.metadata, **source} or None,
        )

    async def _worded(self, name: str, incoming: Incoming) -> str:
        return await notice(name, self._agent(), incoming.conversation, incoming.text, incoming.language)

    async def _say(self, name: str, incoming: Incoming) -> None:
        text = await self._worded(name, incoming)
        try:
            await self._output.send_text_message(incoming.conversation, text)
        except Exception as error:  # noqa: BLE001 – the platform is away; there is nobody else to tell
            logger.error("a notice over %s failed with %s", self._channel, type(error).__name__)


def as_words(text: str) -> str:
    """Take the slash off what looks like a payload, also behind what nobody sees: what is typed is never one."""
    at = 0
    while at < len(text) and (text[at] == _SLASH or text[at].isspace() or unicodedata.category(text[at])[0] == "C"):
        at += 1
    return text[at:].strip() if _SLASH in text[:at] else text
