"""A group of commands, each a module of its own, imported only when it is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """``commands_at`` maps a name to its module, which has a ``command``, and to one line for ``--help``."""

    def __init__(self, *args: Any, commands_at: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._at = commands_at

    def list_commands(self, context: click.Context) -> list[str]:
        """Name them all."""
        return sorted(self._at)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import one."""
        if name not in self._at:
            return None
        command: click.Command = importlib.import_module(self._at[name][0]).command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._at[name][1]) for name in self.list_commands(context)])
