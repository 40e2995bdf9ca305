"""A follow-up of a few words, "那运费呢 / and the postage?": what it is about, and how it would be asked by itself.

Whatever the classifier takes such a message for, it only wants to know. Not a follow-up in this sense is one about the
customer's own order or parcel ("那另一个包裹呢", "and my jacket?").
"""

import re
from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.questions.follow_up_words import (
    OF_PLACES,
    OWN,
    PAYMENTS,
    PLACES,
    POSTAGE,
    REMEDIES,
    TOPICS,
    spoken_of,
)
from kefu.dialogue.questions.remedy_questions import QUESTIONS
from kefu.dialogue.words.wording import wording
from kefu.text import Language

_SHAPES: dict[Language, tuple[re.Pattern[str], ...]] = {
    "zh": (
        re.compile(
            r"^\W*(?:(?:好的?|哦|嗯|行)\W+)?(?:那么?|还有|以及|然后|要是|如果|至于|(?:那)?换成)+(?P<subject>[^\n,;!?。]{1,12}?)"
            r"(?:的话)?(?:呢|怎么算|怎么样|怎么说|(?:是|要)?多少钱?|(?:是)?谁(?:出|付|来?承担)|也?(?:一样|可以|行)吗)\W*$"
        ),
        re.compile(r"^\W*(?P<subject>[^\n,;!?。]{1,8}?)(?:的话)?呢\W*$"),
    ),
    "en": (
        re.compile(
            r"^\W*(?:(?:ok|okay|thanks|great|fine|hmm|so|well)\W+)?"
            r"(?:(?:and |but |so )?(?:what|how) about|and|but what of)"
            r"(?: (?:for|to|in|with|on|if it is|about))?(?: (?:the|a|an|any|your))?"
            r" (?P<subject>[a-z][a-z' -]{1,40}?)(?: then| though| too| as well)?\W*$"
        ),
    ),
}
_LED = re.compile(r"^\W*(?:(?:好的?|哦|嗯|行)\W+)?(?:那|还有|以及|然后|要是|如果|至于|换成)")
_MOST_WORDS = 5


@dataclass(frozen=True)
class FollowUp:
    """What is asked about.

    ``kind``: a ``topic`` of the shop, a ``remedy``, a ``place`` that an earlier question is asked for once more, or
    ``other``: something no table knows. ``question``: as it would be asked by itself. ``is_led``: it begins like the
    continuation of something ("那…", "and …"). ``is_payment``: it names a way of paying.
    """

    subject: str
    kind: Literal["topic", "remedy", "place", "other"]
    question: str
    is_led: bool = True
    is_payment: bool = False


def follow_up(text: str) -> FollowUp | None:
    """Read a message as a follow-up question; None where it is none, or one about an order of his own."""
    folded = wording(text).text
    for language, shapes in _SHAPES.items():
        for shape in shapes:
            found = shape.search(folded)
            if found and (subject := found["subject"].strip()) and len(subject.split()) <= _MOST_WORDS:
                is_led = language == "en" or _LED.match(folded) is not None
                return None if OWN.within(subject) else _read(subject, text, language, is_led)
    return None


def goes_with(found: FollowUp, before: str) -> bool:
    """Say whether an earlier question is asked once more, for another place or another way of paying."""
    if found.kind == "place":
        return OF_PLACES.within(wording(before).text)
    return found.is_payment and spoken_of(before) == "refund"


def _read(subject: str, text: str, language: Language, is_led: bool) -> FollowUp:
    said = " ".join(text.split())
    for remedy, phrases in REMEDIES.items():
        questions = QUESTIONS[language][remedy]
        if phrases.spans(subject) == [(0, len(subject))]:
            return FollowUp(subject, "remedy", questions["way"], is_led)
        if phrases.within(subject) and POSTAGE.within(subject):
            return FollowUp(subject, "topic", questions["postage"], is_led)
    is_payment = PAYMENTS.spans(subject) == [(0, len(subject))]
    if PLACES.within(subject):
        return FollowUp(subject, "place", said, is_led)
    if TOPICS.within(subject):
        return FollowUp(subject, "topic", subject, is_led, is_payment)
    return FollowUp(subject, "other", said, is_led, is_payment)
