"""Something to give to somebody, of no kind that is named: "给女朋友买啥好", "anything for a gamer under 350"."""

import re

from kefu.dialogue.presale.asked import Asked
from kefu.dialogue.presale.budgets import Budget, bare_amount, read_budget
from kefu.dialogue.presale.presale_words import CHEAP, RECOMMEND
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.words.figures import has_figure
from kefu.dialogue.words.phrases import Phrases

_ANY_PRICE = Budget()
WHOM_ZH = (
    "[妈爸]{1,2}|[老女男]?(?:婆|公|朋友)|女儿|儿子|孩子|对象|长辈|同事|父母|小孩|小朋友|宝宝|老人|闺蜜|兄弟|老师|领导"
    "|爷爷|奶奶|外[婆公]|岳[父母]|姐姐?|妹妹?|哥哥?|弟弟?|男生|女生|媳妇"
)
WHOM_EN = (
    "mum|mom|mother|dad|father|parents|wife|husband|son|daughter|kids?|child|children|friend|girlfriend|boyfriend|boss"
    "|colleague|teacher|grandma|grandpa|brother|sister|aunt|uncle|niece|nephew"
)
_SOME_EN = (
    "lovers?|enthusiasts?|gamers?|beginners?|teenagers?|teens?|men|women|man|woman|boys?|girls?|bab(?:y|ies)|toddlers?"
)
_GIFT = {"zh": "礼物", "en": "gift"}  # what the shelf of gifts is called, whatever else it is
# Somebody to give something to, and that it is not known what.
_FOR_SOMEBODY = Phrases(
    "for_somebody",
    zh=(
        f"(?:送|给)我?(?:{WHOM_ZH})[^,，。;；!！?？\\n]{{0,8}}(?:买|送|挑|选)(?:点|些|个)?(?:什么|啥)",
        f"(?:买|送|挑|选)(?:点|些|个)?(?:什么|啥)[^,，。;；!！?？\\n]{{0,6}}(?:送|给)我?(?:{WHOM_ZH})",
        f"有(?:什么|啥|没有)(?:可以|能|好|适合)*送我?(?:{WHOM_ZH})",
        f"适合(?:送|给)?我?(?:{WHOM_ZH})(?:的|吗|么)",
        f"送我?(?:{WHOM_ZH})(?:的)?[^,，。;；!！?？\\n]{{0,4}}(?:推荐|送什么|送啥|什么好)",
    ),
    en=(
        "(?:something|anything|sth|what do you (?:recommend|suggest|have))(?: \\w+)? for (?:my |an? |the )?"
        f"(?:[a-z0-9-]+ ){{0,4}}(?:{WHOM_EN}|{_SOME_EN})",
        f"what (?:can|could|should|do|shall) i (?:get|buy|give) (?:my |a |an |the |our )?(?:{WHOM_EN})",
    ),
)
# With a budget, it is to buy whoever it is for.
_FOR_ANYBODY = Phrases("for_anybody", en=("(?:something|anything)(?: \\w+)? for (?:a |an |the )?[a-z]+",))
_ASKS = re.compile(r"送|[?？]|^\W*(?:some|any)thing")
_AGE = re.compile(
    r"[0-9]{1,2} ?(?:个月|岁半?(?:的)?|周岁|多岁)|(?<![a-z])[0-9]{1,2}[ -]?(?:yrs?|years?|months?)[ -]olds?(?![a-z])"
)


def read_gift(asked: Asked) -> Presale | None:
    """Read a question for something to give: the shelf of gifts, within a budget. What else is wished no data tell."""
    keys = {key for kind in asked.names.kinds(" ".join(_GIFT.values())) for key in kind.keys}
    shelves = {key for kind in asked.names.kinds(asked.text) for key in kind.keys}
    if len(keys) != 1 or asked.mentions or asked.systems or shelves - keys:
        return None
    text = " ".join(_AGE.sub(" ", asked.text).replace("do not you", "do you").split())
    limits, rest = read_budget(text)
    if limits is None:
        limits, rest = bare_amount(text)
    is_cheap = CHEAP.within(text)
    is_for_somebody = _FOR_SOMEBODY.within(text) and (
        limits or is_cheap or RECOMMEND.within(text) or _ASKS.search(text)
    )
    if has_figure(rest) or not (is_for_somebody or (limits and _FOR_ANYBODY.within(text))):
        return None
    return Presale(
        "recommend", shelf=keys.pop(), budget=limits or _ANY_PRICE, wishes=asked.wishes(), is_cheap=is_cheap
    )
