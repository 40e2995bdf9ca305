"""The REST channel with its input checked: ``credentials.yml`` names ``kefu.channels.rest.RestChannel``.

Rasa's own throws on a body that is no object, puts every message without a sender into one conversation that all such
customers share, logs the text of a message that fails, and leaves a streamed request hanging after an exception.

    POST /webhooks/rest/webhook   {"sender": "…", "message": "…", "metadata": {…}}  → [{"recipient_id", "text", …}]
    GET  /webhooks/rest/          200 once a model is loaded, else 503
"""

import asyncio
import json
import logging
import unicodedata
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import QueueOutputChannel, RestInput
from rasa.utils.endpoints import bool_arg
from sanic import Blueprint
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse, ResponseStream

LONGEST_SENDER = 255  # characters: what SQL tracker stores keep
LARGEST_BODY = 1 << 20  # bytes

_END = "DONE"  # tells a stream that the turn is over

logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]


class BadRequest(ValueError):
    """What is wrong with a request; its text goes to the client, so it quotes nothing."""


@dataclass(frozen=True)
class RestMessage:
    """One checked request."""

    text: str
    sender: str
    input_channel: str
    metadata: dict[str, Any] | None

    def to(self, channel: CollectingOutputChannel) -> UserMessage:
        """Give the message as Rasa takes it, answered on ``channel``."""
        return UserMessage(self.text, channel, self.sender, input_channel=self.input_channel, metadata=self.metadata)


def read_request(body: bytes) -> RestMessage:
    """Check a request's body. Without a sender the message gets a conversation of its own.

    :raises BadRequest: if it is no JSON object, or one of its values is none that can be used.
    """
    if len(body) > LARGEST_BODY:
        raise BadRequest(f"the body must not be larger than {LARGEST_BODY} bytes")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body must be JSON") from None  # the cause quotes the body
    if not isinstance(content, dict):
        raise BadRequest("the body must be a JSON object")
    text, metadata = content.get("message"), content.get("metadata")
    if not isinstance(text, str):
        raise BadRequest("`message` must be a string")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest("`metadata` must be an object")
    sender = _name(content, "sender") or uuid.uuid4().hex
    return RestMessage(text, sender, _name(content, "input_channel") or RestChannel.name(), metadata)


def _name(content: dict[str, Any], key: str) -> str | None:
    """Read a value that becomes a key in stores and logs: a string, not too long, printable."""
    value = content.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRequest(f"`{key}` must be a string")
    if len(value) > LONGEST_SENDER:
        raise BadRequest(f"`{key}` must not be longer than {LONGEST_SENDER} characters")
    if any(unicodedata.category(character).startswith("C") for character in value):
        raise BadRequest(f"`{key}` must not contain control characters")
    return value.strip() or None


class RestChannel(RestInput):
    """Rasa's REST channel, under the same name and address."""

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Give the channel's two addresses."""
        rest = Blueprint("kefu_rest", __name__)

        @rest.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return responses.json({"status": "no model is loaded"}, status=503)
            return responses.json({"status": "ok"})

        @rest.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse | ResponseStream:
            try:
                message = read_request(request.body)
            except BadRequest as error:
                return responses.json({"error": str(error)}, status=400)
            if bool_arg(request, "stream", default=False):
                return responses.stream(_stream(on_new_message, message), content_type="text/event-stream")
            collector = CollectingOutputChannel()
            await _handle(on_new_message, message.to(collector))
            return responses.json(collector.messages)

        return rest


async def _handle(on_new_message: Handler, message: UserMessage) -> None:
    try:
        await on_new_message(message)
    except Exception as error:  # noqa: BLE001 – what was said before the fault still reaches the customer
        logger.error("a message over REST failed with %s", type(error).__name__)


def _stream(on_new_message: Handler, message: RestMessage) -> Callable[[Any], Coroutine[Any, Any, None]]:
    """Write each reply as a line of JSON as soon as it is there."""

    async def write(response: Any) -> None:
        queue: asyncio.Queue[Any] = asyncio.Queue()

        async def handle() -> None:
            await _handle(on_new_message, message.to(QueueOutputChannel(queue)))
            await queue.put(_END)

        task = asyncio.ensure_future(handle())
        while (reply := await queue.get()) != _END:
            await response.write(json.dumps(reply) + "\n")
        await task

    return write
