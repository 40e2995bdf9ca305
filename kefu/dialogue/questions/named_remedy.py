"""Questions that name a remedy in words that no page has: "退货政策", "how much is it for a return"."""

import re

from kefu.dialogue.questions.aspect_words import EN_END, EN_LED, ZH_END, ZH_LED
from kefu.dialogue.questions.aspects import Aspect, Completed
from kefu.dialogue.questions.follow_up_words import REMEDIES, spoken_of
from kefu.dialogue.questions.remedy_questions import QUESTIONS
from kefu.dialogue.words.wording import wording
from kefu.text import Language

_REMEDY_EN = r"(?:a |an |the )?(?P<remedy>returns?|exchanges?|refunds?|repairs?)"
# What it costs or takes, and what for: "how much is it for a return".
_NAMED: dict[Aspect, re.Pattern[str]] = {
    "cost": re.compile(
        r"^\W*(?:how much|what) (?:is|does|would|will|do) (?:it|you|i)(?: cost| charge| be| pay)? (?:for|to do) "
        rf"{_REMEDY_EN}\W*$"
    ),
    "time": re.compile(rf"^\W*how long (?:is|does|would|will) it(?: take| be)? (?:for|to do) {_REMEDY_EN}\W*$"),
}
# The rules for a remedy, in whatever words: "退货政策", "what is your return policy".
_POLICY: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{ZH_LED}(?:你们|店里|贵店|商城)?(?:家)?的?(?P<subject>退换货|退货|换货|退款|维修|返修|保修)的?"
        r"(?:政策|规则|规定|制度|条件|要求)(?:是|有)?(?:什么|啥|哪些|怎么样|怎样)?(?:样的?|的)?" + ZH_END
    ),
    "en": re.compile(
        rf"{EN_LED}(?:(?:what is|what are|tell me(?: about)?|explain|show me) )?(?:the |your |ur |you )?"
        r"(?P<subject>returns?|exchanges?|refunds?|repairs?|warranty)(?: and (?:returns?|exchanges?|refunds?))?"
        r" (?:policy|policies|rules|terms|conditions)" + EN_END
    ),
}


def named_question(text: str) -> Completed | None:
    """Give the question as the pages have it; None for any other message."""
    return _aspect_of_remedy(text) or _policy(text)


def _aspect_of_remedy(text: str) -> Completed | None:
    """Complete an English question that names the remedy behind an "it"."""
    folded = wording(text).text
    for aspect, shape in _NAMED.items():
        if found := shape.search(folded):
            remedy = next(name for name, phrases in REMEDIES.items() if phrases.within(found["remedy"]))
            return Completed(QUESTIONS["en"][remedy][aspect], aspect)
    return None


def _policy(text: str) -> Completed | None:
    """Complete a question for the rules of a remedy, which no page has by that name."""
    folded = wording(text).text
    for language, shape in _POLICY.items():
        if found := shape.search(folded):
            spoken = spoken_of(found["subject"])
            worded = QUESTIONS[language][spoken].get("policy") if spoken else None
            return Completed(worded, "policy") if worded else None
    return None
