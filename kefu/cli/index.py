"""``kefu index``: bring the knowledge index up to date."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.ops.progress import progress_bar

if TYPE_CHECKING:
    from kefu.knowledge.index.build import BuildReport


@click.command()
@click.option("--force", is_flag=True, help="Embed and fit everything anew, even what has not changed.")
@endpoints_option
@json_option
def command(force: bool, endpoints: Path | None, as_json: bool) -> None:
    """Build the knowledge index and fit its threshold; only what changed is done again."""
    from kefu.knowledge.index.build import build_index
    from kefu.models import build_embedder

    settings = settings_of(endpoints)
    with progress_bar("Embedding questions") as progress:
        report = build_index(settings, build_embedder(settings.embedding), force=force, progress=progress)
    if as_json:
        print_json(asdict(report))
    else:
        click.echo(summary(report))


def summary(report: "BuildReport") -> str:
    """Say in a few words what was done and how long it took."""
    size = f"{report.entries:,} entries, {report.rows:,} texts"
    if not report.changed:
        return f"Knowledge index: nothing changed ({size}). {report.seconds:.1f} s"
    done = f"{report.embedded:,} embedded, {report.reused:,} kept"
    return f"Knowledge index: {size} ({done}); {_fit(report)}. {report.seconds:.1f} s"


def _fit(report: "BuildReport") -> str:
    from kefu.knowledge.index.build import OWN_QUESTIONS

    if not report.fitted:
        return "the fit is kept"
    shares = []
    if report.fit.answered_right is not None:
        shares.append(f"answers {report.fit.answered_right:.0%} of the answerable ones rightly")
    if report.fit.refusal is not None:
        shares.append(f"refuses {report.fit.refusal:.0%} of the others")
    if report.fit.source == OWN_QUESTIONS:
        return f"rule of thumb, there being no dev questions (on {OWN_QUESTIONS}: {', '.join(shares)})"
    return f"fitted on {report.fit.source} ({report.fit.questions} questions): {', '.join(shares)}"
