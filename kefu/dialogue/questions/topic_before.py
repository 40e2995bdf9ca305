"""A few words that mean something else after a question about a return, an exchange, a refund, a repair or an invoice.

"那运费呢 / and the postage?" asks for the price of delivery, but after "怎么退货" for who pays to send the goods back;
"要多久呢 / how long does that take?" says by itself not even what is meant; and "那退货呢 / and for returns?" asks how
it is done, but after "运费多少" what the postage is.
"""

import re
from collections.abc import Iterable

from kefu.dialogue.questions.aspect_words import EN_END, EN_LED, IT, ZH_END, ZH_LED, aspect_of
from kefu.dialogue.questions.aspects import Completed, asked_for
from kefu.dialogue.questions.follow_up_words import REMEDIES, Remedy, spoken_of
from kefu.dialogue.questions.named_remedy import named_question
from kefu.dialogue.questions.remedy_questions import QUESTIONS
from kefu.dialogue.words.wording import wording
from kefu.text import Language

# How what was spoken of is asked for: "怎么申请啊".
_HOW_TO: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{ZH_LED}(?:具体|我)*(?:该|要|得)?(?:怎么|如何|咋|在哪里?|去哪里?|哪里)(?:才能|能|可以|去)?"
        r"(?:申请|办理?|操作|领取?|参加|报名|弄|提交)(?:这个|它|一?下)?" + ZH_END
    ),
    "en": re.compile(
        rf"{EN_LED}(?:how|where) (?:do|can|should|would|must) i (?:apply|claim|request|sign up|ask|do|get|file)"
        rf"(?: for)?(?: {IT}| them| one)?{EN_END}"
    ),
}
_REMEDY_ONLY: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"{ZH_LED}(?P<subject>退货|换货|退款|维修|返修|退换货)的?{ZH_END}"),
    "en": re.compile(rf"{EN_LED}(?:for )?(?:an? |the )?(?P<subject>returns?|exchanges?|refunds?|repairs?){EN_END}"),
}


def completed(text: str, before: Iterable[str]) -> Completed | None:
    """Give the question that a few words are after what was asked and answered before; None if that changes nothing.

    :param before: the questions right before, the last one first. One that itself only went on ("那运费呢") passes on
        the topic of the one before it.
    """
    if (named := named_question(text)) is not None:
        return named
    questions = list(before)
    if questions and (language := _asks_how_to(text)) is not None:
        return _how_to(text, questions[0], language)
    if (found := _bare_remedy(text)) is not None:
        language, remedy = found
        aspect = asked_for(questions[0]) if questions else None
        return Completed(QUESTIONS[language][remedy][aspect], aspect) if aspect else None
    if (asked := aspect_of(text)) is None:
        return None
    language, aspect = asked
    for question in questions:
        if (spoken := spoken_of(question)) is not None:
            worded = QUESTIONS[language][spoken].get(aspect)
            return Completed(worded, aspect) if worded else None
        if aspect_of(question) is None:
            return None
    return None


def _asks_how_to(text: str) -> Language | None:
    folded = wording(text).text
    return next((language for language, shape in _HOW_TO.items() if shape.search(folded)), None)


def _how_to(text: str, before: str, language: Language) -> Completed:
    """Ask how what the question before was about is asked for; of what no table knows, with that question itself."""
    spoken = spoken_of(before)
    worded = QUESTIONS[language][spoken].get("way") if spoken else None
    return Completed(worded or f"{before}, {' '.join(text.split())}", "way")


def _bare_remedy(text: str) -> tuple[Language, Remedy] | None:
    """Read a message that names a remedy and nothing else: "那退货的呢", "and for returns?"."""
    folded = wording(text).text
    for language, shape in _REMEDY_ONLY.items():
        if found := shape.search(folded):
            named = next((name for name, words in REMEDIES.items() if words.within(found["subject"])), None)
            return (language, named) if named else None
    return None
