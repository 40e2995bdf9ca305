"""``kefu knowledge add``: one entry, by its fields."""

from pathlib import Path
from typing import Any

import click

from kefu.cli.knowledge.options import (
    COMMAND_LINE,
    author_option,
    field_options,
    given_fields,
    importer_of,
    require,
    store_of,
)
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.errors import DataError


@click.command()
@click.option("--id", "entry_id", help="Its id (default: made of the question).")
@field_options
@author_option
@json_option
@endpoints_option
def command(entry_id: str | None, author: str, as_json: bool, endpoints: Path | None, **options: Any) -> None:
    """Add one entry; a question and an answer suffice."""
    from kefu.knowledge.store.record_json import record_json

    settings = settings_of(endpoints)
    store = store_of(settings)
    importer = importer_of(settings, store)
    entry = importer.read(given_fields({**options, "id": entry_id}), COMMAND_LINE)
    if store.get(entry.id) is not None:
        raise DataError(f"There is an entry `{entry.id}` already. Change it: kefu knowledge update {entry.id}")
    importer.put(entry, author=author, source="cli")
    record = require(store, entry.id)
    if as_json:
        print_json(record_json(record))
    else:
        click.echo(f"added {entry.id} (revision {record.revision})")
