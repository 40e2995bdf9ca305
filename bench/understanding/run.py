"""How well messages are understood: Kefu's embedder beside character n-grams and MiniLM, in one run.

    python bench/understanding [--embedder FOLDER] [--reranker FOLDER] [--datasets DIR] [--quick] [--pipeline]

Parts: A intents, B retrieval, C reranker, dimensions, instructions, time and size, D (--pipeline) the whole pipeline
beside stock Rasa's. ± is half of the 95 % interval; a difference is paired, row by row. For each side, the share of
its vectors and the regularisation are chosen without the test rows: by cross-validation on the training part, in
retrieval on the questions of `dev`.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from one_thread import THREAD_VARIABLES
from rich.console import Console

from kefu.models.base import BatchedEmbedder
from kefu.models.reranker_base import BatchedReranker
from kefu.settings import EMBEDDED
from understanding import ROOT, report
from understanding.aims import Aim, Pipeline, all_aims
from understanding.cost import Cost, measure_cost
from understanding.encoders import Encoder, MiniLM, find_minilm, kefu_encoder, megabytes
from understanding.intents import measure_intents
from understanding.reranking import Missing, load_reranker, measure_reranker
from understanding.retrieval import CONDITIONS, ENGLISH_ONLY, measure_knowledge, measure_translations
from understanding.sides import KEFU, KEFU_BOTH, MINILM, all_sides
from understanding.tables import Table
from understanding.utterances import DRAWS, missing_sets, own_set, public_sets
from understanding.variants import measure_dimensions, measure_instructions
from understanding.wordings import answerable, read_knowledge, shelf_of

QUICK_ROWS = 200  # test rows of a public set, translations and questions in a quick run
QUICK_PER_INTENT = 20  # of this project's own training utterances
PARTS = ("A intents", "B retrieval", "C")
PIPELINE_PER_INTENT = 40


def main() -> None:
    """Measure, print, and write JSON."""
    options = parser().parse_args()
    console = Console(width=options.width)
    left_out: list[str] = []

    def leave_out(what: str) -> None:
        left_out.append(what)
        console.print(what)

    found = report.measured_on() | {"embedder": options.embedder, "reranker": options.reranker or EMBEDDED}
    found |= {"quick": options.quick, "on": options.on, "left_out": left_out}
    report.show_machine(console, found)
    kefu, minilm = kefu_encoder(options.embedder), find_minilm()
    if minilm is None:
        leave_out("MiniLM is not installed (training/requirements.txt): its sides are left out.")
    reranker = None
    try:
        reranker = load_reranker(options.reranker)
    except Missing as error:
        leave_out(f"The reranker is left out: {error}.")
    models: dict[str, BatchedEmbedder | BatchedReranker | None] = {"embedder": kefu, "reranker": reranker}
    found["fingerprints"] = {role: model.identity().fingerprint for role, model in models.items() if model}
    tables: dict[str, list[Table]] = {part: [] for part in PARTS}
    for part, table in _tables(options, kefu, minilm, reranker, leave_out):
        tables[part].append(table)
        report.show_table(console, part, table)
    costs = _costs(options.embedder, minilm)
    report.show_costs(console, costs)

    def judged(pipeline: Pipeline) -> list[Aim]:
        aims = all_aims([table for part in PARTS for table in tables[part]], costs, pipeline)
        if options.json:
            content = found | report.as_json(tables, costs, pipeline, aims)
            options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return aims

    aims = judged({})  # and written now already: the pipelines may fail after half an hour
    if options.pipeline:
        aims = judged(_pipeline(options, console))
    report.show_aims(console, aims)


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python bench/understanding", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = ROOT.parent / "shared" / "datasets"
    made.add_argument("--embedder", default=EMBEDDED, help="folder of the embedder (default: the embedded one)")
    made.add_argument("--reranker", help="folder of the reranker (default: the embedded one, if there is one)")
    made.add_argument("--datasets", type=Path, default=Path(os.environ.get("KEFU_DATASETS", default)))
    made.add_argument("--on", choices=("test", "dev"), default="test", help="questions and utterances to measure on")
    made.add_argument("--quick", action="store_true", help="few rows and one draw: to see that everything works")
    made.add_argument("--pipeline", action="store_true", help="part D too; stock Rasa trains for minutes")
    made.add_argument("--width", type=int, default=160, help="of the tables, in characters")
    made.add_argument("--json", type=Path, help="write the figures here too")
    return made


def _tables(
    options: argparse.Namespace,
    kefu: Encoder,
    minilm: MiniLM | None,
    reranker: BatchedReranker | None,
    leave_out: Callable[[str], None],
) -> Iterator[tuple[str, Table]]:
    """Yield every table with its part as soon as it is there, and say what is left out."""
    intents, retrieval, rest = PARTS
    most = QUICK_ROWS if options.quick else None
    sides = all_sides(kefu, minilm)
    own = own_set(options.on, per_intent=QUICK_PER_INTENT if options.quick else None)
    yield intents, measure_intents(own, sides)
    for name in missing_sets(options.datasets):
        leave_out(f"{name} is left out: it is not in {options.datasets}.")
    for public in public_sets(options.datasets, most=most, draws=1 if options.quick else DRAWS):
        yield intents, measure_intents(public, sides)
    shares = {}
    for condition in CONDITIONS:
        table = measure_knowledge(condition, sides, options.on, most)
        if condition.title == ENGLISH_ONLY:
            shares = dict(table.chosen)
        yield retrieval, table
    translations = options.datasets if _has_translations(options.datasets) else None
    if translations:
        yield retrieval, measure_translations(translations, sides, shares, most)
    else:
        leave_out("Translations are left out: they need tatoeba_cmn_eng and opencc (training/requirements.txt).")
    if reranker:
        side = next(side for side in sides if side.name == KEFU_BOTH)
        yield rest, measure_reranker(reranker.score, side, options.on, most)
    yield rest, measure_dimensions(kefu, own, translations, options.on, most)
    yield rest, measure_instructions(kefu, own, options.on, most)


def _has_translations(datasets: Path) -> bool:
    from importlib.util import find_spec

    return (datasets / "tatoeba_cmn_eng").is_dir() and find_spec("opencc") is not None


def _costs(embedder: str, minilm: MiniLM | None) -> dict[str, Cost]:
    queries = [question.text for question in answerable("test", shelf_of(read_knowledge()))]
    found = {KEFU: measure_cost(kefu_encoder(embedder, remember=False), queries, megabytes(embedder))}
    if minilm:
        forgetful = MiniLM(minilm.folder, remember=False)
        found[MINILM] = measure_cost(forgetful, queries, megabytes(minilm.folder))
    return found


def _pipeline(options: argparse.Namespace, console: Console) -> dict:
    import nlu

    # Pipelines take the threads that they take by themselves, as in `bench/nlu.py` alone.
    for variable in THREAD_VARIABLES:
        os.environ.pop(variable, None)
    console.print("D: the whole pipeline (bench/nlu.py), each side in a process of its own")
    return nlu.compare(console, options.datasets, PIPELINE_PER_INTENT)
