"""From a question and what was found to an answer: worded by a model if one is there and keeps to the evidence, else
quoted; else none, which is said honestly."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from kefu.errors import ModelError
from kefu.knowledge.decision import Decision
from kefu.knowledge.grounding.check import check
from kefu.knowledge.grounding.citations import CITATION
from kefu.knowledge.grounding.evidence import Evidence
from kefu.knowledge.grounding.extract import Extract, extract, picked
from kefu.knowledge.grounding.orders_to_models import addresses_model
from kefu.knowledge.grounding.prompt import UNKNOWN, chat
from kefu.protocols import Generator, Message
from kefu.text import Language

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a caller waits for a generator: seconds (None: as its settings say), and until ``cancel`` is set."""

    seconds: float | None = None
    cancel: threading.Event | None = None


_AS_SETTINGS_SAY = Patience()


def grounded_answer(
    question: str,
    candidates: Sequence[Evidence],
    language: Language,
    history: Sequence[Message] = (),
    *,
    generator: Generator | None = None,
    patience: Patience = _AS_SETTINGS_SAY,
) -> Decision | None:
    """Answer from several entries; None where they do not answer, or nobody should.

    :param candidates: what was found, the best first.
    :param history: the dialogue so far, the latest last; only the model reads it.
    """
    if addresses_model(question):
        return None
    evidence = [kept for one in candidates if (kept := one.for_a_model()).text]
    if not evidence:
        return None
    if generator is not None and (answer := _generated(question, evidence, language, history, generator, patience)):
        return answer
    return _quoted(extract(question, evidence, language), language)


def _generated(
    question: str,
    evidence: Sequence[Evidence],
    language: Language,
    history: Sequence[Message],
    generator: Generator,
    patience: Patience,
) -> Decision | None:
    spoken = [turn for turn in history if not addresses_model(turn.content)]
    try:
        asked = chat(question, evidence, language, spoken)
        written = generator.complete(asked, timeout=patience.seconds, cancel=patience.cancel)
    except ModelError as error:
        logger.warning("No answer was generated; the help pages are quoted instead: %s", error)
        return None
    # Half an answer may say the contrary of the whole one.
    if written.finish != "stop" or written.text.strip(" 。.").lower() == UNKNOWN[language]:
        return None
    checked = check(written.text, evidence, language, question)
    if not checked.holds:
        logger.warning("A generated answer was withheld: %s", ", ".join(checked.faults))
        return _quoted(picked(written.text, evidence, language), language) if checked.is_of_the_evidence else None
    cited = dict.fromkeys(int(number) for number in CITATION.findall(written.text))
    return _decision(_renumbered(written.text, list(cited)), [evidence[at - 1] for at in cited], language, "generated")


def _quoted(found: Extract | None, language: Language) -> Decision | None:
    return None if found is None else _decision(found.text, [one for one, _ in found.quoted], language, "quoted")


def _renumbered(text: str, cited: Sequence[int]) -> str:
    """Number the citations in the order of the sources that are named under the answer."""
    return CITATION.sub(lambda match: f"[{cited.index(int(match[1])) + 1}]", text)


def _decision(text: str, sources: Sequence[Evidence], language: Language, origin: str) -> Decision:
    titles = [
        f"[{at}] {source.title}" if origin == "generated" else source.title for at, source in enumerate(sources, 1)
    ]
    return Decision(
        "answer",
        language,
        sources[0].entry_id,
        title=("；" if language == "zh" else "; ").join(titles),
        text=text,
        source_version=sources[0].version,
        as_of=min(source.as_of for source in sources),
        link=sources[0].link if len(sources) == 1 else "",
        is_shared=False,
        origin="generated" if origin == "generated" else "quoted",
        sources=tuple(source.entry_id for source in sources),
    )
