"""What an answer puts together that its evidence keeps apart. Pure functions, no model.

Every word of an answer may stand in the evidence and the answer be wrong all the same: what is said of one thing is
said of another. So the words of weight of one clause must come from one sentence, and where its beginning is that of
one clause and its end that of another, the first must have had no end of its own, or the second no beginning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, pairwise

from kefu.knowledge.grounding.evidence import clauses
from kefu.knowledge.grounding.quoting import LIGHT, NOT, Laid, is_case, laid_beside, tokens
from kefu.knowledge.grounding.words import content, stem

_LEAST = 0.25  # of a clause's words, what its sentence must have for it to be worded after that at all
_WHOLE = 0.9  # of a clause's words, what its beginning and its end must make up between them
# What begins with one of these, or refers with one, is said of what stands before it.
_GOES_ON = frozenset("并 且 再 就 then".split())
_SHORT = 3  # tokens of a clause that is read with what stands around it
_SAME = 0.5  # of a clause's words, what a sentence must have for it to be its consequence
_GOES_ON_FOR = 2  # tokens that make a clause go on
_REFERS = frozenset("它 其 此 该 这 they them it its these this those".split())
_AND_EN = re.compile(r"\band\b", re.IGNORECASE)
_AND_ZH = re.compile("[和、及与]")
_ARTICLES = frozenset("the a an your our".split())
# What begins what is said of a thing.
_PREDICATES = frozenset(
    "is are was were cannot can can't must may costs cost isn't aren't 不 未 须 另 由 可 需 收 按 免 要 没 无".split()
)


def joined(laid: Sequence[Laid], question: str) -> str | None:
    """Give two words in a row of a clause that only another sentence than its own has."""
    if not laid or not _LEAST <= laid[0].shared < 1:
        return None
    own = {*laid[0].sentence, *tokens(question)}
    elsewhere = {pair for other in laid[1:] for pair in pairwise(_of_weight(other.sentence))}
    for pair in pairwise(_of_weight(laid[0].clause)):
        if pair in elsewhere and not own.intersection(pair):
            return " ".join(pair)
    return None


def crossed(clause: str, sentences: Iterable[str]) -> str | None:
    """Give the beginning of a clause that has another clause's end behind it in place of its own.

    A clause that goes on about what stands before it may take its beginning from there.
    """
    said = _words(clause)
    told = [cut(sentence.replace("、", " ")) for sentence in sentences for cut in (clauses, _unjoined)]
    if not said or any(set(said) <= set(_words(part)) for parts in told for part in parts):
        return None
    for one in chain(*told):
        head = _shared_head(said, _words(one))
        if head and any(_ends(said, head, _words(part)) for parts in told for part in _others(one, head, parts)):
            return " ".join(head)
    return None


def _others(one: str, head: Sequence[str], parts: Sequence[str]) -> Iterator[str]:
    """Give the clauses of a sentence that do not go on about what one begins with, and are no list that it is in."""
    if any(_words(part) == list(head) for part in parts):
        return
    for part, before in zip(parts, ("", *parts), strict=False):
        if not (one in part or part in one or _goes_on(part, before, one)):
            yield part


def other_case(sentence: str, evidence: Sequence[str]) -> str | None:
    """Give a case that a sentence goes on from otherwise than the evidence, which goes on in the same clause.

    "If you entered it wrongly, we remake it free of charge", of "if you entered it wrongly or it has changed, …".
    """
    told = [(tokens(part), one) for one in evidence for part in clauses(one)]
    for case, then in pairwise(clauses(sentence)):
        words = tokens(case)
        own = [(part, one) for part, one in told if part[: len(words)] == words]
        goes_on = bool(own) and all(len(part) >= len(words) + _GOES_ON_FOR for part, _ in own)
        is_followed = any(Laid(tokens(then), tokens(one), one).shared >= _SAME for _, one in own)
        if is_case(case) and goes_on and not is_followed:
            return case
    return None


def turned(sentence: str, evidence: Sequence[str]) -> str | None:
    """Give a clause that a "not" alone makes another one than stands in its place, in what a sentence is after."""
    after = next(iter(laid_beside(sentence, evidence)), None)
    told = [tokens(part) for part in clauses(after.text)] if after else []
    for clause in clauses(sentence):
        words = tokens(clause)
        if len(words) > _SHORT and words not in told and any(_is_turned(words, other) for other in told):
            return clause
    return None


def _is_turned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    changes = [op for op in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if op[0] != "equal"]
    if len(changes) != 1:
        return False
    _, start, end, its_start, its_end = changes[0]
    mine, its = one[start:end], other[its_start:its_end]
    return len(mine) <= 1 and len(its) <= 1 and bool(NOT.intersection(mine)) != bool(NOT.intersection(its))


def lifted(sentence: str, evidence: Sequence[str]) -> str | None:
    """Give what a sentence names in a row with other things where its evidence says something of its own of it.

    "We refund the price and the shipping charges", of "Shipping charges are not refunded".
    """
    told = [_named(part) for one in evidence for part in clauses(one)]
    things = (thing for thing in _in_a_row(sentence) if any(_is_told_of(thing, part, told) for part in told))
    return next((" ".join(thing) for thing in things), None)


def _in_a_row(sentence: str) -> Iterator[tuple[str, ...]]:
    """Give the things that stand behind an "and" or a comma."""
    for at, clause in enumerate(clauses(sentence)):
        first, *others = _AND_ZH.split(clause)
        yield from (_named(other) for other in others)
        if at and first.isascii():
            yield _named(first)


def _is_told_of(thing: tuple[str, ...], part: tuple[str, ...], told: Iterable[tuple[str, ...]]) -> bool:
    length = len(thing)
    is_thing = length >= (_step(thing) if thing else 1) and length < len(part) and part[:length] == thing
    return is_thing and part[length] in _PREDICATES and not any(other[-length:] == thing for other in told)


def _named(text: str) -> tuple[str, ...]:
    words = [token for token in tokens(text) if token not in _ARTICLES]
    while words and words[0] in LIGHT:
        words.pop(0)
    return tuple(words)


def _unjoined(sentence: str) -> tuple[str, ...]:
    """Cut a sentence where clauses end, and nowhere else: "stoves and lamps cost 9 euros" is one."""
    return clauses(_AND_EN.sub("", sentence))


def _goes_on(clause: str, before: str, about: str) -> bool:
    """Say whether a clause speaks of what another one does, which stands right before it or is meant by a word."""
    words = tokens(clause)
    return before == about or bool(_REFERS.intersection(words)) or not words or words[0] in _GOES_ON


def _shared_head(said: Sequence[str], told: Sequence[str]) -> Sequence[str]:
    """Give what two clauses begin with, if the one told goes on."""
    length, step = _alike(said, told), _step(said)
    names_something = bool(content(" ".join(said[:length]), "en") if step == 1 else length >= step)
    return said[:length] if names_something and len(told) - length >= step else ()


def _ends(said: Sequence[str], head: Sequence[str], told: Sequence[str]) -> bool:
    """Say whether what stands behind this beginning is the end of a clause that begins with something of its own."""
    length, step = _alike(said[len(head) :][::-1], told[::-1]), _step(said)
    left = told[: len(told) - length]
    is_of_its_own = len(left) >= step and not set(left) <= set(head)
    return length >= step and len(head) + length >= _WHOLE * len(said) and is_of_its_own


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the tokens that both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _step(words: Sequence[str]) -> int:
    return 1 if words[0].isascii() else 2


def _words(text: str) -> list[str]:
    return [stem(token) for token in tokens(text) if token not in LIGHT]


def _of_weight(words: Iterable[str]) -> list[str]:
    return [token for token in words if token not in LIGHT and token not in NOT and not token[0].isdigit()]
