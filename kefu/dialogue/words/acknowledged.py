"""Whether a message only gives thanks: behind the answer to a question, that agrees to nothing else."""

import re

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without
from kefu.dialogue.words.yes_no import YES_SIGNS, is_nothing_but_filler

# These agree where something was just put before him; beside thanks they only take note.
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
_THANKS = re.compile(r"谢谢|多谢|感谢|谢啦|谢了|(?<![a-z])(?:thanks|thank you|cheers|ta)(?![a-z])")


def only_gives_thanks(text: str) -> bool:
    """Say whether a folded text is thanks, with an "ok" at most: whoever agrees to a summary says so besides."""
    if not _THANKS.search(text) or YES_SIGNS.search(text):
        return False
    return is_nothing_but_filler(without(text, _TAKES_NOTE.spans(text)))
