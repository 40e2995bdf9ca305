"""Measures one side on one collection, in a process of its own, so that its memory is all that grows there."""

import gc
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import psutil

from kefu.protocols import Scores
from retrieval.embedded import NEAREST, Collection
from retrieval.sides import Side, all_sides

_WARM_UP = 20  # queries
_LONGEST = 30.0  # seconds of queries; a slow side answers fewer
_TIE = 1e-5  # as near as the tenth, but for rounding
_MEGABYTE = 1e6
LIVE = "upsert, live elsewhere"


@dataclass(frozen=True)
class Measurement:
    """One line of the table. Times of a query are milliseconds of the clock; ``recall`` is None for other routes.

    ``cpu`` is what the thread itself computed, which a busy machine lengthens less; None where another process does.
    """

    side: str
    note: str
    vectors: int
    queries: int
    recall: float | None
    p50: float
    p99: float
    cpu_p50: float | None
    cpu_p99: float | None
    per_second: float
    megabytes: float
    build_seconds: float


def measure_indexes(found: Collection, only: Sequence[str] = ()) -> Iterator[Measurement]:
    """Measure every side (or those whose name begins with one of ``only``) without embedding of queries."""
    context = multiprocessing.get_context("spawn")
    for side in all_sides():
        if only and not side.name.startswith(tuple(only)):
            continue
        with context.Pool(1) as pool:
            yield pool.apply(_measure, (side.name, found))


def _measure(name: str, found: Collection) -> Measurement:
    side = next(side for side in all_sides() if side.name == name)
    _import_libraries()
    before, began = megabytes(), time.perf_counter()
    side.build(found)
    built = time.perf_counter() - began
    gc.collect()
    grown = megabytes() - before
    for query in range(min(_WARM_UP, len(found.queries))):
        side.look_up(query)
    answers, times, busy = _ask(side, len(found.queries))
    side.close()
    return Measurement(
        side=name,
        note=side.note,
        vectors=len(found.vectors),
        queries=len(times),
        recall=recall(answers, found, side.tenth(found)) if side.dense else None,
        p50=float(np.percentile(times, 50)),
        p99=float(np.percentile(times, 99)),
        cpu_p50=float(np.percentile(busy, 50)) if side.in_process else None,
        cpu_p99=float(np.percentile(busy, 99)) if side.in_process else None,
        per_second=1000 * len(times) / sum(times),
        megabytes=grown,
        build_seconds=built,
    )


def _ask(side: Side, count: int) -> tuple[list[Sequence[int]], list[float], list[float]]:
    answers, times, busy, end = [], [], [], time.perf_counter() + _LONGEST
    for query in range(count):
        began, began_cpu = time.perf_counter(), time.thread_time()
        answers.append(side.look_up(query))
        busy.append((time.thread_time() - began_cpu) * 1000)
        times.append((time.perf_counter() - began) * 1000)
        if time.perf_counter() > end:
            break
    return answers, times, busy


def recall(answers: Sequence[Sequence[int]], found: Collection, tenth: Scores) -> float:
    """Give the share of the nearest ten that were found; what is as near as the tenth counts as one of them."""
    wanted = min(NEAREST, len(found.vectors))
    hits = 0
    for query, places in enumerate(answers):
        there = [place for place in places if place >= 0]
        scores = found.vectors[there] @ found.query_vectors[query]
        hits += min(wanted, int((scores >= tenth[query] - _TIE).sum()))
    return hits / (wanted * len(answers))


def _import_libraries() -> None:
    """Load what a side needs before its memory is weighed."""
    import faiss
    import tantivy

    assert faiss and tantivy


def megabytes() -> float:
    """Weigh this process and those it started (Milvus Lite is one)."""
    process = psutil.Process()
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / _MEGABYTE
