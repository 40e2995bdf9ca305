"""How or where goods should be collected or handed over, in the customer's words."""

import re
from collections.abc import Sequence

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import Span, Wording
from kefu.dialogue.words.yes_no import is_nothing_but_agreement

LONGEST = 120  # characters that are kept
_BEGINNINGS = re.compile(r"^(?:但是?|不过|可是|然后|but |however,? |and )\s*", re.IGNORECASE)

_PICKUP = Phrases(
    "pickup",
    zh=(
        r"(?:快递|小哥|师傅)[^\n]{0,12}(?:来(?!的)|取|上门)",
        r"(?:[上下中]午|晚上|早上|周[一二三四五六日末]|明天|后天)[^\n]{0,8}(?:来(?=取|拿|收|我|吧|\W|$)|" "取|上门)",
        r"取件|上门|揽[收件]|来[^\n]{0,12}[取拿收]|到[^\n]{1,12}[取拿](?!走)|地址(?:改|换|是|在|为|用)",
        "(?:改|换)(?:个|一?下)?地址",
        r"放(?:在|到)?[^\n]{0,6}(?:前台|门卫|门口|驿站|丰巢|快递柜|保安|物业|柜)",
        r"(?:送|拿|寄)(?:到|去)[^\n]{0,6}(?:驿站|快递点|网点|门店|柜)|自己(?:去)?寄|我(?:去)?寄|自行寄",
        r"(?:公司|单位|家里|学校|宿舍)[^\n]{0,6}[取拿]",
        r"(?:下班|上班|[0-9一二三四五六七八九十]点)[^\n]{0,5}(?:来|取|后|以后|之后|前)",
        r"预约[^\n]{0,6}(?:取|上门|时间)",
    ),
    en=(
        r"pick(?:ed|ing)? (?:it |them |this |that |the \w+ )?up|pick ?-?up|collect|collected|collection",
        r"collecting|(?:courier|driver)[^\n]{0,16}(?:come|ring|call|knock|collect|wait)",
        r"(?:come(?! on)|comes|coming|come by|call)(?: \w+){0,3} (?:after|before|at|on|to|between|" "in the)",
        "(?:at|to|from) my (?:office|work|workplace|house|home|place|flat|door)",
        "leave it (?:with|at|in|on)|drop (?:it |them )?off",
        "(?:different|another|new|other|change the|my) address|address (?:is|to)|reception|doorman",
        "concierge|neighbou?r|parcel (?:shop|locker)",
        "i will (?:post|send|ship|mail|drop|bring) it (?:my ?self|in|to)",
    ),
)


def wants_pickup(clause: str) -> bool:
    """Say whether a folded clause is about the handing over."""
    return _PICKUP.within(clause)


def read_pickup(words: Wording, spans: Sequence[Span]) -> str | None:
    """Give what the clauses at ``spans`` say of the handing over: from the first that does to the last clause."""
    about = [at for at, (start, end) in enumerate(spans) if wants_pickup(words.text[start:end])]
    return read_in_words(words, spans[about[0] :]) if about else None


def read_in_words(words: Wording, spans: Sequence[Span]) -> str | None:
    """Give what the clauses at ``spans`` say as the customer said it, without the agreement that goes before."""
    spans = [span for span in spans if not is_nothing_but_agreement(words.text[slice(*span)])] or spans
    phrase = _BEGINNINGS.sub("", words.quote(spans[0][0], spans[-1][1]))
    return phrase.strip(" ,，.。!！;；?吗")[:LONGEST].strip() or None
