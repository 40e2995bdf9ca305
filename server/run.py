"""The entry of `kefu run`: check, put Kefu's agent in Rasa's place, and let Rasa's own `run` do the rest."""

import argparse
import importlib.metadata
import logging
import math
import os
import sys
import warnings
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from kefu.errors import SettingsError
from kefu.settings import ENDPOINTS_VARIABLE, ServerSettings, endpoints_path, load_settings

_KNOWN_RASA = "3.6."
Listener = tuple[Callable[..., Awaitable[None]], str]
LARGEST_REQUEST = 9 << 17  # bytes: 1 MiB of body, as the channels allow, and room for headers
_SLACK = 5.0  # seconds that Sanic waits longer than a turn may take, so that the turn's own message arrives


def main(arguments: Sequence[str]) -> None:
    """Run the server until it is ended.

    :param arguments: the options of ``rasa run``.
    :raises SettingsError: if Rasa's version, ``endpoints.yml`` or the model does not allow a start.
    """
    arguments, endpoints, settings = prepare(arguments)
    options = _parse(arguments)
    if options.func.__name__ == "run_actions":
        options.func(options)
        return
    start(
        options,
        endpoints,
        settings,
        [
            (let_turns_end(settings), "before_server_start"),
            (bound_requests(with_api=options.enable_api), "before_server_start"),
            (say_ready(options.port), "after_server_start"),
            (close_agent, "after_server_stop"),
        ],
    )


def prepare(arguments: Sequence[str]) -> tuple[list[str], Path, ServerSettings]:
    """Check whatever can be checked before Rasa is imported, and set what it reads then.

    :return: the options with the model named, the path of ``endpoints.yml``, and its section ``server``.
    """
    arguments = with_model_named(list(arguments))
    check_rasa_version(importlib.metadata.version("rasa"))
    early = read_early(arguments)
    endpoints = endpoints_path(early.endpoints)
    settings = load_settings(endpoints).server
    check_deadlines(settings)
    check_model(early, endpoints)
    make_folder_of_conversations(endpoints)
    os.environ[ENDPOINTS_VARIABLE] = str(endpoints.resolve())
    # Rasa reads it when it is imported, for the locks that are not taken by Kefu's agent; whole seconds only.
    os.environ["TICKET_LOCK_LIFETIME"] = str(math.ceil(settings.lock_lifetime))
    warnings.simplefilter("ignore")  # those of imports; configure_logging decides on the others
    return arguments, endpoints, settings


def with_model_named(arguments: list[str]) -> list[str]:
    """Name the model, as `rasa run` does: a last argument that is a file and no option's value."""
    *before, last = arguments or [""]
    is_value = bool(before) and before[-1].startswith("-")
    if not last or is_value or last == "actions" or not Path(last).exists():
        return arguments
    return [*before, "--model", last]


def read_early(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options that decide on a start, before anything of Rasa is imported: that takes seconds."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--endpoints")
    parser.add_argument("-m", "--model", default="models")
    parser.add_argument("--remote-storage")
    parser.add_argument("--enable-api", action="store_true")
    early, others = parser.parse_known_args(list(arguments))
    early.needs_model = not (early.enable_api or early.remote_storage or {"actions", "-h", "--help"} & set(others))
    return early


def check_model(early: argparse.Namespace, endpoints: Path) -> None:
    """Refuse to start without a model, where Rasa prints a page and ends as if all were well.

    :raises SettingsError: if a local model is needed and there is none.
    """
    model = Path(early.model)
    if not early.needs_model or model.is_file() or any(model.glob("*.tar.gz")):
        return
    if endpoints.exists() and "models" in (yaml.safe_load(endpoints.read_text(encoding="utf-8")) or {}):
        return  # a server of models
    raise SettingsError(f"There is no trained model in `{model}`. Train one: kefu train")


def make_folder_of_conversations(endpoints: Path) -> None:
    """Make the folder that Rasa's SQLite file goes to: SQLite itself makes none, and Rasa would start without a table.

    Rasa reads the path from the folder it runs in.
    """
    content = yaml.safe_load(endpoints.read_text(encoding="utf-8")) if endpoints.exists() else None
    store = (content or {}).get("tracker_store") or {}
    if str(store.get("type", "")).lower() == "sql" and store.get("dialect") == "sqlite" and store.get("db"):
        Path(store["db"]).parent.mkdir(parents=True, exist_ok=True)


def check_rasa_version(version: str) -> None:
    """Refuse a Rasa whose inner parts Kefu has not been fitted to.

    :raises SettingsError: if it is not a 3.6.
    """
    if not version.startswith(_KNOWN_RASA):
        raise SettingsError(
            f"`kefu run` extends inner parts of Rasa {_KNOWN_RASA}x, and {version} is installed. "
            f"Install `rasa>=3.6.20,<3.7`, or use plain `rasa run`."
        )


def check_deadlines(settings: ServerSettings) -> None:
    """Refuse settings under which two messages of one conversation could be handled at the same time.

    :raises SettingsError: if an action may take as long as a lock lives, or there is no thread to parse in.
    """
    if not 0 < settings.action_timeout < settings.lock_lifetime:
        raise SettingsError(
            f"server.action_timeout must be positive and shorter than server.lock_lifetime; they are "
            f"{settings.action_timeout:g} s and {settings.lock_lifetime:g} s. Change one of them in endpoints.yml."
        )
    if settings.parse_threads < 1:
        raise SettingsError(f"server.parse_threads must be at least 1; it is {settings.parse_threads}.")


def start(
    options: argparse.Namespace, endpoints: Path, settings: ServerSettings, listeners: Sequence[Listener]
) -> None:
    """Have Rasa run with Kefu's agent, until it is ended.

    :param options: those of Rasa's command; their ``func`` runs it.
    :param listeners: what Sanic calls, and when.
    :raises SettingsError: if Rasa refuses them.
    """
    from rasa.shared.exceptions import RasaException

    from kefu.server.logs import configure_logging

    configure_logging(options.loglevel or _level_of_environment(), options.logging_config_file)
    sys.path.insert(1, str(Path.cwd()))  # where Rasa looks for a project's own components and channels
    if endpoints.exists():
        options.endpoints = str(endpoints)
    install(settings)
    options.server_listeners = list(listeners)
    try:
        options.func(options)
    except RasaException as error:
        raise SettingsError(f"Rasa: {error}") from error


def _level_of_environment() -> int:
    level = logging.getLevelName(os.environ.get("LOG_LEVEL", "WARNING").upper())
    return level if isinstance(level, int) else logging.WARNING


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options with Rasa's own parser."""
    import rasa.cli.run
    from rasa.cli.arguments.default_arguments import add_logging_options

    logging_options = argparse.ArgumentParser(add_help=False)
    add_logging_options(logging_options)
    parser = argparse.ArgumentParser(prog="kefu")
    rasa.cli.run.add_subparser(parser.add_subparsers(), parents=[logging_options])
    return parser.parse_args(["run", *arguments])


def install(settings: ServerSettings) -> None:
    """Put Kefu's agent where Rasa's server looks for its own."""
    import rasa.core.agent

    from kefu.server.agent import configured

    rasa.core.agent.Agent = configured(settings)


def let_turns_end(settings: ServerSettings) -> Callable[..., Awaitable[None]]:
    """Have Sanic wait as long as a turn may take."""

    async def set_timeout(app: Any, _: Any) -> None:
        app.config.RESPONSE_TIMEOUT = max(app.config.RESPONSE_TIMEOUT, settings.lock_lifetime + _SLACK)

    return set_timeout


def bound_requests(*, with_api: bool) -> Callable[..., Awaitable[None]]:
    """Have Sanic refuse large requests before it has read them: a channel's own check comes after that.

    :param with_api: whether Rasa's HTTP API is open, which takes training data and models; then Sanic's bound stays.
    """

    async def set_size(app: Any, _: Any) -> None:
        if not with_api:
            app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST

    return set_size


def say_ready(port: int) -> Callable[..., Awaitable[None]]:
    """Say where the server is, or that it runs without a model."""

    async def say(app: Any, _: Any) -> None:
        if app.ctx.agent.is_ready():
            click.echo(f"Kefu is ready: http://localhost:{port}", err=True)
        else:
            click.echo("Kefu runs without a model: it could not be loaded. Train one: kefu train", err=True)

    return say


async def close_agent(app: Any, _: Any) -> None:
    """End the agent's threads."""
    app.ctx.agent.close()
