"""A tiny assistant, trained once, and an action server that does what a test tells it."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.core.channels.channel import InputChannel
from rasa.shared.core.events import UserUttered

from kefu.channels.intake import Shared, shared
from kefu.server.agent import KefuAgent, configured
from kefu.server.logs import configure_logging
from kefu.settings import ChannelSettings, ServerSettings, Settings

_CONFIG = """
recipe: default.v1
language: en
assistant_id: tiny
pipeline:
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
"""

_DOMAIN = """
version: "3.1"
intents: [greet, lookup, order, measure]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  colour:
    type: text
    influence_conversation: false
    mappings: [{type: from_text, conditions: [{active_loop: order_form, requested_slot: colour}]}]
  size:
    type: text
    influence_conversation: false
    mappings: [{type: custom, action: action_extract_size, conditions: [{active_loop: size_form}]}]
forms:
  order_form: {required_slots: [colour]}
  size_form: {required_slots: [size]}
actions: [action_lookup, action_extract_size, validate_order_form]
responses:
  utter_greet:
  - text: hello
    buttons: [{title: look it up, payload: "/lookup"}]
  utter_done: [{text: all done}]
  utter_default: [{text: pardon}]
  utter_ask_colour: [{text: which colour}]
  utter_ask_size: [{text: which size}, {text: type a size, channel: cmdline}]
  utter_ordered: [{text: "ordered in {colour}"}]
  utter_service_trouble:
  - {text: 系统忙, condition: [{type: slot, name: language, value: zh}]}
  - {text: we are busy, condition: [{type: slot, name: language, value: en}]}
  - {text: 系统忙 / we are busy}
  utter_say_something: [{text: say something}]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
"""

_DATA = """
version: "3.1"
nlu:
- {intent: greet, examples: "- hello\\n- 你好"}
- {intent: lookup, examples: "- lookup\\n- 查一下"}
- {intent: order, examples: "- order\\n- 下单"}
- {intent: measure, examples: "- measure"}
rules:
- {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
- {rule: lookup, steps: [{intent: lookup}, {action: action_lookup}, {action: utter_done}]}
- {rule: order, steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]}
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {slot_was_set: [{requested_slot: null}]}, {action: utter_ordered}]
- {rule: measure, steps: [{intent: measure}, {action: size_form}, {active_loop: size_form}]}
"""


@pytest.fixture(scope="session", autouse=True)
def logging_of_the_server() -> None:
    """Log as `kefu run` does: what tests say of logs is then said of the real ones."""
    configure_logging(logging.WARNING)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train the tiny assistant; give its archive, in a folder `models` of a project without endpoints."""
    import rasa

    root = tmp_path_factory.mktemp("tiny")
    for name, content in {"config.yml": _CONFIG, "domain.yml": _DOMAIN, "data.yml": _DATA}.items():
        (root / name).write_text(content, encoding="utf-8")
    result = rasa.train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=str(root / "data.yml"),
        output=str(root / "models"),
        force_training=True,
    )
    assert result.model
    return Path(result.model)


Behaviour = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


@dataclass
class ActionServer:
    """A real HTTP server in the place of the action server; without a behaviour `action_lookup` says "found"."""

    url: str = ""
    calls: list[str] = field(default_factory=list)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def answers(self, action: str, *, events: list[dict[str, Any]] | None = None, text: str | None = None) -> None:
        """Let an action answer with these events and this message."""

        async def answer(_: dict[str, Any]) -> web.StreamResponse:
            responses = [{"text": text}] if text else []
            return web.json_response({"events": events or [], "responses": responses})

        self.behaviours[action] = answer

    def fails(self, action: str, status: int = 500) -> None:
        """Let an action fail as rasa_sdk does: with the whole tracker in the answer."""

        async def fail(body: dict[str, Any]) -> web.StreamResponse:
            return web.Response(status=status, text=json.dumps({"error": str(body["tracker"]), "action_name": "x"}))

        self.behaviours[action] = fail

    def answers_raw(self, action: str, content: str, content_type: str = "application/json") -> None:
        """Let an action answer with what is no answer."""

        async def answer(_: dict[str, Any]) -> web.StreamResponse:
            return web.Response(text=content, content_type=content_type)

        self.behaviours[action] = answer

    def stalls(self, action: str) -> None:
        """Let an action hang until the test is over."""

        async def stall(_: dict[str, Any]) -> web.StreamResponse:
            await self.released.wait()
            return web.json_response({"events": [], "responses": [{"text": "too late"}]})

        self.behaviours[action] = stall

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        body = await request.json()
        action = body["next_action"]
        self.calls.append(action)
        if action in self.behaviours:
            return await self.behaviours[action](body)
        responses = [{"text": "found"}] if action == "action_lookup" else []
        return web.json_response({"events": [], "responses": responses})


@pytest.fixture
async def action_server() -> AsyncIterator[ActionServer]:
    """Run the action server on a free port for one test."""
    server = ActionServer()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/webhook", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}/webhook"
    yield server
    server.released.set()
    await runner.cleanup()


@pytest.fixture
def project(tmp_path: Path, tiny_model: Path) -> Path:
    """Give the folder of a project whose action server is away."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        (tmp_path / "endpoints.yml").write_text(
            f"action_endpoint: {{url: 'http://127.0.0.1:{closed.getsockname()[1]}/webhook'}}\n"
            "server: {burst_seconds: 0.0}\n"
        )
    (tmp_path / "credentials.yml").write_text(
        "kefu.channels.rest.RestChannel:\nkefu.channels.webchat.WebChatChannel:\n"
    )
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / tiny_model.name).symlink_to(tiny_model)
    return tmp_path


MakeAgent = Callable[..., KefuAgent]


@pytest.fixture
def make_agent(tiny_model: Path, action_server: ActionServer) -> Iterator[MakeAgent]:
    """Give a maker of agents with the tiny model; its keywords are server settings (no bursts unless asked for)."""
    from rasa.utils.endpoints import EndpointConfig

    made: list[KefuAgent] = []

    def make(*, url: str | None = None, tracker_store: Any = None, **settings: Any) -> KefuAgent:
        kind = configured(ServerSettings(**{"burst_seconds": 0.0, **settings}))
        agent = kind.load(
            tiny_model, action_endpoint=EndpointConfig(url or action_server.url), tracker_store=tracker_store
        )
        made.append(agent)
        return agent

    yield make
    for agent in made:
        agent.close()


@pytest.fixture
def agent(make_agent: MakeAgent) -> KefuAgent:
    """Give an agent with the default settings but for bursts, which are off."""
    return make_agent()


@pytest.fixture
def talk() -> Callable[..., Awaitable[list[str]]]:
    """Give a function that sends a message and returns the texts of the replies."""

    async def send(agent: KefuAgent, text: str | None, sender: str = "kim") -> list[str]:
        replies = await agent.handle_text({"text": text}, sender_id=sender)
        return [reply["text"] for reply in replies or []]

    return send


@pytest.fixture
def channel_parts(tmp_path: Path) -> Callable[..., Shared]:
    """Give a maker of what channels share, with its database in this test's folder; keywords are channel settings."""

    def make(**options: Any) -> Shared:
        return shared(Settings(root=tmp_path, channels=ChannelSettings(**options)))

    return make


@dataclass
class ChannelServer:
    """A running app with some channels."""

    url: str
    agent: KefuAgent


ServeChannels = Callable[..., Awaitable[ChannelServer]]


@pytest.fixture
async def serve_channels(make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServeChannels]:
    """Give a function that runs Rasa's real app with these channels, on a free port of the loopback interface."""
    from rasa.core.run import configure_app
    from sanic import Sanic

    monkeypatch.setattr(Sanic, "test_mode", True)  # without it a process can start one app only
    async with contextlib.AsyncExitStack() as running:

        async def serve(*channels: InputChannel, agent: KefuAgent | None = None, cors: Any = None) -> ChannelServer:
            app = configure_app(list(channels), cors=cors, enable_api=False, use_uvloop=None)
            app.ctx.agent = agent or make_agent()
            listener = running.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
            await server.startup()
            await server.before_start()

            async def stop() -> None:
                await server.before_stop()
                server.close()
                await server.wait_closed()
                Sanic._app_registry.pop(app.name, None)

            running.push_async_callback(stop)
            return ChannelServer(f"http://127.0.0.1:{listener.getsockname()[1]}", app.ctx.agent)

        yield serve


@pytest.fixture
def last_message() -> Callable[[KefuAgent, str], Awaitable[UserUttered]]:
    """Give a function that waits until a conversation is saved, and gives what its customer said last."""

    async def wait(agent: KefuAgent, conversation: str) -> UserUttered:
        for _ in range(100):
            tracker = await agent.tracker_store.retrieve(conversation)
            # Not `latest_message`: Rasa's fallback takes that back.
            said = [event for event in tracker.events if isinstance(event, UserUttered)] if tracker else []
            if said:
                return said[-1]
            await asyncio.sleep(0.05)
        raise AssertionError("nothing was saved")

    return wait


@pytest.fixture
def server_log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Give what the server logs from WARNING on, as an operator reads it, but for Sanic's talk at its start."""
    from kefu.server.logs import PrivateFormatter

    formatter = PrivateFormatter("%(levelname)s %(name)s: %(message)s")
    yield lambda: "\n".join(
        formatter.format(record)
        for record in caplog.records
        if record.levelno >= logging.WARNING and "uvloop" not in record.getMessage()
    )


@dataclass
class PlatformServer:
    """A real HTTP server in the place of a messenger's API; a test may put faulty answers before the right ones."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    faults: list[web.Response] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call; its name is the last part of the address."""
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        async with self._news:
            self.calls.append((request.path.rpartition("/")[2], body))
            self.authorizations.append(request.headers.get("Authorization"))
            self._news.notify_all()
        if self.faults:
            return self.faults.pop(0)
        return web.json_response({"ok": True, "result": {}, "ts": "1.1"})

    async def until(self, count: int, name: str | None = None) -> list[dict[str, Any]]:
        """Wait for so many calls (of that name), and give what they said."""

        def found() -> list[dict[str, Any]]:
            return [body for called, body in self.calls if name in (None, called)]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(found()) >= count), 10)
        return found()


@pytest.fixture
async def platform() -> AsyncIterator[PlatformServer]:
    """Run a messenger's API on a free port for one test."""
    server = PlatformServer()
    app = web.Application()
    app.router.add_post("/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()
