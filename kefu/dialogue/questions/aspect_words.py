"""How a few words ask for an aspect of what they do not name: "那运费呢", "how long does that take?"."""

import re

from kefu.dialogue.questions.aspects import Aspect
from kefu.dialogue.words.wording import wording
from kefu.text import Language

# What stands before and behind such words, and what stands for the thing itself.
ZH_LED = (
    r"^\W*(?:(?:好的?|哦|嗯|行|谢谢|明白了?|知道了)\W+)?(?:那么?|还有|以及|然后)?\W*(?:请问|问下)?"
    r"(?:来回|往返|寄回去?|邮寄|大概|一般|总共|一共|整个|这个?|它)?(?:过程|流程)?的?"
)
ZH_END = r"(?:的话)?[呢啊呀吗嘛]?\W*$"
_ZH_POSTAGE = r"(?:[运邮寄]费|邮资|快递费)"
_ZH_PAYS = r"(?:出|付|来?承担|掏|给|负责)"
EN_LED = (
    r"^\W*(?:(?:ok|okay|thanks|great|fine|hmm|so|well|i see)\W+){0,2}(?:(?:and|but|so) )?(?:then )?"
    r"(?:(?:what|how) about )?"
)
EN_END = r"(?: then| though| usually| normally| roughly| about| please)?\W*$"
_EN_POSTAGE = r"(?:the |any |my )?(?:return )?(?:postage|shipping|delivery|courier)(?: (?:fee|cost|charge)s?)?"
IT = r"(?:it|that|this|they|the (?:whole )?(?:thing|process))"
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
            rf"who (?:pays|covers|is paying|has to pay)(?: for)?(?: {_EN_POSTAGE}| {IT})?",
            rf"(?:do|must|should|will) i (?:have to |need to )?pay (?:for )?{_EN_POSTAGE}",
            rf"(?:how much|what|is|are) (?:is |are )?{_EN_POSTAGE}(?: free)?",
        ),
        "cost": (
            rf"how much (?:is|does|will|would|do) {IT}(?: all)?(?: cost| be)?",
            rf"what (?:does|will|would|do) {IT} cost",
            rf"(?:is|are) {IT} free(?: of charge)?",
            rf"(?:does|will|do) {IT} cost (?:me )?(?:anything|something|extra|money)",
            rf"do i (?:have to |need to )?pay(?: for {IT}| anything| something)?",
            r"(?:the |any )?(?:costs?|fees?|charges?|price)",
        ),
        "time": (
            rf"how (?:long|many days)(?: (?:does|will|would|do) {IT}(?: all)?(?: usually| normally)?(?: take)?)?",
        ),
        "worn": (
            r"if (?:i|it|they|we) (?:have |has |had |was |were |is |are |already )*"
            r"(?:wore|worn|used|opened|unpacked|tried|washed)"
            r"(?: (?:it|them|on|once|twice|already|before|a bit|a little))*",
        ),
        "expiry": (
            rf"(?:do|does|will|can|would) {IT}(?: ever)? (?:expire|run out|lapse)",
            rf"(?:when|how soon) (?:do|does|will) {IT} (?:expire|run out|lapse)",
            rf"how long (?:are|is) {IT} (?:valid|good)(?: for)?",
        ),
    },
}
_AROUND: dict[Language, tuple[str, str]] = {"zh": (ZH_LED, ZH_END), "en": (EN_LED, EN_END)}
_SHAPES = [
    (language, aspect, re.compile(f"{led}(?:{'|'.join(worded)}){end}"))
    for language, (led, end) in _AROUND.items()
    for aspect, worded in _WORDED[language].items()
]


def aspect_of(text: str) -> tuple[Language, Aspect] | None:
    """Read a message that asks for the postage, the cost or the time of something that it does not name."""
    folded = wording(text).text
    return next(((language, aspect) for language, aspect, shape in _SHAPES if shape.search(folded)), None)
