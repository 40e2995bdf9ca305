"""`kefu run`: `rasa run`, with parsing off the event loop and a reply whatever fails."""

import os

import click

# Must be set before Rasa, TensorFlow or SQLAlchemy is imported; whoever sets them himself keeps his values.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "USE_TF": "0",
    "PYTHONWARNINGS": "ignore",
}


@click.command("run", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the Rasa server with Kefu's additions; takes the options of `rasa run`."""
    keep_quiet()

    from kefu.server.run import main

    main(arguments)


def keep_quiet() -> None:
    """Keep talk that is no use to whoever runs a shop off the terminal."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
