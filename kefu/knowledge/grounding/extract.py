"""The answer in the help pages' own sentences, word for word: those that share most with the question, or those that a
model worded its answer after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kefu.knowledge.grounding.citations import cited_sentences
from kefu.knowledge.grounding.evidence import Evidence
from kefu.knowledge.grounding.quoting import laid_beside
from kefu.knowledge.grounding.words import all_content, content, share
from kefu.text import Language

_ENTRIES = 2
_SENTENCES = 2  # of one entry
_AHEAD = 0.15  # what each place further down the ranking takes from an entry's sentences
_WORDED_AFTER = 0.5  # of the words of an answer's sentence, what the sentence must have that it is worded after
_LEAST = 0.3  # of the question's content, what a quotation must share


@dataclass(frozen=True)
class Extract:
    """Sentences quoted, by the entry that they stand in."""

    quoted: tuple[tuple[Evidence, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        """Give the quotations, a line for each entry, under the question it answers."""
        return "\n".join(f"{source.title}\n{_joined(source.language, pieces)}" for source, pieces in self.quoted)


def extract(question: str, evidence: Sequence[Evidence], language: Language) -> Extract | None:
    """Quote the best sentences of the best entries, in their own order; None if none has to do with the question.

    An entry that lacks the customer's language is not quoted: its sentences would be no answer.
    """
    units = content(question, language)
    if not units:
        return None
    scored = []
    for place, one in enumerate(evidence):
        if one.language != language or not one.sentences:
            continue
        title = share(units, all_content(one.title, language))
        values = [share(units, all_content(sentence, language)) for sentence in one.sentences]
        # The first sentence is the answer to the title; it counts with what the title shares.
        values[0] = max(values[0], title)
        scored.append((max(values) - _AHEAD * place, max(values), one, values))
    scored.sort(key=lambda item: -item[0])
    quoted = tuple((one, _best(one, values)) for _, best, one, values in scored[:_ENTRIES] if best >= _LEAST)
    return Extract(quoted) if quoted else None


def picked(answer: str, evidence: Sequence[Evidence], language: Language) -> Extract | None:
    """Quote the sentences that an answer is worded after, whole, in its order; None where it is after none.

    What a model made of them may be wrong; which of them answer the question it often knows better than shared words.
    """
    found: dict[int, list[str]] = {}
    for sentence, cited in cited_sentences(answer):
        sources = [number for number in cited if 1 <= number <= len(evidence)]
        laid = [
            (best, number)
            for number in sources
            if evidence[number - 1].language == language
            for best in laid_beside(sentence, evidence[number - 1].sentences)[:1]
        ]
        nearest, number = max(laid, key=lambda one: one[0].likeness, default=(None, 0))
        if nearest is not None and nearest.shared >= _WORDED_AFTER:
            found.setdefault(number, []).append(nearest.text)
    quoted = [(evidence[number - 1], tuple(dict.fromkeys(texts))) for number, texts in found.items()]
    return Extract(tuple(quoted[:_ENTRIES])) if quoted else None


def _best(one: Evidence, values: Sequence[float]) -> tuple[str, ...]:
    order = sorted(range(len(values)), key=lambda at: -values[at])[:_SENTENCES]
    return tuple(one.sentences[at] for at in sorted(order) if values[at] > 0 or at == 0)


def _joined(language: Language, pieces: Sequence[str]) -> str:
    return (" " if language == "en" else "").join(pieces)
