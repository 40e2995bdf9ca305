"""What a question about delivery or a remedy wants to know, and which sentences tell it."""

import re
from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.words.wording import wording

Aspect = Literal["way", "postage", "cost", "time", "policy", "worn", "expiry"]
"""What is asked about it: how it is done, who pays the postage, what it costs, how long it takes, the rules for it,
whether it goes for what has been worn or opened, whether it expires."""

# What a whole question is about: when, what delivery costs, what something else costs.
_ASKS_FOR: dict[Aspect, re.Pattern[str]] = {
    "time": re.compile(r"多久|几天|多长时间|什么时候|(?<![a-z])(?:how long|how many days|when)(?![a-z])"),
    "postage": re.compile(
        r"[运邮寄]费|邮资|快递费|配送费|[包免]邮"
        r"|(?<![a-z])(?:postage|(?:shipping|delivery) (?:fee|cost|charge|free)s?"
        r"|(?:cost|free|pay|much|charge)s?(?: \w+){0,3} (?:shipping|delivery|courier))(?![a-z])"
    ),
    "cost": re.compile(r"多少钱|收费|要钱|免费|(?<![a-z])(?:how much|costs?|fees?|charges?|free)(?![a-z])"),
}
# What a sentence has that answers one of these; "way" has no such sign.
_TELLS: dict[Aspect, re.Pattern[str]] = {
    "time": re.compile(
        r"[0-9一两三四五六七八九十]+ ?个?(?:天|日|小时|工作日|周|月)"
        r"|(?<![a-z])[0-9]+ (?:working |business )?(?:days?|hours?|weeks?|months?)(?![a-z])"
    ),
    "postage": re.compile(r"[运邮寄]费|快递费|(?<![a-z])(?:postage|shipping|delivery fees?|send it back)(?![a-z])"),
    "cost": re.compile(
        r"[0-9]元|[0-9] 元|免费|收费|费用|[运邮]费"
        r"|(?<![a-z])(?:yuan|free|charges?|costs?|fees?|pay|pays)(?![a-z])"
    ),
    "worn": re.compile(r"完好|吊牌|拆封|试穿|(?<![a-z])(?:intact|unworn|tags?|opening the box|tried on)(?![a-z])"),
    "expiry": re.compile(r"有效|过期|清零|(?<![a-z])(?:valid|validity|expires?|expired|months)(?![a-z])"),
}


@dataclass(frozen=True)
class Completed:
    """A question as it would be asked by itself, and what it wants to know."""

    question: str
    aspect: Aspect


def asked_for(question: str) -> Aspect | None:
    """Say what a question wants to know of delivery or of a remedy, but how it is done."""
    text = wording(question).text
    return next((aspect for aspect, words in _ASKS_FOR.items() if words.search(text)), None)


def tells(sentence: str, aspect: Aspect) -> bool:
    """Say whether a sentence has what an answer must have: a length of time, who pays, an amount."""
    words = _TELLS.get(aspect)
    return words is not None and words.search(wording(sentence).text) is not None
