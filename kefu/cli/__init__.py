"""The `kefu` command. Each sub-command is a module of its own, imported only when it is called."""

import importlib
import sys

import click

from kefu.errors import KefuError

# name → (module, one line for --help)
_COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("kefu.cli.ask", "Answer one question from the shop's knowledge."),
    "chat": ("kefu.cli.chat", "Talk to a running assistant."),
    "doctor": ("kefu.cli.doctor", "Check that everything Kefu needs is in place."),
    "eval": ("kefu.cli.evaluate", "Measure how well a file of questions is answered."),
    "index": ("kefu.cli.index", "Build the knowledge index and fit its threshold."),
    "init": ("kefu.cli.init", "Start a shop project of your own in an empty folder."),
    "run": ("kefu.cli.run", "Run the Rasa server with Kefu's additions."),
    "shell": ("kefu.cli.shell", "Talk to the assistant in Rasa's console."),
    "train": ("kefu.cli.train", "Train the Rasa model if its inputs changed."),
    "up": ("kefu.cli.up", "Prepare everything, start both servers, and open a conversation."),
}


class _LazyGroup(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[name][0]).command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(context)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kefu")
def cli() -> None:
    """Customer service for online shops, in Chinese and English."""


def main() -> None:
    """Run the command line; an error made on purpose is one line, not a traceback."""
    try:
        cli(standalone_mode=True)
    except KefuError as error:
        click.echo(f"kefu: {error}", err=True)
        sys.exit(1)
