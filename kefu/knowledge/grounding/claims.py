"""What a clause claims, beside what the evidence says: its words, its commitments, the sides that it takes.

Pure functions, no model. Words are compared as concepts (:mod:`kefu.knowledge.grounding.concepts`), so that evidence
in one language bears an answer in the other, and by themselves where the languages are the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kefu.knowledge.grounding.concepts import commits, is_free, named
from kefu.knowledge.grounding.evidence import Evidence, clauses
from kefu.knowledge.grounding.figures import Figure, figures
from kefu.knowledge.grounding.filler import is_filler, without_filler
from kefu.knowledge.grounding.policy_words import Stance, is_condition, is_negated, opposite, senses, stances
from kefu.knowledge.grounding.words import all_content, content
from kefu.text import Language, detect_language, normalise

_STRANGE = 0.34  # the share of a clause's units from which it is about something else
_NEAR = 0.7  # pieces of evidence nearly as near as the nearest one
_ALIKE = 0.6  # of the units of a clause or a piece, what both must share to speak of the same
_DENIALS: set[Stance] = {("can", "no"), ("must", "no")}
_GRANTS: tuple[Stance, ...] = (("free", "yes"), ("must", "no"), ("shop pays", "yes"))
_OF_BEFORE = re.compile(r"(?:it|that|which)\b|免运费|包邮|也?免", re.IGNORECASE)
_LISTED = re.compile(r"[^，。！？；：,;:\n]+、[^，。！？；：,;:\n]+")
_HIS_CASE = re.compile(r"您(?:这|的|买)|\byour\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][A-Za-z]+(?: [A-Z][a-z]+)*")
_NO_NAMES = frozenset("RMB CNY USD GBP EUR ID SMS PIN VIP OK AA TV Settings".split()) | {
    *"Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Sundays Saturdays".split()
}


@dataclass(frozen=True)
class Unit:
    """A word of content: what it may count as, and whether naming it commits the shop."""

    senses: frozenset[str]
    commits: bool = False


@dataclass(frozen=True)
class Piece:
    """A clause, and what can be read off it."""

    text: str

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Its words of content."""
        return tuple(_units(self.text))

    @cached_property
    def told(self) -> frozenset[str]:
        """Everything that it has for others to share."""
        return frozenset(_spelt(self.text).union(*(unit.senses for unit in self.units)))

    @cached_property
    def stances(self) -> set[Stance]:
        """The sides that it takes."""
        return stances(self.text)

    @cached_property
    def denies(self) -> bool:
        """Whether it says of something that it is not so, may not be, or need not."""
        return is_negated(self.text) or bool(_DENIALS & self.stances)

    @cached_property
    def figures(self) -> list[Figure]:
        """Its numbers."""
        return figures(self.text)

    def likeness(self, other: "Piece") -> float:
        """Say how much of the one's content the other shares, whichever is the shorter."""
        return max(_share(self.units, other.told), _share(other.units, self.told))

    def shares_figure(self, other: "Piece") -> bool:
        """Say whether both name the same figure."""
        return any(one.fits(its) for one in self.figures for its in other.figures)


@dataclass(frozen=True)
class Told:
    """What an answer may rest on: cited evidence, and the question, which may be said again."""

    sources: tuple[Evidence, ...]
    question: str
    given: tuple[Evidence, ...] = ()  # all evidence, cited or not: what it denies counts as well

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The clauses of the evidence."""
        return _pieces(self.sources)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the evidence."""
        return tuple(dict.fromkeys(sentence for source in self.sources for sentence in source.sentences))

    @cached_property
    def denials(self) -> tuple[Piece, ...]:
        """The clauses of all evidence that deny something."""
        return tuple(piece for piece in _pieces(self.given or self.sources) if piece.denies)

    @cached_property
    def words(self) -> frozenset[str]:
        """All that the evidence and its titles share."""
        whole = [Piece(text) for source in self.sources for text in (source.title, source.text)]
        return frozenset().union(*(piece.told for piece in (*self.pieces, *whole)))

    @cached_property
    def titles(self) -> frozenset[str]:
        """What the titles share."""
        return frozenset().union(*(Piece(source.title).told for source in self.sources))

    @cached_property
    def asked(self) -> Piece:
        """The question."""
        return Piece(self.question)

    @cached_property
    def languages(self) -> set[str]:
        """The languages that the evidence is in."""
        return {detect_language(source.text) or source.language for source in self.sources}

    @cached_property
    def letters_of_evidence(self) -> str:
        """The evidence as it is written, in small letters."""
        return " ".join(f"{source.title} {source.text}" for source in self.sources).lower()

    @cached_property
    def letters(self) -> str:
        """Question and evidence as they are written, in small letters."""
        return f"{self.question} {self.letters_of_evidence}".lower()


def _pieces(sources: Sequence[Evidence]) -> tuple[Piece, ...]:
    parts = (part for source in sources for sentence in source.sentences for part in parts_of(sentence))
    return tuple(map(Piece, dict.fromkeys(parts)))


def parts_of(sentence: str) -> tuple[str, ...]:
    """Cut a sentence into clauses; a list whose predicate denies stays whole: "秒杀、拼团不参与" denies both."""
    return clauses(_LISTED.sub(_joined_if_denied, sentence))


def _joined_if_denied(match: re.Match[str]) -> str:
    *before, last = match.group().split("、")
    is_denied = is_negated(last) and not any(map(is_negated, before))
    return match.group().replace("、", " ") if is_denied else match.group()


def unsupported(clause: Piece, told: Told, language: Language) -> bool:
    """Say whether a clause speaks of something that neither evidence nor question do, or commits the shop to it."""
    if is_filler(clause.text):
        return False
    strange = [unit for unit in clause.units if not unit.senses & told.words]
    if any(unit.commits and not _is_said_again(unit, clause, told) for unit in strange):
        return True
    if language not in told.languages:  # words that stand for no concept cannot be compared
        strange = [unit for unit in strange if any(sense.startswith("#") for sense in unit.senses)]
    if len(strange) == len(clause.units) > 0 and not (clause.denies or is_condition(clause.text)):
        return True  # what only the question says, no answer affirms
    new = [unit for unit in strange if not unit.senses & told.asked.told]
    return bool(new) and len(new) / len(clause.units) >= _STRANGE


def strange_name(sentence: str, told: Told) -> str | None:
    """Give a proper name of an English sentence that neither evidence nor question have: PayPal, American Express."""
    if told.languages != {"en"}:
        return None
    words = [word for name in _NAME.findall(sentence) for word in name.split()]
    return next((word for word in words if word.lower() not in told.letters and word not in _NO_NAMES), None)


def strange_figure(clause: Piece, told: Told) -> bool:
    """Say whether a figure is not in the evidence.

    The question's may be said again where the clause denies something, or speaks of the customer's own case.
    """
    known = [figure for piece in told.pieces for figure in piece.figures]
    known += [figure for source in told.sources for figure in figures(source.title)]
    if is_negated(clause.text) or _HIS_CASE.search(clause.text):
        known += told.asked.figures
    wanted = [figure for figure in clause.figures if (figure.value, figure.unit) != (1, "")]
    return any(not any(figure.fits(other) for other in known) for figure in wanted)


def strange_stance(clause: Piece, told: Told) -> str | None:
    """Give the side that a clause takes where the evidence about the same takes the other, or none that it grants."""
    if is_condition(clause.text) or is_filler(clause.text) or not clause.units:
        return None
    for stance in sorted(clause.stances):
        about = [piece for piece in told.pieces if {stance, opposite(stance)} & piece.stances]
        near = [piece for piece in _near(clause, told.pieces) if piece in about]
        if near and not any(stance in piece.stances for piece in near):
            return " ".join(stance)
        if stance in _GRANTS and (not about or _says_not_what(clause)):
            return " ".join(stance)
    there = set().union(*(senses(piece.text) for piece in told.pieces))
    if strange := sorted(senses(clause.text) - there - {"only"}):
        return strange[0]
    if thing := _only_denied(clause, told):
        return f"only denied ({thing})"
    return "denied" if _is_turned_round(clause, told) else None


def _only_denied(clause: Piece, told: Told) -> str | None:
    """Give what a clause says something of that the evidence only names where it denies something of it."""
    if clause.denies:
        return None
    said = frozenset().union(*(piece.told for piece in told.pieces if not piece.denies or is_condition(piece.text)))
    said |= told.titles
    denied = frozenset().union(*(piece.told for piece in told.denials))
    return next((min(one.senses) for one in clause.units if one.senses & denied and not one.senses & said), None)


def _says_not_what(clause: Piece) -> bool:
    """Say whether something is called free without a word of what: "it costs nothing" is of what stands before."""
    others = [unit for unit in clause.units if not unit.commits]
    return not others and ("free", "yes") in clause.stances and not _OF_BEFORE.match(clause.text.strip())


def _is_turned_round(clause: Piece, told: Told) -> bool:
    """Say whether the evidence that is most like a clause denies what it says, or says what it denies."""
    if _HIS_CASE.search(clause.text):
        return False
    least = 1.0 if clause.stances else _ALIKE
    near = _near(clause, [piece for piece in told.pieces if piece.units and not is_condition(piece.text)])
    alike = [piece for piece in near if len(piece.units) > 1 and piece.likeness(clause) >= least]
    return bool(alike) and all(is_negated(piece.text) != is_negated(clause.text) for piece in near)


def _near(clause: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """Give the pieces that are most about what a clause is about: by their words, and by a figure that both name."""
    likeness = [clause.likeness(piece) + 0.5 * clause.shares_figure(piece) for piece in pieces]
    best = max(likeness, default=0.0)
    return [piece for piece, value in zip(pieces, likeness, strict=True) if best and value >= _NEAR * best]


def _is_said_again(unit: Unit, clause: Piece, told: Told) -> bool:
    """Say whether a commitment is only the question's, which the clause denies or makes a condition."""
    is_granted = not (is_negated(clause.text) or is_condition(clause.text))
    return bool(unit.senses & told.asked.told) and (not is_granted or "only" in senses(clause.text))


def _share(units: Sequence[Unit], there: frozenset[str]) -> float:
    return sum(bool(unit.senses & there) for unit in units) / len(units) if units else 0.0


def _spelt(text: str) -> set[str]:
    """Give what a text shares by its letters: stems, and pairs of Chinese characters."""
    pairs = {f"zh:{unit}" for unit in all_content(text, "zh") if len(unit) > 1 and not unit.isascii()}
    return pairs | {f"en:{unit}" for unit in content(text, "en")}


def _units(text: str) -> Iterable[Unit]:
    """Give the words of content: concepts by their number, what is left by its letters."""
    rest = list(normalise(text).lower().replace("’", "'"))
    for word, concepts, (start, end) in named(text):
        rest[start:end] = " " * (end - start)
        if not is_free(concepts):
            spelt = set() if " " in word else _spelt(word)  # a phrase is more than its words
            yield Unit(frozenset({f"#{number}" for number in concepts} | spelt), commits(concepts))
    left = without_filler("".join(rest))
    for unit in content(left, "zh"):
        if len(unit) > 1:
            yield Unit(frozenset({f"{'en' if unit.isascii() else 'zh'}:{unit}"}))
