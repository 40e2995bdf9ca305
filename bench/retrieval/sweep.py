"""Which parameters a graph (HNSW) should have: recall@10, time of a query, and time to build for each."""

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embedded import NEAREST, Collection
from retrieval.measure import recall

NEIGHBOURS, BUILD_EFFORTS, EFFORTS = (16, 32, 48), (40, 100, 200), (32, 64, 96, 128, 192)
_WARM_UP = 20  # queries


@dataclass(frozen=True)
class Trial:
    """One graph, looked through with one effort. Times of a query are milliseconds of the thread's own work."""

    neighbours: int  # M
    build_effort: int  # efConstruction
    effort: int  # efSearch
    vectors: int
    recall: float
    cpu_p50: float
    cpu_p99: float
    megabytes: float  # of the links alone
    build_seconds: float


def sweep(
    found: Collection,
    neighbours: Sequence[int] = NEIGHBOURS,
    build_efforts: Sequence[int] = BUILD_EFFORTS,
    efforts: Sequence[int] = EFFORTS,
) -> Iterator[Trial]:
    """Build a graph of each kind, and look through it with every effort."""
    import faiss

    for links, build_effort in itertools.product(neighbours, build_efforts):
        graph = faiss.IndexHNSWFlat(found.vectors.shape[1], links, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = build_effort
        began = time.thread_time()
        graph.add(found.vectors)
        built = time.thread_time() - began
        # 2 M links of 4 bytes on the lowest level, where all rows are.
        size = 2 * links * 4 * len(found.vectors) / 1e6
        for effort in efforts:
            answers, times = _ask(graph, faiss.SearchParametersHNSW(efSearch=effort), found)
            p50, p99 = np.percentile(times, [50, 99])
            shares = (recall(answers, found), float(p50), float(p99))
            yield Trial(links, build_effort, effort, len(found.vectors), *shares, size, built)


def _ask(graph: object, parameters: object, found: Collection) -> tuple[list[Sequence[int]], list[float]]:
    answers: list[Sequence[int]] = []
    times: list[float] = []
    for query in (*range(min(_WARM_UP, len(found.queries))), *range(len(found.queries))):
        vector = found.query_vectors[query : query + 1]
        began = time.thread_time()
        _, places = graph.search(vector, NEAREST, params=parameters)  # type: ignore[attr-defined]
        times.append((time.thread_time() - began) * 1000)
        answers.append(places[0].tolist())
    return answers[-len(found.queries) :], times[-len(found.queries) :]
