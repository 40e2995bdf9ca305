"""Whether a customer says that he has no order number at hand."""

import re

_ZH = re.compile(
    r"(?:没有?|沒有?|不记得|不記得|记不得|忘了?|忘记|找不到|查不到|不知道|不晓得|不清楚|弄丢)[^，。！？,.!?]{0,6}(?:单号|單號|订单号|编号|号码)"
    r"|(?:单号|單號|订单号|编号|号码)[^，。！？,.!?]{0,4}(?:没有?|沒有?|不记得|记不得|忘|找不到|查不到|不知道|不见|丢)"
)
_EN = re.compile(
    r"\b(?:no|not|n't|dont|don't|cant|can't|cannot|without|lost|forgot|forgotten|unknown)\b[^.!?]{0,30}\b(?:order )?(?:number|no\.)"
    r"|\bno idea\b[^.!?]{0,30}\bnumber\b|\bnumber\b[^.!?]{0,20}\b(?:lost|gone|missing|forgot)",
    re.IGNORECASE,
)


def lacks_number(text: str) -> bool:
    """Say whether a message tells that the number of the order is not known."""
    return bool(_ZH.search(text) or _EN.search(text))
