"""What a scripted generator says to each pair, right and wrong, and to whom it bows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.grounding import Evidence
from kefu.text import Language

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_CITATION = re.compile(r"\s*\[\d\]")


@dataclass(frozen=True)
class Pair:
    """A question, its evidence, and replies by kind ("right", and ways to be wrong)."""

    question: str
    language: Language
    evidence: tuple[Evidence, ...]
    replies: Mapping[str, str]


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
    """Read a file of pairs, and make of each the replies that need no words of their own."""
    entries = known()
    return [_pair(item, entries) for item in yaml.safe_load((HERE / name).read_text("utf-8"))]


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
        {
            **{kind: item[kind] for kind in ("right", "number", "invents", "promises") if kind in item},
            "uncited": _CITATION.sub("", right),
            "not given": _CITATION.sub(" [7]", right),
            "language": f"{strange} [1]",
        },
    )


def attempts() -> Iterator[Attempt]:
    """Read the injections."""
    for line in (HERE / "injections.tsv").read_text("utf-8").splitlines():
        place, language, text, obeyed = line.split("\t")
        yield Attempt(place, "zh" if language == "zh" else "en", text.replace("\\n", "\n"), obeyed)
