"""``kefu eval``: measure how well a file of questions is answered."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kefu.cli.knowledge_options import (
    endpoints_option,
    json_option,
    knowledge_language_option,
    open_base,
    print_json,
    settings_of,
)
from kefu.text import Language

if TYPE_CHECKING:
    from kefu.knowledge.evaluation.evaluate import Evaluation, Measures
    from kefu.knowledge.evaluation.routes import RouteRow, Share

_COLUMNS = ("recall@1", "recall@5", "mrr", "answered_right", "offered_right", "refusal")
_FORMS = "starts_form"
# What stands above a column of the table; the published names are those of the JSON.
_TITLES = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "mrr": "MRR",
    "answered_right": "answered",
    "offered_right": "offered",
    "refusal": "refused",
    _FORMS: "form",
}


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@knowledge_language_option
@click.option("--end-to-end", is_flag=True, help="Put each question through the trained Rasa model first.")
@click.option("--routes", is_flag=True, help="Measure each route of the search alone, beside their fusion.")
@json_option
@endpoints_option
def command(
    file: Path,
    knowledge_language: Language | None,
    end_to_end: bool,
    routes: bool,
    as_json: bool,
    endpoints: Path | None,
) -> None:
    """Measure how well the questions in FILE (TSV: kind, lang, query, id) are answered."""
    from kefu.cli.end_to_end import ask_end_to_end
    from kefu.knowledge.evaluation.evaluate import ask_all, evaluate
    from kefu.knowledge.evaluation.questions import read_questions
    from kefu.knowledge.evaluation.routes import by_route

    settings = settings_of(endpoints)
    base = open_base(settings)
    questions = read_questions(file, base.entry_ids)
    if routes and end_to_end:
        raise click.UsageError("--routes looks at the search alone: leave --end-to-end out.")
    if end_to_end:
        outcomes = ask_end_to_end(settings, base, questions, knowledge_language)
    else:
        outcomes = ask_all(base, questions, knowledge_language)
    if routes:
        _print_routes(by_route(questions, outcomes), as_json)
        return
    evaluation = evaluate(questions, outcomes)
    if as_json:
        print_json(to_json(evaluation, end_to_end))
    else:
        _print_table(evaluation, end_to_end)


def to_json(evaluation: "Evaluation", end_to_end: bool) -> dict[str, Any]:
    """Give the published form; ``starts_form`` is measured end to end only."""

    def values(measures: "Measures") -> dict[str, float | int | None]:
        return {name: value for name, value in measures.to_json().items() if end_to_end or name != _FORMS}

    return {
        "kinds": {kind: values(measures) for kind, measures in evaluation.kinds.items()},
        "languages": {language: values(measures) for language, measures in evaluation.languages.items()},
        "kinds_by_language": {
            kind: {code: values(measures) for (name, code), measures in evaluation.both.items() if name == kind}
            for kind in evaluation.kinds
        },
        "total": values(evaluation.total),
    }


def _print_table(evaluation: "Evaluation", end_to_end: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    columns = [*_COLUMNS, _FORMS] if end_to_end else list(_COLUMNS)
    # Lines between columns would leave no room for figures on a screen of 80 characters.
    table = Table(
        "kind", "lang", "n", *(_TITLES.get(column, column) for column in columns), box=SIMPLE_HEAD, padding=(0, 0)
    )
    table.columns[0].no_wrap = True
    for (kind, language), measures in sorted(evaluation.both.items()):
        table.add_row(kind, language, *_cells(measures, columns))
    table.add_section()
    for kind, measures in evaluation.kinds.items():
        table.add_row(kind, "all", *_cells(measures, columns))
    table.add_section()
    for language, measures in evaluation.languages.items():
        table.add_row("TOTAL", language, *_cells(measures, columns))
    table.add_row("TOTAL", "all", *_cells(evaluation.total, columns))
    Console().print(table)


def _print_routes(rows: "list[RouteRow]", as_json: bool) -> None:
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    from rich.console import Console
    from rich.table import Table

    def interval(share: "Share") -> str:
        return f"{share.value:.3f} ({share.low:.3f}–{share.high:.3f})"

    table = Table("questions", "route", "n", "recall@1", "recall@5", "mrr", "fused ahead by", caption="95 % intervals")
    for before, row in zip([None, *rows], rows, strict=False):
        if before is not None and before.slice != row.slice:
            table.add_section()
        shares = (interval(share) for share in (row.recall_1, row.recall_5, row.mrr))
        lead = f"{row.lead.value:+.3f} ({row.lead.low:+.3f}–{row.lead.high:+.3f})"
        table.add_row(row.slice, row.route, str(row.n), *shares, lead)
    Console().print(table)


def _cells(measures: "Measures", columns: list[str]) -> list[str]:
    values = measures.to_json()
    shares = (values[column] for column in columns)
    return [str(measures.n), *("–" if share is None else f"{share:.3f}" for share in shares)]
