"""Measure an embedder's checkpoint on what training left out, beside others.

    .venv/bin/python training/measure.py --datasets DIR FOLDER [FOLDER ...]

Prints, for every folder: recall@1 from Chinese to English and back among the 1,500 Tatoeba pairs held out; accuracy of
a logistic regression over `data/nlu` on the utterances of `dev` (or the file given by --intents), from the dense
vectors alone, with character n-grams, and from n-grams alone, by language and kind. Retrieval over the shop's
knowledge is what `kefu eval` measures.
"""

import argparse
import csv
import os
import sys
from pathlib import Path

import numpy as np
import yaml

os.environ.setdefault("USE_TF", "0")
sys.path.insert(0, str(Path(__file__).resolve().parent))
ROOT = Path(__file__).resolve().parent.parent


def embed(folder: Path, texts: list[str]) -> np.ndarray:
    """Embed with Kefu's own engine as `float32[n, d]`, rows of length 1."""
    from kefu.models.loader import build_embedder
    from kefu.settings import EmbeddingSettings

    return build_embedder(EmbeddingSettings(model=str(folder))).embed(texts)


def cross_lingual(folder: Path, datasets: Path) -> dict[str, float]:
    """Recall@1 among the held-out pairs, both ways, at full size and at prefixes."""
    from leaks import tatoeba_pairs
    from opencc import OpenCC

    _, pairs = tatoeba_pairs(datasets)
    simplify = OpenCC("t2s").convert
    english = embed(folder, [pair[0] for pair in pairs])
    chinese = embed(folder, [simplify(pair[1]) for pair in pairs])
    found = {}
    for size in (64, 128, english.shape[1]):
        one = chinese[:, :size] / np.linalg.norm(chinese[:, :size], axis=1, keepdims=True)
        other = english[:, :size] / np.linalg.norm(english[:, :size], axis=1, keepdims=True)
        likeness = one @ other.T
        right = np.arange(len(pairs))
        found[f"zh-en@{size}"] = float((likeness.argmax(1) == right).mean())
        found[f"en-zh@{size}"] = float((likeness.argmax(0) == right).mean())
    return found


def training_utterances() -> tuple[list[str], list[str]]:
    """Read `data/nlu` as texts and intents."""
    texts, intents = [], []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if text := line.removeprefix("- ").strip():
                    texts.append(text)
                    intents.append(block["intent"])
    return texts, intents


def intents(folders: list[Path], file: Path) -> None:
    """Print accuracies of every folder's vectors, of n-grams, and of both."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, wanted = training_utterances()
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    asked = [row["text"] for row in rows]
    truth = np.array([row["intent"] for row in rows])
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
    sparse, sparse_asked = vectoriser.fit_transform(texts), vectoriser.transform(asked)

    def show(name: str, train, test, strength: float) -> None:  # type: ignore[no-untyped-def]
        model = LogisticRegression(C=strength, max_iter=2000).fit(train, wanted)
        right = model.predict(test) == truth
        parts = [f"all {right.mean():.3f}"]
        for column in ("lang", "kind"):
            for value in sorted({row[column] for row in rows}):
                chosen = np.array([row[column] == value for row in rows])
                parts.append(f"{value} {right[chosen].mean():.3f}")
        print(f"  {name:34}", " ".join(parts), flush=True)

    show("n-grams", sparse, sparse_asked, 10.0)
    for folder in folders:
        dense, dense_asked = embed(folder, texts), embed(folder, asked)
        show(f"{folder.parent.name}/{folder.name} dense", dense, dense_asked, 30.0)
        both = [
            hstack([part, csr_matrix(2 * rows)]).tocsr()
            for part, rows in ((sparse, dense), (sparse_asked, dense_asked))
        ]
        show(f"{folder.parent.name}/{folder.name} dense + n-grams", *both, 10.0)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--datasets", type=Path, help="folder with tatoeba_cmn_eng; left out: no cross-lingual rows")
    parser.add_argument("--intents", type=Path, default=ROOT / "data" / "eval" / "dev_intents.tsv")
    options = parser.parse_args()
    if options.datasets:
        for folder in options.folders:
            found = cross_lingual(folder, options.datasets)
            print(folder, " ".join(f"{name} {value:.3f}" for name, value in found.items()), flush=True)
    intents(options.folders, options.intents)


if __name__ == "__main__":
    main()
