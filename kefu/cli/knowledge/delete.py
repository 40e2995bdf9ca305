"""``kefu knowledge delete``: entries, at once."""

from pathlib import Path

import click

from kefu.cli.knowledge.options import author_option, require, say, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@author_option
@json_option
@endpoints_option
def command(ids: tuple[str, ...], author: str, as_json: bool, endpoints: Path | None) -> None:
    """Delete entries; they are not answered with any more. The history is kept.

    An entry that stands in a file of the project comes back when the file says something new of it.
    """
    from kefu.knowledge.store.record_json import report_json

    store = store_of(settings_of(endpoints))
    for entry_id in ids:  # a slip of the finger deletes nothing
        require(store, entry_id)
    report = store.delete(ids, author=author)
    if as_json:
        print_json(report_json(report))
    else:
        say(report)
