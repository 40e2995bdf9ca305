"""What an answer changes in the sentences that it is worded after. Pure functions, no model.

The generator is told to keep to the words of its evidence. So a clause is laid beside the sentence that it shares most
with (longest common runs; Ratcliff & Obershelp 1988, as difflib has them), and what stands on one side only tells more
than the words themselves: a "not" that was put in or left out, an "also" that the shop never said, a figure out of
another sentence, a consequence behind another condition than its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import pairwise, zip_longest

from kefu.knowledge.grounding.evidence import clauses
from kefu.knowledge.grounding.figures import Figure, figures
from kefu.knowledge.grounding.filler import is_filler
from kefu.knowledge.grounding.policy_words import is_condition, stances
from kefu.text import normalise

_TOKEN = re.compile(r"无理由|有没有|是不是|能不能|要不要|会不会|[\u3400-\u9fff]|[a-z']+|\d+(?:\.\d+)?")
NOT = frozenset(
    "不 没 未 无 非 别 勿 免 not no never cannot without unless except nothing none nobody nor "
    "don't doesn't can't won't isn't aren't didn't wasn't hasn't haven't shouldn't mustn't couldn't".split()
)
LIGHT = frozenset(
    "的 了 吗 呢 吧 啊 和 与 及 在 是 有 会 就 您 你 我 请 把 被 给 对 到 为 将 等 个 这 那 此 该 好 也 都".split()
) | frozenset(
    "a an the is are was were be been being of to in on at by for from with and or as it its you your we our us they "
    "them this that then will would can may so just please yes there do does".split()
)
_MUST = re.compile(r"必须|务必|一定要|\b(?:must|ha(?:ve|s) to|required to)\b", re.IGNORECASE)
_ONLY_IF = re.compile(r"[需须]|才|凭|前提|只[能有]|\b(?:only|if|unless|provided|as long as|needs?)\b", re.IGNORECASE)
# What stretches a rule beyond what it was said of, by what says the same.
_STRETCHES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"都|也|全(?!程)|均|所有|任何|一律|同样|一样"
        r"|\b(?:all|any|every|everything|everyone|also|too|either|both|so (?:is|are|do|does|did|can|will))\b",
        r"即使|哪怕|不论|无论|\b(?:even|regardless|anyway|whatever)\b",
        _MUST.pattern,
        r"仍|还(?![未没])|另外|额外|\b(?:still|always|additional|extra)\b",
    )
]
# What is said not to be so of all is stretched to nothing.
_NOT_ALL = re.compile(
    r"(?:不能?|不可以|没有?|不会|未必)(?:都|全部|全|所有|任何|一律)|\bnot (?:all|every\w*|any)\b", re.IGNORECASE
)
_REFUSAL = re.compile(r"(?:抱歉|很|，|不|能|可|以|行|支|持|的)+")
_CASE = re.compile(r"[^是]{2,}(?:的|时|后|前|的话)$")  # 品相相符的，…
_NEAR_GAP = 2  # tokens left out between two runs that still belong together
_ALIKE = 0.7  # … and from which it says the same as a clause
_SHARED = 0.5  # of a clause's tokens, from which it is worded after a sentence
_WHOLE = 0.9  # … and from which nothing but a figure can differ
_AS_GOOD = 0.8  # of the best sentence's share, from which another one is as likely meant


@dataclass(frozen=True)
class Laid:
    """A clause beside a sentence: their tokens, and the runs that they share (where in both, and how long)."""

    clause: tuple[str, ...]
    sentence: tuple[str, ...]
    text: str

    @cached_property
    def runs(self) -> list[tuple[int, int, int]]:
        """The common runs, in order."""
        matcher = SequenceMatcher(None, self.clause, self.sentence, autojunk=False)
        return [(run.a, run.b, run.size) for run in matcher.get_matching_blocks() if run.size]

    @cached_property
    def shared(self) -> float:
        """The share of the clause's words of weight (not light ones, "not", or numbers) that the sentence has."""
        return self._share(lambda token: token not in LIGHT and token not in NOT and not token[0].isdigit())

    @cached_property
    def likeness(self) -> float:
        """The share of all of its tokens, by which one sentence is nearer than another."""
        return self.shared + 0.1 * self._share(lambda token: True)

    def _share(self, counts: Callable[[str], bool]) -> float:
        whole = sum(map(counts, self.clause))
        return 1 - sum(map(counts, self.added)) / whole if whole else 0.0

    @cached_property
    def added(self) -> list[str]:
        """What only the clause has."""
        taken = {at + step for at, _, size in self.runs for step in range(size)}
        return [token for at, token in enumerate(self.clause) if at not in taken]

    def left_out(self, longest: int) -> list[str]:
        """What the sentence has between two runs, in gaps of up to so many tokens."""
        gaps = [self.sentence[b + size : then] for (_, b, size), (_, then, _) in pairwise(self.runs)]
        return [token for gap in gaps if len(gap) <= longest for token in gap]

    @cached_property
    def left_out_of_clauses(self) -> list[str]:
        """What the sentence has between two runs, but for clauses that are left out whole."""
        whole = [tokens(clause) for clause in clauses(self.text)]
        gaps = [self.sentence[b + size : then] for (_, b, size), (_, then, _) in pairwise(self.runs)]
        return [token for gap in gaps for token in _without(gap, whole)]

    @cached_property
    def is_quoted(self) -> bool:
        """Whether the clause is the sentence's own words, maybe shortened, with every "not"."""
        rest = self.left_out_of_clauses
        return (
            bool(self.runs)
            and all(token in LIGHT for token in self.added)
            and len(rest) <= len(self.clause)
            and not NOT.intersection(rest)
        )


def _without(gap: tuple[str, ...], parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    for part in parts:
        at = next((at for at in range(len(gap)) if part and gap[at : at + len(part)] == part), None)
        if at is not None:
            gap = gap[:at] + gap[at + len(part) :]
    return gap


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """Cut a text into Chinese characters, English words and numbers."""
    return tuple(_TOKEN.findall(normalise(text).lower().replace("’", "'")))


def laid_beside(clause: str, sentences: Iterable[str]) -> list[Laid]:
    """Lay a clause beside each sentence, the one that it shares most with first."""
    found = [Laid(tokens(clause), tokens(sentence), sentence) for sentence in sentences]
    return sorted(found, key=lambda laid: -laid.likeness)


def stretched(clause: str, laid: Sequence[Laid], question: str) -> str | None:
    """Give a word of a clause that goes beyond the sentence that it is worded after: a "not", an "also"."""
    if not laid:
        return None
    plain = _NOT_ALL.sub(" ", clause)
    for stretch in _STRETCHES if clause not in question else ():
        if (found := stretch.search(plain)) and not (stretch.search(laid[0].text) or _is_owed(stretch, laid[0].text)):
            return found.group()
    if _REFUSAL.fullmatch(clause):
        return None  # a mere "no" is read with what stands behind it
    if laid[0].shared < _SHARED or is_condition(clause):
        return None
    known = {*tokens(question), *_nearest_clause(clause, laid[0].text)}
    are_free = _is_free(clause) and any(_is_free(one.text) for one in laid)
    put_in = [token for token in laid[0].added if token in NOT]
    left_out = NOT.intersection(laid[0].left_out(_NEAR_GAP))
    if put_in and left_out:  # "has no guarantee" for "has none"
        return None
    return next(iter([*([] if NOT & known or are_free else put_in), *left_out]), None)


def _is_owed(stretch: re.Pattern[str], sentence: str) -> bool:
    """Say whether a sentence makes a condition of something, which then "must" be so."""
    return stretch == _MUST and _ONLY_IF.search(sentence) is not None


def _is_free(text: str) -> bool:
    return ("free", "yes") in stances(text)


def _nearest_clause(clause: str, sentence: str) -> tuple[str, ...]:
    return laid_beside(clause, clauses(sentence))[0].sentence


def other_condition(answer: str, sentences: Iterable[str]) -> str | None:
    """Give the clause of an answer's sentence that stands behind another condition than in the evidence."""
    told = [part for sentence in sentences for part in _governed(sentence)]
    for clause, condition in _governed(answer):
        fitting = [(laid_out.likeness, own) for laid_out, own in _fitting(clause, told)] if condition else []
        nearest = [own for likeness, own in fitting if likeness == max(fitting)[0]]
        if nearest and not any(not own or _alike(condition, own) for own in nearest):
            return clause
    return None


def _fitting(clause: str, told: Iterable[tuple[str, str]]) -> Iterator[tuple[Laid, str]]:
    for part, own in told:
        laid = Laid(tokens(clause), tokens(part), part)
        if laid.shared >= _ALIKE:
            yield laid, own


def _governed(sentence: str) -> list[tuple[str, str]]:
    """Give the clauses of a sentence, each behind what is said before it since the last condition."""
    found: list[tuple[str, str]] = []
    parts = clauses(sentence)
    condition, is_open = "", False
    for clause, then in zip_longest(parts, parts[1:], fillvalue=""):
        if is_case(clause) or then.startswith("就"):
            condition = f"{condition} {clause}" if is_open else clause
            is_open = True
        else:
            found.append((clause, condition))
            condition = condition and f"{condition} {clause}"
            is_open = False
    return found


def is_case(clause: str) -> bool:
    """Say whether a clause says in which case what follows holds."""
    return not is_filler(clause) and (is_condition(clause) or _CASE.fullmatch(clause) is not None)


def _alike(one: str, other: str) -> bool:
    laid = Laid(tokens(one), tokens(other), ""), Laid(tokens(other), tokens(one), "")
    return max(each.shared for each in laid) >= _SHARED


def misplaced_figure(clause: str, laid: Sequence[Laid]) -> bool:
    """Say whether a figure of a clause stands in the evidence, but not where it speaks of what the clause does."""
    wanted = [figure for figure in figures(clause) if (figure.value, figure.unit) != (1, "")]
    if not wanted or not laid or laid[0].shared < _ALIKE:
        return False
    far = [figure for one in laid for figure in figures(one.text)]
    near = _as_near(laid)
    parts = laid_beside(clause, [part for one in near for part in clauses(one.text)])
    here = [figure for part in parts if part.shared >= _WHOLE for figure in figures(part.text)]
    around = [figure for one in near for figure in figures(one.text)]
    return any(
        not any(figure.fits(other) for other in _of_its_kind(figure, here) or around)
        and any(figure.fits(other) for other in far)
        for figure in wanted
    )


def _as_near(laid: Sequence[Laid]) -> list[Laid]:
    return [one for one in laid if one.shared >= _AS_GOOD * laid[0].shared]


def _of_its_kind(figure: Figure, others: Iterable[Figure]) -> list[Figure]:
    return [other for other in others if other.measured[1] == figure.measured[1]]
