"""Conversations with the real assistant: Kefu's agent, the trained model, the real action server and knowledge base.

What a conversation says and what must come of it stands in the YAML files beside this one, in the shape of the
end-to-end test cases of Rasa Pro (which has them; Rasa Open Source 3.6 does not), with words of our own where those
would not do:

    test_cases:
      - test_case: an answer
        steps:
          - user: 几天可以退货            what the customer types; the word for a button is its title
          - utter: utter_answer          the next message of the assistant came from this response …
          - bot: 7 天                    … and holds this text (several lines: all of them)
          - not_bot: 转人工              no message of the turn holds this text
          - answered: somehow            the turn may say anything: what counts is what follows
          - slot_was_set: {offer: handover}             or as a list, as Rasa writes it: [{offer: handover}]
          - database: {tickets: 1}       see Database below
          - conversation: b              what follows is typed by another customer
          - hours_later: 12
          - meanwhile: {order: SO20260002, state: shipped}     somebody else changes the order

What deviates from Rasa's: every message of a turn must be named by an `utter`, in its order; `bot` holds a part of the
text that was just named, not all of it; `slot_was_set` compares the slots as they are after the turn, so that a name
alone ("was set to anything") is refused; there are no `fixtures`, `metadata` or `stub_custom_actions`, as all is real;
`not_bot`, `answered`, `database`, `conversation`, `hours_later` and `meanwhile` are ours.
"""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import yaml

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # in China, where people are at their desks


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each conversation in the YAML files."""
    if "case" in metafunc.fixturenames:
        files = sorted(Path(__file__).parent.glob("*.yml"))
        cases = [
            pytest.param(case, id=f"{file.stem}: {case['test_case']}")
            for file in files
            for case in yaml.safe_load(file.read_text(encoding="utf-8"))["test_cases"]
        ]
        metafunc.parametrize("case", cases)


class Loop:
    """An event loop in a thread, for what has to outlive single tests: the agent and the action server."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine to its end, and give its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def start(self, coroutine: Any) -> Any:
        """Run a coroutine beside everything else."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Path]:
    """The project's own endpoints.yml, for all that reads settings in this process."""
    before = os.environ.get("KEFU_ENDPOINTS")
    os.environ["KEFU_ENDPOINTS"] = str(ROOT / "endpoints.yml")
    yield ROOT / "endpoints.yml"
    if before is None:
        del os.environ["KEFU_ENDPOINTS"]
    else:
        os.environ["KEFU_ENDPOINTS"] = before


@pytest.fixture(scope="session")
def model(endpoints: Path) -> Path:
    """The project's model and index, made where they are missing or old."""
    from kefu.knowledge.index.build import build_index
    from kefu.models import shared_embedder
    from kefu.ops.project import open_project
    from kefu.ops.training import train

    project = open_project(endpoints)
    build_index(project.settings, shared_embedder(project.settings.embedding))
    return train(project).model


@pytest.fixture(scope="session")
def action_server(loop: Loop) -> Iterator[str]:
    """The real action server on a free port; gives the URL of its webhook."""
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("kefu.actions")
    app = create_app(executor)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))

    async def serve() -> Any:
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        return server

    server = loop.run(serve())
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhook"

    async def close() -> None:
        server.close()
        await server.wait_closed()

    loop.run(close())


@pytest.fixture(scope="session")
def agent(loop: Loop, model: Path, action_server: str) -> Any:
    """The agent of `kefu run`, which answers every message at once (bursts have tests of their own)."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # otherwise it prints every step of every turn
    return loop.run(load_agent(model, action_server))


async def load_agent(
    model: Path, action_server: str, tracker_store: Any = None, burst_seconds: float | None = 0.0
) -> Any:
    """Start the agent of `kefu run`; without a store of its own it forgets everything at its end.

    :param burst_seconds: None: as the server has it where nothing is configured.
    """
    from rasa.utils.endpoints import EndpointConfig

    from kefu.server.agent import configured
    from kefu.settings import ServerSettings

    settings = ServerSettings() if burst_seconds is None else ServerSettings(burst_seconds=burst_seconds)
    kind = configured(settings)
    return kind.load(model, action_endpoint=EndpointConfig(url=action_server), tracker_store=tracker_store)


class Clock:
    """Stands still at noon until a conversation moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Database:
    """What a conversation has left in the shop's database."""

    def __init__(self, services: Any, senders: dict[str, str]) -> None:
        self._services = services
        self._senders = senders

    def tickets(self) -> list[dict[str, Any]]:
        """All tickets of the conversations of this test: reason, order, whether it was proven, language."""
        return [
            {
                "reason": ticket.request.reason,
                "order": ticket.request.order_number,
                "proven": ticket.request.order_proven,
                "language": ticket.request.language,
                "draft": dict(ticket.request.draft),
            }
            for sender in self._senders.values()
            for ticket in self._services.tickets.of_conversation(sender)
        ]

    def cases(self) -> list[dict[str, Any]]:
        """All cases that the conversations of this test have filed, oldest first."""
        from kefu.serials import format_number
        from kefu.shop.tables import cases

        query = sa.select(cases).where(cases.c.conversation.in_(self._senders.values()))
        with self._services.orders.database.reading() as connection:
            rows = list(connection.execute(query.order_by(cases.c.day, cases.c.serial)))
        filed = {format_number("R", row.day, row.serial) for row in rows}
        orders = dict.fromkeys(row.order_number for row in rows)
        of_orders = [case for number in orders for case in self._services.cases.of_order(number)]
        found = [case for case in of_orders if case.number in filed]
        return [
            {
                "order": case.plan.order_number,
                "kind": case.plan.kind,
                "reason": case.plan.reason,
                "rule": case.plan.rule,
                "lines": [[line.position, line.quantity] for line in case.plan.lines],
                "refund": case.plan.refund_cents / 100,
                "postage": case.plan.postage,
                "pickup": case.pickup,
                "state": case.state,
            }
            for case in found
            if case.created == self._services.clock()
        ]

    def orders(self) -> dict[str, str]:
        """The state of every order."""
        from kefu.shop.tables import orders

        with self._services.orders.database.reading() as connection:
            rows = connection.execute(sa.select(orders.c.number, orders.c.state))
            return {row.number: row.state for row in rows}

    def change(self, order: str, state: str) -> None:
        """Change an order behind the assistant's back."""
        from kefu.shop.tables import orders

        with self._services.orders.database.writing() as connection:
            connection.execute(sa.update(orders).where(orders.c.number == order).values(state=state))

    def proofs(self) -> int:
        """How many proofs of identity there are."""
        from kefu.shop.tables import identity_proofs

        return self._count(sa.select(sa.func.count()).select_from(identity_proofs))

    def failures(self) -> int:
        """How often an order was guessed at."""
        from kefu.shop.tables import identity_attempts

        counter = identity_attempts.c
        return self._count(sa.select(sa.func.sum(counter.failures)).where(counter.scope == "order"))

    def _count(self, query: Any) -> int:
        with self._services.orders.database.reading() as connection:
            return connection.scalar(query) or 0

    def check(self, expected: dict[str, Any]) -> None:
        """Compare with what a step expects: a number, or of tickets, cases and orders the parts that matter."""
        for name, value in expected.items():
            found = getattr(self, name)()
            if isinstance(value, dict):
                assert {key: found.get(key) for key in value} == value, name
                continue
            if isinstance(value, list):
                assert len(found) == len(value), f"{name}: {found}"
                assert [{**ticket, **part} for ticket, part in zip(found, value, strict=True)] == found
            else:
                assert (len(found) if isinstance(found, list) else found) == value, f"{name}: {found}"


class Customer:
    """One side of a conversation, and what came back in the latest turn."""

    def __init__(self, agent: Any, loop: Loop, sender: str | None = None) -> None:
        self.sender = sender or uuid4().hex
        self.messages: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.unnamed: list[str] = []
        self._agent = agent
        self._loop = loop

    def type(self, text: str) -> None:
        """Say something; the title of a button that is shown counts as pressing it."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        shown = {button["title"]: button["payload"] for said in self.messages for button in said.get("buttons", [])}
        channel = CollectingOutputChannel()
        message = UserMessage(shown.get(text, text), channel, self.sender, input_channel="rest")
        self._loop.run(self._agent.handle_message(message))
        self.messages = channel.messages
        self.said = self._responses()
        self.unnamed = list(self.said)

    def slots(self) -> dict[str, Any]:
        """The slots of the conversation."""
        return dict(self._tracker().current_slot_values())

    def form(self) -> str | None:
        """The form that is open."""
        name: str | None = self._tracker().active_loop_name
        return name

    def intent(self) -> str | None:
        """What the latest message was taken for."""
        name: str | None = self._tracker().latest_message.intent_name
        return name

    def _responses(self) -> list[str]:
        from rasa.shared.core.events import BotUttered, UserUttered

        names: list[str] = []
        for event in self._tracker().events:
            if isinstance(event, UserUttered):
                names.clear()
            elif isinstance(event, BotUttered):
                names.append(event.metadata.get("utter_action", "?"))
        # A message that is not even parsed leaves no user event: only the latest reply belongs to it.
        return names[-len(self.messages) :] if self.messages else []

    def _tracker(self) -> Any:
        return self._loop.run(self._agent.tracker_store.get_or_create_tracker(self.sender))


def expected_slots(written: dict[str, Any] | list[dict[str, Any]]) -> dict[str, Any]:
    """Give what slots must hold, from a mapping or, as Rasa writes it, a list of mappings.

    :raises AssertionError: for anything else, such as the mere name of a slot: what it must hold is to be said.
    """
    parts = written if isinstance(written, list) else [written]
    assert parts and all(isinstance(part, dict) and part for part in parts), f"say what each slot holds: {written}"
    names = [name for part in parts for name in part]
    assert len(names) == len(set(names)), f"a slot stands there twice: {written}"
    return {name: value for part in parts for name, value in part.items()}


class Play:
    """Plays a conversation, step by step."""

    def __init__(self, agent: Any, loop: Loop, services: Any, clock: Clock, database_file: Path) -> None:
        self._agent, self._loop, self._clock = agent, loop, clock
        self.database_file = database_file
        self._customers = {"a": Customer(agent, loop)}
        self._senders = {"a": self._customers["a"].sender}
        self._customer = self._customers["a"]
        self.left = Database(services, self._senders)

    def run(self, steps: list[dict[str, Any]]) -> None:
        """Take all steps; an assertion that fails names the step."""
        for number, step in enumerate(steps, start=1):
            (kind, value), *more = step.items()
            assert not more, f"step {number} has several keys: {step}"
            try:
                getattr(self, f"_{kind}")(value)
            except AssertionError as error:
                texts = [said.get("text") for said in self._customer.messages]
                heard = list(zip_longest(self._customer.said, texts))
                raise AssertionError(f"step {number}, {step}: {error}\nthe assistant said: {heard}") from None
        self._nothing_unnamed()

    def customer(self, name: str) -> Customer:
        """Give the customer of that name, who is a new one where he has not said anything yet."""
        customer = self._customers.setdefault(name, Customer(self._agent, self._loop))
        self._senders[name] = customer.sender
        return customer

    def _user(self, text: str) -> None:
        self._nothing_unnamed()
        self._customer.type(text)
        assert self._customer.messages, "silence"

    def _utter(self, name: str) -> None:
        assert self._customer.unnamed[:1] == [name]
        self._customer.unnamed.pop(0)

    def _answered(self, _: str) -> None:
        self._customer.unnamed.clear()

    def _bot(self, text: str) -> None:
        said = self._customer.messages[len(self._customer.said) - len(self._customer.unnamed) - 1]["text"]
        for line in text.splitlines():
            assert line in said

    def _not_bot(self, text: str) -> None:
        assert not any(text in (said.get("text") or "") for said in self._customer.messages)

    def _slot_was_set(self, written: dict[str, Any] | list[dict[str, Any]]) -> None:
        expected, slots = expected_slots(written), self._customer.slots()
        assert {name: slots.get(name) for name in expected} == expected

    def _database(self, expected: dict[str, Any]) -> None:
        self.left.check(expected)

    def _conversation(self, name: str) -> None:
        self._nothing_unnamed()
        self._customer = self.customer(name)

    def _meanwhile(self, change: dict[str, str]) -> None:
        self.left.change(**change)

    def _hours_later(self, hours: float) -> None:
        self._clock.now += timedelta(hours=hours)

    def _nothing_unnamed(self) -> None:
        assert not self._customer.unnamed, f"no step names {self._customer.unnamed}"


@pytest.fixture
def restarted(loop: Loop, model: Path, action_server: str, endpoints: Path, tmp_path: Path) -> Iterator[Any]:
    """Both servers, started anew at each call, over one shop database and one tracker store in files.

    With ``rasa`` or ``actions`` false that server goes on as it is.
    """
    from rasa.core.tracker_store import SQLTrackerStore

    from kefu.actions import services as shop_services
    from kefu.settings import HandoffSettings, OrderSettings, load_settings

    url = f"sqlite:///{tmp_path}/shop.db"
    settings = replace(load_settings(endpoints), orders=OrderSettings(url=url), handoff=HandoffSettings(url=url))

    agents: list[Any] = []

    def start(sender: str | None = None, *, rasa: bool = True, actions: bool = True) -> tuple[Customer, Any]:
        if actions:
            shop_services.use_services(shop_services.open_services(settings, Clock()))
        if rasa:
            store = SQLTrackerStore(dialect="sqlite", db=str(tmp_path / "tracker.db"))
            agents.append(loop.run(load_agent(model, action_server, store)))
        return Customer(agents[-1], loop, sender), shop_services.services()

    yield start
    shop_services.use_services(None)


@pytest.fixture
def play(agent: Any, loop: Loop, endpoints: Path, tmp_path: Path, caplog: Any) -> Iterator[Play]:
    """A conversation over a fresh database; nothing may be logged as an error on the way."""
    from kefu.actions import services as shop_services
    from kefu.settings import HandoffSettings, OrderSettings, load_settings

    url = f"sqlite:///{tmp_path}/shop.db"
    settings = replace(load_settings(endpoints), orders=OrderSettings(url=url), handoff=HandoffSettings(url=url))
    clock = Clock()
    services = shop_services.open_services(settings, clock)
    shop_services.use_services(services)
    with caplog.at_level(logging.ERROR):
        yield Play(agent, loop, services, clock, tmp_path / "shop.db")
    shop_services.use_services(None)
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == []


@pytest.fixture
def patient_agent(loop: Loop, model: Path, action_server: str, play: Play) -> Iterator[Any]:
    """The agent that waits for the rest of a sentence, as it does where nothing is configured."""
    agent = loop.run(load_agent(model, action_server, burst_seconds=None))
    yield agent
    agent.close()
