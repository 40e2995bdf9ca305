"""Part C: milliseconds on one thread, and megabytes of the checkpoint."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kefu.models.prompts import FAQ
from understanding.encoders import Encoder

BATCH = 64
_WARM_UP = 5
_QUERIES = 200
_BATCHES = 7


@dataclass(frozen=True)
class Cost:
    """What one embedder takes: milliseconds of the clock, of the CPU where so named; megabytes of its folder."""

    query_p50: float
    query_p95: float
    query_cpu_p50: float
    batch: float
    megabytes: float


def measure_cost(encoder: Encoder, queries: Sequence[str], megabytes: float) -> Cost:
    """Embed queries one by one and by the batch; the encoder must remember nothing.

    Tokenising is part of it. CPU time stands beside the clock's, which a busy machine lengthens.
    """
    single = [[text] for text in queries[: _WARM_UP + _QUERIES]]
    clock, cpu = np.array([_timed(encoder, one) for one in single])[_WARM_UP:].T
    batches = [list(queries[at : at + BATCH]) for at in range(0, len(queries) - BATCH + 1, BATCH)][:_BATCHES]
    return Cost(
        query_p50=float(np.percentile(clock, 50)),
        query_p95=float(np.percentile(clock, 95)),
        query_cpu_p50=float(np.percentile(cpu, 50)),
        batch=float(np.median([_timed(encoder, batch)[0] for batch in batches])),
        megabytes=megabytes,
    )


def _timed(encoder: Encoder, texts: list[str]) -> tuple[float, float]:
    began, began_cpu = time.perf_counter(), time.thread_time()
    encoder.embed(texts, task=FAQ)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - began_cpu) * 1000
