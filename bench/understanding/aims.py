"""Which of the aims are reached, each computed from the figures.

What is to be ahead is judged by accuracy and recall@1; what is not to be behind, by the detection of what is out of
scope too. A row counts as ahead or behind where the interval of the difference leaves zero out; it is level
otherwise. With some fifty rows at 95 %, one or two leave zero out by chance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlu import KEFU as KEFU_PIPELINE
from nlu import PRODUCT, STOCK

from understanding.cost import Cost
from understanding.intents import ACCURACY, AUROC, RECALL
from understanding.intervals import Figure
from understanding.reranking import MIXED, RERANKED, RERANKING, SEARCH
from understanding.retrieval import CROSS_LINGUAL, KNOWLEDGE, RECALL_1
from understanding.sides import AHEAD_OF_MINILM, AHEAD_OF_NGRAMS, KEFU, KEFU_BOTH
from understanding.slices import ALL
from understanding.tables import Comparison, Row, Table
from understanding.utterances import OWN
from understanding.variants import DIMENSIONS, FULL

REACHED, PARTLY, MISSED, UNKNOWN = "reached", "partly", "missed", "not measured"
CROSS_LINGUAL_RECALL, TYPO_POINTS, DIMENSION_POINTS, QUERY_MS = 0.80, 0.05, 0.02, 2.0
_MAIN = (ACCURACY, RECALL_1)
Pipeline = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Set → pipeline → what `bench/nlu.py` measured; empty where it was not asked."""


@dataclass(frozen=True)
class Aim:
    """An aim, whether it was reached, and the figures that say so."""

    aim: str
    state: str
    figures: str


@dataclass(frozen=True)
class _Line:
    table: str
    row: Row

    @property
    def name(self) -> str:
        measure = "" if self.row.measure in _MAIN else f" {self.row.measure}"
        return f"{self.table}, {self.row.name}{measure}"


def all_aims(tables: Sequence[Table], costs: Mapping[str, Cost], pipeline: Pipeline) -> list[Aim]:
    """Judge every aim."""
    return [
        ahead_of_ngrams(tables),
        ahead_of_minilm(tables),
        level_on_english(tables),
        cross_lingual(tables),
        reranker(tables),
        typos(tables),
        dimensions(tables),
        latency(costs),
        parse_latency(pipeline),
    ]


def ahead_of_ngrams(tables: Sequence[Table]) -> Aim:
    """Vectors with n-grams: ahead of n-grams alone over all rows of each set, behind on no slice."""
    lines = _compared(tables, AHEAD_OF_NGRAMS)
    totals = [line for line in lines if ALL in line.row.tags and line.row.measure in _MAIN]
    behind = _with(lines, AHEAD_OF_NGRAMS, "behind")
    short = [line for line in totals if line.row.ahead[AHEAD_OF_NGRAMS].verdict != "ahead"]
    figures = (
        f"ahead on {len(totals) - len(short)} of {len(totals)} sets, behind on {len(behind)} of {len(lines)} rows"
    )
    state = MISSED if behind else PARTLY if short else REACHED
    return Aim(
        "with n-grams ahead of n-grams alone overall, behind on no row",
        _if(totals, state),
        _list(figures, AHEAD_OF_NGRAMS, behind + short),
    )


def ahead_of_minilm(tables: Sequence[Table]) -> Aim:
    """Vectors with n-grams: ahead of MiniLM with n-grams on Chinese, mixed and mistyped rows."""
    chosen = {"zh", "mixed", "typo"}
    lines = [line for line in _within_language(tables) if line.row.tags & chosen and line.row.measure in _MAIN]
    return _all_ahead("ahead of MiniLM with n-grams on zh, mixed and typo rows", lines, AHEAD_OF_MINILM)


def level_on_english(tables: Sequence[Table]) -> Aim:
    """Vectors with n-grams: level with MiniLM with n-grams on English rows, or better."""
    lines = [line for line in _within_language(tables) if "en" in line.row.tags and "mixed" not in line.row.tags]
    behind = _with(lines, AHEAD_OF_MINILM, "behind")
    figures = f"behind on {len(behind)} of {len(lines)} rows"
    return Aim(
        "level with MiniLM with n-grams on English rows",
        _if(lines, MISSED if behind else REACHED),
        _list(figures, AHEAD_OF_MINILM, behind),
    )


def cross_lingual(tables: Sequence[Table]) -> Aim:
    """Vectors alone: the right text in the other language first, often enough in every direction."""
    rows = [row for row in _rows(tables, RECALL_1) if {CROSS_LINGUAL, ALL} <= row.row.tags and KEFU in row.row.figures]
    lowest = min((line.row.figures[KEFU].value for line in rows), default=0.0)
    figures = ", ".join(f"{line.name} {line.row.figures[KEFU].value:.3f}" for line in rows)
    return Aim(
        f"cross-lingual recall@1 of the vectors ≥ {CROSS_LINGUAL_RECALL:.2f}",
        _if(rows, REACHED if lowest >= CROSS_LINGUAL_RECALL else MISSED),
        figures,
    )


def reranker(tables: Sequence[Table]) -> Aim:
    """Alone or added to the search's score: the right entry first more often than by the search."""
    rows = [line.row for line in _rows(tables, RECALL_1) if line.table == RERANKING and ALL in line.row.tags]
    found = [row.ahead[name, SEARCH] for row in rows for name in (RERANKED, MIXED)]
    figures = ", ".join(f"{name} {_signed(one)}" for name, one in zip((RERANKED, MIXED), found, strict=False))
    best = max(found, key=lambda one: one.value, default=None)
    state = UNKNOWN if best is None else REACHED if best.verdict == "ahead" else PARTLY if best.value > 0 else MISSED
    return Aim("the reranker raises recall@1", state, figures)


def typos(tables: Sequence[Table]) -> Aim:
    """Vectors with n-grams: mistyped rows little behind those in standard language."""
    found = {}
    for table, measure in ((OWN, ACCURACY), (KNOWLEDGE, RECALL_1)):
        values = {
            line.row.name: line.row.figures[KEFU_BOTH].value for line in _rows(tables, measure) if line.table == table
        }
        if {"typo", "standard"} <= set(values):
            found[table] = values["standard"] - values["typo"]
    figures = ", ".join(f"{table} {100 * value:.1f} points behind" for table, value in found.items())
    worst = max(found.values(), default=0.0)
    return Aim(
        f"typo rows within {100 * TYPO_POINTS:.0f} points of standard",
        _if(found, REACHED if worst <= TYPO_POINTS else MISSED),
        figures,
    )


def dimensions(tables: Sequence[Table]) -> Aim:
    """Vectors alone: 128 components lose little against all of them."""
    found = {}
    for table in tables:
        for row in table.rows if table.title == DIMENSIONS else ():
            for (size, other), figure in row.ahead.items():
                if size == "128" and other.startswith(FULL):
                    found[row.name] = max(0.0, -figure.value)
    figures = ", ".join(f"{name} {100 * value:.1f}" for name, value in found.items())
    worst = max(found.values(), default=0.0)
    return Aim(
        f"128 dimensions within {100 * DIMENSION_POINTS:.0f} points of full",
        _if(found, REACHED if worst <= DIMENSION_POINTS else MISSED),
        f"points behind: {figures}" if found else "",
    )


def latency(costs: Mapping[str, Cost]) -> Aim:
    """One query on one thread."""
    cost = costs.get(KEFU)
    state = UNKNOWN if cost is None else REACHED if cost.query_p50 <= QUERY_MS else MISSED
    figures = (
        f"p50 {cost.query_p50:.2f} ms ({cost.query_cpu_p50:.2f} ms of CPU), p95 {cost.query_p95:.2f} ms"
        if cost
        else ""
    )
    return Aim(f"one query embedded in ≤ {QUERY_MS:.0f} ms on one thread", state, figures)


def parse_latency(pipeline: Pipeline) -> Aim:
    """The whole pipeline, as it learns beside stock Rasa's and as it is configured: never slower than stock Rasa's."""
    found = {}
    for title, sides in pipeline.items():
        stock = sides[STOCK]["parse_ms_median"]
        for name in {KEFU_PIPELINE, PRODUCT} & set(sides):
            ours = sides[name]["parse_ms_median"]
            found[f"{title}, {name}: {ours:.1f} ms beside {stock:.1f} ms ({ours / stock:.2f}×)"] = ours / stock
    state = REACHED if max(found.values(), default=0.0) <= 1 else MISSED
    return Aim(
        "parse latency (median) at most stock Rasa's; half is the stretch",
        _if(found, state),
        "; ".join(sorted(found)) or "measured by `--pipeline` (bench/nlu.py)",
    )


def _all_ahead(aim: str, lines: list[_Line], comparison: Comparison) -> Aim:
    ahead, behind = (_with(lines, comparison, verdict) for verdict in ("ahead", "behind"))
    level = _with(lines, comparison, "level")
    figures = f"ahead on {len(ahead)} of {len(lines)} rows, level on {len(level)}, behind on {len(behind)}"
    state = REACHED if not (level or behind) else MISSED if behind else PARTLY
    return Aim(aim, _if(lines, state), _list(figures, comparison, behind + level))


def _compared(tables: Sequence[Table], comparison: Comparison) -> list[_Line]:
    """Give the lines of the measures that are judged which have the comparison and enough rows."""
    lines = [line for measure in (*_MAIN, AUROC, RECALL) for line in _rows(tables, measure)]
    return [line for line in lines if comparison in line.row.ahead and not line.row.is_few]


def _within_language(tables: Sequence[Table]) -> list[_Line]:
    """Give the lines that compare with MiniLM, but for those across languages, where it has no chance."""
    return [line for line in _compared(tables, AHEAD_OF_MINILM) if CROSS_LINGUAL not in line.row.tags]


def _rows(tables: Iterable[Table], measure: str) -> list[_Line]:
    return [_Line(table.title, row) for table in tables for row in table.rows if row.measure == measure]


def _with(lines: Iterable[_Line], comparison: Comparison, verdict: str) -> list[_Line]:
    return [line for line in lines if line.row.ahead[comparison].verdict == verdict]


def _list(figures: str, comparison: Comparison, lines: Iterable[_Line]) -> str:
    named = list(dict.fromkeys(f"{line.name} {_signed(line.row.ahead[comparison])}" for line in lines))
    return f"{figures}: {'; '.join(named)}" if named else figures


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} ±{figure.half_width:.3f}"


def _if(found: object, state: str) -> str:
    return state if found else UNKNOWN
