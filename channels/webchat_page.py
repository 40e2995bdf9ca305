"""The chat page at /chat, and /chat.js, which puts it into a shop's pages (webchat/ has the sources)."""

import gzip
import hashlib
import re
from collections.abc import Callable, Coroutine, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse

_FILES = Path(__file__).parent / "webchat_files"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# Where each file is served; the page itself is filled in first.
_ADDRESSES = {
    "/chat.js": "chat.js",
    "/chat/chat-page.js": "chat-page.js",
    "/chat/chat-page.css": "chat-page.css",
    "/chat/embed.css": "embed.css",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?![\d.]))", re.IGNORECASE)
# `no-cache` lets browsers keep a file and ask whether it is still the same.
_ALWAYS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def add_page(app: Sanic, *, socketio_path: str, longest: int, embed_in: Sequence[str]) -> None:
    """Serve the page and its files.

    :param longest: characters that a message may have.
    :param embed_in: origins of the shops whose pages may show it in a frame, beside this server's own.
    """
    policy = " ".join([_POLICY, *embed_in])
    template = (_FILES / "chat.html").read_text(encoding="utf-8")
    page = template.format(socketio_path=escape(socketio_path), longest=longest)

    async def chat(_: Request) -> HTTPResponse:
        return responses.html(page, headers={**_ALWAYS, "Content-Security-Policy": policy})

    app.add_route(chat, "/chat", methods=["GET"], name="kefu_webchat_page")
    for address, name in _ADDRESSES.items():
        app.add_route(_serving(_FILES / name), address, methods=["GET"], name=f"kefu_webchat_{name}".replace(".", "_"))


def _serving(file: Path) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    content = file.read_bytes()
    packed = gzip.compress(content)
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'  # weak: of the content, however it travels
    headers = {**_ALWAYS, "ETag": tag, "Vary": "Accept-Encoding"}

    async def serve(request: Request) -> HTTPResponse:
        if request.headers.get("If-None-Match") == tag:
            return responses.empty(304, headers=headers)
        kind = _TYPES[file.suffix]
        if _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
            return responses.raw(packed, content_type=kind, headers={**headers, "Content-Encoding": "gzip"})
        return responses.raw(content, content_type=kind, headers=headers)

    return serve
