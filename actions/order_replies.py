"""What is said about an order that its customer has shown to be his: how far it is, and what he can do next."""

from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import Services
from kefu.actions.wording import all_items, yuan
from kefu.shop.orders import ARRIVED, Order, Parcel
from kefu.text import Language


def say_order(dispatcher: CollectingDispatcher, shop: Services, order: Order, language: Language) -> None:
    """Say what an order and each of its parcels are doing.

    What is named in a language is given in English as well, for when the customer's is not known yet.
    """
    facts: dict[str, Any] = {
        "number": order.number,
        "items": all_items(order, language),
        "items_en": all_items(order, "en"),
        "total": yuan(order.total_cents),
        "count": len(order.parcels),
    }
    for name in ("pay_within_minutes", "dispatch_hours", "refund_days", "refund_days_card"):
        facts[name] = shop.policy.fact(f"policy.{name}", language)
    dispatcher.utter_message(response=_heading(shop, order), **facts)
    for parcel in order.parcels:
        _show_parcel(dispatcher, shop, parcel, language)


def say_what_next(dispatcher: CollectingDispatcher, shop: Services, order: Order) -> None:
    """Say what he can do now, to whoever named an order and asked for nothing."""
    if order.state == "shipped":
        arrived = {parcel.state in ARRIVED for parcel in order.parcels}
        is_mixed = len(arrived) > 1
        response = "in_parts" if is_mixed else "delivered" if True in arrived else "underway"
        dispatcher.utter_message(response=f"utter_next_{response}")
    elif order.state != "cancelled" and not _is_too_late(shop, order):
        dispatcher.utter_message(response="utter_next_not_shipped")


def _heading(shop: Services, order: Order) -> str:
    if len(order.parcels) > 1:
        return "utter_order_shipped_in_parts"
    if _is_too_late(shop, order):
        return "utter_order_unpaid_too_late"
    if order.parcels and order.parcels[0].state == "delivered":
        return "utter_order_delivered"
    return f"utter_order_{order.state}"


def _is_too_late(shop: Services, order: Order) -> bool:
    time_to_pay = timedelta(minutes=_figure(shop, "policy.pay_within_minutes"))
    return order.state == "unpaid" and shop.clock() > order.created + time_to_pay


def _show_parcel(dispatcher: CollectingDispatcher, shop: Services, parcel: Parcel, language: Language) -> None:
    latest = parcel.latest
    hours = _figure(shop, "policy.tracking_stuck_hours")
    is_stuck = parcel.state not in ARRIVED and shop.clock() - latest.at > timedelta(hours=hours)
    dispatcher.utter_message(
        response="utter_parcel_stuck" if is_stuck else f"utter_parcel_{parcel.state}",
        carrier=parcel.carrier.in_language(language),
        carrier_en=parcel.carrier.en,
        tracking_number=parcel.tracking_number,
        news=latest.text.in_language(language),
        news_en=latest.text.en,
        time=_time(latest.at, shop),
        hours=hours,
    )


def _figure(shop: Services, name: str) -> int:
    return int(str(shop.policy.facts[name]))


def _time(moment: datetime, shop: Services) -> str:
    """Write a moment where the shop is, with the year where it is not this one."""
    zone = shop.policy.timezone
    is_this_year = moment.astimezone(zone).year == shop.clock().astimezone(zone).year
    return f"{moment.astimezone(zone):{'%m-%d %H:%M' if is_this_year else '%Y-%m-%d %H:%M'}}"
