"""Whether an answer that a model worded says only what the evidence that it cites says. Pure functions, no model.

Withholding a right answer costs a quotation in its place; letting a wrong one pass costs the shop's word. In doubt an
answer is withheld.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kefu.knowledge.grounding.citations import CITATION, cited, cited_sentences
from kefu.knowledge.grounding.claims import (
    Piece,
    Told,
    parts_of,
    strange_figure,
    strange_name,
    strange_stance,
    unsupported,
)
from kefu.knowledge.grounding.crossing import crossed, joined, lifted, other_case, turned
from kefu.knowledge.grounding.evidence import Evidence
from kefu.knowledge.grounding.figures import addresses
from kefu.knowledge.grounding.policy_words import is_condition
from kefu.knowledge.grounding.promises import promise_in
from kefu.knowledge.grounding.prompt import rules
from kefu.knowledge.grounding.quoting import laid_beside, misplaced_figure, other_condition, stretched
from kefu.knowledge.grounding.replaced import nearest, new_words, other_figure, other_person, other_word, unsaid_not
from kefu.text import Language, detect_language, normalise

Fault = Literal[
    "language", "uncited", "not_given", "address", "figure", "policy", "promise", "leak", "unsupported", "condition"
]

_OF_WORDING: frozenset[Fault] = frozenset({"figure", "policy", "unsupported", "condition"})
_OTHER_SCRIPTS = re.compile("[\u0400-\u052f\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]")
_CJK = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")
_MARKS = re.compile(r"<[|/a-z]|\|>|https?://\S*\{", re.IGNORECASE)
_LEAKS = re.compile(
    r"提示词|指令|系统允许|我的规则|资料如下|\bsystem prompt\b|\bmy (?:prompt|instructions|rules)\b"
    r"|\bnumbered evidence\b",
    re.I,
)
_LEAKED_RUN = 10  # characters of the rules in a row that no answer has by chance


@dataclass(frozen=True)
class Checked:
    """What became of an answer: its faults (none: it may be said), and the words at fault, for a log of the shop's."""

    faults: tuple[Fault, ...]
    details: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the answer may be said."""
        return not self.faults

    @property
    def is_of_the_evidence(self) -> bool:
        """Whether only the wording is at fault, so that the sentences that it is worded after may be quoted."""
        return set(self.faults) <= _OF_WORDING


def check(answer: str, evidence: Sequence[Evidence], language: Language, question: str = "") -> Checked:
    """Check an answer that cites evidence by its number from 1, such as [2]."""
    found: list[tuple[Fault, str]] = []
    plain = normalise(CITATION.sub("", answer))
    if not _is_in(plain, language, evidence):
        found.append(("language", plain[:20]))
    if leak := _leak(plain, language):
        found.append(("leak", leak))
    if not cited(answer):
        found.append(("uncited", plain[:20]))
        return _checked(found)
    for sentence, numbers in cited_sentences(answer):
        found += _faults_of(sentence, numbers, evidence, language, question)
    return _checked(found)


def _checked(found: Sequence[tuple[Fault, str]]) -> Checked:
    return Checked(tuple(dict.fromkeys(fault for fault, _ in found)), tuple(detail for _, detail in found))


def _faults_of(
    said: str, numbers: Sequence[int], evidence: Sequence[Evidence], language: Language, question: str
) -> list[tuple[Fault, str]]:
    if wrong := [number for number in numbers if not 1 <= number <= len(evidence)]:
        return [("not_given", str(wrong[0]))]
    told = Told(tuple(evidence[number - 1] for number in numbers), question, tuple(evidence))
    known = "\n".join(f"{source.title}\n{source.text}" for source in told.sources)
    found: list[tuple[Fault, str]] = []
    if strange := addresses(said) - addresses(known):
        found.append(("address", min(strange)))
    if promise := promise_in(said, known):
        found.append(("promise", promise))
    if name := strange_name(said, told):
        found.append(("unsupported", name))
    is_laid = told.languages == {language}  # words of two languages cannot be laid beside each other
    if is_laid and (moved := other_condition(said, told.sentences)):
        found.append(("condition", moved))
    if is_laid and (thing := lifted(said, told.sentences)):
        found.append(("unsupported", thing))
    if is_laid and (case := other_case(said, told.sentences) or turned(said, told.sentences)):
        found.append(("condition", case))
    for text in parts_of(said):
        if strange_figure(Piece(text), told):
            found.append(("figure", text))
        if is_laid:
            found += _changes(text, told)
        if not (is_laid and laid_beside(text, told.sentences)[0].is_quoted):
            found += _claims(Piece(text), told, language)
    return found


def _changes(clause: str, told: Told) -> Iterator[tuple[Fault, str]]:
    """Give what a clause changes in what it is worded after."""
    laid, near = laid_beside(clause, told.sentences), nearest(clause, told.sentences)
    if misplaced_figure(clause, laid) or other_figure(near, told.letters_of_evidence):
        yield "figure", clause
    if (word := stretched(clause, laid, told.question)) is not None:
        yield "policy", f"{word}: {clause}"
    if (unsaid_not(near) and not is_condition(clause)) or other_person(clause, near):
        yield "policy", clause
    strange = other_word(near, told.letters) or new_words(clause, told.letters)
    if strange := strange or joined(laid, told.question) or crossed(clause, told.sentences):
        yield "unsupported", f"{strange}: {clause}"


def _claims(clause: Piece, told: Told, language: Language) -> Iterator[tuple[Fault, str]]:
    """Give what a clause claims that the evidence does not."""
    if unsupported(clause, told, language):
        yield "unsupported", clause.text
    if (stance := strange_stance(clause, told)) is not None:
        yield "policy", f"{stance}: {clause.text}"


def _is_in(plain: str, language: Language, evidence: Sequence[Evidence]) -> bool:
    """Say whether a text is in the language wanted; names of the evidence (Alipay, 支付宝) are in any."""
    if _OTHER_SCRIPTS.search(plain):
        return False
    told = " ".join(f"{one.title} {one.text}" for one in evidence).lower()
    if language == "en":
        strange = [run for run in re.findall("[\u3400-\u9fff]+", plain) if run not in told]
        return not strange and detect_language(plain) == "en"
    words = [word for word in _LATIN.findall(plain) if word.lower() not in told]
    return _CJK.search(plain) is not None and not words


def _leak(plain: str, language: Language) -> str | None:
    if found := _LEAKS.search(plain) or _MARKS.search(plain):
        return found.group()
    told = rules(language)
    length = _LEAKED_RUN if language == "zh" else 3 * _LEAKED_RUN
    return next(
        (plain[at : at + length] for at in range(len(plain) - length + 1) if plain[at : at + length] in told), None
    )
