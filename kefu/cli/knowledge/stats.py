"""``kefu knowledge stats``: the size of the store."""

from dataclasses import asdict
from pathlib import Path

import click

from kefu.cli.knowledge.options import store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@json_option
@endpoints_option
def command(as_json: bool, endpoints: Path | None) -> None:
    """Count entries by language, category and source, revisions, changes and vectors."""
    values = asdict(store_of(settings_of(endpoints)).stats())
    if as_json:
        print_json(values)
        return
    for name, value in values.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {count:,}" for key, count in value.items()) or "none"
        click.echo(f"{name.replace('_', ' '):<12} {value if isinstance(value, str) else format(value, ',')}")
