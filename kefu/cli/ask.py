"""``kefu ask``: answer one question from the shop's knowledge."""

from pathlib import Path

import click

from kefu.cli.knowledge_options import (
    endpoints_option,
    json_option,
    knowledge_language_option,
    open_base,
    print_json,
    settings_of,
)
from kefu.knowledge.asker import TIERS, Asker
from kefu.text import LANGUAGES, Language

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
@click.option("--category", help="Look in entries of this category only.")
@click.option("--channel", help="Ask as a customer on this channel, such as web.")
@click.option(
    "--tier",
    type=click.Choice(tuple(TIERS)),
    default=Asker.tier,
    show_default=True,
    help="Search by the whole vectors (vip), half of them (web) or a quarter (app).",
)
@click.option("--explain", is_flag=True, help="Show candidates, scores, threshold and timings.")
@json_option
@endpoints_option
def command(
    text: str,
    language: Language | None,
    knowledge_language: Language | None,
    category: str | None,
    channel: str | None,
    tier: str,
    explain: bool,
    as_json: bool,
    endpoints: Path | None,
) -> None:
    """Answer TEXT from the shop's knowledge, or say that nothing fits."""
    base = open_base(settings_of(endpoints))
    asker = Asker(channel=channel, tier=tier, category=category)
    decision = base.answer(
        text, language=language, knowledge_language=knowledge_language, explain=explain, asker=asker
    )
    if as_json:
        print_json(decision.to_json())
        return
    if decision.kind == "answer":
        source = [decision.entry_id, f"version {decision.source_version}", f"as of {decision.as_of}", decision.link]
        click.echo(f"{decision.text}\n\n[{' · '.join(filter(None, source))}]")
    elif decision.kind == "ask_back":
        click.echo("Which is meant?\n" + "\n".join(f"  {one.title}  [{one.entry_id}]" for one in decision.options))
    else:
        click.echo(f"No answer: {_REASONS[decision.reason]}.")
    if explain:
        from kefu.cli.explain import explain as print_explanation

        print_explanation(decision)
