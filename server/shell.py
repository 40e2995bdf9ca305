"""The entry of `kefu shell`: Rasa's console with Kefu's agent behind it."""

import argparse
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from kefu.server.logs import logger
from kefu.server.run import Listener, close_agent, let_turns_end, prepare, start

_CHANNEL = "kefu.channels.shell.ShellChannel"
_LOCAL = "127.0.0.1"


def main(arguments: Sequence[str]) -> None:
    """Talk with the assistant until /stop, the end of the input or Ctrl-C.

    :param arguments: the options of ``rasa shell``.
    :raises SettingsError: if Rasa's version, ``endpoints.yml`` or the model does not allow a start.
    """
    arguments, endpoints, settings = prepare(arguments)
    import rasa.core.channels.console as console

    options = parse(arguments)
    console.record_messages = ending_with_its_input(console.record_messages)
    listeners: list[Listener] = [(let_turns_end(settings), "before_server_start"), (close_agent, "after_server_stop")]
    # Nobody types a second line before the first is answered, so that there is nothing to wait for.
    start(options, endpoints, replace(settings, burst_seconds=0.0), listeners)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options with Rasa's own parser; without a port a free one is taken, reached from this machine only."""
    import rasa.cli.run
    from rasa.cli.arguments.default_arguments import add_logging_options
    from rasa.cli.arguments.shell import set_shell_arguments

    parser = argparse.ArgumentParser(prog="kefu shell", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add_logging_options(parser)
    set_shell_arguments(parser)
    parser.add_argument("--conversation-id", help="Go on with this conversation instead of a new one.")
    parser.set_defaults(func=rasa.cli.run.run, connector=_CHANNEL, credentials=None, interface=_LOCAL, port=None)
    options = parser.parse_args(arguments)
    options.port = options.port or free_port()
    if options.conversation_id is None:
        del options.conversation_id  # Rasa makes one
    return options


def free_port() -> int:
    """Find a port that no server uses."""
    with socket.socket() as probe:
        probe.bind((_LOCAL, 0))
        port: int = probe.getsockname()[1]
        return port


def ending_with_its_input(record: Callable[..., Awaitable[int]]) -> Callable[..., Awaitable[int]]:
    """Make Rasa's console end where its input does; its own error would leave the server running with nobody there."""

    async def record_until_the_end(*arguments: Any, **options: Any) -> int:
        try:
            return await record(*arguments, **options)
        except EOFError:
            return 0
        except Exception as error:  # noqa: BLE001 – whatever it was, a console that is gone must not keep the server
            logger.error("the shell ended with %s", type(error).__name__)
            return 1

    return record_until_the_end
