"""``kefu knowledge duplicates``: entries that ask nearly the same."""

from dataclasses import asdict
from pathlib import Path

import click

from kefu.cli.knowledge.options import store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.knowledge.store.duplicates import NEAR_IN_LETTERS, NEAR_IN_MEANING
from kefu.ops.progress import progress_bar

_SHARE = click.FloatRange(0, 1)


@click.command()
@click.option("--meaning", type=_SHARE, default=NEAR_IN_MEANING, show_default=True, help="Cosine of the vectors.")
@click.option("--letters", type=_SHARE, default=NEAR_IN_LETTERS, show_default=True, help="Cosine of the n-grams.")
@json_option
@endpoints_option
def command(meaning: float, letters: float, as_json: bool, endpoints: Path | None) -> None:
    """List pairs of entries with questions that are nearly the same, in meaning or in letters, the nearest first."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kefu.knowledge.store.upkeep import duplicates
    from kefu.models import build_embedder

    settings = settings_of(endpoints)
    embedder = build_embedder(settings.embedding)
    with progress_bar("Embedding questions") as progress:
        found = duplicates(store_of(settings), settings, embedder, meaning, letters, progress)
    if as_json:
        print_json([asdict(pair) for pair in found.pairs])
        return
    table = Table("entries", "meaning", "letters", "questions")
    for pair in found.pairs:
        names, questions = Text(f"{pair.first}\n{pair.second}"), Text("\n".join(pair.questions))
        table.add_row(names, f"{pair.meaning:.3f}", f"{pair.letters:.3f}", questions)
    if found.pairs:
        Console().print(table)
    click.echo(f"{len(found.pairs):,} pairs among {found.entries:,} entries")
