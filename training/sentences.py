"""The sentences that the student learns from, each with the English sentence whose vector it shall get.

The sets of the datasets folder are described in its README; their credit stands in the model card. The benchmark
banking77 is left out, and so are the project's `dev` and `test` questions and their exact copies.
"""

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
_PLACEHOLDER = re.compile(r"%\{|%\(|\{\{|\{[a-z_.]+\}|:[a-z]+\b|<[^>]+>|&[a-z]+;")
_LONGEST = 160  # characters


@dataclass(frozen=True)
class Sentence:
    """A text, the English text whose teacher vector is its target, and which set it came from."""

    text: str
    target: str
    source: str


@dataclass(frozen=True)
class Corpus:
    """All that is trained on: sentences with targets, and groups of texts that mean the same help entry."""

    sentences: list[Sentence]
    groups: list[list[str]]


def load_corpus(datasets: Path, seed: int) -> Corpus:
    """Read every set; drop what `dev` and `test` contain."""
    rng = random.Random(seed)
    held_out = _held_out()
    found = [
        *_tatoeba(datasets),
        *_interface(datasets),
        *_service_pairs(),
        *_english(datasets, rng),
        *_own_english(),
        *_knowledge_pairs(),
    ]
    sentences = [
        sentence
        for sentence in dict.fromkeys(found)
        if 1 < len(sentence.text) <= _LONGEST and key(sentence.text) not in held_out
    ]
    groups = [[text for text in group if key(text) not in held_out] for group in _topics()]
    return Corpus(sentences, groups)


def key(text: str) -> str:
    """Give the form in which two texts count as the same: letters and digits only, lower case."""
    return "".join(character for character in text.lower() if character.isalnum())


def _held_out() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "data" / "eval").glob("*.tsv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.add(key(row.get("query") or row.get("text") or ""))
    return found


def _both(chinese: str, english: str, source: str) -> Iterator[Sentence]:
    yield Sentence(chinese, english, source + "-zh")
    yield Sentence(english, english, source + "-en")


def _tatoeba(datasets: Path) -> Iterator[Sentence]:
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    for line in (datasets / "tatoeba_cmn_eng" / "pairs.tsv").read_text(encoding="utf-8").splitlines():
        english, chinese = line.split("\t")[:2]
        yield from _both(simplify(chinese), english, "tatoeba")


def _interface(datasets: Path) -> Iterator[Sentence]:
    with (datasets / "i18n_ecommerce" / "parallel.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            english, chinese = (row.get("en") or "").strip(), (row.get("zh") or "").strip()
            if english and chinese and not _PLACEHOLDER.search(english + chinese):
                yield from _both(chinese, english, "i18n")


def _service_pairs() -> Iterator[Sentence]:
    with (ROOT / "training" / "data" / "parallel_service.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield from _both(row["zh"], row["en"], "service")


def _english(datasets: Path, rng: random.Random) -> Iterator[Sentence]:
    with (datasets / "bitext" / "bitext.csv").open(encoding="utf-8", newline="") as lines:
        bitext = sorted({row["instruction"] for row in csv.DictReader(lines)})
    with (datasets / "multidogo" / "utterances.tsv").open(encoding="utf-8", newline="") as lines:
        multidogo = sorted(
            {
                row["utterance"].strip('" ')
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row.get("utterance") and row.get("intent") and row["intent"] != "contentonly"
            }
        )
    clinc = json.loads((datasets / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    general = sorted({text for split in ("train", "oos_train") for text, _ in clinc[split]})
    for source, texts, most in (
        ("bitext", bitext, 12_000),
        ("multidogo", multidogo, 8_000),
        ("clinc", general, 12_000),
    ):
        for text in rng.sample(texts, min(most, len(texts))):
            yield Sentence(text, text, source)


def _own_english() -> Iterator[Sentence]:
    """Yield the English training utterances, without their labels: a head fitted on them must not meet them twice."""
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                if text.isascii() and len(text) > 2:
                    yield Sentence(text, text, "own")


def _entries() -> Iterator[dict]:
    for file in sorted((ROOT / "data" / "knowledge").glob("*.yml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))["entries"]


def _knowledge_pairs() -> Iterator[Sentence]:
    for entry in _entries():
        chinese, english = entry["zh"], entry["en"]
        yield from _both(chinese["question"], english["question"], "service")
        for text in english["alternatives"]:
            yield Sentence(text, text, "own")


def _topics() -> Iterator[list[str]]:
    for entry in _entries():
        yield [text for side in (entry["zh"], entry["en"]) for text in (side["question"], *side["alternatives"])]
