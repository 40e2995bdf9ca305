"""``kefu knowledge compact``: forgets what nobody needs."""

from datetime import timedelta
from pathlib import Path

import click

from kefu.cli.knowledge.options import store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.clock import now


@click.command()
@click.option("--days", type=click.IntRange(0), default=30, show_default=True, help="Keep what is younger.")
@json_option
@endpoints_option
def command(days: int, as_json: bool, endpoints: Path | None) -> None:
    """Forget what deleted entries said, the changes before them, and vectors that no entry needs any more.

    Who changed what, and when, stays. A process that has not looked for that long reads all entries anew.
    """
    from kefu.knowledge.store.used_vectors import used_vectors
    from kefu.models import build_embedder

    settings = settings_of(endpoints)
    store = store_of(settings)
    before = store.stats()
    used = used_vectors(store, settings, build_embedder(settings.embedding).identity())
    store.compact(before=now() - timedelta(days=days), used=used)
    after = store.stats()
    done = {
        "changes": after.compacted - before.compacted,
        "vectors": sum(before.vectors.values()) - sum(after.vectors.values()),
    }
    if as_json:
        print_json({"forgotten": done, "compacted": after.compacted})
    else:
        click.echo(f"forgot {done['changes']:,} changes and {done['vectors']:,} vectors")
