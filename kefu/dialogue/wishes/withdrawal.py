"""What a message says to the question whether a filed case is really to be taken back.

Words that go on with a return say no here ("退吧"), and "不退了" says yes.
"""

import re
from collections.abc import Sequence

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import Span, without
from kefu.dialogue.words.yes_no import NO, PROCEED, YES, Stance, asks_for_time, is_nothing_but_filler, read_stance

WITHDRAW = "withdraw"  # what such a form was opened for

_CASE_ZH = "(?:这个|刚才的|我的)?(?:申请|退货|换货|退款|退换货?|维修|补发|售后|它|这个|单子?)?"
# Any other word in the middle may tell it from the case that is shown: "my other return", "the kettle return".
_CASE_EN = (
    "(?:it|this|that|(?:the|my|this|that) (?:(?:whole|entire|same|current|last|latest|recent|open|pending) )?"
    "(?:return|exchange|refund|repair|request|case|claim|application)(?: (?:request|case))?)"
)
_TAKES_BACK = Phrases(
    "takes_back",
    zh=(
        # 取消 or 取消了 by itself may as well end the question, or tell what has been done.
        f"撤(?:销|回|掉|了)?{_CASE_ZH}|取消了?(?=[掉吧这刚我申退换维补售它]){_CASE_ZH}掉?",
        "(?:就|那|我)*(?:不想?要?|不用|别)(?:再)?(?:退|换|修|补发)(?:货|款)?了",
    ),
    en=(
        f"(?:withdraw|cancel|revoke|undo|drop|take back) {_CASE_EN}|withdraw|take {_CASE_EN} back",
        "(?:do not|no longer) (?:want|need)(?: to)? (?:return|exchange|send|replace|repair)(?: it| them|"
        " this)?(?: back)?"
        "(?: any ?more| now)?",
    ),
)
_GOES_ON = Phrases(
    "goes_on",
    zh=(
        "(?:不想?要?|先不?要?|别|不用|暂不)(?:撤|取消)(?:销|回)?(?:了)?",
        "(?:还是|继续|照常|照样|就|仍然|我)*(?:想|要)?(?:退|换|修|补发|办理?)(?:货|款)?(?:吧|呗|的)?(?!了)",
        "(?:保留|留着)申请",
    ),
    en=(
        f"(?:do not|not|never) (?:want to |going to )?(?:withdraw|cancel|drop|take back)(?: {_CASE_EN})?",
        f"(?:go on|continue|carry on|proceed|stick) with {_CASE_EN}|keep (?:the|my) (?:return|exchange|refund|request|"
        f"case)",
        "(?:i )?(?:still |do )?(?:want|would like) to (?:return|exchange|send)(?: it| them)?(?: back)?",
        "let it (?:stand|go on)|leave it (?:as it is|open)|(?:return|exchange|refund|repair) (?:it|them)",
    ),
)
_REFUSED = re.compile(r"(?:不|别|勿|(?<![a-z])(?:not|never)(?: want to)?)\s*$")
# "Then", "still", "please": beside such an answer they say no more.
_SMALL = Phrases("small", zh=("先|还是|那|就|我|帮我|再",), en=("i|still|rather|just|then|after all",))


def withdrawal_stance(text: str, intent: str | None, cut: Sequence[Span]) -> Stance:
    """Read a yes or a no to the withdrawal from a folded message.

    :param cut: its clauses.
    """
    if asks_for_time(text):
        return Stance(None, waits=True)
    goes_on = _GOES_ON.spans(text)
    takes_back = [span for span in _TAKES_BACK.spans(text) if not _REFUSED.search(text[: span[0]])]
    if takes_back and _is_all(text, [*takes_back, *YES.spans(text)]):
        return Stance("yes")
    if goes_on and _is_all(text, [*goes_on, *NO.spans(text)]):
        return Stance("no")
    return Stance(None) if takes_back or goes_on or PROCEED.within(text) else read_stance(text, intent, cut=cut)


def _is_all(text: str, spans: Sequence[Span]) -> bool:
    rest = without(text, spans)
    return is_nothing_but_filler(without(rest, _SMALL.spans(rest)))
