"""Whether a message may be no question to a shop at all, so that an answer to it has to be the surer.

What customers only tell ("I just paid", "it was a present") lies near many a question of the help pages.
"""

from kefu.dialogue.questions.own_matter import STRANGE
from kefu.dialogue.turn import Message
from kefu.dialogue.words.clauses import clauses
from kefu.dialogue.words.wording import wording


def is_doubtful(message: Message) -> bool:
    """Say whether neither the classifier takes a message for a question to a shop, nor its words ask anything."""
    if message.intent in STRANGE:
        return True
    return message.intent != "ask_question" and all(
        clause.kind == "says" for clause in clauses(wording(message.text).text)
    )
