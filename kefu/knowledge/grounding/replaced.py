"""What an answer puts in the place of a word of the clause that it is worded after: another person, figure or word.

Pure functions, no model.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from kefu.knowledge.grounding.concepts import named
from kefu.knowledge.grounding.evidence import clauses
from kefu.knowledge.grounding.filler import is_filler, without_filler
from kefu.knowledge.grounding.quoting import LIGHT, NOT, Laid, laid_beside, tokens
from kefu.knowledge.grounding.words import content

_AFTER = 0.6  # of a clause's words, what the clause must have that it is worded after
_AS_GOOD = 0.95  # of the best clause's share, from which another one is as likely meant
_LONGEST = 3  # tokens that one word may stand in the place of
_MUCH = 0.3  # of an English clause's words, from which new ones make it another
_NUMERALS = "零一二两三四五六七八九十百千万"
_NEAR = 2  # tokens before what a "not" denies
_PERSONS = {
    "shop": r"我们|我方|本店|商家|店铺|卖家|平台|商城|\b(?:we|us|ours?|we're|we'll|we've)\b",
    "customer": r"您|你|顾客|客人|买家|用户|客户|租客|\b(?:you|yours?|you're|you'll|you've)\b",
}
# What one is given, the other gives: "you get a coupon", "we send a coupon".
_CONVERSE = re.compile(r"收到|得到|获得|\b(?:get|gets|receive|receives)\b", re.IGNORECASE)
_PERSON = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PERSONS.items()}


def nearest(clause: str, sentences: Sequence[str]) -> list[Laid]:
    """Give the clauses of the evidence that a clause is worded after, as likely as not."""
    found = laid_beside(clause, [part for sentence in sentences for part in clauses(sentence)])
    return [one for one in found if one.shared >= max(_AFTER, _AS_GOOD * found[0].shared)]


def other_person(clause: str, near: Sequence[Laid]) -> str | None:
    """Give who does something by a clause, where by its evidence it is the other: the shop, not the customer."""
    said = set() if _CONVERSE.search(clause) else _persons(clause)
    if len(said) == 1 and near and all(_persons(one.text) and not said & _persons(one.text) for one in near):
        return min(said)
    return None


def _persons(text: str) -> set[str]:
    return {name for name, pattern in _PERSON.items() if pattern.search(text)}


def other_figure(near: Sequence[Laid], evidence: str) -> str | None:
    """Give a figure that the evidence has nowhere (the question may), in the place of one that it has."""
    there = tokens(evidence)
    for mine, its in _exchanged(near):
        if len(mine) == len(its) == 1 and mine[0][0].isdigit() and its[0][0].isdigit() and mine[0] not in there:
            return mine[0]
    return None


def other_word(near: Sequence[Laid], known: str) -> str | None:
    """Give an English word that stands in the place of another: "smaller" for "larger"."""
    there = _stems(known)
    for mine, its in _exchanged(near):
        new = [word for word in content(without_filler(" ".join(mine)), "en") if word not in there]
        if new and any(content(word, "en") for word in its if word not in LIGHT):
            return new[0]
    return None


def new_words(clause: str, known: str) -> str | None:
    """Give the words of a clause that neither evidence nor question have, where they make out much of it.

    Chinese ones count only if they mean nothing there either: what a word is, is not sure where none is marked off.
    """
    if is_filler(clause):
        return None
    left = without_filler(clause)
    if not clause.isascii():
        return next((pair for pair in content(left, "zh") if _is_new(pair, known)), None)
    there = _stems(known)
    new = [word for word in content(left, "en") if not there.intersection((word, f"{word}s"))]
    return " ".join(new) if len(new) >= max(1, _MUCH * len(content(clause, "en"))) else None


def _is_new(pair: str, known: str) -> bool:
    is_word = len(pair) > 1 and not pair.isascii() and not {*known, *_NUMERALS}.intersection(pair)
    return is_word and not _meant(pair).intersection(_meant(known))


def _meant(text: str) -> set[int]:
    return {concept for _, concepts, _ in named(text) for concept in concepts}


def _stems(text: str) -> set[str]:
    return {*tokens(text), *content(text, "en")}


def _exchanged(near: Sequence[Laid]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give what a clause has in the place of something else in the one that is nearest to it."""
    for one in near[:1]:
        matcher = SequenceMatcher(None, one.clause, one.sentence, autojunk=False)
        for kind, start, end, its_start, its_end in matcher.get_opcodes():
            if kind == "replace" and its_end - its_start <= _LONGEST:
                yield one.clause[start:end], one.sentence[its_start:its_end]


def unsaid_not(near: Sequence[Laid]) -> bool:
    """Say whether a clause begins right behind a "not" of what it is worded after: "don't post it", "post it"."""
    return bool(near) and all(_begins_behind_not(one) for one in near)


def _begins_behind_not(one: Laid) -> bool:
    start, its_start, _ = one.runs[0]
    before = one.sentence[max(0, its_start - _NEAR) : its_start]
    return start <= 1 and not NOT.intersection(one.clause) and bool(NOT.intersection(before))
