"""The same yes once more, from a client that has not seen the answer to the first: the case is told again."""

import asyncio

from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_replies import say_filed, tells_a_number
from kefu.actions.services import services
from kefu.actions.turn import Turn
from kefu.dialogue.form.case_draft import with_wishes
from kefu.shop.after_sales import Matter
from kefu.shop.cases import Case


async def say_filed_again(dispatcher: CollectingDispatcher, turn: Turn) -> bool:
    """Tell the case that the message before this one filed; false where it filed none. Nothing is written.

    Another yes than that one ("great, thanks") is about something else.
    """
    is_same_yes = turn.is_repeated or turn.is_offered(turn.text)
    if not is_same_yes or not any(map(tells_a_number, turn.replies_before)):
        return False
    found = await asyncio.to_thread(_just_filed, turn)
    if found is None:
        return False
    matter, case = found
    say_filed(dispatcher, matter, with_wishes(case.pickup), case, turn.language)
    return True


def _just_filed(turn: Turn) -> tuple[Matter, Case] | None:
    shop, order = services(), turn.slot("last_order")
    if not order or not shop.identity.is_proven(order, turn.conversation):
        return None
    matter = shop.cases.matter(order)
    return (matter, matter.cases[-1]) if matter is not None and matter.cases else None
