"""`kefu shell`: `rasa shell` with Kefu's agent, which answers whatever fails."""

import click

from kefu.cli.run import keep_quiet


@click.command("shell", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Talk with the assistant in Rasa's console; takes the options of `rasa shell`."""
    keep_quiet()

    from kefu.server.shell import main

    main(arguments)
