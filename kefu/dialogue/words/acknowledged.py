"""Whether a message only takes note of what was said: thanks, or an "ok" to an answer, which agree to nothing."""

import re

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without
from kefu.dialogue.words.yes_no import YES_SIGNS, is_nothing_but_filler

# These agree where something was just put before him; beside thanks, or behind an answer, they only take note.
_TAKES_NOTE = Phrases(
    "takes_note",
    zh=(
        "(?<![板服家位上午您你亲])好(?:的|滴|哒|嘞|呀|啊|吧|呢|叭|啦|咧|勒|de)*",
        "行(?:的|吧|啊|呀|叭|啦|呗|嘞)*|可以(?:的|吧|啊|呀|了|滴)*|嗯(?:呢|哪|啊|呐|哼)*|恩(?:呢)?|欧克|得嘞|成(?:吧)?",
        "(?:我)?(?:知道|明白|了解|清楚|懂|晓得)(?:了|啦|的)*|收到(?:了|啦)?|原来如此|(?<!就)(?<!就是)这样啊?|(?<![a-z])okk?的?(?![a-z])",
    ),
    en=(
        "ok|okay|okey|okie|dokie|k|kk|okk|alright|all right|fine|cool",
        "i see|got it|understood|noted|good to know|right|makes sense|fair enough|oh",
    ),
)
_PRAISES = Phrases(
    "praises",
    zh=("没(?:有)?(?:问题|毛病|意见)(?:的|了|啊|呀)?|不错(?:的)?",),
    en=(
        "(?:sounds|looks) (?:good|great|fine|right|ok|okay)|(?:that is|it is) (?:good|fine|ok|okay|great)|no problem",
        "good|great|perfect|lovely|brilliant",
    ),
)
_THANKS = re.compile(r"谢谢|多谢|感谢|谢啦|谢了|(?<![a-z])(?:thanks|thank you|cheers|ta)(?![a-z])")


def only_takes_note(text: str, *, after_answer: bool) -> bool:
    """Say whether a folded text says no more than that an answer was heard.

    :param after_answer: what he says follows the answer to a question of his; otherwise only thanks tell.
    """
    if not after_answer and (not _THANKS.search(text) or YES_SIGNS.search(text)):
        return False
    left = without(text, [*_TAKES_NOTE.spans(text), *(_PRAISES.spans(text) if after_answer else [])])
    return is_nothing_but_filler(left)
