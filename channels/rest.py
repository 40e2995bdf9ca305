"""The REST channel with its input checked: ``credentials.yml`` names ``kefu.channels.rest.RestChannel``.

Rasa's own throws on a body that is no object, puts every message without a sender into one conversation that all such
customers share, logs the text of a message that fails, leaves a streamed request hanging after an exception, and is
open to whoever reaches the port.

    POST /webhooks/rest/webhook   {"sender": "…", "message": "…", "metadata": {…}}  → [{"recipient_id", "text", …}]
         Authorization: Bearer …  what KEFU_REST_TOKEN holds; where that is unset, only programs on this machine may
         post, and only as senders that are no other channel's
    GET  /webhooks/rest/          200 once a model is loaded, else 503
"""

import asyncio
import hmac
import json
import logging
import os
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import QueueOutputChannel, RestInput
from rasa.utils.endpoints import bool_arg
from sanic import Blueprint
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse, ResponseStream

from kefu.channels.addresses import is_local, network
from kefu.channels.conversation_ids import PREFIXES
from kefu.channels.names import is_printable
from kefu.channels.notices import TOO_FAST, notice
from kefu.channels.rate_limit import RateLimiter
from kefu.channels.sources import SOURCE, Sources
from kefu.channels.webhook import BadEvent, checked_size, json_object, refusal
from kefu.errors import SettingsError
from kefu.settings import load_settings

TOKEN_VARIABLE = "KEFU_REST_TOKEN"
SHORTEST_TOKEN = 16  # characters
CLIENT = "client"  # in the metadata of a request: the address that the customer wrote from
LONGEST_SENDER = 255  # characters: what SQL tracker stores keep

_END = "DONE"  # tells a stream that the turn is over
# A proxy on this machine passes on what comes from elsewhere; a page in a browser posts with its origin.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "origin")
_OLD_HTTP = "1.0"  # nginx speaks it to what is behind it, and else may say nothing of itself; no client does
_MESSENGERS = ("kefu_slack", "kefu_telegram")  # blueprints that need an address which all the world reaches
_WEB_CHAT = "kefu_webchat"

logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]


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

    :raises BadEvent: if it is too large or no JSON object, or one of its values is none that can be used.
    """
    content = json_object(checked_size(body))
    text, metadata = content.get("message"), content.get("metadata")
    if not isinstance(text, str):
        raise BadEvent(400, "`message` must be a string")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadEvent(400, "`metadata` must be an object")
    sender = _name(content, "sender") or uuid.uuid4().hex
    return RestMessage(text, sender, _name(content, "input_channel") or RestChannel.name(), metadata)


def _name(content: dict[str, Any], key: str) -> str | None:
    """Read a value that becomes a key in stores and logs: a string, not too long, printable."""
    value = content.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadEvent(400, f"`{key}` must be a string")
    if len(value) > LONGEST_SENDER:
        raise BadEvent(400, f"`{key}` must not be longer than {LONGEST_SENDER} characters")
    if not is_printable(value):
        raise BadEvent(400, f"`{key}` must not contain control characters")
    return value.strip() or None


class RestChannel(RestInput):
    """Rasa's REST channel, under the same name and address.

    :param token: what callers must show; None: callers on this machine need none, others are refused. Whoever has it
        speaks for all customers: it belongs to the shop's own servers, never to a browser.
    :param limiter: bounds the messages of each sender that come in with the token.
    :param sources: names the customers' addresses; None: they are dropped.
    """

    def __init__(
        self, token: str | None = None, limiter: RateLimiter | None = None, sources: Sources | None = None
    ) -> None:
        self._token = token
        self._sources = sources
        self._limiter = RateLimiter(0, 1) if limiter is None else limiter  # an empty one is false

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "RestChannel":
        """Make the channel with the token of the environment.

        :raises SettingsError: if the token is too short to be one, or the secret of the sources cannot be used.
        """
        token = os.environ.get(TOKEN_VARIABLE) or None
        if token is not None and len(token) < SHORTEST_TOKEN:
            raise SettingsError(
                f"{TOKEN_VARIABLE} must have at least {SHORTEST_TOKEN} characters; it has {len(token)}. "
                f"Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        settings = load_settings()
        limiter = RateLimiter(settings.channels.per_minute, settings.channels.burst)
        return cls(token, limiter, Sources.of_settings(settings))

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
            if not self._may_post(request):
                return responses.json({"error": _refusal(self._token)}, 401, headers={"WWW-Authenticate": "Bearer"})
            try:
                message = self._sourced(read_request(request.body))
                self._refuse_other_channels(message)
            except BadEvent as error:
                return refusal(error)
            if (limited := await self._limited(request, message)) is not None:
                return limited
            if bool_arg(request, "stream", default=False):
                return responses.stream(_stream(on_new_message, message), content_type="text/event-stream")
            collector = CollectingOutputChannel()
            await _handle(on_new_message, message.to(collector))
            return responses.json(collector.messages)

        @rest.before_server_start
        async def warn(app: Any, _: Any) -> None:
            self._warn(app)

        return rest

    def _may_post(self, request: Request) -> bool:
        if self._token is not None:
            shown = request.headers.get("authorization") or ""
            return hmac.compare_digest(shown.encode("utf-8", "replace"), f"Bearer {self._token}".encode())
        is_direct = request.version != _OLD_HTTP and not any(name in request.headers for name in _FORWARDED)
        return is_local(request.ip) and is_direct and names_this_machine(request.headers.get("host") or "")

    def _sourced(self, message: RestMessage) -> RestMessage:
        """Put a name that tells nobody anything in the place of the address that the customer wrote from."""
        given = dict(message.metadata or {})
        given.pop(SOURCE, None)
        client = given.pop(CLIENT, None)
        if self._sources is not None and isinstance(client, str):
            given |= self._sources.metadata(network(client.strip()))
        return replace(message, metadata=given or None)

    def _refuse_other_channels(self, message: RestMessage) -> None:
        """Leave the conversations of other channels to them, and to whoever has the token."""
        if self._token is None and message.sender.lower().startswith(PREFIXES):
            raise BadEvent(400, f"without {TOKEN_VARIABLE}, `sender` must not begin with {', '.join(PREFIXES)}")

    def _warn(self, app: Any) -> None:
        """Say that the port is open to all the world while REST has no token."""
        reached_from_outside = {
            "a messenger's webhook is open": any(name in app.blueprints for name in _MESSENGERS),
            "the web chat listens to other machines": _WEB_CHAT in app.blueprints
            and not _is_this_machine(app.state.host),
        }
        if self._token is None and any(reached_from_outside.values()):
            why = next(why for why, holds in reached_from_outside.items() if holds)
            logger.warning(
                "REST has no token while %s: set %s, or take REST out of credentials.yml", why, TOKEN_VARIABLE
            )

    async def _limited(self, request: Request, message: RestMessage) -> HTTPResponse | None:
        """Answer a sender who is too fast: with words at first, then with 429."""
        verdict = "pass" if self._token is None else self._limiter.ask(message.sender)
        if verdict == "pass":
            return None
        if verdict == "tell":
            text = await notice(TOO_FAST, getattr(request.app.ctx, "agent", None), message.sender, message.text)
            return responses.json([{"recipient_id": message.sender, "text": text}])
        wait = {"Retry-After": str(int(self._limiter.seconds_to_wait(message.sender)) + 1)}
        return responses.json({"error": "too many messages of this sender"}, status=429, headers=wait)


def names_this_machine(host: str) -> bool:
    """Say whether a Host header means this machine by itself: what a tunnel passes on names another."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return _is_this_machine(name)


def _is_this_machine(name: str) -> bool:
    return name == "localhost" or is_local(name)


def _refusal(token: str | None) -> str:
    if token is not None:
        return "a bearer token is needed"
    return f"only programs on this machine may post; for others set {TOKEN_VARIABLE} and send it as a bearer token"


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
