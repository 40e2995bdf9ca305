"""``kefu knowledge list``: entries by category, tag, channel, language, source, validity or text."""

from pathlib import Path
from typing import Any

import click

from kefu.cli.knowledge.options import filter_options, local_time, query_of, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@filter_options
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@json_option
@endpoints_option
def command(limit: int, offset: int, as_json: bool, endpoints: Path | None, **filters: Any) -> None:
    """List entries, ordered by id."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kefu.knowledge.store.record_json import record_json

    settings = settings_of(endpoints)
    page = store_of(settings).find(query_of(filters, settings), limit=limit, offset=offset)
    if as_json:
        print_json({"total": page.total, "entries": [record_json(record) for record in page.records]})
        return
    table = Table("id", "rev.", "lang.", "category", "question", "source", "updated")
    for record in page.records:
        entry = record.entry
        cells = (entry.id, str(record.revision), "+".join(entry.wordings), entry.category, entry.title, record.source)
        table.add_row(*(Text(cell) for cell in cells), local_time(record.updated))
    Console().print(table)
    click.echo(f"{len(page.records):,} of {page.total:,} entries")
