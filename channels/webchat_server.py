"""The Socket.IO server of the web chat: python-socketio's, on which rubbish from a client is no error of ours."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from engineio.async_drivers.sanic import WebSocket
from engineio.packet import Packet
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Sanic
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer
from socketio.packet import BINARY_ACK, BINARY_EVENT

LARGEST_PACKET = 64 * 1024  # bytes, of one packet and of one POST
MOST_WAITING = 500  # packets that a client has not read; a replay of all messages has fewer
_BINARY = (str(BINARY_EVENT), str(BINARY_ACK))  # what packets begin with that announce binary ones; no event has any

# What these two libraries call errors is what strangers send them: wrong origins, broken frames, closed connections.
# They would be logged with what was sent. Faults of ours are logged where they happen.
_QUIET = logging.getLogger("kefu.channels.webchat.transport")
_QUIET.setLevel(logging.CRITICAL)


class _CarefulWebSocket(WebSocket):
    """Takes what cannot be read for the end of the connection; the library would fail on it, in Sanic's log."""

    async def wait(self) -> Any:
        """Give the next packet.

        :raises OSError: if there is none any more, or it is too large or no packet.
        """
        data = await super().wait()
        if len(data) > LARGEST_PACKET:
            raise OSError
        try:
            Packet(encoded_packet=data)
        except Exception:  # noqa: BLE001 – it may be broken in any way
            raise OSError from None
        return data


class ChatServer(AsyncServer):
    """Ends the connection of a client that does not speak the protocol.

    :param origins: web pages that may connect, such as https://shop.example; None: those of this server's own address.
    """

    def __init__(self, origins: Sequence[str] | None) -> None:
        self._origins = frozenset(origins or ())
        super().__init__(
            async_mode="sanic",
            cors_allowed_origins=self._may_connect if origins else None,
            max_http_buffer_size=LARGEST_PACKET,
            logger=_QUIET,
            engineio_logger=_QUIET,
        )
        self.eio._async = {**self.eio._async, "websocket": _CarefulWebSocket}

    def _may_connect(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Let named pages in and, as the library does only where none is named, those of this server's own address."""
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO") or environ.get("wsgi.url_scheme", "http")
        hosts = {environ.get(name, "").split(",")[0].strip() for name in ("HTTP_HOST", "HTTP_X_FORWARDED_HOST")}
        own = {f"{forwarded.split(',')[0].strip()}://{host}" for host in hosts if host}
        return origin in self._origins or "*" in self._origins or origin in own

    def attach(self, app: Sanic, socketio_path: str = "socket.io") -> None:
        """Mount the server, behind a check of what is posted."""

        async def handle(request: Request) -> HTTPResponse | None:
            if len(request.body) > LARGEST_PACKET:
                return responses.empty(status=413)
            try:
                return await self.eio.handle_request(request)
            except Exception:  # noqa: BLE001 – see _QUIET
                _QUIET.debug("a request could not be read")
                return responses.empty(status=400)

        app.add_route(handle, f"/{socketio_path.strip('/')}/", methods=["GET", "POST", "OPTIONS"])
        app.enable_websocket()

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Take a packet. Binary ones end the connection: the library would keep as many of them as one announces."""
        if not isinstance(data, str) or data.startswith(_BINARY):
            await self.eio.disconnect(eio_sid)
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception:  # noqa: BLE001 – a packet may be broken in any way; our own handlers catch their own
            _QUIET.debug("a packet could not be read")
            await self.eio.disconnect(eio_sid)

    async def _send_eio_packet(self, eio_sid: str, eio_pkt: Packet) -> None:
        """Send a packet, unless its client leaves too many unread: the library would keep them all."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None and connection.queue.qsize() >= MOST_WAITING:
            await connection.close(wait=False, abort=True)
            return
        await super()._send_eio_packet(eio_sid, eio_pkt)


class ChatBlueprint(SocketBlueprint):
    """Mounts the server, and knows the app it is mounted on."""

    def also(self, add: Callable[[Sanic], None]) -> None:
        """Have something added to the app as well, outside of the channel's own addresses."""
        self.ctx.add = add

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the server to the app."""
        self.ctx.app = app
        super().register(app, options)
        if add := getattr(self.ctx, "add", None):
            add(app)

    def agent(self) -> Any:
        """Give the running agent, or None as long as there is none."""
        return getattr(self.ctx.app.ctx, "agent", None)
