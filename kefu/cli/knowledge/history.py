"""``kefu knowledge history``: who changed an entry, when, and to what."""

from pathlib import Path

import click

from kefu.cli.knowledge.options import local_time, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.errors import DataError


@click.command()
@click.argument("entry_id", metavar="ID")
@json_option
@endpoints_option
def command(entry_id: str, as_json: bool, endpoints: Path | None) -> None:
    """List the revisions of the entry ID, oldest first; deleted entries have theirs too."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kefu.knowledge.store.record_json import revision_json

    revisions = store_of(settings_of(endpoints)).history(entry_id)
    if not revisions:
        raise DataError(f"There never was a knowledge entry `{entry_id}`.")
    if as_json:
        print_json([revision_json(revision) for revision in revisions])
        return
    table = Table("rev.", "at", "by", "source", "what")
    for revision in revisions:
        entry = revision.entry
        said = (
            "\n".join(f"{wording.question} → {wording.answer}" for wording in entry.wordings.values()) if entry else ""
        )
        what = "deleted" if revision.kind == "delete" else said or "(compacted)"
        cells = (str(revision.revision), local_time(revision.at), revision.author, revision.source, what)
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)
