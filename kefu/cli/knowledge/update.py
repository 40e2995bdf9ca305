"""``kefu knowledge update``: some fields of an entry."""

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
    say,
    store_of,
)
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@click.argument("entry_id", metavar="ID")
@field_options
@author_option
@json_option
@endpoints_option
def command(entry_id: str, author: str, as_json: bool, endpoints: Path | None, **options: Any) -> None:
    """Change the fields of the entry ID that options are given for; the others stay.

    An empty text (--link '') takes a field away. Texts are those of the language that --lang names; without it, of the
    language that the question, or else the answer, is in.
    """
    from kefu.knowledge.store.record_json import record_json

    settings = settings_of(endpoints)
    store = store_of(settings)
    record = require(store, entry_id)
    importer = importer_of(settings, store)
    entry = importer.updated(record.entry, given_fields(options), COMMAND_LINE)
    report = importer.put(entry, author=author, source="cli")
    if as_json:
        print_json(record_json(require(store, entry_id)))
    else:
        say(report)
