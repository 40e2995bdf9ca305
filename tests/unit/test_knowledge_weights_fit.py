"""The fit of the fusion's weights: it follows what is right, and no sort of questions pays for the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.weights_fit import Labelled, fit_reranker_weight, fit_weights
from kefu.knowledge.recall.routes import DENSE, KEYWORD, RERANKER


@dataclass
class Entry:
    id: str


@dataclass
class Hits:
    entries: list[Entry] = field(default_factory=lambda: [Entry("wrong"), Entry("right")])


@dataclass
class Order:
    """Two entries, the wrong one first where they score the same, and which of them each route puts first."""

    first: dict[str, str]
    hits: Hits = field(default_factory=Hits)

    def __len__(self) -> int:
        return len(self.hits.entries)

    @property
    def places(self) -> dict[str, Any]:
        return {
            route: np.array([2.0, 1.0]) if name == "right" else np.array([1.0, 2.0])
            for route, name in self.first.items()
        }

    @property
    def popularity(self) -> Any:
        return np.zeros(2)


def fit(*parts: tuple[int, str, str, str]) -> Rule:
    """Fit on so many questions of a sort, given which entry is first by meaning and by words."""
    orders = [Order({DENSE: dense, KEYWORD: words}) for count, _, dense, words in parts for _ in range(count)]
    rule, _ = fit_weights(labelled(*parts), lambda _: orders)  # type: ignore[arg-type,return-value]
    return rule


def labelled(*parts: tuple[int, str, str, str]) -> Sequence[Labelled]:
    right = frozenset({"right"})
    return [Labelled(frozenset({sort}), right) for count, sort, _, _ in parts for _ in range(count)]


def test_words_get_weight_where_they_know_better_and_little_where_they_do_not() -> None:
    assert fit((40, "a", "wrong", "right")).keyword_weight > 1
    assert fit((40, "a", "right", "wrong")).keyword_weight <= 1


def test_no_sort_falls_behind_meaning_alone_however_much_the_others_win() -> None:
    gain, loss = (60, "standard", "wrong", "right"), (30, "typo", "right", "wrong")
    assert fit(gain, loss).keyword_weight < 1 < fit(gain, (30, "standard", "right", "wrong")).keyword_weight


def test_a_sort_of_a_few_questions_decides_nothing() -> None:
    assert fit((60, "standard", "wrong", "right"), (5, "typo", "right", "wrong")).keyword_weight > 1


def test_what_the_questions_do_not_tell_stays_the_rule_of_thumb() -> None:
    assert fit((40, "a", "right", "right")) == Rule()


def test_few_questions_fit_nothing() -> None:
    few = (5, "a", "wrong", "right")
    orders = [Order({DENSE: "wrong", KEYWORD: "right"})] * 5
    assert fit_weights(labelled(few), lambda _: orders) == (Rule(), None)  # type: ignore[arg-type,return-value]
    assert fit_reranker_weight(Rule(), labelled(few), lambda _: orders) == Rule()  # type: ignore[arg-type,return-value]


def test_questions_left_out_are_counted_by_meaning_and_fused() -> None:
    parts = ((30, "a", "wrong", "right"), (30, "b", "right", "right"))
    orders = [Order({DENSE: dense, KEYWORD: words}) for count, _, dense, words in parts for _ in range(count)]
    _, check = fit_weights(labelled(*parts), lambda _: orders)  # type: ignore[arg-type,return-value]
    assert check is not None and (check.questions, check.dense, check.fused) == (60, 0.5, 1.0)


def test_a_reranker_that_errs_in_one_sort_may_not_overrule_meaning_there() -> None:
    parts = ((60, "standard", "wrong", "wrong"), (30, "typo", "right", "right"))
    first = {"standard": ("wrong", "right"), "typo": ("right", "wrong")}
    orders = [
        Order({DENSE: first[sort][0], RERANKER: first[sort][1]}) for count, sort, *_ in parts for _ in range(count)
    ]
    one_sort = [Labelled(frozenset({"all"}), one.ids) for one in labelled(*parts)]
    rule = fit_reranker_weight(Rule(), labelled(*parts), lambda _: orders)  # type: ignore[arg-type,return-value]
    assert rule.reranker_weight < 1 < fit_reranker_weight(Rule(), one_sort, lambda _: orders).reranker_weight  # type: ignore[arg-type,return-value]
