"""A person takes over: tickets, and the events of an offer taken back."""

import asyncio
from dataclasses import replace

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import services
from kefu.actions.shop_action import ShopAction
from kefu.actions.turn import Offer, Turn
from kefu.desk.tickets import Request, Ticket
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft
from kefu.errors import KefuError
from kefu.shop.named import named_order


class ActionHandover(ShopAction):
    """Opens a ticket for who asks for a person; an open form is left."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_handover"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say the ticket's number and when people are there."""
        offer = turn.offer or Offer("handover", "human")
        named = named_order(turn.text) or (turn.slot("order_number") if turn.form else None)
        return await hand_over(dispatcher, turn, replace(offer, order_number=named or offer.order_number))


async def hand_over(dispatcher: CollectingDispatcher, turn: Turn, offer: Offer) -> list[EventType]:
    """Open the conversation's ticket, and say its number, the service hours and whether people are there now.

    :raises KefuError: if the ticket cannot be stored.
    """
    ticket, is_open, hours = await asyncio.to_thread(_open_ticket, turn, offer)
    dispatcher.utter_message(
        response="utter_handover_now" if is_open else "utter_handover_later", ticket=ticket.number, hours=hours
    )
    turn.queue = []  # it is in the ticket
    return [*turn.leave_form(), *withdraw_offer(), SlotSet("case_next", None)]


async def hand_over_all_the_same(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Hand over whoever asks a form for a person while its orders are out of reach; None for any other message.

    :raises KefuError: if the ticket cannot be stored, either.
    """
    if turn.form is None or read_turn(turn.message, Draft(turn.form, ())).move != "person":
        return None
    offer = Offer("handover", "human", named_order(turn.text) or turn.slot("order_number"))
    return await hand_over(dispatcher, turn, offer)


def withdraw_offer() -> list[EventType]:
    """The events that take an offer back."""
    return [
        SlotSet("offer", None),
        SlotSet("offer_reason", None),
        SlotSet("offer_order", None),
        SlotSet("offer_draft", None),
    ]


def _open_ticket(turn: Turn, offer: Offer) -> tuple[Ticket, bool, str]:
    shop = services()
    order = offer.order_number
    ticket = shop.tickets.open(
        Request(
            conversation=turn.conversation,
            language=turn.language,
            reason=offer.reason,
            order_number=order,
            order_proven=order is not None and _is_proven(order, turn.conversation),
            messages=turn.lines(),
            draft={**(turn.draft or offer.draft), **({"case_next": turn.queue} if turn.queue else {})},
        )
    )
    hours = shop.policy.fact("shop.service_hours", turn.language)
    return ticket, shop.policy.service_is_open(shop.clock()), hours


def _is_proven(order: str, conversation: str) -> bool:
    """Say whether the order is shown to be his; a person is not withheld because that cannot be looked up."""
    try:
        return services().identity.is_proven(order, conversation)
    except KefuError:
        return False
