"""What webhooks of messengers have in common: a body of bounded size that is JSON, and an answer at once.

A messenger wants its answer within seconds, whatever the model does, and delivers again what it gets none for. So an
event is noted by its id, the webhook answers, and the turn is taken after that.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic import response as responses
from sanic.response import HTTPResponse

from kefu.channels.background import Background
from kefu.channels.intake import Incoming, Intake, Outcome
from kefu.channels.locks import Locks
from kefu.channels.store import ChannelStore
from kefu.errors import StoreError

LARGEST_BODY = 1 << 20  # bytes
_PATIENCE_SECONDS = 10.0  # for turns that are under way when the server stops

logger = logging.getLogger(__name__)


class BadEvent(ValueError):
    """A request that cannot be read; ``status`` answers it. Its text quotes nothing."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


def checked_size(body: bytes) -> bytes:
    """Refuse a body that is larger than any event.

    :raises BadEvent: with status 413.
    """
    if len(body) > LARGEST_BODY:
        raise BadEvent(413, f"the body must not be larger than {LARGEST_BODY} bytes")
    return body


def json_object(body: bytes | str) -> dict[str, Any]:
    """Read a JSON object.

    :raises BadEvent: with status 400, if it is none.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadEvent(400, "the body must be JSON") from None  # the cause quotes the body
    if not isinstance(content, dict):
        raise BadEvent(400, "the body must be a JSON object")
    return content


def refusal(error: BadEvent) -> HTTPResponse:
    """Answer a request that cannot be read."""
    return responses.json({"error": str(error)}, status=error.status)


def agent_of(blueprint: Blueprint) -> Callable[[], Any]:
    """Give what finds the running agent of the app that a blueprint is mounted on; None as long as there is none."""
    mounted: list[Any] = []

    @blueprint.before_server_start
    async def remember(app: Any, _: Any) -> None:
        mounted.append(app)

    return lambda: getattr(mounted[-1].ctx, "agent", None) if mounted else None


class Deliveries:
    """Takes each event once, and answers its message after the webhook has returned."""

    def __init__(self, channel: str, store: ChannelStore, intake: Intake) -> None:
        self._channel = channel
        self._store = store
        self._intake = intake
        self._background = Background(channel)
        self._order = Locks()

    def finish_with(self, blueprint: Blueprint) -> None:
        """Let turns end before the server does."""

        @blueprint.before_server_stop
        async def finish(*_: Any) -> None:
            await self._background.finish(_PATIENCE_SECONDS)

    async def is_new(self, event: str) -> bool:
        """Note an event; False for one that was delivered before.

        :raises BadEvent: with status 503, if it cannot be noted; the messenger delivers it again.
        """
        try:
            return await asyncio.to_thread(self._store.is_new, self._channel, event)
        except StoreError as error:
            logger.error("an event of %s could not be noted: %s", self._channel, error)
            raise BadEvent(503, "try again later") from None

    def take(self, incoming: Incoming) -> None:
        """Have a message answered, after this returns."""
        self._background.start(self._take(incoming))

    async def settle(self, incoming: Incoming) -> Outcome:
        """Check a message, in the order of its conversation, and have it answered; say what became of it.

        :raises StoreError: if it could not be checked; its sender has been told then.
        """
        try:
            async with self._order.of(incoming.conversation):
                outcome, message = await self._intake.check(incoming)
                if message is not None:
                    self._background.start(self._intake.hand_over(message))
        except Exception:
            await self._intake.say_trouble(incoming)
            raise
        return outcome

    def start(self, work: Any) -> None:
        """Do some work after the webhook has returned."""
        self._background.start(work)

    async def _take(self, incoming: Incoming) -> None:
        if await self.settle(incoming) == "choice_gone":
            await self._intake.say_choice_gone(incoming)
