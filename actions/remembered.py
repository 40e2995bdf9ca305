"""What a customer has told of a problem or a wish, whatever it was taken for when he said it.

"My cable broke" may be answered from the help pages, and a following order number looks like tracking. What was told
is found again in the conversation itself, so that it counts whichever action answered it.
"""

from dataclasses import dataclass

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from kefu.actions.form_slots import IDENTITY_SLOTS
from kefu.actions.services import services
from kefu.actions.turn import Turn, end_form
from kefu.dialogue.alarms.mood import only_scolds
from kefu.dialogue.form.case_draft import Wish
from kefu.dialogue.questions.own_matter import FILLS, FORM, is_told_only
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.dialogue.words.wording import wording
from kefu.dialogue.words.yes_no import STOP_IT
from kefu.shop.identity import Contact
from kefu.shop.named import is_bare, named_contact, named_order
from kefu.text import Language

WISHES: dict[str, Wish] = {"request_return": "return", "request_exchange": "exchange", "cancel_order": "cancel"}
_TELL = frozenset({"reason", "remedy", "exchange_for"})
_OF_THE_RULES = frozenset({"amount", "eligible"})
_EARLIER = 5  # messages that are looked at


@dataclass(frozen=True)
class Told:
    """The messages that told something, oldest first, what for, and the order that was named last, with its proof."""

    said: tuple[str, ...] = ()
    wish: Wish | None = None
    order: str | None = None
    contact: Contact | None = None

    def events(self) -> list[EventType]:
        """The events that put it into the after-sales form."""
        said = [SlotSet("case_said", list(self.said))] if self.said else []
        return [*said, *([SlotSet("case_wish", self.wish)] if self.wish else [])]


def told_before(turn: Turn) -> Told:
    """Give what the last messages before this one told; where he asked for a parcel meanwhile, only what came after.

    What an after-sales form has dealt with is left behind.
    """
    said: list[str] = []
    wish: Wish | None = None
    order: str | None = None
    contact: Contact | None = None
    for text in list(reversed(turn.earlier(FORM)))[:_EARLIER]:
        if order is None and (order := named_order(text)) is not None:
            contact = named_contact(text)
        reading = read_alone(text, turn.language)
        if reading.target == "track_order":
            break
        if told := wish_of(reading):
            said.insert(0, text)
            wish = wish or told
    return Told(tuple(said), wish, order, contact)


def number_before(turn: Turn) -> str | None:
    """Give the order number that was named last, if no after-sales form has dealt with it."""
    said = reversed(turn.earlier(FORM)[-_EARLIER:])
    return next((number for text in said if (number := named_order(text))), None)


def leads_to_after_sales(turn: Turn, *, opening: bool) -> list[EventType] | None:
    """Give the events that open the after-sales form instead of tracking; None where it is tracking that he wants.

    Such is a message that tells a problem or a wish, and, while the form is ``opening``, one with nothing but a number
    and a proof behind a message that did.
    """
    reading = read_alone(turn.words, turn.language)
    if reading.target == "track_order" or _is_underway(turn, reading) or is_told_only(turn.words):
        return None
    wish = wish_of(reading)
    if wish is not None and (wish != "quote" or reading.values.get("order_number")):
        told = Told(wish=wish)
    elif opening and is_bare(turn.words) and not turn.slot("order_number"):
        told = told_before(turn)
        if told.wish is None:
            return None
    else:
        return None
    known = [SlotSet(name, turn.slot(name)) for name in IDENTITY_SLOTS]
    return [*end_form(), *known, *told.events(), FollowupAction(FORM)]


def means_to_stop(turn: Turn) -> bool:
    """Say whether "stop it" means a parcel: that of the order that was shown."""
    return bool(turn.slot("last_order")) and STOP_IT.within(wording(turn.words).text)


def read_alone(text: str, language: Language) -> Reading:
    """Read a message by itself, as the after-sales form would when it opens; scolding tells nothing."""
    if only_scolds(text):
        return Reading()
    today = services().clock().astimezone(services().policy.timezone).date()
    return read_turn(Message(text, None, language), Draft(FORM, FILLS, today=today))


def wish_of(reading: Reading) -> Wish | None:
    """Say what a message comes for, None if it tells neither a problem nor a wish.

    A question about an article ("can the ring go back?") only wants to know.
    """
    if reading.move == "switch" and reading.target in WISHES:
        return WISHES[reading.target]
    if reading.move is not None:
        return None
    if reading.questions:
        return "quote" if reading.topic in _OF_THE_RULES else None
    if _TELL & reading.values.keys():
        return "exchange" if reading.values.get("remedy") == "exchange" else "return"
    return None


def _is_underway(turn: Turn, reading: Reading) -> bool:
    """Say whether "only one of my two things came" was taken for a question about the parcels."""
    told = reading.values.keys() & _TELL
    is_missing = told == {"reason"} and reading.values["reason"] == "missing_item"
    return is_missing and turn.intent == "track_order"
