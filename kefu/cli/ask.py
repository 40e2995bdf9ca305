"""``kefu ask``: answer one question from the shop's knowledge."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kefu.cli.knowledge_options import (
    endpoints_option,
    json_option,
    knowledge_language_option,
    open_base,
    print_json,
    settings_of,
)
from kefu.text import LANGUAGES, Language

if TYPE_CHECKING:
    from kefu.knowledge.base import Decision

_SHOWN = 10
_REASONS = {
    "nothing_to_read": "there is nothing to read in it",
    "too_long": "it is too long for a question",
    "nothing_found": "nothing like it was found",
    "not_sure": "no entry is near enough",
}


@click.command()
@click.argument("text")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="The customer's language (default: read off).")
@knowledge_language_option
@click.option("--explain", is_flag=True, help="Show candidates, scores, threshold and timings.")
@json_option
@endpoints_option
def command(
    text: str,
    language: Language | None,
    knowledge_language: Language | None,
    explain: bool,
    as_json: bool,
    endpoints: Path | None,
) -> None:
    """Answer TEXT from the shop's knowledge, or say that nothing fits."""
    base = open_base(settings_of(endpoints))
    decision = base.answer(text, language=language, knowledge_language=knowledge_language, explain=explain)
    if as_json:
        print_json(decision.to_json())
        return
    if decision.kind == "answer":
        click.echo(f"{decision.text}\n\n[{decision.entry_id} · {decision.source_version} · {decision.as_of}]")
    else:
        click.echo(f"No answer: {_REASONS[decision.reason]}.")
    if explain:
        _explain(decision)


def _explain(decision: "Decision") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("entry", "score", "meaning", "letters", "nearest question")
    for candidate in decision.candidates[:_SHOWN]:
        scores = (f"{value:.3f}" for value in (candidate.score, candidate.dense, candidate.lexical))
        table.add_row(candidate.entry_id, *scores, candidate.question)
    console = Console()
    console.print(table)
    console.print(f"confidence {decision.confidence:.3f}, threshold {decision.threshold:.3f}", highlight=False)
    if decision.signals:
        console.print(
            " · ".join(f"{name} {value:.3f}" for name, value in vars(decision.signals).items()), markup=False
        )
    console.print(" · ".join(f"{name} {value:.1f}" for name, value in decision.timings.items()), markup=False)
