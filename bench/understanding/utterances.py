"""Labelled utterances to fit on and to measure with: this project's, Bitext's, banking77's and CLINC150's."""

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from leaks import HeldOut

from understanding import ROOT
from understanding.slices import Slice, by_flag, by_kind_and_language

OWN = "Kefu's utterances"
PER_INTENT = 10  # training utterances of the public sets
DRAWS = 3
SEED = 20261127
OUT_OF_SCOPE = "out_of_scope"
NOT_SEEN = "nothing of the set was used in training; the card says which texts of other sets lie near to it"
IN_DOMAIN = "the embedder was trained on the training split and its intents, not on these rows"
ByIntent = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Utterances:
    """Texts and their intents, side by side."""

    texts: list[str]
    intents: list[str]


@dataclass(frozen=True)
class IntentSet:
    """Draws of the training part, and test rows with their slices; ``outside`` is the label of what has no intent."""

    title: str
    note: str
    draws: list[Utterances]
    test: Utterances
    slices: list[Slice]
    outside: str | None = None


def own_set(split: str, *, per_intent: int | None = None) -> IntentSet:
    """Read this project's utterances, to be measured on ``split`` (test or dev)."""
    test, kinds, languages = _own_test(ROOT / "data" / "eval" / f"{split}_intents.tsv")
    training = own_training()
    return IntentSet(
        OWN,
        f"fitted on data/nlu, measured on data/eval/{split}_intents.tsv; the embedder was trained on data/nlu without "
        "its intents",
        few_shot(training, per_intent, 1, test.texts),
        test,
        by_kind_and_language(kinds, languages),
        OUT_OF_SCOPE,
    )


def public_sets(datasets: Path, *, most: int | None = None, draws: int = DRAWS) -> Iterator[IntentSet]:
    """Read those of the public sets that are there.

    :param most: test rows to keep of each, drawn with a fixed seed; None: all.
    """
    if (datasets / "bitext").is_dir():
        yield bitext_set(datasets / "bitext" / "bitext.csv", most, draws)
    if (datasets / "banking77").is_dir():
        yield banking_set(datasets / "banking77", most, draws)
    if (datasets / "clinc150").is_dir():
        yield clinc_set(datasets / "clinc150" / "data_full.json", most)


def missing_sets(datasets: Path) -> list[str]:
    """Name the public sets that are not there."""
    return [name for name in ("bitext", "banking77", "clinc150") if not (datasets / name).is_dir()]


def own_training(folder: Path = ROOT / "data" / "nlu") -> dict[str, list[str]]:
    """Read Rasa's training files as utterances by intent."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
            found.setdefault(block["intent"], []).extend(line for line in lines if line)
    return found


def bitext_set(file: Path, most: int | None, draws: int) -> IntentSet:
    """Read Bitext's official set, sliced by the flags of its test rows."""
    with file.open(encoding="utf-8", newline="") as lines:
        official = [row for row in csv.DictReader(lines) if row["source"] == "official_8k"]
    rows = _some([row for row in official if row["split"] == "test"], most)
    test = Utterances([row["instruction"] for row in rows], [row["intent"] for row in rows])
    training = by_intent((row["intent"], row["instruction"]) for row in official if row["split"] == "train")
    fitted = few_shot(training, PER_INTENT, draws, test.texts)
    slices = by_flag([row["flags"] for row in rows])
    return IntentSet("Bitext (in-domain)", _note(draws, IN_DOMAIN), fitted, test, slices)


def banking_training(folder: Path) -> dict[str, list[str]]:
    """Read banking77's training questions by intent."""
    return by_intent(_banking(folder / "train.csv"))


def banking_test(folder: Path) -> Utterances:
    """Read banking77's test questions."""
    pairs = _banking(folder / "test.csv")
    return Utterances([text for _, text in pairs], [name for name, _ in pairs])


def banking_set(folder: Path, most: int | None, draws: int) -> IntentSet:
    """Read banking77."""
    whole = banking_test(folder)
    pairs = _some(list(zip(whole.texts, whole.intents, strict=True)), most)
    test = Utterances([text for text, _ in pairs], [name for _, name in pairs])
    fitted = few_shot(banking_training(folder), PER_INTENT, draws, test.texts)
    everything = by_kind_and_language(["standard"] * len(pairs), ["en"] * len(pairs))
    return IntentSet("banking77 (not seen in training)", _note(draws, NOT_SEEN), fitted, test, everything)


def clinc_set(file: Path, most: int | None) -> IntentSet:
    """Read CLINC150 with its out-of-scope rows, of which none is fitted on."""
    content = json.loads(file.read_text(encoding="utf-8"))
    pairs = _some([*content["test"], *content["oos_test"]], most)
    test = Utterances([text for text, _ in pairs], [name for _, name in pairs])
    fitted = few_shot(by_intent((name, text) for text, name in content["train"]), PER_INTENT, 1, test.texts)
    everything = by_kind_and_language(["standard"] * len(pairs), ["en"] * len(pairs))
    return IntentSet("CLINC150 (in-domain)", _note(1, IN_DOMAIN), fitted, test, everything, outside="oos")


def by_intent(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Group (intent, text) pairs, each text once in each."""
    found: dict[str, dict[str, None]] = {}
    for name, text in pairs:
        found.setdefault(name, {})[text] = None
    return {name: list(texts) for name, texts in found.items()}


def few_shot(training: ByIntent, per_intent: int | None, draws: int, test: Sequence[str]) -> list[Utterances]:
    """Draw training utterances, none of which is a test text or nearly one.

    :param per_intent: so many of each intent (fewer where it has no more); None: all of them, in one draw.
    """
    held_out = HeldOut(test)
    found = []
    for number in range(draws if per_intent else 1):
        rng = random.Random(f"{SEED} {number}")
        chosen = []
        for name, texts in sorted(training.items()):
            kept = (text for text in rng.sample(sorted(texts), len(texts)) if not held_out.near(text))
            chosen += [(text, name) for _, text in zip(range(per_intent or len(texts)), kept, strict=False)]
        found.append(Utterances([text for text, _ in chosen], [name for _, name in chosen]))
    return found


def _note(draws: int, seen: str) -> str:
    return f"{PER_INTENT} training utterances per intent, mean of {draws} draw{'s' * (draws > 1)}; {seen}"


def _some(rows: list, most: int | None) -> list:
    return rows if most is None or len(rows) <= most else random.Random(SEED).sample(rows, most)


def _own_test(file: Path) -> tuple[Utterances, list[str], list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    utterances = Utterances([row["text"] for row in rows], [row["intent"] for row in rows])
    return utterances, [row["kind"] for row in rows], [row["lang"] for row in rows]


def _banking(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["category"], " ".join(row["text"].split())) for row in csv.DictReader(lines)]
