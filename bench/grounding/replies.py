"""What a scripted generator says to each pair, right and wrong, and to whom it bows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.grounding import Evidence
from kefu.text import Language, detect_language

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_CITATION = re.compile(r"\s*\[\d\]")


@dataclass(frozen=True)
class Pair:
    """A question, its evidence, and replies with their kind ("right", or a way to be wrong)."""

    question: str
    language: Language
    evidence: tuple[Evidence, ...]
    replies: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Attempt:
    """An injection: where its text stands (message, entry, order), and what a generator says that obeys it."""

    place: str
    language: Language
    text: str
    obeyed: str


@cache
def known() -> dict[str, dict[Language, Evidence]]:
    """Give the shop's entries as evidence, by id and language."""
    shop = load_knowledge(ROOT / "data/knowledge", ROOT / "data/shop/policy.yml")
    return {
        entry.id: {
            language: Evidence(entry.id, wording.question, wording.answer, language, "1", "2026-01-01")
            for language, wording in entry.wordings.items()
        }
        for entry in shop.entries.values()
    }


def pairs(name: str = "pairs.yml") -> list[Pair]:
    """Read a file of pairs: a ``.jsonl`` has all replies; a ``.yml`` lacks those that need no words of their own."""
    if name.endswith(".jsonl"):
        return [_whole_pair(json.loads(line)) for line in (HERE / name).read_text("utf-8").splitlines()]
    entries = known()
    return [_pair(item, entries) for item in yaml.safe_load((HERE / name).read_text("utf-8"))]


def _whole_pair(item: dict[str, Any]) -> Pair:
    """Read a pair that brings its own evidence, which may be in the other language than the question."""
    evidence = tuple(
        Evidence(one["id"], "", one["text"], detect_language(one["text"]) or item["lang"], "1", "2026-01-01")
        for one in item["evidence"]
    )
    replies = tuple((reply["kind"], reply["text"]) for reply in item["answers"])
    return Pair(item["question"], item["lang"], evidence, replies)


def _pair(item: dict[str, Any], entries: Mapping[str, Mapping[Language, Evidence]]) -> Pair:
    language: Language = item["l"]
    other: Language = "en" if language == "zh" else "zh"
    evidence = tuple(entries[name][language] for name in item["e"])
    right = item["right"]
    strange = entries[item["e"][0]][other].sentences[0]
    return Pair(
        item["q"],
        language,
        evidence,
        (
            *((kind, item[kind]) for kind in ("right", "number", "invents", "promises") if kind in item),
            ("uncited", _CITATION.sub("", right)),
            ("not given", _CITATION.sub(" [7]", right)),
            ("language", f"{strange} [1]"),
        ),
    )


def attempts(name: str = "injections.tsv") -> Iterator[Attempt]:
    """Read a file of injections."""
    for line in (HERE / name).read_text("utf-8").splitlines():
        place, language, text, obeyed = line.replace("\\n", "\n").split("\t")
        yield Attempt(place, "zh" if language == "zh" else "en", text, obeyed)
