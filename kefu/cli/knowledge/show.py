"""``kefu knowledge show``: one entry with its record."""

from pathlib import Path

import click
import yaml

from kefu.cli.knowledge.options import local_time, require, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@click.argument("entry_id", metavar="ID")
@json_option
@endpoints_option
def command(entry_id: str, as_json: bool, endpoints: Path | None) -> None:
    """Show the entry ID as it is kept, its texts with their placeholders."""
    from kefu.knowledge.files.writer import entry_item
    from kefu.knowledge.store.record_json import record_json

    record = require(store_of(settings_of(endpoints)), entry_id)
    if as_json:
        print_json(record_json(record))
        return
    click.echo(yaml.safe_dump(entry_item(record.entry), allow_unicode=True, sort_keys=False, width=110), nl=False)
    changed = f"{local_time(record.updated)} by {record.author}"
    click.echo(f"# revision {record.revision}, {changed}, from {record.source}")
