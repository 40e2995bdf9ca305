"""Which order a message is about, and which contact it gives as proof."""

from dataclasses import dataclass
from typing import Any

from kefu.dialogue.form.named_orders import read_order
from kefu.dialogue.turn import Draft
from kefu.shop.named import named_contacts, named_order


@dataclass(frozen=True)
class References:
    """Values for ``order_number``, ``contact`` and ``second_contact``; ``tried``: an order was described in vain."""

    values: dict[str, Any]
    tried: bool = False


def read_references(original: str, said: str, draft: Draft) -> References:
    """Read the numbers and addresses that a message names, or the order that it describes.

    :param original: the message as it was typed.
    :param said: its folded text, without what asks.
    """
    values: dict[str, Any] = {}
    tried = False
    number = named_order(original, asked=draft.asked == "order_number")
    if number is None and "order_number" in draft.fills:
        order = read_order(said, draft.orders, draft.today, asked=draft.asked == "order_number")
        number, tried = order.number, order.tried and draft.asked == "order_number"
    if number is not None:
        values["order_number"] = number
    contacts = named_contacts(original, asked=draft.asked == "contact")
    values.update(zip(("contact", "second_contact"), contacts, strict=False))
    return References(values, tried)
