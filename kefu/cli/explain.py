"""Prints how a decision came about, as tables."""

from typing import TYPE_CHECKING

from kefu.knowledge.recall.routes import RERANKER, ROUTES

if TYPE_CHECKING:
    from rich.console import Console

    from kefu.knowledge.decision import Candidate, Decision, Trace

_SHOWN = 10
_SHOWN_OF_ROUTE = 5


def explain(decision: "Decision") -> None:
    """Print candidates with their places by route, what each route brought with its scores, the weights of the fusion,
    signals, thresholds, models, filters, the cache and timings."""
    from rich.console import Console

    console = Console()
    _candidates(console, decision.candidates[:_SHOWN])
    console.print(
        f"confidence {decision.confidence:.3f}, threshold {decision.threshold:.3f} → {decision.kind}", highlight=False
    )
    if decision.signals:
        _line(console, "signals", {name: f"{value:.3f}" for name, value in vars(decision.signals).items()})
    if decision.trace:
        _trace(console, decision.trace)


def _candidates(console: "Console", candidates: "tuple[Candidate, ...]") -> None:
    from rich.table import Table

    routes = [route for route in (*ROUTES, RERANKER) if any(route in candidate.places for candidate in candidates)]
    table = Table("entry", "score", "meaning", "letters", *routes, "nearest question")
    for one in candidates:
        scores = (f"{one.score:.4f}", f"{one.dense:.3f}", f"{one.letters:.3f}")
        table.add_row(one.entry_id, *scores, *(_place(one, route) for route in routes), one.question)
    console.print(table)


def _place(candidate: "Candidate", route: str) -> str:
    place = candidate.places.get(route)
    if place is None:
        return "–"
    return (
        f"{place} ({candidate.reranked:.2f})" if candidate.reranked is not None and route == RERANKER else str(place)
    )


def _trace(console: "Console", trace: "Trace") -> None:
    for route, brought in trace.routes.items():
        scores = {one.entry_id: f"{one.score:.4f}" for one in brought[:_SHOWN_OF_ROUTE]}
        _line(console, route, scores or {"nothing": ""})
    _line(console, "fusion", {name: f"{value:g}" for name, value in trace.weights.items()})
    _line(console, "thresholds", {name: f"{value:.3f}" for name, value in trace.thresholds.items()})
    _line(console, "filters", dict(trace.filters))
    _line(console, "models", dict(trace.models))
    state = {"knowledge": f"change {trace.sequence}", "reranker": trace.reranker, "cache": trace.cache}
    if trace.dimension:
        state["dimensions"] = str(trace.dimension)
    _line(console, "state", state)
    _line(console, "timings", {name: f"{value:.1f}" for name, value in trace.timings.items()})


def _line(console: "Console", title: str, values: dict[str, str]) -> None:
    listed = " · ".join(f"{name} {value}" for name, value in values.items())
    console.print(f"{title}: {listed}", markup=False, highlight=False)
