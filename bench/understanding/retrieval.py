"""Part B: the right entry of the shop's knowledge for a question, within and across languages; translations.

Vectors are compared by cosine, n-grams by the cosine of TF-IDF over the pieces that the product's search by letters
uses. A side with both adds the two cosines by a share that is chosen for it on the questions of `dev`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kefu.knowledge.evaluation.questions import Question
from kefu.knowledge.recall.letters import Letters
from kefu.models.prompts import FAQ
from kefu.text import Language, detect_language
from understanding.metrics import Rows, mean_reciprocal_rank, ranks, recall_at
from understanding.progress import watched
from understanding.sides import COMPARISONS, Side
from understanding.slices import ALL, Slice, by_kind_and_language
from understanding.tables import Comparison, Row, Table, make_row
from understanding.wordings import Shelf, answerable, read_knowledge, shelf_of

RECALL_1, RECALL_5, MRR = "recall@1", "recall@5", "MRR"
SHARES = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
FITTED_ON = "dev"
KNOWLEDGE, ENGLISH_ONLY, CHINESE_ONLY = "knowledge", "knowledge in English only", "knowledge in Chinese only"
TRANSLATIONS = "translations (in-domain)"
CROSS_LINGUAL = "cross-lingual"
_MEASURES = {
    RECALL_1: lambda places: recall_at(1, places),
    RECALL_5: lambda places: recall_at(5, places),
    MRR: mean_reciprocal_rank,
}


@dataclass(frozen=True)
class Condition:
    """Whose questions are put to which knowledge."""

    title: str
    asked_in: Language | None
    knowledge_in: Language | None


CONDITIONS = (
    Condition(KNOWLEDGE, None, None),
    Condition(ENGLISH_ONLY, "zh", "en"),
    Condition(CHINESE_ONLY, "en", "zh"),
)


@dataclass(frozen=True)
class Likeness:
    """Of n queries to m texts, ``[n, m]``: by vectors and by n-grams, either of which a side may lack."""

    dense: np.ndarray | None
    letters: np.ndarray | None

    def mixed(self, share: float) -> np.ndarray:
        """Add both by the share of the vectors; the one there is, if there is one only."""
        if self.dense is None or self.letters is None:
            only = self.letters if self.dense is None else self.dense
            assert only is not None
            return only
        return share * self.dense + (1 - share) * self.letters


def likeness(side: Side, queries: Sequence[str], texts: Sequence[str]) -> Likeness:
    """Compare queries, with the side's instruction, and texts, which have none."""
    dense = letters = None
    if side.encoder:
        dense = side.encoder.embed(queries, task=side.task(FAQ)) @ side.encoder.embed(texts).T
    if side.letters:
        index, rows = Letters(), range(len(texts))
        index.put([(row, text, detect_language(text) or "en") for row, text in enumerate(texts)])
        letters = np.stack([index.read(query).likeness(rows) for query in queries])
    return Likeness(dense, letters)


def measure_knowledge(
    condition: Condition,
    sides: Sequence[Side],
    split: str,
    most: int | None = None,
    comparisons: Sequence[Comparison] = COMPARISONS,
) -> Table:
    """Ask the shop's knowledge the answerable questions of a split.

    :param most: questions to ask at most, spread over the file; None: all.
    """
    shelf = shelf_of(read_knowledge(), condition.knowledge_in)
    questions = spread(answerable(split, shelf, condition.asked_in), most)
    other = answerable(FITTED_ON, shelf, condition.asked_in)
    places, chosen = {}, {}
    for side in watched(sides, f"Retrieval: {condition.title}"):
        share = chosen[side.name] = best_share(side, shelf, other)
        places[side.name] = ranks(entry_scores(side, shelf, questions, share), shelf.right(questions))
    slices = by_kind_and_language([one.kind for one in questions], [one.language for one in questions])
    if condition.asked_in != condition.knowledge_in:
        slices = [Slice(one.name, one.tags | {CROSS_LINGUAL}, one.rows) for one in slices]
    note = (
        f"answerable questions of data/eval/{split}.tsv, {len(shelf.texts)} wordings of {len(shelf.ids)} entries; "
        f"share chosen on {FITTED_ON}; the embedder was trained on the entries' wordings, on no question"
    )
    return Table(condition.title, note, _lines(places, slices, comparisons), chosen)


def measure_translations(
    datasets: Path,
    sides: Sequence[Side],
    shares: Mapping[str, float],
    most: int | None = None,
    comparisons: Sequence[Comparison] = COMPARISONS,
) -> Table:
    """Find the translations of the Tatoeba pairs that training left out, from either language.

    :param shares: of the vectors, for sides with both.
    """
    pairs = spread(_translations(datasets), most)
    english, chinese = [one for one, _ in pairs], [other for _, other in pairs]
    ways = {"Chinese → English": (chinese, english), "English → Chinese": (english, chinese)}
    places: dict[str, dict[str, Rows]] = {way: {} for way in ways}
    jobs = [(side, way) for side in sides for way in ways]
    for side, way in watched(jobs, "Retrieval: translations"):
        queries, texts = ways[way]
        # Some sentences have the same translation: each of its places is right.
        right = [[at for at, text in enumerate(texts) if text == wanted] for wanted in texts]
        scores = _without_instruction(side, queries, texts).mixed(shares.get(side.name, 0.5))
        places[way][side.name] = ranks(scores, right)
    everything = np.arange(len(pairs))
    rows = [
        row
        for way, found in places.items()
        for row in _lines(found, [Slice(way, frozenset({CROSS_LINGUAL, ALL}), everything)], comparisons)
    ]
    rows.sort(key=lambda row: list(_MEASURES).index(row.measure))
    return Table(TRANSLATIONS, translations_note(len(pairs)), rows)


def translations_note(count: int) -> str:
    """Say what the translations are of, and what the embedder saw of their kind."""
    return f"{count} Tatoeba pairs, as documents; the embedder was trained on Tatoeba's other pairs, not on these"


def best_share(side: Side, shelf: Shelf, questions: Sequence[Question]) -> float:
    """Choose the share of the vectors with the best mean reciprocal rank; no choice for a side without either."""
    if not (side.encoder and side.letters):
        return 1.0 if side.encoder else 0.0
    found, right = likeness(side, [one.text for one in questions], shelf.texts), shelf.right(questions)
    return max(SHARES, key=lambda share: mean_reciprocal_rank(ranks(shelf.by_entry(found.mixed(share)), right)).value)


def entry_scores(side: Side, shelf: Shelf, questions: Sequence[Question], share: float) -> np.ndarray:
    """Score every entry for every question, ``[questions, entries]``."""
    return shelf.by_entry(likeness(side, [one.text for one in questions], shelf.texts).mixed(share))


def spread(items: list, most: int | None) -> list:
    """Keep at most so many, at even distances."""
    if most is None or len(items) <= most:
        return items
    return [items[at] for at in np.linspace(0, len(items) - 1, most).round().astype(int)]


def _without_instruction(side: Side, queries: Sequence[str], texts: Sequence[str]) -> Likeness:
    return likeness(Side(side.name, side.encoder, side.letters, instructed=False), queries, texts)


def _translations(datasets: Path) -> list[tuple[str, str]]:
    from leaks import tatoeba_pairs
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert  # a third of them is in traditional characters
    return [(english, simplify(chinese)) for english, chinese in tatoeba_pairs(datasets)[1]]


def _lines(places: Mapping[str, Rows], slices: Sequence[Slice], comparisons: Sequence[Comparison]) -> list[Row]:
    return [
        make_row(
            measure, part.name, {name: of(found[part.rows]) for name, found in places.items()}, comparisons, part.tags
        )
        for measure, of in _MEASURES.items()
        for part in slices
    ]
