"""``kefu knowledge calibrate``: fit the thresholds anew, and show what each threshold would give."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.ops.progress import progress_bar

if TYPE_CHECKING:
    from kefu.knowledge.index.saved import Meta, Point

_FUSION = (
    "smoothing",
    "keyword_weight",
    "keyword_temperature",
    "rules_weight",
    "profile_weight",
    "reranker_weight",
    "popularity_weight",
    "language_bonus",
)


@click.command()
@click.option(
    "--precision",
    type=click.FloatRange(0.5, 1.0),
    help="Share of the answers that is to be right (default: `knowledge.precision` of endpoints.yml).",
)
@json_option
@endpoints_option
def command(precision: float | None, as_json: bool, endpoints: Path | None) -> None:
    """Fit weights, confidence and thresholds on the `dev` questions, and print coverage against precision.

    The figures are those of questions that the fit had left out. The running assistant takes the thresholds up with
    its next answer.
    """
    from kefu.knowledge.index.build import build_index
    from kefu.knowledge.index.saved import read_meta
    from kefu.models import build_embedder

    settings = settings_of(endpoints)
    wanted = settings.knowledge.precision if precision is None else precision
    chosen = replace(settings, knowledge=replace(settings.knowledge, precision=wanted))
    with progress_bar("Embedding questions") as progress:
        build_index(chosen, build_embedder(settings.embedding), progress=progress)
    meta = read_meta(settings.path(settings.knowledge.index))
    if as_json:
        print_json({"precision": wanted, "rule": asdict(meta.rule), "fit": asdict(meta.fit)})
        return
    _print(meta)
    if wanted != settings.knowledge.precision:
        click.echo(
            f"The next `kefu index` keeps it only with `precision: {wanted}` under `knowledge` in endpoints.yml."
        )


def _print(meta: "Meta") -> None:
    from rich.console import Console
    from rich.table import Table

    fit, rule = meta.fit, meta.rule
    table = Table("from confidence", "answered", "right of those", "answerable answered rightly", "others refused")
    for point in fit.curve:
        table.add_row(f"{point.threshold:.2f}", *map(_share, _shares(point)))
    console = Console()
    console.print(table)
    console.print(f"fitted on {fit.source} ({fit.questions} questions)", highlight=False)
    thresholds = {"answers": rule.threshold, "strict": rule.strict_threshold, "asks back": rule.ask_threshold}
    reached = {
        "right of the answers": fit.precision,
        "answerable answered rightly": fit.answered_right,
        "others refused": fit.refusal,
    }
    first = {"meaning alone": fit.dense_first, "fused": fit.fused_first}
    fusion = {name: weight for name, weight in asdict(rule).items() if isinstance(weight, float) and name in _FUSION}
    console.print(" · ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in fusion.items()), highlight=False)
    if fit.fused_first is not None:
        listed = ", ".join(f"{name} {_share(value)}" for name, value in first.items())
        console.print(f"a right entry first, of questions that the weights had not seen: {listed}", highlight=False)
    for values in (thresholds, reached):
        listed = " · ".join(f"{name} {_share(value)}" for name, value in values.items())
        console.print(listed, highlight=False)


def _shares(point: "Point") -> tuple[float | None, ...]:
    return point.coverage, point.precision, point.answered_right, point.refusal


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
