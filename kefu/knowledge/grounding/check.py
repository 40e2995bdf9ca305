"""Whether an answer that a model worded says only what the evidence that it cites says. Pure functions, no model.

Withholding a right answer costs a quotation in its place; letting a wrong one pass costs the shop's word. In doubt an
answer is withheld.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kefu.knowledge.grounding.evidence import Evidence, clauses
from kefu.knowledge.grounding.figures import Figure, addresses, figures
from kefu.knowledge.grounding.policy_words import is_condition, is_negated, senses
from kefu.knowledge.grounding.promises import promise_in
from kefu.knowledge.grounding.prompt import rules
from kefu.knowledge.grounding.words import all_content, content, share, support
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
_SUPPORTED = 0.5  # the share of a clause's content that the cited evidence must have
# Clauses of the evidence nearly as near as the nearest one: none of them may say the contrary.
_NEAR = 0.75
_SAME_PLACE = 0.5  # the same, for sentences that a figure may be from
_PERMITTING = {"can", "always"}


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
    for sentence in _with_citations(sentences(answer)):
        found += _faults_of(sentence, evidence, language, question)
    if not plain.strip():
        found.append(("uncited", ""))
    return Checked(tuple(dict.fromkeys(fault for fault, _ in found)), tuple(detail for _, detail in found))


def _faults_of(
    sentence: str, evidence: Sequence[Evidence], language: Language, question: str
) -> list[tuple[Fault, str]]:
    cited = sorted({int(number) for number in CITATION.findall(sentence)})
    if not cited:
        return [("uncited", sentence)]
    if wrong := [number for number in cited if not 1 <= number <= len(evidence)]:
        return [("not_given", str(wrong[0]))]
    sources = [evidence[number - 1] for number in cited]
    told = "\n".join(f"{source.title}\n{source.text}" for source in sources)
    said = CITATION.sub("", sentence)
    found: list[tuple[Fault, str]] = []
    if strange := addresses(said) - addresses(told):
        found.append(("address", min(strange)))
    if promise := promise_in(said, told):
        found.append(("promise", promise))
    told_sentences = [part for source in sources for part in source.sentences]
    titles = [source.title for source in sources]
    for clause in clauses(said):
        found += _faults_of_clause(clause, said, told_sentences, titles, language, question)
    return found


def _faults_of_clause(
    clause: str, sentence: str, parts: Sequence[str], titles: Sequence[str], language: Language, question: str
) -> list[tuple[Fault, str]]:
    found: list[tuple[Fault, str]] = []
    told = set().union(*(all_content(part, language) for part in (*parts, *titles)))
    if support(clause, told, all_content(question, language), language) < _SUPPORTED:
        found.append(("unsupported", clause))
    found += [("figure", clause)] if not _figures_hold(clause, sentence, parts, language) else []
    if (sense := _strange_sense(clause, sentence, parts, language)) is not None:
        found.append(("policy", f"{sense}: {clause}"))
    return found


def _figures_hold(clause: str, sentence: str, parts: Sequence[str], language: Language) -> bool:
    """Say whether each figure stands in a sentence of the evidence that is about what the answer's is about."""
    wanted = figures(clause)
    return not wanted or any(
        all(any(one.fits(other) for other in _figures_near(around, parts, language)) for one in wanted)
        for around in (clause, sentence)
    )


def _figures_near(text: str, parts: Sequence[str], language: Language) -> list[Figure]:
    near = _near(text, parts, language, _SAME_PLACE)
    return [figure for part in near for figure in figures(part)]


def _near(text: str, parts: Sequence[str], language: Language, least: float) -> list[str]:
    """Give the parts that share most with a text: so many times as much as the nearest one, or more."""
    units = content(text, language)
    shares = [share(units, all_content(part, language)) for part in parts]
    best = max(shares, default=0.0)
    return [part for part, value in zip(parts, shares, strict=True) if best and value >= least * best]


def _strange_sense(clause: str, sentence: str, parts: Sequence[str], language: Language) -> str | None:
    """Give the sense of a policy word that the evidence's clauses about the same do not have, or deny."""
    wanted, denied = senses(clause), is_negated(clause)
    pieces = [piece for part in parts for piece in clauses(part)]
    if is_condition(clause):
        return None
    if not content(clause, language):
        # "Yes, you can": so long as anything there can be done.
        there = set().union(*map(senses, pieces))
        return next((sense for sense in sorted(wanted) if sense not in there and not denied), None)
    near = _near(clause, pieces, language, _NEAR)
    if denied:
        return None if any(map(is_negated, near)) else "denied"
    if wanted & _PERMITTING:
        if any(map(is_negated, near)):
            return "not denied"
        if "only" not in wanted and any("only" in senses(piece) for piece in near):
            return "not only"
    elif not is_negated(sentence) and all(map(is_negated, _near(clause, pieces, language, 1.0))):
        return "not denied"
    told = set().union(*map(senses, near))
    return next((sense for sense in sorted(wanted - {"can", "only"}) if sense not in told), None)


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
