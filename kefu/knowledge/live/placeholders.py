"""Named placeholders of live facts in an entry's answer, filled at the moment when it is said.

{stock:SKU}               24 件有货 · 24 in stock            of an article or one variant
{price:SKU}               399 元（原价 449 元）
{attribute:SKU.noise}     28 分贝
{promotion:current}       the names of all offers that hold, coupons aside
{promotion:ID}            the name of one offer, or that it does not hold
{logistics:current}       how the carriers are doing
"""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from kefu.errors import DataError, LiveFactError
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.texts import attribute_text, carriers_text, offers_text, price_text, stock_text
from kefu.settings import unknown_key
from kefu.shop.goods_text import said
from kefu.text import Language

logger = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+):([^{}\s]*)\}")
_SKU = r"[A-Za-z0-9][A-Za-z0-9_-]*"
# What stands behind the colon, by the name before it.
_KEYS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "stock": (re.compile(_SKU), "a SKU"),
    "price": (re.compile(_SKU), "a SKU"),
    "attribute": (re.compile(rf"{_SKU}\.[a-z_]+"), "a SKU, a point and an attribute, such as HM-FN-3.noise"),
    "promotion": (re.compile(_SKU), "`current` or the name of an offer"),
    # Entries are read by everybody; where his own order is, a form tells a customer, which asks for a proof first.
    "logistics": (re.compile("current"), "`current` (where his own order is, tracking tells a customer)"),
}

_Filler = Callable[[str, Language, LiveFacts, datetime], tuple[str, datetime]]
_FILLERS: Mapping[str, _Filler] = {
    "stock": stock_text,
    "price": price_text,
    "attribute": attribute_text,
    "promotion": offers_text,
    "logistics": lambda _, language, facts, now: carriers_text(language, facts, now),
}


def check_placeholders(text: str) -> None:
    """Check the names and forms of a text's live placeholders; whether the SKU exists shows when it is said.

    :raises DataError: naming the placeholder, with the nearest known name.
    """
    for match in _PLACEHOLDER.finditer(text):
        name, key = match.groups()
        if name not in _KEYS:
            raise DataError(unknown_key(name, list(_KEYS), match.group()))
        pattern, rule = _KEYS[name]
        if not pattern.fullmatch(key):
            raise DataError(f"{match.group()}: behind `{name}:` must stand {rule}.")


def names_live_facts(text: str) -> bool:
    """Say whether a text has a live placeholder."""
    return _PLACEHOLDER.search(text) is not None


def fill_live(text: str, language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime | None, bool]:
    """Fill a text's live placeholders.

    What cannot be looked up in time is said to be so; no figure is invented, and none older than the settings allow.

    :return: the text, the moment that it holds for (of several facts the oldest; None: no live fact is in it), and
        whether it may be said to any customer at any time, which text with a live placeholder may not.
    """
    moments: list[datetime] = []
    is_shared = True

    def filled(match: re.Match[str]) -> str:
        nonlocal is_shared
        name, key = match.groups()
        if name not in _FILLERS:
            return match.group()
        is_shared = False
        try:
            value, as_of = _FILLERS[name](key, language, facts, now)
        except LiveFactError as error:
            logger.warning("%s is said to be unknown for now: %s", match.group(), error)
            return said(f"unknown_{name}", language)
        moments.append(as_of)
        return value

    return _PLACEHOLDER.sub(filled, text), min(moments, default=None), is_shared
