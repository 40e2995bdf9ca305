"""Whether an answer that a model worded says only what the evidence that it cites says. Pure functions, no model.

Withholding a right answer costs a quotation in its place; letting a wrong one pass costs the shop's word. In doubt an
answer is withheld.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kefu.knowledge.grounding.claims import (
    Piece,
    Told,
    parts_of,
    strange_figure,
    strange_name,
    strange_stance,
    unsupported,
)
from kefu.knowledge.grounding.evidence import Evidence
from kefu.knowledge.grounding.figures import addresses
from kefu.knowledge.grounding.promises import promise_in
from kefu.knowledge.grounding.prompt import rules
from kefu.knowledge.sentences import sentences
from kefu.text import Language, detect_language, normalise

Fault = Literal["language", "uncited", "not_given", "address", "figure", "policy", "promise", "leak", "unsupported"]

CITATION = re.compile(r"\[(\d{1,3})\]")
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


def check(answer: str, evidence: Sequence[Evidence], language: Language, question: str = "") -> Checked:
    """Check an answer that cites evidence by its number from 1, such as [2]."""
    found: list[tuple[Fault, str]] = []
    plain = normalise(CITATION.sub("", answer))
    if not _is_in(plain, language, evidence):
        found.append(("language", plain[:20]))
    if leak := _leak(plain, language):
        found.append(("leak", leak))
    cited = _cited(answer)
    if not cited:
        found.append(("uncited", plain[:20]))
    for sentence in _with_citations(sentences(answer)) if cited else ():
        # A sentence without a citation of its own rests on whatever the answer cites.
        found += _faults_of(sentence, _cited(sentence) or cited, evidence, language, question)
    return Checked(tuple(dict.fromkeys(fault for fault, _ in found)), tuple(detail for _, detail in found))


def _faults_of(
    sentence: str, cited: Sequence[int], evidence: Sequence[Evidence], language: Language, question: str
) -> list[tuple[Fault, str]]:
    if wrong := [number for number in cited if not 1 <= number <= len(evidence)]:
        return [("not_given", str(wrong[0]))]
    told = Told(tuple(evidence[number - 1] for number in cited), question, tuple(evidence))
    known = "\n".join(f"{source.title}\n{source.text}" for source in told.sources)
    said = CITATION.sub("", sentence)
    found: list[tuple[Fault, str]] = []
    if strange := addresses(said) - addresses(known):
        found.append(("address", min(strange)))
    if promise := promise_in(said, known):
        found.append(("promise", promise))
    if name := strange_name(said, told):
        found.append(("unsupported", name))
    for clause in map(Piece, parts_of(said)):
        if unsupported(clause, told, language):
            found.append(("unsupported", clause.text))
        if strange_figure(clause, told):
            found.append(("figure", clause.text))
        if (stance := strange_stance(clause, told)) is not None:
            found.append(("policy", f"{stance}: {clause.text}"))
    return found


def _cited(text: str) -> list[int]:
    return sorted({int(number) for number in CITATION.findall(text)})


def _with_citations(pieces: Sequence[str]) -> list[str]:
    """Give a citation that stands behind a full stop back to its sentence."""
    joined: list[str] = []
    for piece in pieces:
        lone = re.match(r"^\s*((?:\[\d{1,3}\]\s*)+)", piece)
        if lone and joined:
            joined[-1] += " " + lone.group(1)
            piece = piece[lone.end() :]
        if piece.strip(" 。.!！?？\n"):
            joined.append(piece)
    return joined


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
