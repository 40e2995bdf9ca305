"""A parcel that is called delivered and that its customer has not got: what to do, and the offer of a person."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.answers import say_answer
from kefu.actions.pages import page_of
from kefu.actions.turn import Offer, Turn
from kefu.dialogue.form.not_received import is_not_received
from kefu.dialogue.questions.own_matter import FORM
from kefu.shop.orders import ARRIVED, Order

ENTRY = "shipping_marked_delivered"  # the help page that says it
_EARLIER = 2  # messages, since he may be asked for the order, and for who he is


async def on_not_received(dispatcher: CollectingDispatcher, turn: Turn, order: Order) -> list[EventType]:
    """Answer who says that he has not got what was delivered; no events for any other look-up."""
    has_arrived = bool(order.parcels) and all(parcel.state in ARRIVED for parcel in order.parcels)
    said = [*turn.earlier(FORM)[-_EARLIER:], turn.words]
    if not has_arrived or not any(map(is_not_received, said)):
        return []
    page = await asyncio.to_thread(page_of, turn, ENTRY)
    if page is not None:
        say_answer(dispatcher, page)
    dispatcher.utter_message(response="utter_offer_to_look_into_it")
    return Offer("handover", "human", order.number).events()
