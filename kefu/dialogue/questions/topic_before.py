"""A few words that mean something else after a question about a return, an exchange, a refund, a repair or an invoice.

"那运费呢 / and the postage?" asks for the price of delivery, but after "怎么退货" for who pays to send the goods back;
"要多久呢 / how long does that take?" says by itself not even what is meant; and "那退货呢 / and for returns?" asks how
it is done, but after "运费多少" what the postage is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kefu.dialogue.questions.aspects import Aspect, asked_for
from kefu.dialogue.questions.follow_up_words import REMEDIES, SPOKEN_OF, Remedy, Spoken
from kefu.dialogue.questions.remedy_questions import QUESTIONS
from kefu.dialogue.words.wording import wording
from kefu.text import Language

_ZH_LED = (
    r"^\W*(?:(?:好的?|哦|嗯|行|谢谢|明白了?|知道了)\W+)?(?:那么?|还有|以及|然后)?\W*(?:请问|问下)?"
    r"(?:来回|往返|寄回去?|邮寄|大概|一般|总共|一共|整个|这个?|它)?(?:过程|流程)?的?"
)
_ZH_END = r"(?:的话)?[呢啊呀吗嘛]?\W*$"
_ZH_POSTAGE = r"(?:[运邮寄]费|邮资|快递费)"
_ZH_PAYS = r"(?:出|付|来?承担|掏|给|负责)"
_EN_LED = (
    r"^\W*(?:(?:ok|okay|thanks|great|fine|hmm|so|well|i see)\W+){0,2}(?:(?:and|but|so) )?(?:then )?"
    r"(?:(?:what|how) about )?"
)
_EN_END = r"(?: then| though| usually| normally| roughly| about| please)?\W*$"
_EN_POSTAGE = r"(?:the |any |my )?(?:return )?(?:postage|shipping|delivery|courier)(?: (?:fee|cost|charge)s?)?"
_IT = r"(?:it|that|this|they|the (?:whole )?(?:thing|process))"
_WORDED: dict[Language, dict[Aspect, tuple[str, ...]]] = {
    "zh": {
        "postage": (
            rf"{_ZH_POSTAGE}(?:是|要|得|该|由|算|归)?(?:谁|我|你们?|自己|商家|卖家|买家)?的?{_ZH_PAYS}?",
            rf"{_ZH_POSTAGE}(?:是|要)?(?:怎么[算说]|多少钱?|几块钱?)",
            rf"(?:是|由|该)?(?:谁|你们|我|自己){_ZH_PAYS}(?:这个?)?(?:{_ZH_POSTAGE}|钱)",
            rf"(?:要|得|需要|用)(?:我|自己){{0,2}}{_ZH_PAYS}?{_ZH_POSTAGE}",
            "[包免]邮",
        ),
        "cost": (
            r"(?:要|得|需要|收|花)?(?:不要)?(?:多少钱|几块钱?|费用|收费|免费)(?:怎么[算说])?",
            "(?:要|得|收|花)钱",
        ),
        "time": (
            r"(?:要|得|需要|花)?(?:多久|多长时间)(?:才?能?)?(?:好|弄好|完成|搞定|办好|处理好|处理完|结束)?",
            r"(?:要|得|需要)(?:几天|多少天)(?:才?能?)?(?:好|弄好|完成|搞定|办好|处理好|处理完|结束)?",
            "时间",
        ),
    },
    "en": {
        "postage": (
            _EN_POSTAGE,
            rf"who (?:pays|covers|is paying|has to pay)(?: for)?(?: {_EN_POSTAGE}| {_IT})?",
            rf"(?:do|must|should|will) i (?:have to |need to )?pay (?:for )?{_EN_POSTAGE}",
            rf"(?:how much|what|is|are) (?:is |are )?{_EN_POSTAGE}(?: free)?",
        ),
        "cost": (
            rf"how much (?:is|does|will|would|do) {_IT}(?: all)?(?: cost| be)?",
            rf"what (?:does|will|would|do) {_IT} cost",
            rf"(?:is|are) {_IT} free(?: of charge)?",
            rf"(?:does|will|do) {_IT} cost (?:me )?(?:anything|something|extra|money)",
            rf"do i (?:have to |need to )?pay(?: for {_IT}| anything| something)?",
            r"(?:the |any )?(?:costs?|fees?|charges?|price)",
        ),
        "time": (
            rf"how (?:long|many days)(?: (?:does|will|would|do) {_IT}(?: all)?(?: usually| normally)?(?: take)?)?",
        ),
    },
}
_REMEDY_EN = r"(?:a |an |the )?(?P<remedy>returns?|exchanges?|refunds?|repairs?)"
# What it costs or takes, and what for: "how much is it for a return".
_NAMED: dict[Aspect, re.Pattern[str]] = {
    "cost": re.compile(
        r"^\W*(?:how much|what) (?:is|does|would|will|do) (?:it|you|i)(?: cost| charge| be| pay)? (?:for|to do) "
        rf"{_REMEDY_EN}\W*$"
    ),
    "time": re.compile(rf"^\W*how long (?:is|does|would|will) it(?: take| be)? (?:for|to do) {_REMEDY_EN}\W*$"),
}
_AROUND: dict[Language, tuple[str, str]] = {"zh": (_ZH_LED, _ZH_END), "en": (_EN_LED, _EN_END)}
_SHAPES = [
    (language, aspect, re.compile(f"{led}(?:{'|'.join(worded)}){end}"))
    for language, (led, end) in _AROUND.items()
    for aspect, worded in _WORDED[language].items()
]

_REMEDY_ONLY: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"{_ZH_LED}(?P<subject>退货|换货|退款|维修|返修|退换货)的?{_ZH_END}"),
    "en": re.compile(rf"{_EN_LED}(?:for )?(?:an? |the )?(?P<subject>returns?|exchanges?|refunds?|repairs?){_EN_END}"),
}


@dataclass(frozen=True)
class Completed:
    """A question as it would be asked by itself, and what it wants to know."""

    question: str
    aspect: Aspect


def completed(text: str, before: Iterable[str]) -> Completed | None:
    """Give the question that a few words are after what was asked and answered before; None if that changes nothing.

    :param before: the questions right before, the last one first. One that itself only went on ("那运费呢") passes on
        the topic of the one before it.
    """
    if (named := _named(text)) is not None:
        return named
    questions = list(before)
    if (found := _bare_remedy(text)) is not None:
        language, remedy = found
        aspect = asked_for(questions[0]) if questions else None
        return Completed(QUESTIONS[language][remedy][aspect], aspect) if aspect else None
    if (asked := _aspect(text)) is None:
        return None
    language, aspect = asked
    for question in questions:
        if (spoken := spoken_of(question)) is not None:
            worded = QUESTIONS[language][spoken].get(aspect)
            return Completed(worded, aspect) if worded else None
        if _aspect(question) is None:
            return None
    return None


def spoken_of(question: str) -> Spoken | None:
    """Name the remedy that a question is about, or the invoice; None for any other question."""
    text = wording(question).text
    return next((spoken for spoken, phrases in SPOKEN_OF.items() if phrases.within(text)), None)


def _named(text: str) -> Completed | None:
    """Complete an English question that names the remedy behind an "it"."""
    folded = wording(text).text
    for aspect, shape in _NAMED.items():
        if found := shape.search(folded):
            remedy = next(name for name, phrases in REMEDIES.items() if phrases.within(found["remedy"]))
            return Completed(QUESTIONS["en"][remedy][aspect], aspect)
    return None


def _bare_remedy(text: str) -> tuple[Language, Remedy] | None:
    """Read a message that names a remedy and nothing else: "那退货的呢", "and for returns?"."""
    folded = wording(text).text
    for language, shape in _REMEDY_ONLY.items():
        if found := shape.search(folded):
            named = next((name for name, words in REMEDIES.items() if words.within(found["subject"])), None)
            return (language, named) if named else None
    return None


def _aspect(text: str) -> tuple[Language, Aspect] | None:
    """Read a message that asks for the postage, the cost or the time of something that it does not name."""
    folded = wording(text).text
    return next(((language, aspect) for language, aspect, shape in _SHAPES if shape.search(folded)), None)
