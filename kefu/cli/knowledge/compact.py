"""``kefu knowledge compact``: forgets what nobody needs."""

from pathlib import Path

import click

from kefu.cli.knowledge.options import store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of


@click.command()
@click.option("--days", type=click.IntRange(0), default=30, show_default=True, help="Keep what is younger.")
@json_option
@endpoints_option
def command(days: int, as_json: bool, endpoints: Path | None) -> None:
    """Forget what deleted entries said, the changes before them, and vectors that no entry needs any more.

    Who changed what, and when, stays. A process that has not looked for that long reads all entries anew.
    """
    from kefu.knowledge.store.upkeep import compact
    from kefu.models import build_embedder

    settings = settings_of(endpoints)
    done = compact(store_of(settings), settings, build_embedder(settings.embedding).identity(), days=days)
    if as_json:
        print_json({"forgotten": {"changes": done.changes, "vectors": done.vectors}, "compacted": done.compacted})
    else:
        click.echo(f"forgot {done.changes:,} changes and {done.vectors:,} vectors")
