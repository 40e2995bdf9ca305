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
        "worn": (
            r"(?:要是|如果|万一)?(?:我|已经?|都)*(?:穿|用|戴|试|拆|洗|下过?水)(?:过|封|开|了)+(?:一[次下天回])?(?:了|的)?"
            r"(?:还|也)?(?:能|可以|行|给)?(?:退|换)?(?:不|的话)?",
            r"(?:要是|如果|万一)?(?:吊牌|包装|标签)(?:剪|拆|扔|丢|撕)(?:掉|开)?了",
        ),
        "expiry": (
            r"(?:它们?)?(?:会|有没有|会不会|多久|什么时候|几时)?(?:过期|失效|作废)(?:吗|不|么)?",
            "有效期(?:是|有)?(?:多久|多长)?",
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
        "worn": (
            r"if (?:i|it|they|we) (?:have |has |had |was |were |is |are |already )*"
            r"(?:wore|worn|used|opened|unpacked|tried|washed)"
            r"(?: (?:it|them|on|once|twice|already|before|a bit|a little))*",
        ),
        "expiry": (
            rf"(?:do|does|will|can|would) {_IT}(?: ever)? (?:expire|run out|lapse)",
            rf"(?:when|how soon) (?:do|does|will) {_IT} (?:expire|run out|lapse)",
            rf"how long (?:are|is) {_IT} (?:valid|good)(?: for)?",
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

# The rules for a remedy, in whatever words: "退货政策", "what is your return policy".
_POLICY: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{_ZH_LED}(?:你们|店里|贵店|商城)?(?:家)?的?(?P<subject>退换货|退货|换货|退款|维修|返修|保修)的?"
        r"(?:政策|规则|规定|制度|条件|要求)(?:是|有)?(?:什么|啥|哪些|怎么样|怎样)?(?:样的?|的)?" + _ZH_END
    ),
    "en": re.compile(
        rf"{_EN_LED}(?:(?:what is|what are|tell me(?: about)?|explain|show me) )?(?:the |your |ur |you )?"
        r"(?P<subject>returns?|exchanges?|refunds?|repairs?|warranty)(?: and (?:returns?|exchanges?|refunds?))?"
        r" (?:policy|policies|rules|terms|conditions)" + _EN_END
    ),
}
# How what was spoken of is asked for: "怎么申请啊".
_HOW_TO: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{_ZH_LED}(?:具体|我)*(?:该|要|得)?(?:怎么|如何|咋|在哪里?|去哪里?|哪里)(?:才能|能|可以|去)?"
        r"(?:申请|办理?|操作|领取?|参加|报名|弄|提交)(?:这个|它|一?下)?" + _ZH_END
    ),
    "en": re.compile(
        rf"{_EN_LED}(?:how|where) (?:do|can|should|would|must) i (?:apply|claim|request|sign up|ask|do|get|file)"
        rf"(?: for)?(?: {_IT}| them| one)?{_EN_END}"
    ),
}
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
    if (named := _named(text) or _policy(text)) is not None:
        return named
    questions = list(before)
    if questions and (language := _asks_how_to(text)) is not None:
        return _how_to(text, questions[0], language)
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


def _policy(text: str) -> Completed | None:
    """Complete a question for the rules of a remedy, which no page has by that name."""
    folded = wording(text).text
    for language, shape in _POLICY.items():
        if found := shape.search(folded):
            spoken = spoken_of(found["subject"])
            worded = QUESTIONS[language][spoken].get("policy") if spoken else None
            return Completed(worded, "policy") if worded else None
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


def _aspect(text: str) -> tuple[Language, Aspect] | None:
    """Read a message that asks for the postage, the cost or the time of something that it does not name."""
    folded = wording(text).text
    return next(((language, aspect) for language, aspect, shape in _SHAPES if shape.search(folded)), None)
