"""What each route of the search is worth on the test questions, alone, fused and reranked, with 95 % intervals.

    python bench/routes.py [--questions data/eval/test.tsv] [--json bench/measured/routes.json]

The demo shop's knowledge is indexed twice beside the project's own index, once without a reranker and once with the
embedded one, each fitted on `dev` alone; then the questions are asked. `kefu eval FILE --routes` prints the same table
for the project as it is set up.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "bench") not in sys.path:
    sys.path.append(str(ROOT / "bench"))

from machine import machine  # noqa: E402

from kefu.knowledge.base import KnowledgeBase  # noqa: E402
from kefu.knowledge.evaluation.evaluate import ask_all, evaluate  # noqa: E402
from kefu.knowledge.evaluation.questions import read_questions  # noqa: E402
from kefu.knowledge.evaluation.routes import by_route  # noqa: E402
from kefu.knowledge.index.build import build_index  # noqa: E402
from kefu.models.checkpoint import CHECKPOINTS, fingerprint  # noqa: E402
from kefu.models.loader import build_embedder, build_reranker  # noqa: E402
from kefu.settings import Settings, load_settings  # noqa: E402

_PACKAGES = ("faiss-cpu", "numpy", "onnxruntime", "tantivy")
_PATIENCE = 60.0  # seconds for a reranker: what is measured is what it says, not whether it is in time
RERANKERS = ("off", "embedded")


def measure(settings: Settings, questions: Path) -> dict[str, Any]:
    """Index the knowledge anew, ask all questions, and measure routes and answers."""
    embedder = build_embedder(settings.embedding)
    report = build_index(settings, embedder)
    base = KnowledgeBase(settings, embedder, build_reranker(settings.reranker))
    asked = read_questions(questions, base.entry_ids)
    outcomes = ask_all(base, asked)
    base.close()
    return {
        "routes": [asdict(row) for row in by_route(asked, outcomes)],
        "answers": evaluate(asked, outcomes).total.to_json(),
        "left_out": {"dense": report.fit.dense_first, "fused": report.fit.fused_first},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure with each reranker, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=ROOT / "data" / "eval" / "test.tsv")
    parser.add_argument("--json", type=Path, default=ROOT / "bench" / "measured" / "routes.json")
    options = parser.parse_args(arguments)
    settings = load_settings(ROOT / "endpoints.yml")
    found: dict[str, Any] = {
        **machine(_PACKAGES),
        "fingerprints": {role: fingerprint(CHECKPOINTS / role) for role in ("embedder", "reranker")},
        "questions": options.questions.name,
        "rerankers": {},
    }
    for reranker in RERANKERS:
        with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
            knowledge = replace(settings.knowledge, url=f"sqlite:///{folder}/knowledge.db", index=f"{folder}/index")
            asks = replace(settings.reranker, model=reranker, deadline=_PATIENCE)
            cache = replace(settings.cache, size=0)
            found["rerankers"][reranker] = measure(
                replace(settings, knowledge=knowledge, reranker=asks, cache=cache), options.questions
            )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for reranker, one in found["rerankers"].items():
        print(f"reranker {reranker}: {one['answers']}")
        for row in one["routes"]:
            shares = (row["recall_1"], row["recall_5"], row["mrr"], row["lead"])
            print(f"  {row['slice']:<10} {row['route']:<9}", *(f"{share['value']:+.3f}" for share in shares))


if __name__ == "__main__":
    main()
