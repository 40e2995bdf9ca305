"""Intent accuracy, training time, start-up, parse latency and memory: Kefu's pipeline beside stock Rasa's, in one run.

    python bench/nlu.py [--per-intent N] [--with-our-tokenizer] [--datasets DIR] [--json FILE]

A third side is the product as it is configured: `config.yml` with all utterances, those of the knowledge base that its
importer adds, and the fallback classifier, whose "not understood" counts as a mistake.

Data: this project's training utterances (by default 40 per intent, drawn with a fixed seed: with all of them stock
Rasa trains for more than a quarter of an hour) and `test` utterances (written by somebody who saw no training
sentence); and, where the folder of data sets is present, banking77 with 20 training questions per intent. Neither
pipeline has seen a test sentence; the embedded model has seen nothing of banking77.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table
from understanding.utterances import banking_test, banking_training, own_training

ROOT = Path(__file__).resolve().parent.parent
STOCK, KEFU = "stock Rasa", "Kefu"
SIDES = {STOCK: "stock", KEFU: "kefu"}
OUR_TOKENIZER = {"stock Rasa, our tokenizer": "stock_characters"}
PRODUCT = "Kefu as configured, all utterances"
BANKING_PER_INTENT = 20
SEED = 20261120
OWN = "own.yml"


def own(per_intent: int, out: Path) -> tuple[Path, Path]:
    """Give this project's files, with so many training utterances of each intent (0: all)."""
    nlu = out / OWN
    _write_nlu(nlu, own_training(), per_intent)
    return nlu, ROOT / "data" / "eval" / "test_intents.tsv"


def banking77(folder: Path, out: Path) -> tuple[Path, Path]:
    """Write a few-shot training file and the whole test split in Rasa's and our form."""
    nlu, test = out / "banking77.yml", out / "banking77.tsv"
    _write_nlu(nlu, banking_training(folder), BANKING_PER_INTENT)
    asked = banking_test(folder)
    rows = [("standard", "en", text, name) for text, name in zip(asked.texts, asked.intents, strict=True)]
    content = "\n".join("\t".join(row) for row in [("kind", "lang", "text", "intent"), *rows])
    test.write_text(content + "\n", encoding="utf-8")
    return nlu, test


def _write_nlu(file: Path, by_intent: Mapping[str, Sequence[str]], per_intent: int) -> None:
    rng = random.Random(SEED)
    blocks = []
    for name, texts in sorted(by_intent.items()):
        chosen = rng.sample(sorted(texts), min(per_intent or len(texts), len(texts)))
        blocks.append({"intent": name, "examples": "".join(f"- {text}\n" for text in chosen)})
    file.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")


def measure(config: Path, nlu: Path, test: Path) -> dict:
    """Run one side in a fresh process."""
    command = [sys.executable, str(ROOT / "bench" / "nlu_side.py"), "--config", str(config)]
    command += ["--nlu", str(nlu), "--test", str(test)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{config.name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(title: str, results: dict[str, dict]) -> Table:
    """Lay out both sides, with ratios to stock Rasa."""
    stock = next(iter(results.values()))
    lines = Table(title=title)
    headings = (
        "pipeline",
        "accuracy",
        "zh",
        "en",
        "macro recall",
        "training",
        "start",
        "parse p50 / p95",
        "peak memory",
    )
    for name in headings:
        lines.add_column(name, justify="left" if name == "pipeline" else "right")
    for name, side in results.items():
        by_lang = [f"{side['by_lang'][lang]:.3f}" if lang in side["by_lang"] else "–" for lang in ("zh", "en")]
        lines.add_row(
            name,
            f"{side['accuracy']:.3f}",
            *by_lang,
            f"{side['macro_recall']:.3f}",
            f"{side['training_s']:.1f} s ({side['training_s'] / stock['training_s']:.2f}×)",
            f"{side['start_s']:.1f} s",
            f"{side['parse_ms_median']:.1f} / {side['parse_ms_p95']:.1f} ms",
            f"{side['peak_mb']:.0f} MB",
        )
    return lines


def compare(
    console: Console, datasets: Path, per_intent: int, sides: Mapping[str, str] = SIDES
) -> dict[str, dict[str, dict]]:
    """Measure every pipeline on every set, each in a process of its own, and print; give set → pipeline → figures.

    "start" is the time from the start of a process until it has loaded the trained model and parsed a first message.

    :param datasets: folder that may have banking77.
    :param per_intent: training utterances of each intent of this project's; 0: all.
    :param sides: name → file under bench/pipelines.
    """
    everything: dict[str, dict[str, dict]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        shown = f"{per_intent} per intent" if per_intent else "all"
        sets = {f"Kefu's utterances, {shown}": own(per_intent, Path(scratch))}
        if (datasets / "banking77").is_dir():
            title = f"banking77, {BANKING_PER_INTENT} per intent"
            sets[title] = banking77(datasets / "banking77", Path(scratch))
        for title, (nlu, test) in sets.items():
            pipelines = ROOT / "bench" / "pipelines"
            results = {name: measure(pipelines / f"{config}.yml", nlu, test) for name, config in sides.items()}
            if nlu.name == OWN:
                results[PRODUCT] = measure(ROOT / "config.yml", ROOT / "data" / "nlu", test)
            everything[title] = results
            count = next(iter(results.values()))["n"]
            console.print(table(f"{title} ({count} test sentences)", results))
    return everything


def main() -> None:
    """Measure every pipeline on every set, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared" / "datasets"
    parser.add_argument("--datasets", type=Path, default=Path(os.environ.get("KEFU_DATASETS", default)))
    parser.add_argument("--per-intent", type=int, default=40, help="training utterances of each intent; 0: all")
    parser.add_argument(
        "--with-our-tokenizer", action="store_true", help="one more side: stock Rasa with our tokenizer"
    )
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    console = Console(width=130)
    packages = ", ".join(f"{name} {version(name)}" for name in ("rasa", "tensorflow", "torch", "transformers"))
    console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {packages}")
    sides = {**SIDES, **(OUR_TOKENIZER if options.with_our_tokenizer else {})}
    everything = compare(console, options.datasets, options.per_intent, sides)
    if options.json:
        options.json.write_text(json.dumps(everything, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
