"""Whether a customer says that he has no order number at hand."""

import re

_ZH = re.compile(
    r"(?:没有?|沒有?|不记得|不記得|记不得|忘了?|忘记|找不[到着]|查不[到着]|不知道|不晓得|不清楚|弄丢)[^，。！？,.!?]{0,6}(?:单号|單號|订单号|编号|号码)"
    r"|(?:单号|單號|订单号|编号|号码)[^，。！？,.!?]{0,4}(?:没有?|沒有?|不记得|记不得|忘|找不[到着]|查不[到着]|不知道|不见|丢)"
)
_EN = re.compile(
    r"\b(?:no|not|n't|dont|don't|cant|can't|cannot|without|lost|forgot|forgotten|unknown)\b"
    r"[^.!?]{0,30}\b(?:order )?(?:number|no\.)"
    r"|\bno idea\b[^.!?]{0,30}\bnumber\b|\bnumber\b[^.!?]{0,20}\b(?:lost|gone|missing|forgot)",
    re.IGNORECASE,
)


# All that is said where the number was asked for.
_SHORT = re.compile(
    r"(?:我)?(?:没有?|沒有?|不记得|不記得|记不得|记不清|忘了?|忘记|不知道|找不[到着])(?:了|呀|啊|诶|哦|啦)*"
    r"|(?:i )?(?:have )?(?:no idea|don'?t (?:know|remember|have (?:it|one))|forgot(?: it)?|lost it|not sure)"
    r"|(?:i )?can'?t find it",
    re.IGNORECASE,
)


def lacks_number(text: str, *, asked: bool = False) -> bool:
    """Say whether a message tells that the number of the order is not known; ``asked``: that is what was asked for."""
    is_short = asked and _SHORT.fullmatch(text.strip(" ，。！？,.!?~")) is not None
    return is_short or bool(_ZH.search(text) or _EN.search(text))
