"""Until when something can be asked for: whole days where the shop is, from the signing of each parcel.

Day 1 is the day after the signing; notice counts until the end of the last day.
"""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from kefu.shop.matter import Matter
from kefu.shop.orders import Item, Order, Parcel

Window = Literal["no_reason", "defect", "warranty"]


def closed(matter: Matter, items: Sequence[Item], window: Window) -> Mapping[str, Any] | None:
    """Give the facts of a window that has closed for one of the items at least, otherwise None.

    They are its length (``days``, or ``months`` of the warranty), the last day for all of the items together
    (``last_day``), and the ``positions`` for which it is over. All items must have arrived.
    """
    last_days = {item.position: _last_day(matter, item, window) for item in items}
    late = tuple(position for position, last_day in last_days.items() if last_day < matter.today)
    if not late:
        return None
    unit = "months" if window == "warranty" else "days"
    return {unit: _length(matter, window), "last_day": min(last_days.values()), "positions": late}


def months_later(day: date, months: int) -> date:
    """Give the same day of a later month, or that month's last day if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _last_day(matter: Matter, item: Item, window: Window) -> date:
    # The carrier's last report on a parcel that has arrived is that it was signed for, or put into the locker.
    signed = _parcel(matter.order, item).latest.at.astimezone(matter.policy.timezone).date()
    length = _length(matter, window)
    return months_later(signed, length) if window == "warranty" else signed + timedelta(days=length)


def _length(matter: Matter, window: Window) -> int:
    policy = matter.policy
    if window == "no_reason":
        return policy.return_window_by_level[matter.level]
    return policy.defect_days if window == "defect" else policy.warranty_months


def _parcel(order: Order, item: Item) -> Parcel:
    return next(parcel for parcel in order.parcels if parcel.position == item.parcel)
