"""The `kefu` command. Each sub-command is a module of its own, imported only when it is called."""

import sys

import click

from kefu.cli.lazy import LazyGroup
from kefu.errors import KefuError

# name → (module, one line for --help)
_COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("kefu.cli.ask", "Answer one question from the shop's knowledge."),
    "chat": ("kefu.cli.chat", "Talk to a running assistant."),
    "doctor": ("kefu.cli.doctor", "Check that everything Kefu needs is in place."),
    "eval": ("kefu.cli.evaluate", "Measure how well a file of questions is answered."),
    "index": ("kefu.cli.index", "Build the knowledge index and fit its threshold."),
    "init": ("kefu.cli.init", "Start a shop project of your own in an empty folder."),
    "knowledge": ("kefu.cli.knowledge", "Import, change, look up and export what the shop knows."),
    "run": ("kefu.cli.run", "Run the Rasa server with Kefu's additions."),
    "shell": ("kefu.cli.shell", "Talk to the assistant in Rasa's console."),
    "train": ("kefu.cli.train", "Train the Rasa model if its inputs changed."),
    "why": ("kefu.cli.why", "Show how a running assistant came to its last answer."),
    "up": ("kefu.cli.up", "Prepare everything, start both servers, and open a conversation."),
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
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
