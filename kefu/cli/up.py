"""`kefu up`: from a project on disk to an open conversation, and back to nothing running."""

import contextlib
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from kefu.cli.steps import step
from kefu.errors import SettingsError
from kefu.ops.action_endpoint import action_url, endpoints_copy
from kefu.ops.indexing import bring_up_to_date
from kefu.ops.ports import local, require_free
from kefu.ops.project import Project, open_project
from kefu.ops.services import Service, ServiceError, ended_together
from kefu.ops.training import train
from kefu.ops.warm_up import ask_once

RASA_PORT = 5005
ACTION_PORT = 5055
_PATIENCE_SECONDS = 180.0  # until a server is ready; a real Qwen3 model loads in a minute or two
_WATCH_SECONDS = 1.0
_TO_TRY = (
    ("付款后还没发货怎么办？", "How many days do I have to return something?"),
    ("查一下订单 SO20260001", "Where is my order SO20260001?"),
    ("转人工", "I'd like to talk to a person"),
)


@click.command("up")
@click.option("--serve-only", is_flag=True, help="Only serve; open no conversation. Ctrl-C ends.")
@click.option("--port", type=click.IntRange(1, 65535), default=RASA_PORT, show_default=True, help="Rasa server.")
@click.option("--action-port", type=click.IntRange(1, 65535), help="Action server (default: as endpoints.yml says).")
@click.option("--interface", default="127.0.0.1", show_default=True, help="Where the Rasa server listens.")
@click.option("--endpoints", type=click.Path(dir_okay=False, path_type=Path), help="The project's endpoints.yml.")
def command(serve_only: bool, port: int, action_port: int | None, interface: str, endpoints: Path | None) -> None:
    """Build the index, train, start both servers, wait until they are ready, and open a conversation.

    What is finished already is not done again. Both servers end with this command.
    """
    started = time.monotonic()
    project = open_project(endpoints)
    action_port = action_port or _action_port(project)
    require_free(port, "the Rasa server", "--port", "PORT")
    require_free(action_port, "the action server", "--action-port", "ACTION_PORT")
    services: list[Service] = []
    with (
        ended_together(services),
        contextlib.suppress(KeyboardInterrupt),
        _endpoints_for(project, action_port) as used_endpoints,
    ):
        _prepare(project)
        services += [
            _action_server(project, action_port),
            _rasa_server(project, port, interface, used_endpoints),
        ]
        _start(services)
        with step("first answer", "loads model and knowledge"):
            ask_once(local(action_port, "/webhook"), _PATIENCE_SECONDS)
        click.echo(f"  ready after {time.monotonic() - started:.1f} s; logs: {project.logs}\n")
        if serve_only:
            _serve(services, port, action_port)
        else:
            _show_examples()
            _talk(services, port)


def _prepare(project: Project) -> None:
    with step("knowledge index", "builds the knowledge index") as running:
        running.done(bring_up_to_date(project, running.show))
    with step("Rasa model", "trains the Rasa model") as running:
        running.done(train(project, show=running.show).is_new)


def _start(services: list[Service]) -> None:
    for service in services:  # both load at the same time
        service.start()
    for service in services:
        with step(service.name, "starts"):
            service.wait_until_ready(_PATIENCE_SECONDS)


def _action_port(project: Project) -> int:
    """Read the action server's port from the address that the Rasa server will call."""
    url = action_url(project.endpoints)
    try:
        return urlsplit(url).port or ACTION_PORT
    except ValueError as error:
        raise SettingsError(f"`action_endpoint.url` in {project.endpoints} names no port: {url!r}.") from error


def _endpoints_for(project: Project, action_port: int) -> contextlib.AbstractContextManager[Path]:
    """Give endpoints whose action server is on this port: the project's own, or a copy for as long as it runs."""
    if action_port == _action_port(project):
        return contextlib.nullcontext(project.endpoints)
    return endpoints_copy(project.endpoints, action_port)


def _action_server(project: Project, port: int) -> Service:
    return Service(
        name=f"action server on {port}",
        command=[sys.executable, "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(port)],
        log=project.logs / "actions.log",
        health=local(port, "/health"),
        folder=project.root,
        # It asks nobody who he is, so that it listens on this machine only.
        environment={**project.environment(), "SANIC_HOST": "127.0.0.1"},
    )


def _rasa_server(project: Project, port: int, interface: str, endpoints: Path) -> Service:
    """Say how Rasa is run. Kefu's REST channel answers a GET with 200 only once a model is loaded.

    Rasa's own readiness check, GET /status, belongs to its HTTP API, which would open every conversation to whoever
    asks; and its GET / answers without a model too.
    """
    return Service(
        name=f"Rasa server on {port}",
        command=[
            *(sys.executable, "-m", "kefu.cli", "run", "--port", str(port), "--interface", interface),
            *("--model", str(project.models), "--endpoints", str(endpoints)),
            *("--credentials", str(project.root / "credentials.yml")),
        ],
        log=project.logs / "rasa.log",
        health=local(port, "/webhooks/rest/"),
        folder=project.root,
        environment=project.environment(),
    )


def _show_examples() -> None:
    click.echo("试试看 · Three things to try:")
    for chinese, english in _TO_TRY:
        click.echo(f"  · {chinese}   {english}")
    click.echo()


def _talk(services: list[Service], port: int) -> None:
    from kefu.cli.chat import talk

    try:
        talk(local(port), explain=lambda: _who_ended(services))
    except KeyboardInterrupt:
        click.echo()  # what follows does not belong to the line that was begun
    click.echo("再见！ Bye! Ending both servers …")


def _serve(services: list[Service], port: int, action_port: int) -> None:
    click.echo(f"Chat page: {local(port, '/chat')}")
    click.echo(f"REST: {local(port, '/webhooks/rest/webhook')}   action server: {local(action_port)}")
    click.echo('  curl -d \'{"sender": "me", "message": "你好"}\' ' + local(port, "/webhooks/rest/webhook"))
    click.echo("Ctrl-C ends both servers.")
    never = threading.Event()
    while not never.wait(_WATCH_SECONDS):
        for service in services:
            service.require_running()


def _who_ended(services: list[Service]) -> str | None:
    """Say which server has ended, with the end of its log."""
    for service in services:
        try:
            service.require_running()
        except ServiceError as error:
            return str(error)
    return None
