"""What the student learns from: sentences with the English sentence whose vector they shall get, and groups of texts
that ask for the same.

The sets of the datasets folder are described in its README; their credit stands in the model card. The benchmark
banking77 is left out; so are the project's `dev` and `test` questions, the test splits of CLINC150 and Bitext, and
1,500 Tatoeba pairs, with whatever is nearly the same (`leaks.py`).
"""

import csv
import hashlib
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from grammar import Grammar
from leaks import HeldOut, benchmark_texts, evaluation_texts, tatoeba_pairs
from noise import is_chinese

ROOT = Path(__file__).resolve().parent.parent
SETS = ("tatoeba_cmn_eng", "i18n_ecommerce", "bitext", "multidogo", "clinc150", "crosswoz", "ha_intents")
_PLACEHOLDER = re.compile(r"%\{|%\(|\{\{|\{[a-z_.]+\}|:[a-z]+\b|<[^>]+>|&[a-z]+;")
_NUMBERED = re.compile(r"SO\d{8}|@")
_LONGEST = 160  # characters
EACH = 80  # sentences of a template


@dataclass(frozen=True)
class Sentence:
    """A text, the English text whose teacher vector is its target, and which set it came from."""

    text: str
    target: str
    source: str


@dataclass
class Corpus:
    """Sentences with targets; groups of texts of one meaning by kind and name; Chinese texts without a translation.

    None is near to what is held out, nor may it become so by a slip.
    """

    sentences: list[Sentence]
    groups: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    alone: list[str] = field(default_factory=list)
    held_out: HeldOut = field(default_factory=lambda: HeldOut([]))

    def texts(self) -> Iterator[str]:
        """Yield every text, for the tokenizer and the noise."""
        yield from (sentence.text for sentence in self.sentences)
        yield from (text for kind in self.groups.values() for group in kind.values() for text in group)
        yield from self.alone

    def digest(self) -> str:
        """Hash all of it to 16 hex digits: what a run was trained on."""
        lines = [f"{item.source}\t{item.text}\t{item.target}" for item in self.sentences]
        lines += [json.dumps(self.groups, ensure_ascii=False), *self.alone]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def load_corpus(datasets: Path, seed: int) -> Corpus:
    """Read every set; drop what is held out or near to it."""
    print("Reading the data sets and checking them for leaks …", flush=True)
    started = time.monotonic()
    rng = random.Random(seed)
    translated, held_out_pairs = tatoeba_pairs(datasets)
    simplify = _simplifier()
    held_out = HeldOut(
        [
            *evaluation_texts(ROOT / "data" / "eval"),
            *benchmark_texts(datasets),
            *(text for english, chinese in held_out_pairs for text in (english, simplify(chinese))),
        ]
    )
    general = [pair for english, chinese in translated for pair in _both(simplify(chinese), english, "tatoeba")]
    # What CLINC150 calls out of scope has nothing in common: no group.
    labelled = {"bitext": _bitext(datasets), "multidogo": _multidogo(datasets), "clinc": _clinc(datasets)}
    english_only = [
        Sentence(text, text, name)
        for name, groups in labelled.items()
        for text in _some(sorted({text for group in groups.values() for text in group}), 24_000, rng)
    ]
    corpus = own_corpus(seed)
    found = without_leaks(
        Corpus(
            [*general, *_interface(datasets), *corpus.sentences, *english_only],
            {
                **corpus.groups,
                **{kind: {k: v for k, v in found.items() if k != "oos"} for kind, found in labelled.items()},
            },
            [*corpus.alone, *_some(sorted(set(_crosswoz(datasets))), 3_000, rng), *_smart_home(datasets)],
        ),
        held_out,
    )
    print(f"{len(found.sentences)} sentences, checked in {time.monotonic() - started:.0f} s", flush=True)
    return found


def own_corpus(seed: int) -> Corpus:
    """Read what this repository itself brings."""
    sentences = [*_service_pairs(), *_knowledge_pairs(), *_own_english()]
    groups: dict[str, dict[str, list[str]]] = {"topic": _entry_texts(), "topic-said": {}, "intent": {}}
    for pair in Grammar().pairs(EACH, seed):
        sentences += _both(pair.chinese, pair.english, "grammar")
        kind = "intent" if pair.topic.startswith("intent_") else "topic-said"
        groups[kind].setdefault(pair.topic, []).extend((pair.chinese, pair.english))
    alone = [text for text in _utterances() if is_chinese(text)]
    alone += [text for group in groups["topic"].values() for text in group if is_chinese(text)]
    return Corpus(sentences, groups, alone)


def without_leaks(corpus: Corpus, held_out: HeldOut) -> Corpus:
    """Drop texts near to a held-out one, and sentences whose target is."""
    seen: dict[str, bool] = {}

    def good(text: str) -> bool:
        if text not in seen:
            seen[text] = 1 < len(text) <= _LONGEST and not held_out.near(text)
        return seen[text]

    sentences = [item for item in dict.fromkeys(corpus.sentences) if good(item.text) and good(item.target)]
    groups = {
        kind: {
            name: kept
            for name, group in named.items()
            if len(kept := [t for t in dict.fromkeys(group) if good(t)]) > 1
        }
        for kind, named in corpus.groups.items()
    }
    return Corpus(sentences, groups, [text for text in dict.fromkeys(corpus.alone) if good(text)], held_out)


def _some(texts: list[str], most: int, rng: random.Random) -> list[str]:
    return rng.sample(texts, min(most, len(texts)))


def _simplifier():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("t2s").convert


def _both(chinese: str, english: str, source: str) -> Iterator[Sentence]:
    yield Sentence(chinese, english, source + "-zh")
    yield Sentence(english, english, source + "-en")


def tsv_rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated file by column; quotation marks are text."""
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _interface(datasets: Path) -> Iterator[Sentence]:
    for row in tsv_rows(datasets / "i18n_ecommerce" / "parallel.tsv"):
        english, chinese = (row.get("en") or "").strip(), (row.get("zh") or "").strip()
        if english and chinese and not _PLACEHOLDER.search(english + chinese):
            yield from _both(chinese, english, "i18n")


def service_rows() -> Iterator[dict[str, str]]:
    """Yield the hand-written sentences, as `zh` and `en`."""
    yield from tsv_rows(ROOT / "training" / "data" / "parallel_service.tsv")


def _service_pairs() -> Iterator[Sentence]:
    for row in service_rows():
        yield from _both(row["zh"], row["en"], "service")


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, text in sorted(set(pairs)):
        groups[name].append(text)
    return dict(groups)


def _bitext(datasets: Path) -> dict[str, list[str]]:
    with (datasets / "bitext" / "bitext.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] != "test"]
    return _grouped((row["intent"], row["instruction"]) for row in rows)


def _multidogo(datasets: Path) -> dict[str, list[str]]:
    rows = tsv_rows(datasets / "multidogo" / "utterances.tsv")
    return _grouped(
        (f"{row['domain']} {row['intent']}", row["utterance"].strip('" '))
        for row in rows
        if row.get("utterance") and row.get("intent") and row["intent"] != "contentonly"
    )


def _clinc(datasets: Path) -> dict[str, list[str]]:
    clinc = json.loads((datasets / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    return _grouped((name, text) for split in ("train", "oos_train") for text, name in clinc[split])


def _crosswoz(datasets: Path) -> Iterator[str]:
    for row in tsv_rows(datasets / "crosswoz" / "user_utterances.tsv"):
        yield from (text for text in row.values() if text and is_chinese(text) and "|" not in text and "-" not in text)


def _smart_home(datasets: Path) -> Iterator[str]:
    for row in tsv_rows(datasets / "ha_intents" / "utterances.tsv"):
        text = list(row.values())[-1]
        if text and is_chinese(text):
            yield text


def _utterances() -> Iterator[str]:
    """Yield the training utterances, without their labels: a head fitted on them must not meet those twice."""
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if (text := line.removeprefix("- ").strip()) and not _NUMBERED.search(text):
                    yield text


def _own_english() -> Iterator[Sentence]:
    yield from (Sentence(text, text, "own") for text in _utterances() if text.isascii() and len(text) > 2)


def entries() -> Iterator[dict]:
    """Yield the help entries as written."""
    for file in sorted((ROOT / "data" / "knowledge").glob("*.yml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))["entries"]


def _knowledge_pairs() -> Iterator[Sentence]:
    for entry in entries():
        chinese, english = entry["zh"], entry["en"]
        yield from _both(chinese["question"], english["question"], "service")
        for text in english["alternatives"]:
            yield Sentence(text, text, "own")


def _entry_texts() -> dict[str, list[str]]:
    return {
        entry["id"]: [
            text for side in (entry["zh"], entry["en"]) for text in (side["question"], *side["alternatives"])
        ]
        for entry in entries()
    }
