"""How well questions are found and answered, by kind and by language."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.decision import Decision
from kefu.knowledge.evaluation.questions import Question
from kefu.text import Language


@dataclass(frozen=True)
class Outcome:
    """What became of a question: the entries found, the best first; the one answered with; those that the customer was
    asked to choose from; whether a form began. ``routes`` are the entries of each route and of their fusion."""

    ranking: tuple[str, ...] = ()
    answered: str | None = None
    offered: tuple[str, ...] = ()
    starts_form: bool = False
    routes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Pair = tuple[Question, Outcome]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Measures:
    """Shares in [0, 1]; None where no question counts.

    ``recall_1``, ``recall_5`` and ``mrr`` (mean reciprocal rank of the first right entry, 0 if not found) are over
    answerable questions, as are ``answered_right``: answered, after the threshold, with a right entry; and
    ``offered_right``: asked back, with a right entry to choose. ``refusal`` is over the others: neither answered, nor
    asked back, nor taken into a form. ``starts_form`` is over all.
    """

    n: int
    recall_1: float | None
    recall_5: float | None
    mrr: float | None
    answered_right: float | None
    offered_right: float | None
    refusal: float | None
    starts_form: float

    def to_json(self) -> dict[str, float | int | None]:
        """Give the measures under their published names."""
        return {
            "n": self.n,
            "recall@1": self.recall_1,
            "recall@5": self.recall_5,
            "mrr": self.mrr,
            "answered_right": self.answered_right,
            "offered_right": self.offered_right,
            "refusal": self.refusal,
            "starts_form": self.starts_form,
        }


@dataclass(frozen=True)
class Evaluation:
    """Measures of all questions, by kind, by language, and by both."""

    total: Measures
    kinds: dict[str, Measures]
    languages: dict[Language, Measures]
    both: dict[tuple[str, Language], Measures]


def outcome_of(decision: Decision) -> Outcome:
    """Reduce a decision to what is measured."""
    ranking = tuple(candidate.entry_id for candidate in decision.candidates)
    offered = tuple(option.entry_id for option in decision.options)
    brought = decision.trace.routes if decision.trace else {}
    routes = {name: tuple(one.entry_id for one in found) for name, found in brought.items()}
    return Outcome(ranking, decision.entry_id, offered, routes=routes)


def ask_all(
    base: KnowledgeBase, questions: Sequence[Question], knowledge_language: Language | None = None
) -> list[Outcome]:
    """Put all questions to the knowledge itself, each as one in its own language."""
    asked = [(question.text, question.language) for question in questions]
    decisions = base.answer_many(asked, knowledge_language=knowledge_language, explain=True)
    return [outcome_of(decision) for decision in decisions]


def evaluate(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> Evaluation:
    """Measure outcomes, given in the order of their questions."""
    pairs = list(zip(questions, outcomes, strict=True))
    return Evaluation(
        total=_measure(pairs),
        kinds=_by(pairs, lambda question: question.kind),
        languages=_by(pairs, lambda question: question.language),
        both=_by(pairs, lambda question: (question.kind, question.language)),
    )


def _by(pairs: Sequence[Pair], key: Callable[[Question], Key]) -> dict[Key, Measures]:
    keys = dict.fromkeys(key(question) for question, _ in pairs)
    return {name: _measure([pair for pair in pairs if key(pair[0]) == name]) for name in keys}


def _measure(pairs: Sequence[Pair]) -> Measures:
    answerable = [(question, outcome) for question, outcome in pairs if question.ids]
    unanswerable = [outcome for question, outcome in pairs if not question.ids]
    ranks = [_rank(question, outcome.ranking) for question, outcome in answerable]
    return Measures(
        n=len(pairs),
        recall_1=_mean([rank == 1 for rank in ranks]),
        recall_5=_mean([0 < rank <= 5 for rank in ranks]),
        mrr=_mean([1 / rank if rank else 0.0 for rank in ranks]),
        answered_right=_mean([outcome.answered in question.ids for question, outcome in answerable]),
        offered_right=_mean([not question.ids.isdisjoint(outcome.offered) for question, outcome in answerable]),
        refusal=_mean([_is_refused(outcome) for outcome in unanswerable]),
        starts_form=_mean([outcome.starts_form for _, outcome in pairs]) or 0.0,
    )


def _is_refused(outcome: Outcome) -> bool:
    return outcome.answered is None and not outcome.offered and not outcome.starts_form


def _rank(question: Question, ranking: Sequence[str]) -> int:
    """Give the place, from 1, of the first right entry; 0 if none was found."""
    return next((place for place, entry_id in enumerate(ranking, start=1) if entry_id in question.ids), 0)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
