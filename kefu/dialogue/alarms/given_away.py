"""Whether a message about fraud says that money, a code or a card number is already in a stranger's hands."""

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without, wording

_DENIED = Phrases(
    "denied",
    zh=(
        "(?:没|没有|还没|并未|不想|不敢|不会|不能|别|才?不)(?:有|把|再)?[^\\n,;!?。]{0,6}(?:给|报|告诉|说|发|念|转|汇|打|付|填|输|点|下载|装)了?",
    ),
    en=(
        "(?:did not|have not|has not|never|not|will not|would not|should i|do i|without)(?: \\w+){0,2} "
        "(?:g[ai]ven?|giving|tell|told|sen[dt]|read|paid|pay|share|shared|transfer(?:red)?|wired?|typed?|enter(?:ed)?|click(?:ed)?)",
    ),
)
_GIVEN = Phrases(
    "given",
    zh=(
        "(?:给|报|告诉|说|发|念|转|汇|打|付|填|输|交|点|扫|下载|装)了(?!解|什么|[吗么])"
        "|(?:已经|刚刚?|都)[^\\n,;!?。]{0,6}(?:给|报|告诉|说|发|念|转|汇|打|付|填|输|点开?)(?:过去|出去|给)",
        "(?:告诉|发给|报给|转给|给)了?[^\\n,;!?。]{1,10}了|(?:转|打|汇|发|说|念|报)(?:过去|出去)了?",
        "钱(?:都|全|就)?(?:没了|被)|被(?:他|她|它|骗子|对方)?(?:骗|转|刷|盗)(?:走|了|光)|骗(?:走)?了我|上当",
        "(?:照|按)[^\\n,;!?。]{0,8}(?:做|办|操作)了|我(?:已经|刚刚?|都)(?:做|弄|操作|答应)了",
    ),
    en=(
        "(?:i|we|mum|mom|dad|husband|wife|mother|father|grandma|grandpa)(?: \\w+){0,3} "
        "(?:gave|given|told|sent|read|paid|shared|transferred|wired|typed|entered|clicked|installed|bought|forwarded)",
        "(?:got|been|was) (?:scammed|tricked|robbed|phished)|money (?:is|has|was)(?: \\w+)? (?:gone|taken|stolen)",
        "(?:i|we)(?: have| had)?(?: already| just)? (?:did|done) (?:it|that|so|what \\w+(?: \\w+){1,2})(?=\\W|$)",
        "(?:has|have|got) my (?:code|card|password|pin|money|details)|tricked(?: \\w+)? into",
    ),
)


def is_given_away(text: str) -> bool:
    """Say whether the harm is done: what follows then is the bank and the police, not a warning.

    :param text: a message that was heard as one of fraud.
    """
    read = wording(text).text
    return _GIVEN.within(without(read, _DENIED.spans(read)))
