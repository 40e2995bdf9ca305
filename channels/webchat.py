"""Web chat over Socket.IO: ``credentials.yml`` names ``kefu.channels.webchat.WebChatChannel``.

Rasa's own never delivers a bot message where sessions persist, lets whoever names a session join it, and drops what is
said while the connection is away. Here sessions are signed, messages numbered, and a reconnect gets what it missed.
docs/webchat_protocol.md has the events as a chat page needs them:

    → session_request {token?, last_id?, language?}       ← session_confirm {token, session_id, last_id, …}
                                                          ← session_refused {reason}
    → user_uttered {message, payload?, id?}   acked       ← bot_uttered {id, text, buttons, source, as_of, …}
    → ack {id}                                            ← user_echo {id, text, client_id}   ← typing {on}

One process serves one set of connections: run several one-worker servers with sticky sessions, not several workers.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse

from kefu.channels.addresses import client_address, source_address
from kefu.channels.background import Background
from kefu.channels.backlog import Backlog
from kefu.channels.intake import Handler, Incoming, Intake, Shared, shared
from kefu.channels.locks import Locks
from kefu.channels.options import options_of
from kefu.channels.rate_limit import RateLimiter
from kefu.channels.secret_file import secret_of
from kefu.channels.webchat_output import WebChatOutput
from kefu.channels.webchat_page import add_page
from kefu.channels.webchat_server import ChatBlueprint, ChatServer
from kefu.channels.webchat_sessions import Session, SessionRefused, Sessions
from kefu.errors import SettingsError

SECRET_VARIABLE = "KEFU_WEBCHAT_SECRET"
_SECRET_FILE = "webchat.secret"
_ORIGIN = re.compile(r"https?://[\w.:\[\]-]+")  # it becomes part of a header
_LONGEST_ID = 64
_LONGEST_TITLE = 200
_EVENTS_PER_MINUTE, _EVENTS_AT_ONCE = 300, 60  # of one connection, whatever they are
_SESSION_EVENTS = 20  # what a session_request counts as: all messages are read and sent again
_NEW_PER_MINUTE, _NEW_AT_ONCE = 30, 30  # sessions of visitors without a token, of one address
_ALL_NEW_PER_MINUTE, _ALL_NEW_AT_ONCE = 600, 600  # of all addresses
_LARGEST_NUMBER = 2**31 - 1
_PATIENCE_SECONDS = 10.0  # for turns that are under way when the server stops

logger = logging.getLogger(__name__)
Answer = dict[str, Any]


@dataclass(frozen=True)
class WebChatOptions:
    """Options in credentials.yml.

    ``cors``: pages that may connect, beside those of this server's own address. ``embed_in``: shops whose pages may
    show this server's chat page in a frame; these need no ``cors``. ``page``: whether there is a chat page at all.
    ``proxied``: visitors come through a proxy on another machine, which names them at the end of X-Forwarded-For.
    """

    cors: list[str] | None = None
    embed_in: list[str] | None = None
    page: bool = True
    proxied: bool = False
    socketio_path: str = "/socket.io"

    def __post_init__(self) -> None:
        """:raises SettingsError: if `cors` or `embed_in` is no list of origins."""
        for name in ("cors", "embed_in"):
            value = getattr(self, name)
            origins = [] if value is None else value
            if not isinstance(origins, list) or not all(
                isinstance(item, str) and _ORIGIN.fullmatch(item) for item in origins
            ):
                raise SettingsError(
                    f"`{name}` must be a list of origins such as https://shop.example (no path), not {value!r}."
                )


@dataclass(frozen=True)
class _Joined:
    session: Session
    language: str | None
    end: asyncio.TimerHandle  # lets the connection out of its session when its token's time is over


class WebChatChannel(InputChannel):
    """The web chat; ``sessions`` sign, ``parts`` are shared with the other channels."""

    @classmethod
    def name(cls) -> str:
        """Give the channel's name, which is also its address below /webhooks."""
        return "webchat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChatChannel":
        """Make the channel from credentials.yml, endpoints.yml and the environment.

        :raises SettingsError: if an option or the secret cannot be used.
        """
        options = options_of(WebChatOptions, credentials, cls.name())
        parts = shared()
        return cls(parts, Sessions(secret_of(SECRET_VARIABLE, parts.settings.path(f".kefu/{_SECRET_FILE}"))), options)

    def __init__(self, parts: Shared, sessions: Sessions, options: WebChatOptions | None = None) -> None:
        self._parts = parts
        self._sessions = sessions
        self._options = options or WebChatOptions()
        self._backlog = Backlog(parts.database, parts.settings.channels.keep_hours)
        self._background = Background(self.name())
        self._events = RateLimiter(_EVENTS_PER_MINUTE, _EVENTS_AT_ONCE)
        self._new = RateLimiter(_NEW_PER_MINUTE, _NEW_AT_ONCE)
        self._all_new = RateLimiter(_ALL_NEW_PER_MINUTE, _ALL_NEW_AT_ONCE)
        self._addresses: dict[str, str] = {}
        self._joined: dict[str, _Joined] = {}
        self._order = Locks()  # a session's messages are taken one after the other
        self._server: ChatServer | None = None
        self._output: WebChatOutput | None = None

    def get_output_channel(self) -> OutputChannel | None:
        """Give what sends to sessions from outside of a turn."""
        return self._output

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Give the Socket.IO server, with a health check beside it."""
        server = self._server = ChatServer(self._options.cors)
        output = self._output = WebChatOutput(server, self._backlog, self._parts.store)
        mounted = ChatBlueprint(server, self._options.socketio_path, "kefu_webchat", __name__)
        if self._options.page:
            mounted.also(self._add_page)
        self._intake = Intake(self.name(), self._parts, on_new_message, output, mounted.agent)

        @mounted.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return responses.json({"status": "ok"})

        @mounted.before_server_stop
        async def finish(*_: Any) -> None:
            await self._background.finish(_PATIENCE_SECONDS)

        server.on("connect", self._connected)
        server.on("disconnect", self._disconnected)
        for event, handle in {
            "session_request": self._session_request,
            "user_uttered": self._user_uttered,
            "ack": self._ack,
        }.items():
            server.on(event, self._guarded(handle, _SESSION_EVENTS if event == "session_request" else 1))
        return mounted

    def _add_page(self, app: Sanic) -> None:
        add_page(
            app,
            socketio_path=self._options.socketio_path,
            longest=self._parts.settings.server.max_characters,
            embed_in=self._options.embed_in or [],
        )

    def _guarded(
        self, handle: Callable[[str, dict[str, Any]], Awaitable[Answer]], cost: int
    ) -> Callable[..., Awaitable[Answer]]:
        """Answer every event, whatever comes with it and whatever fails."""

        async def guarded(sid: str, *arguments: Any) -> Answer:
            data = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
            if self._events.ask(sid, cost) != "pass":
                return _refused("too_fast")
            try:
                return await handle(sid, data)
            except Exception as error:  # noqa: BLE001 – stores raise what their drivers do; its words may be a customer's
                logger.error("an event of the web chat failed with %s", type(error).__name__)
                return _refused("trouble")

        return guarded

    async def _connected(self, sid: str, environ: dict[str, Any], *_: Any) -> None:
        """Let everybody connect: a conversation is joined by its signed token only."""
        self._addresses[sid] = client_address(environ["sanic.request"], is_proxied=self._options.proxied)

    async def _disconnected(self, sid: str, *_: Any) -> None:
        self._addresses.pop(sid, None)
        self._leave(sid)

    def _may_begin(self, sid: str) -> bool:
        """Bound new sessions: each has messages of its own that pass, and tries at proving whose an order is."""
        address = self._addresses.get(sid, "")
        return self._new.ask(address) == "pass" and self._all_new.ask("") == "pass"

    def _leave(self, sid: str) -> None:
        if before := self._joined.pop(sid, None):
            before.end.cancel()

    def _end_at(self, sid: str, session: Session) -> asyncio.TimerHandle:
        """Have a connection get no more once its session is over; what it sends is refused by then."""

        async def end() -> None:
            assert self._server is not None
            await self._server.leave_room(sid, session.id)

        seconds = max(0.0, session.expires - time.time())
        return asyncio.get_running_loop().call_later(seconds, lambda: self._background.start(end()))

    async def _session_request(self, sid: str, data: dict[str, Any]) -> Answer:
        assert self._server is not None and self._output is not None
        token, language = data.get("token"), data.get("language")
        if token is None and not self._may_begin(sid):
            return _refused("too_fast")
        try:
            session, token = (
                self._sessions.issue() if token is None else self._sessions.renewed(self._sessions.read(token), token)
            )
        except SessionRefused as error:
            await self._server.emit("session_refused", {"reason": error.reason}, to=sid)
            return _refused(error.reason)
        if (before := self._joined.get(sid)) and before.session.id != session.id:
            await self._server.leave_room(sid, before.session.id)
        self._leave(sid)
        spoken = language[:_LONGEST_ID] if isinstance(language, str) else None
        self._joined[sid] = _Joined(session, spoken, self._end_at(sid, session))
        confirm = {"session_id": session.id, "token": token, "expires": int(session.expires)}
        if not await self._output.join(session.id, sid, _number(data.get("last_id")), confirm):
            self._leave(sid)
        return {"ok": True}

    async def _user_uttered(self, sid: str, data: dict[str, Any]) -> Answer:
        assert self._output is not None
        joined = self._joined.get(sid)
        if joined is None:
            return _refused("no_session")
        session = joined.session
        if session.expires <= time.time():
            return _refused("expired")
        text, choice, client_id = data.get("message"), data.get("payload"), data.get("id")
        if not isinstance(text, str) or not _is_id(choice) or not _is_id(client_id):
            return _refused("bad_message")
        async with self._order.of(session.id):
            known = await asyncio.to_thread(self._backlog.known, session.id, client_id) if client_id else None
            if known is not None:
                return {"ok": True, "id": known}
            incoming = Incoming(
                session.id,
                text,
                choice,
                joined.language,
                metadata=session.metadata(),
                address=source_address(self._addresses.get(sid)),
            )
            outcome, message = await self._intake.check(incoming, takes_choice=False)
            if message is None:
                return self._not_taken(outcome, session)
            shown = text[:_LONGEST_TITLE] if choice else text
            number = await self._output.echo(session.id, shown, client_id, sid)
            if choice:
                await self._intake.close_choices(session.id)
            self._background.start(self._turn(session.id, message))
        return {"ok": True, "id": number}

    async def _turn(self, conversation: str, message: UserMessage) -> None:
        assert self._output is not None
        try:
            await self._output.typing(conversation, +1)
            await self._intake.hand_over(message)
        finally:
            await self._output.typing(conversation, -1)

    async def _ack(self, sid: str, data: dict[str, Any]) -> Answer:
        joined = self._joined.get(sid)
        if joined is None:
            return _refused("no_session")
        await asyncio.to_thread(self._backlog.acknowledge, joined.session.id, _number(data.get("id")))
        return {"ok": True}

    def _not_taken(self, outcome: str, session: Session) -> Answer:
        answer = _refused(outcome)
        if outcome == "too_fast":
            answer["retry_after"] = round(self._parts.limiter.seconds_to_wait(session.id), 1)
        return answer


def _refused(reason: str) -> Answer:
    return {"ok": False, "reason": reason}


def _number(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_NUMBER
    return int(value) if is_number else 0  # type: ignore[call-overload]


def _is_id(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_ID)
