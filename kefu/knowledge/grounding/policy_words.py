"""Words that decide what a customer may, must and pays: an answer may use them only as its evidence does."""

import re

_NOT_ZH = (
    r"不能|不可以|不可|不支持|不得|不行|不会|不再|不在|不算|不收|不用|不退|不交|不另|不是|不影响|没法|没有|无法"
    r"|不|未|无(?!理由)"
)
_NOT_EN = r"\b(?:not|no|never|cannot|nothing|none)\b|n't\b"
_NEGATION = re.compile(f"{_NOT_ZH}|{_NOT_EN}", re.IGNORECASE)
_CONDITION = re.compile(
    r"^(?:如果|若|要是|假如|有|没有)[^，]*(?:的|时|的话)?$|(?:的话|时)$|^(?:if|when|unless)\b", re.IGNORECASE
)
_SENSES = {
    "can": r"可以|能(?!力)|支持|允许|随时|\b(?:can|may|able|allowed|available|accept\w*)\b",
    "free": r"免费|免运费|免单|包邮|全免|免息|不用[付出]|\b(?:free|waived?|no charge|nothing to pay"
    r"|without interest)\b",
    "must": r"必须|务必|一定要|\b(?:must|have to|has to|required?)\b",
    "always": r"任何时候|随时|永久|终身|永远|全部|所有|任何|无条件"
    r"|\b(?:any ?time|always|forever|for ever|for life|for good|lifetime|anything|everything|everyone|everybody)\b",
    "only": r"只能|只限|仅限|\bonly\b",
    "guarantee": r"保证|承诺|赔偿|赔付|补偿|\b(?:guarantee\w*|promis\w*|compensat\w*)\b",
}
_PATTERNS = {sense: re.compile(pattern, re.IGNORECASE) for sense, pattern in _SENSES.items()}


def senses(text: str) -> set[str]:
    """Give the senses in which a text speaks of what may, must or costs."""
    return {sense for sense, pattern in _PATTERNS.items() if pattern.search(text)}


def is_condition(text: str) -> bool:
    """Say whether a clause only says in which case the next one holds."""
    return _CONDITION.search(text.strip()) is not None


def is_negated(text: str) -> bool:
    """Say whether a clause denies something; a denial of a denial is none."""
    return len(_NEGATION.findall(text)) % 2 == 1
