"""The README's tables of the search, from what `bench/routes.py` and `bench/retrieval` measured."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

AIMED_AT = 50_000  # vectors
EFFORT = 96  # efSearch of kefu/knowledge/vectors/hnsw.py
_ROUTES = {
    "dense": "meaning alone",
    "keyword": "words alone",
    "rules": "rules alone",
    "fused": "fused",
    "reranker": "reranker alone",
    "reranked": "fused, then reranked",
}
_SLICES = {"mixed": "mixed languages", "zh": "Chinese", "en": "English"}
_SIDES = {
    "search": "the whole search: four routes, fused",
    "search + embedding": "the same, the question embedded",
    "search + reranker": "the same, the first fifty reranked",
    "upsert, live elsewhere": "an entry of another process, until it is answered with",
}


def routes(found: Mapping[str, Any]) -> str:
    """Show recall@1 of each route by slice, and by how much the fusion is ahead of meaning alone."""
    off, on = found["rerankers"]["off"]["routes"], found["rerankers"]["embedded"]["routes"]
    rows = [*off, *(row for row in on if row["route"] in ("reranker", "reranked"))]
    names = [name for name in _ROUTES if any(row["route"] == name for row in rows)]
    lines = []
    for slice_ in dict.fromkeys(row["slice"] for row in rows):
        here = {row["route"]: row for row in rows if row["slice"] == slice_}
        cells = [_share(here[name]["recall_1"]) if name in here else "–" for name in names]
        lead = here["dense"]["lead"]
        ahead = f"{lead['value']:+.3f} ({lead['low']:+.3f} to {lead['high']:+.3f})"
        lines.append([_SLICES.get(slice_, slice_), str(here["dense"]["n"]), *cells, ahead])
    return markdown(["questions", "n", *(_ROUTES[name] for name in names), "fused ahead of meaning by"], lines)


def answers(found: Mapping[str, Any]) -> str:
    """Show how much is answered rightly and refused with each reranker."""
    lines = [
        [name, *(f"{one['answers'][key]:.3f}" for key in ("recall@1", "mrr", "answered_right", "refusal"))]
        for name, one in found["rerankers"].items()
    ]
    return markdown(["reranker", "recall@1", "MRR", "answered rightly", "refused rightly"], lines)


def indexes(found: Mapping[str, Any], vectors: int | None = None) -> str:
    """Show every index at every size, or at one."""
    lines = [
        [
            f"{one['vectors']:,}",
            _SIDES.get(one["side"], one["side"]) + (f" ({one['note']})" if one["side"].startswith("Milvus") else ""),
            "" if one["recall"] is None else f"{one['recall']:.4f}",
            f"{one['p50']:.2f} / {one['p99']:.2f}",
            "" if one["cpu_p50"] is None else f"{one['cpu_p50']:.2f} / {one['cpu_p99']:.2f}",
            f"{one['per_second']:,.0f}",
            f"{one['megabytes']:,.0f} MB",
            f"{one['build_seconds']:,.1f} s",
        ]
        for one in found["measurements"]
        if vectors in (None, one["vectors"])
    ]
    headings = [
        "vectors",
        "index",
        "recall@10",
        "p50 / p99 ms",
        "of these computing",
        "queries/s",
        "memory",
        "built in",
    ]
    return "\n\n".join([_machine(found), markdown(headings, lines)])


def sweep(found: Mapping[str, Any], effort: int = EFFORT) -> str:
    """Show what the parameters of a graph give at each size, looked through with the effort in use."""
    trials = [one for one in found["sweep"] if one["effort"] == effort]
    sizes = sorted({one["vectors"] for one in trials})
    graphs = dict.fromkeys((one["neighbours"], one["build_effort"]) for one in trials)
    by_graph = {(one["neighbours"], one["build_effort"], one["vectors"]): one for one in trials}
    lines = [
        [str(links), str(built), *_cells([by_graph[links, built, size] for size in sizes])] for links, built in graphs
    ]
    of_sizes = [f"{what} at {size:,}" for size in sizes for what in ("recall@10", "p99 ms of CPU", "built in")]
    return markdown(["M", "efConstruction", *of_sizes], lines)


def _cells(trials: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for one in trials:
        yield from (f"{one['recall']:.4f}", f"{one['cpu_p99']:.2f}", f"{one['build_seconds']:,.0f} s")


def _machine(found: Mapping[str, Any]) -> str:
    return (
        f"Measured on {found['machine']}, {found['cores']} cores of which {len(found['used'] or [])} used, load "
        f"before {found['load']:.1f}, Python {found['python']}."
    )


def _share(share: Mapping[str, float]) -> str:
    return f"{share['value']:.3f} ±{(share['high'] - share['low']) / 2:.3f}"


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
