"""Which of his orders a customer means who has no number at hand: by its place in the list, its goods, or its date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from kefu.dialogue.goods.item_names import mentions
from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.named_dates import Period, named_period
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import Span, without
from kefu.dialogue.words.yes_no import YES, is_nothing_but_filler
from kefu.shop.orders import Item, Order

_CHINA = ZoneInfo("Asia/Shanghai")  # days are counted there, like the policy's
_ORDER = Phrases(
    "order", zh=("单|那笔|那次|买的|下的|拍的|订的",), en=("order|orders|purchase|bought|ordered|the one",)
)
_NEWEST = Phrases(
    "newest",
    zh=("最近(?:的)?(?:那|一|这)?(?:一)?[单个笔次]|最新(?:的)?(?:那|一)?[单个笔]?|刚(?:刚|才)?[下买拍]的",),
    en=("(?:most recent|latest|newest)(?: one| order)?|my last order",),
)
_OLDEST = Phrases("oldest", zh=("最早(?:的)?(?:那|一)?[单个笔]?|最先",), en=("(?:oldest|earliest)(?: one| order)?",))
_THIS = Phrases(
    "this", zh=("就?(?:是)?[这那](?:个|单|一?个|一单|笔)?",), en=("this|that|this one|that one|the one|it",)
)


@dataclass(frozen=True)
class NamedOrder:
    """The number of the one order that fits; ``tried``: none or several do."""

    number: str | None = None
    tried: bool = False
    spans: tuple[Span, ...] = ()


def read_order(text: str, orders: Sequence[Order], today: date | None, *, asked: bool) -> NamedOrder:
    """Read which of the listed orders a folded text names.

    :param asked: which order was asked; otherwise the text has to speak of an order.
    """
    if not orders or not (asked or _ORDER.within(text)):
        return NamedOrder()
    period = named_period(text, today) if today else None
    if period and not any(_within(order, period) for order in orders) and chosen(text, len(orders)):
        period = None  # "二号" of a list
    bare = without(text, [period.span] if period else [])
    if asked and (numbered := chosen(bare, len(orders))):
        places = {one.place for one in numbered}
        fits = [order for place, order in enumerate(orders, start=1) if place in places]
        return _only(fits, tuple(one.span for one in numbered))
    if asked and len(orders) == 1 and _means_it(text):
        return NamedOrder(orders[0].number)
    if newest := _NEWEST.spans(text):
        return _only([max(orders, key=lambda order: order.created)], tuple(newest))
    if oldest := _OLDEST.spans(text):
        return _only([min(orders, key=lambda order: order.created)], tuple(oldest))
    fits = list(orders)
    spans: list[Span] = []
    if named := _by_goods(bare, orders):
        fits = [order for order in fits if order.number in named[0]]
        spans += named[1]
    if period:
        fits = [order for order in fits if _within(order, period)]
        spans.append(period.span)
    return _only(fits, tuple(spans)) if spans else NamedOrder()


def _within(order: Order, period: Period) -> bool:
    return period.first <= order.created.astimezone(_CHINA).date() <= period.last


def _only(fits: Sequence[Order], spans: tuple[Span, ...]) -> NamedOrder:
    return NamedOrder(fits[0].number, spans=spans) if len(fits) == 1 else NamedOrder(None, True, spans)


def _by_goods(text: str, orders: Sequence[Order]) -> tuple[frozenset[str], list[Span]] | None:
    """Give the numbers of the orders that have what the text mentions, all of it where it mentions several things."""
    owned: list[tuple[str, Item]] = [(order.number, item) for order in orders for item in order.items]
    found = mentions(text, [item for _, item in owned])
    if not found:
        return None
    having = [frozenset(owned[place][0] for place in mention.candidates) for mention in found]
    return frozenset.intersection(*having), [mention.span for mention in found]


def _means_it(text: str) -> bool:
    rest = without(text, [*_THIS.spans(text), *YES.spans(text)])
    return rest != text and is_nothing_but_filler(re.sub(r"单|个", " ", rest))
