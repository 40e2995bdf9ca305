"""Draws what a training step sees: sentences with targets, and pairs of texts of one meaning with hard negatives."""

import random
from dataclasses import dataclass

import numpy as np
from mining import Mined, Miner
from noise import Noise, is_chinese
from sentences import Corpus, Sentence
from tokenizer import TASKS

from kefu.models.prompts import FAQ, INTENT

# How often a set is drawn, beside the others: the shop's own sentences often for their number, and Tatoeba's because
# everyday Chinese comes from nowhere else.
SHARES = {
    "grammar-zh": 0.17, "grammar-en": 0.05, "service-zh": 0.10, "service-en": 0.03, "tatoeba-zh": 0.36,
    "tatoeba-en": 0.07, "i18n-zh": 0.04, "i18n-en": 0.01, "bitext": 0.03, "multidogo": 0.05, "clinc": 0.06,
    "own": 0.03,
}  # fmt: skip
DRESSED, MIXED, SLIPPED = 0.2, 0.15, 0.5
# Pairs of a step by kind; the topics of a step come from few categories, so that neighbours are told apart.
PAIRS = {"topic": 18, "intent": 5, "clinc": 4, "bitext": 2, "multidogo": 2, "alone": 5}
# How often a text stands behind which instruction: a sentence; the two sides of a pair of a topic, as a question and
# as a document; both sides of every other pair alike.
SENTENCE_TASKS = {None: 0.6, FAQ: 0.25, INTENT: 0.15}
QUESTION_TASKS, DOCUMENT_TASKS = {None: 0.3, FAQ: 0.7}, {None: 0.8, FAQ: 0.2}
LABEL_TASKS = {None: 0.3, INTENT: 0.7}
_SHOP_INTENTS = ("track", "request", "cancel", "talk", "feedback", "stop", "what")
# What CLINC150 has in common with a shop's topics.
_SHOP_CLINC = {
    "order", "order_status", "cancel", "card_declined", "account_blocked", "redeem_rewards", "rewards_balance",
    "report_fraud", "exchange_rate", "international_fees", "change_language", "change_user_name", "pay_bill",
    "confirm_reservation", "cancel_reservation", "shopping_list", "shopping_list_update", "expiration_date",
}  # fmt: skip


Group = tuple[str, str]
"""A group of texts of one meaning: its kind and its name."""


@dataclass(frozen=True)
class Pairs:
    """Texts, those of a pair next to each other, and which pairs are negatives for which (`bool[n, n]`).

    Behind them stand the mined texts, with the pairs that each is a negative for (`bool[n, mined]`).
    """

    texts: list[str]
    negative: np.ndarray
    mined: list[str]
    mined_negative: np.ndarray


class Sampler:
    """Draws from the corpus with the generator that it is given."""

    def __init__(
        self, corpus: Corpus, targets: dict[str, int], noise: Noise, miner: Miner, rng: random.Random
    ) -> None:
        self._rng = rng
        self._miner = miner
        self._noise = noise
        self._targets = targets
        self._corpus = corpus
        self._topics: dict[str, list[str]] = {}
        for name in corpus.groups["topic"]:
            self._topics.setdefault(name.split("_")[0], []).append(name)
        self._sets: dict[str, list[Sentence]] = {name: [] for name in SHARES}
        for sentence in corpus.sentences:
            self._sets[sentence.source].append(sentence)

    def sentences(self, count: int) -> tuple[list[str], np.ndarray]:
        """Give texts, many of them changed as customers would, and the rows of their targets."""
        names = self._rng.choices(list(SHARES), list(SHARES.values()), k=count)
        drawn = [self._rng.choice(self._sets[name]) for name in names]
        texts = [
            self._asked(self._as_typed(item.text, general=item.source.startswith(("tatoeba", "i18n"))), SENTENCE_TASKS)
            for item in drawn
        ]
        return texts, np.array([self._targets[item.target] for item in drawn])

    def pairs(self) -> Pairs:
        """Give pairs of every kind, and for those that are mined a text of another group that is near."""
        groups: list[Group] = []
        texts: list[str] = []
        mined: list[Mined] = []
        for kind, count in PAIRS.items():
            for name, one, other in self._topic_pairs(count) if kind == "topic" else self._kind_pairs(kind, count):
                groups.append((kind, name))
                texts += self._dressed_pair(kind, one, other)
                if found := self._miner.near(kind, name, one, self._rng):
                    mined.append(found)
        against = _negatives(groups, [(item.kind, item.name) for item in mined])
        dressed = [self._dressed_pair(item.kind, item.text, item.text)[1] for item in mined]
        return Pairs(texts, _negatives(groups, groups), dressed, against)

    def _dressed_pair(self, kind: str, one: str, other: str) -> tuple[str, str]:
        one, other = self._as_typed(one), self._as_typed(other)
        if kind == "topic":
            return self._asked(one, QUESTION_TASKS), self._asked(other, DOCUMENT_TASKS)
        task = self._drawn_task(LABEL_TASKS if kind != "alone" else SENTENCE_TASKS)
        return task + one, task + other

    def _asked(self, text: str, tasks: dict[str | None, float]) -> str:
        return self._drawn_task(tasks) + text

    def _drawn_task(self, tasks: dict[str | None, float]) -> str:
        (task,) = self._rng.choices(list(tasks), list(tasks.values()))
        return TASKS[task] if task else ""

    def _topic_pairs(self, count: int) -> list[tuple[str, str, str]]:
        groups, said = self._corpus.groups["topic"], self._corpus.groups["topic-said"]
        chosen: list[str] = []
        for category in self._rng.sample(sorted(self._topics), len(self._topics)):
            chosen += self._rng.sample(self._topics[category], len(self._topics[category]))
            if len(chosen) >= count:
                break
        found = []
        for name in chosen[:count]:
            sides = [said.get(name) if self._rng.random() < 0.5 else None for _ in range(2)]
            one, other = (self._rng.choice(side or groups[name]) for side in sides)
            found.append((name, one, other))
        return found

    def _kind_pairs(self, kind: str, count: int) -> list[tuple[str, str, str]]:
        if kind == "alone":
            return [(text, text, text) for text in self._rng.sample(self._corpus.alone, count)]
        groups = self._corpus.groups[kind]
        chosen = self._rng.sample(sorted(groups), min(count, len(groups)))
        return [(name, *self._rng.sample(groups[name], 2)) for name in chosen]

    def _as_typed(self, text: str, general: bool = False) -> str:
        clean = text
        if not general and self._rng.random() < DRESSED and len(text) > 3:
            text = self._noise.dress(text)
        if self._rng.random() < (MIXED / 3 if general else MIXED) * (1 if is_chinese(text) else 0.7):
            text = self._noise.mix(text)
        text = self._noise.slip(text) if self._rng.random() < SLIPPED else text
        return clean if self._corpus.held_out.near(text) else text


def _negatives(ones: list[Group], others: list[Group]) -> np.ndarray:
    return np.array([[_apart(one, other) for other in others] for one in ones], dtype=bool).reshape(len(ones), -1)


def _apart(one: Group, other: Group) -> bool:
    """Tell whether texts of two groups cannot mean the same.

    Labels of different sets mostly may: MultiDoGO and Bitext have shops too, and everybody has small talk.
    """
    names = dict((one, other))
    if one[0] == other[0]:
        return not _same_turn(one[1], other[1]) if one[0] == "multidogo" else one[1] != other[1]
    if "clinc" in names and names.keys() & {"topic", "bitext"}:
        return names["clinc"] not in _SHOP_CLINC
    if names.keys() == {"intent", "topic"}:
        return not names["intent"].removeprefix("intent_").startswith(_SHOP_INTENTS)
    return False


def _same_turn(one: str, other: str) -> bool:
    """Tell whether two labels of MultiDoGO, such as `finance closeaccount<div>reportlostcard`, share an intent."""
    ones, others = (set(name.partition(" ")[2].split("<div>")) for name in (one, other))
    return bool(ones & others) or "outofdomain" in ones | others
