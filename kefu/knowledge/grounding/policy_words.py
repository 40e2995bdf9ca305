"""Words that decide what a customer may, must and pays: an answer may use them only as its evidence does.

A stance is a side that a clause takes on such a question, read off its words in either language: something may be done
(counts in, is supported) or may not, must be done or need not, is free or costs something, is paid by the shop or by
the customer.
"""

import re
from typing import Literal

Side = Literal["yes", "no"]
Stance = tuple[str, Side]

_NOT_ZH = r"不|未|没(?!问题)|无(?!理由|论)|^别|非(?=商家|质量)|勿|绝不"
_NOT_EN = r"\b(?:not|no|never|cannot|nothing|none|nobody|neither|nor|unfortunately)\b|n't\b"
# What is denied in words that hold no denial of their own.
_DENIES = r"排除|除外|\bexcluded?\b|\bexcept\b|\bexempt\b|\bfails?\b"
_NEGATION = re.compile(f"{_NOT_ZH}|{_NOT_EN}|{_DENIES}", re.IGNORECASE)
# What looks like a denial and is none: questions of the form A-not-A, measures, turns of speech.
_NO_DENIAL = re.compile(
    r"是不是|有没有|能不能|可不可以|要不要|不过|不超过|不足|不够|不到|不满|不稳定|不同|不好意思|不用担心|不论"
    r"|没关系|不要紧|不管|不晚于|不少于|不久"
    r"|\b(?:no later than|no more than|not only|no less than|no worries|no matter)\b",
    re.IGNORECASE,
)
# What something is like of which a clause speaks: "未付款的订单 30 分钟后关闭" denies nothing.
_ATTRIBUTE = re.compile(r"(?:没有?|未|不)[^，。、；的没未不]{1,6}的(?=[^，。、；]{2})")
_CONDITION = re.compile(
    r"^(?:不过|但是?)?(?:如果|若|要是|假如|有|没有|只要|一旦|凡)[^，]*(?:的|时|的话)?$|^[^，]{1,6}(?:如果|要是|一旦)|(?:的话|时|之前|前|后)$"
    r"|^(?:if|when|unless|once|as long as|in case|until|before|after|since)\b",
    re.IGNORECASE,
)
# A pattern takes the words that it finds from those below it, so that a denial stands above what it denies.
_STANCES: tuple[tuple[Stance, str], ...] = (
    (
        ("must", "no"),
        r"无需|无须|不需要?|不用(?![另多]?付|花)|不必|不要求|用不着"
        r"|\b(?:no need|needn't|(?:do|does|did)n't (?:need|have) to|don't require|without needing"
        r"|(?:not|isn't|aren't) (?:required|needed|necessary))\b",
    ),
    (
        ("free", "yes"),
        r"免费|免运费|免息|包邮|全免|免单|免收|不收(?!货)|不另收|不额外收|不会?多收|不加收|不用[另多]?付|不用花"
        r"|\b(?:free(?: of charge)?|costs? nothing|at no cost|interest-free|waived?|nothing to pay|never charged"
        r"|no (?:extra |additional |late |sign-up )?(?:charge|fee|cost|interest)|won't be charged"
        r"|doesn't (?:charge|cost))\b",
    ),
    (
        ("free", "no"),
        r"收取|另收|加收|需付|需支付|要付|付费|\b(?:charges?|charged|fee (?:of|is|applies))\b",
    ),
    (
        ("can", "no"),
        r"不能|不可以?|不支持|不接受|不得|不行|不允许|不予|无法|没法|没办法|不了|不再|禁止|不包含|不含|不包括"
        r"|不计入|不计|不算|不参与"
        r"|不适用|不在.{0,6}范围|不覆盖|除外|不保|不退"
        r"|\b(?:cannot|can't|can not|may not|couldn't|unable|impossible|no longer|don't (?:accept|take|support|offer)"
        r"|not (?:be )?(?:possible|allowed|available|supported|accept\w*|able)"
        r"|isn't (?:possible|available|supported|allowed)|aren't (?:allowed|available|accepted|any)|exclud(?:ed"
        r"|es|ing)"
        r"|(?:not|aren't|isn't|doesn't|don't)(?: \w+)? (?:included?|cover(?:ed)?|count(?:ed)?|apply|valid))\b",
    ),
    (
        ("can", "yes"),
        r"可以?(?!能)|能(?!力|量)|支持|接受|允许|随时|包含|包括|算在内|计入|参与|适用|含税|在.{0,6}范围"
        r"|\b(?:can|able|allowed|available|accepts?|accepted|supports?|supported|possible|includ(?:ed|es|ing)"
        r"|covers|covered"
        r"|counts?|appl(?:y|ies))\b",
    ),
    (
        ("must", "yes"),
        r"必须|务必|一定要|需要?|须(?!知)|\b(?:must|ha(?:ve|s) to|needs?|required?|requires)\b",
    ),
)
_SHOP_PAYS = (
    r"(?:我们|商家|本店|卖家|店铺|我方|公司)[^，。]{0,8}(?:承担|负责|出|付|包)|由(?:我们|商家|本店|卖家)"
    r"|\bwe(?:'ll| will| also)? (?:pay|cover|bear)|\bat our (?:own )?(?:cost|expense)|\bon us\b"
)
_CUSTOMER_PAYS = (
    r"(?:您|你|买家|顾客|客户|用户|自己|个人)[^，。]{0,8}(?:承担|自理|自付|出|付|负责)|自理|自付"
    r"|\byou(?:'ll|'d| will| would| must| need to| have to)* (?:pay|cover|bear)"
    r"|\b(?:at|your) (?:your )?own (?:cost|expense)"
    r"|\b(?:paid|payable|borne|covered) by the (?:customer|buyer|recipient|sender)"
)
_PAYERS: tuple[tuple[Stance, str], ...] = ((("shop pays", "yes"), _SHOP_PAYS), (("shop pays", "no"), _CUSTOMER_PAYS))
_EXPENSE = re.compile(
    r"费|税|\b(?:postage|shipping|fees?|costs?|expense|duty|duties|tax|delivery|repair)\b", re.IGNORECASE
)
_SENSES = {
    "always": r"任何时候|随时|永久|终身|永远|任何|无条件|一直|全国"
    r"|\b(?:any ?time|always|forever|for ever|for life|for good|lifetime|everyone|everybody|anywhere"
    r"|as many|as long as you (?:need|like|want))\b",
    "all": r"所有|全部|全场|一切|\b(?:all (?:\w+ )?(?:orders?|items|goods|products|customers|refunds|requests)"
    r"|everything"
    r"|every (?:order|item|customer))\b",
    "only": r"只能|只限|仅限|仅|只有|\bonly\b",
    "guarantee": r"保证|承诺|赔偿|赔付|补偿|\b(?:guarantee\w*|promis\w*|compensat\w*)\b",
}
_PATTERNS = {sense: re.compile(pattern, re.IGNORECASE) for sense, pattern in _SENSES.items()}
_SIDES = [(stance, re.compile(pattern, re.IGNORECASE)) for stance, pattern in _STANCES]
_WHO_PAYS = [(stance, re.compile(pattern, re.IGNORECASE)) for stance, pattern in _PAYERS]


def stances(text: str) -> set[Stance]:
    """Give the sides that a text takes."""
    found: set[Stance] = set()
    plain = text.replace("’", "'")
    rest = _NO_DENIAL.sub(" ", plain)
    for stance, pattern in _SIDES:
        if pattern.search(rest):
            found.add(stance)
            rest = pattern.sub(" ", rest)
    if _EXPENSE.search(plain):
        found |= {stance for stance, pattern in _WHO_PAYS if pattern.search(plain)}
    return found


def opposite(stance: Stance) -> Stance:
    """Give the other side."""
    return stance[0], "no" if stance[1] == "yes" else "yes"


def senses(text: str) -> set[str]:
    """Give the senses in which a text speaks of all, of some, or vouches for something."""
    return {sense for sense, pattern in _PATTERNS.items() if pattern.search(text)}


def is_condition(text: str) -> bool:
    """Say whether a clause only says in which case the next one holds."""
    return _CONDITION.search(text.strip()) is not None


def is_negated(text: str) -> bool:
    """Say whether a clause denies something; a denial of a denial is none, nor is one of cost or need, a stance."""
    rest = _ATTRIBUTE.sub("", _NO_DENIAL.sub(" ", text.replace("’", "'")))
    for stance, pattern in _SIDES:
        if stance in (("must", "no"), ("free", "yes")):
            rest = pattern.sub(" ", rest)
    return len(_NEGATION.findall(rest)) % 2 == 1
