"""The routes `/knowledge/…` of the action server: the store over HTTP, beside `/webhook` and out of its way.

rasa-sdk lets plugins add to its server; being imported with the actions registers this one. Whatever blocks runs in a
few threads of its own, so that an import never takes those that the actions use.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pluggy
from rasa_sdk.plugin import plugin_manager
from sanic import Blueprint, Sanic, response
from sanic.exceptions import MethodNotSupported, NotFound, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from kefu.actions.explained import decisions
from kefu.errors import DataError, KnowledgeIndexError, ModelError, SettingsError, StoreError
from kefu.knowledge import api
from kefu.knowledge.api.access import require_token
from kefu.knowledge.api.errors import ApiError
from kefu.knowledge.api.openapi import LARGEST_ENTRY, LARGEST_IMPORT, document
from kefu.knowledge.api.operations import Operations
from kefu.knowledge.shared import cache_counts
from kefu.settings import load_settings

logger = logging.getLogger(__name__)
hookimpl = pluggy.HookimplMarker("rasa_sdk")

_PREFIX = "/knowledge"
_THREADS = 2
# An import or a build may take minutes; Sanic would cut the answer off after one. Actions have bounds of their own.
_PATIENCE_SECONDS = 3600
_PLUGIN = "kefu-knowledge-routes"
# The page runs its own script only, and talks to this server only.
_PAGE_POLICY = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'"
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


@hookimpl
def attach_sanic_app_extensions(app: Sanic) -> None:
    """Add the routes to the action server."""
    app.config.RESPONSE_TIMEOUT = max(app.config.RESPONSE_TIMEOUT, _PATIENCE_SECONDS)
    app.blueprint(make_blueprint())
    _name_unknown_routes(app)


def make_blueprint() -> Blueprint:
    """Make the routes."""
    routes = Routes()
    blueprint = Blueprint("kefu_knowledge", url_prefix=_PREFIX)
    add = blueprint.add_route
    add(_guarded(routes.list), "/entries", methods=["GET"], name="list")
    add(_guarded(routes.get), "/entries/<entry_id:str>", methods=["GET"], name="get")
    add(_guarded(routes.put), "/entries/<entry_id:str>", methods=["PUT"], stream=True, name="put")
    add(_guarded(routes.patch), "/entries/<entry_id:str>", methods=["PATCH"], stream=True, name="patch")
    add(_guarded(routes.delete), "/entries/<entry_id:str>", methods=["DELETE"], name="delete")
    add(_guarded(routes.history), "/entries/<entry_id:str>/history", methods=["GET"], name="history")
    add(_guarded(routes.changes), "/changes", methods=["GET"], name="changes")
    add(_guarded(routes.import_file), "/import", methods=["POST"], stream=True, name="import")
    add(_guarded(routes.export), "/export", methods=["GET"], name="export")
    add(_guarded(routes.build), "/build", methods=["POST"], name="build")
    add(_guarded(routes.compact), "/compact", methods=["POST"], name="compact")
    add(_guarded(routes.duplicates), "/duplicates", methods=["GET"], name="duplicates")
    add(_guarded(routes.stats), "/stats", methods=["GET"], name="stats")
    add(_guarded(routes.sequence), "/sequence", methods=["GET"], name="sequence")
    add(_guarded(routes.why), "/why", methods=["GET"], name="why-latest")
    add(_guarded(routes.why), "/why/<conversation:str>", methods=["GET"], name="why")
    add(_openapi, "/openapi.json", methods=["GET"], name="openapi")
    add(_docs, "/docs", methods=["GET"], name="docs")
    return blueprint


class Routes:
    """One handler a route; the store is opened with the first request."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="knowledge")
        self._operations: Operations | None = None

    async def list(self, request: Request) -> HTTPResponse:
        """Find entries."""
        return _json(await self._run("list", _parameters(request)))

    async def get(self, _: Request, entry_id: str) -> HTTPResponse:
        """Read an entry."""
        return _json(await self._run("get", entry_id))

    async def put(self, request: Request, entry_id: str) -> HTTPResponse:
        """Add or replace an entry."""
        body = await _body(request, LARGEST_ENTRY)
        status, record = await self._run("put", entry_id, body, _parameters(request))
        return _json(record, status)

    async def patch(self, request: Request, entry_id: str) -> HTTPResponse:
        """Change some fields of an entry."""
        body = await _body(request, LARGEST_ENTRY)
        return _json(await self._run("patch", entry_id, body, _parameters(request)))

    async def delete(self, request: Request, entry_id: str) -> HTTPResponse:
        """Delete an entry."""
        return _json(await self._run("delete", entry_id, _parameters(request)))

    async def history(self, _: Request, entry_id: str) -> HTTPResponse:
        """List the revisions of an entry."""
        return _json(await self._run("history", entry_id))

    async def changes(self, request: Request) -> HTTPResponse:
        """List changes."""
        return _json(await self._run("changes", _parameters(request)))

    async def import_file(self, request: Request) -> HTTPResponse:
        """Import a file."""
        body = await _body(request, LARGEST_IMPORT)
        return _json(await self._run("import_file", body, _parameters(request)))

    async def export(self, request: Request) -> HTTPResponse:
        """Write entries as a file."""
        kind, content = await self._run("export", _parameters(request))
        named = {"Content-Disposition": f'attachment; filename="knowledge.{kind}"'}
        return response.raw(content, headers=named)

    async def build(self, request: Request) -> HTTPResponse:
        """Bring the index up to date; it is done to its end though the caller hangs up."""
        return _json(await self._run("build", _parameters(request)))

    async def compact(self, request: Request) -> HTTPResponse:
        """Forget what nobody needs."""
        return _json(await self._run("compact", _parameters(request)))

    async def duplicates(self, request: Request) -> HTTPResponse:
        """List pairs of entries that ask nearly the same."""
        return _json(await self._run("duplicates", _parameters(request)))

    async def stats(self, _: Request) -> HTTPResponse:
        """Count what there is, and how often an answer came from the cache of this process."""
        return _json({**await self._run("stats"), "answers": cache_counts()})

    async def why(self, _: Request, conversation: str = "") -> HTTPResponse:
        """Say how the last answer of a conversation, or of the latest one, came about."""
        found = decisions.last(unquote(conversation))
        if found is None:
            raise ApiError(404, "No question of this conversation was answered since the action server started.")
        return _json({"conversation": found[0], **found[1]})

    async def sequence(self, _: Request) -> HTTPResponse:
        """Give the number of the latest change."""
        return _json(await self._run("sequence"))

    async def _run(self, operation: str, *arguments: Any) -> Any:
        if self._operations is None:
            self._operations = Operations(load_settings())
        call = partial(getattr(self._operations, operation), *arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _guarded(handler: Handler) -> Handler:
    """Ask for the token before anything else, and answer every failure as JSON."""

    @wraps(handler)
    async def guarded(request: Request, **arguments: Any) -> HTTPResponse:
        try:
            require_token(request.headers.get("authorization"))
            return await handler(request, **arguments)
        except ApiError as error:
            return _refusal(error)
        except DataError as error:
            return _refusal(ApiError(422, str(error)))
        except (StoreError, ModelError, KnowledgeIndexError, SettingsError) as error:
            logger.error("A knowledge route failed: %s", error)
            return _refusal(ApiError(503, str(error)))
        except SanicException:
            raise
        except Exception:  # the server's own answer would quote the request
            logger.exception("A knowledge route failed.")
            return _refusal(ApiError(500, "The server failed; its log says why."))

    return guarded


def _refusal(error: ApiError) -> HTTPResponse:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return _json(error.to_json(), error.status, headers)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    return response.json(value, status=status, headers=headers, ensure_ascii=False)


def _parameters(request: Request) -> dict[str, str]:
    return {name: values[-1] for name, values in request.args.items()}


async def _body(request: Request, limit: int) -> bytes:
    """Read a body of at most so many bytes; what is longer is not read to its end."""
    refusal = ApiError(413, f"The body is too large; {limit:,} bytes are allowed.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise refusal
    parts: list[bytes] = []
    size = 0
    assert request.stream is not None
    while (part := await request.stream.read()) is not None:
        size += len(part)
        if size > limit:
            raise refusal
        parts.append(part)
    return b"".join(parts)


async def _openapi(_: Request) -> HTTPResponse:
    return _json(document())


async def _docs(_: Request) -> HTTPResponse:
    page = (Path(api.__file__).parent / "docs.html").read_text(encoding="utf-8")
    return response.html(page, headers={"Content-Security-Policy": _PAGE_POLICY})


def _name_unknown_routes(app: Sanic) -> None:
    """Answer below `/knowledge` with 404 or 405 and JSON; elsewhere as the server does by itself."""

    async def answer(request: Request, error: SanicException) -> Any:
        if request.path.startswith(f"{_PREFIX}/"):
            return _refusal(ApiError(error.status_code, f"{error} See {_PREFIX}/docs."))
        usual = app.error_handler.lookup(Exception()) or app.error_handler.default
        answered = usual(request, error)
        return await answered if asyncio.iscoroutine(answered) else answered

    for kind in (NotFound, MethodNotSupported):
        app.error_handler.add(kind, answer)


def _register() -> None:
    manager = plugin_manager()
    if not manager.has_plugin(_PLUGIN):  # the server imports modules anew when it reloads changed ones
        manager.register(sys.modules[__name__], name=_PLUGIN)


_register()
