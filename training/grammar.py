"""Parallel Chinese-English service sentences from templates (`grammar/*.tsv`), each with its topic.

A template line is `topic<TAB>zh<TAB>en`. `(a|b)` picks a wording, on each side by itself; `(a)?` may be left out;
`[a|b]` picks a meaning, the same on both sides; `{slot}` takes a row of `slots.tsv`, the same on both sides, `{slot2}`
another one; a row may hold slots of its own. `{is/are}` agrees in English with the first product of the sentence.
"""

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "grammar"
_ANY_PRODUCT = ("e", "c", "s", "f", "o", "u")
_PRODUCTS = frozenset({*_ANY_PRODUCT, "p", "g", "k", "w"})  # `e_batt` and the like belong to `e`
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")
_MEANING = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_BEFORE_CJK = re.compile(r"\s+")
_AGREES = re.compile(r"\{([^{}/]*)/([^{}]*)\}")
_MANY = re.compile(r"[^s]s$")
_BEFORE_VOWEL = re.compile(r"\ba (?=(?!us|uni|eu|one\b)[aeiou])", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """A Chinese and an English sentence of the same meaning, and the topic they belong to."""

    topic: str
    chinese: str
    english: str


class Grammar:
    """The templates and the words for their slots."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.slots: dict[str, list[tuple[str, str]]] = {}
        for row in _rows(folder / "slots.tsv"):
            self.slots.setdefault(row["slot"], []).append((row["zh"], row["en"]))
        self.slots["p"] = [pair for name in _ANY_PRODUCT for pair in self.slots[name]]
        files = sorted(file for file in folder.glob("*.tsv") if file.name != "slots.tsv")
        self.templates = [Pair(row["topic"], row["zh"], row["en"]) for file in files for row in _rows(file)]

    def words(self) -> list[tuple[str, str]]:
        """Give the words that both languages name: products, colours, couriers, ways to pay, places."""
        names = (*_ANY_PRODUCT, "col", "pay", "city", "land", "who")
        return [pair for name in names for pair in self.slots[name]]

    def pairs(self, each: int, seed: int) -> Iterator[Pair]:
        """Yield up to `each` different pairs of every template."""
        for number, template in enumerate(self.templates):
            rng = random.Random(f"{seed}-{number}")
            yield from dict.fromkeys(self._fill(template, rng) for _ in range(each))

    def _fill(self, template: Pair, rng: random.Random) -> Pair:
        chinese, english = _same_meaning(template.chinese, template.english, rng)
        chinese, english = _wording(chinese, rng), _wording(english, rng)
        words: dict[str, tuple[str, str]] = {}

        def word(name: str) -> tuple[str, str]:
            if name == "num":
                return words.setdefault(name, (digits := f"{rng.randrange(1000):03}", digits))
            if name not in words:
                said = {text for pair in words.values() for text in pair}
                row = rng.choice([pair for pair in self.slots[name.removesuffix("2")] if said.isdisjoint(pair)])
                words[name] = in_chinese(row[0]), in_english(row[1])
            return words[name]

        def in_chinese(text: str) -> str:
            return _SLOT.sub(lambda match: word(match[1])[0], text)

        def in_english(text: str) -> str:
            return _SLOT.sub(lambda match: word(match[1])[1], text)

        chinese, english = in_chinese(chinese), in_english(english)
        products = (pair[1] for name, pair in words.items() if name.split("_")[0] in _PRODUCTS)
        many = bool(_MANY.search(next(products, "")))
        english = _AGREES.sub(lambda match: match[1 + many], english)
        return Pair(template.topic, _BEFORE_CJK.sub(" ", chinese).strip(), _tidy(english))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _same_meaning(chinese: str, english: str, rng: random.Random) -> tuple[str, str]:
    """Resolve `[a|b]`: the nth of one side goes with the nth of the other; all together if their numbers differ."""
    aligned = len(_MEANING.findall(chinese)) == len(_MEANING.findall(english))
    dice = [rng.randrange(10_080)] * 9 if not aligned else [rng.randrange(10_080) for _ in range(9)]

    def resolve(text: str) -> str:
        left = iter(dice)

        def pick(match: re.Match[str]) -> str:
            options = match[1].split("|")
            return options[next(left) % len(options)]

        return _MEANING.sub(pick, text)

    return resolve(chinese), resolve(english)


def _wording(text: str, rng: random.Random) -> str:
    def pick(match: re.Match[str]) -> str:
        return "" if match[2] and rng.random() < 0.5 else rng.choice(match[1].split("|"))

    return _CHOICE.sub(pick, text)


def _tidy(english: str) -> str:
    text = " ".join(english.split()).replace(" ,", ",").strip(" ,")
    return _BEFORE_VOWEL.sub("an ", text)
