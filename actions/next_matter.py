"""Several matters in one message: all but the first wait in a queue, and are done once it is finished."""

import re
from dataclasses import dataclass

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.identify import orders_of
from kefu.actions.remembered import FORM, read_alone, wish_of
from kefu.actions.services import services
from kefu.actions.turn import Turn
from kefu.dialogue.form.case_draft import Wish
from kefu.dialogue.form.move_words import CANCELS
from kefu.dialogue.form.moves import TRACK_FORM
from kefu.dialogue.read_turn import read_turn
from kefu.dialogue.turn import Draft, Message, Reading
from kefu.dialogue.words.wording import wording
from kefu.shop.named import named_order

_CUT = re.compile(
    r"(?<=[,，;；。!！?？\n])|(?=还有(?=.{0,12}(?:SO\d|到哪|在哪|呢))|另外|顺便)"
    r"|(?=\band (?:also |then )?(?=cancel|where|return|exchange|track|check))"
    r"|(?=\balso (?=cancel|where|return|track))",
    re.IGNORECASE,
)

_EDGES = " ,，;；。"


@dataclass(frozen=True)
class Matters:
    """What of a message is done now, and what afterwards, in this order; what ``now`` comes for, by its own words."""

    now: str
    then: tuple[str, ...] = ()
    wish: Wish | None = None


def split(turn: Turn) -> Matters:
    """Part a message that asks something to be done with one order and something else about others.

    What is to be done comes before what is only asked.
    """
    parts: list[str] = []
    for piece in filter(str.strip, _CUT.split(turn.words)):
        if parts and _is_another(piece, parts[-1], turn):
            parts.append(piece)
        else:
            parts[-1:] = ["".join((*parts[-1:], piece))]
    if len(parts) < 2:
        return Matters(turn.words)
    parts.sort(key=lambda part: read_alone(part, turn.language).target == "track_order")
    now, *later = (part.strip(_EDGES) for part in parts)
    return Matters(now, tuple(later), _wish(now, read_alone(now, turn.language)))


def split_beside(turn: Turn, draft: Draft) -> Matters:
    """Part a message inside an open case: what is said to the case, and what is about another order or its parcel.

    A message that tells the case nothing stays whole: it leads out of the form.

    :param draft: the open form.
    """
    pieces = [piece for piece in _CUT.split(turn.words) if piece.strip()]
    if len(pieces) < 2:
        return Matters(turn.words)  # the whole of it, which is read for the case in any event
    others = [piece for piece in pieces if _is_beside(piece, draft.known.get("order_number"), turn)]
    said = "".join(piece for piece in pieces if piece not in others).strip(_EDGES)
    reading = read_turn(Message(said, None, turn.language), draft) if others and said else Reading()
    if not reading.values and reading.answer is None:
        return Matters(turn.words)
    return Matters(said, tuple(other.strip(_EDGES) for other in others))


def keep_for_later(turn: Turn, *texts: str) -> EventType:
    """The event that puts matters at the end of the queue, each once."""
    turn.queue = list(dict.fromkeys((*turn.queue, *texts)))
    return SlotSet("case_next", turn.queue)


def then(turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Come back to what was left for later, if anything was: the events that go on with the first of it. Blocks."""
    if not turn.queue:
        return []
    text, *turn.queue = turn.queue
    shop = services()
    orders = orders_of(shop, turn.conversation)
    asked = Draft(TRACK_FORM, ("order_number",), "order_number", orders=orders, today=shop.clock().date())
    number = named_order(text) or read_turn(Message(text, None, turn.language), asked).values.get("order_number")
    reading = read_alone(text, turn.language)
    wish = _wish(text, reading)
    dispatcher.utter_message(response="utter_and_now", said=text)
    events = [
        SlotSet("case_next", turn.queue or None),
        SlotSet("order_number", number),
        SlotSet("identity_proof", None),
    ]
    if reading.target == "track_order" or wish is None:
        return [*events, FollowupAction(TRACK_FORM)]
    return [*events, SlotSet("case_wish", wish), SlotSet("case_said", [text]), FollowupAction(FORM)]


def _is_another(piece: str, before: str, turn: Turn) -> bool:
    """Say whether a piece of a message is another matter than the one before it."""
    if not _is_matter(piece, turn) or not _is_matter(before, turn):
        return False
    number, number_before = named_order(piece), named_order(before)
    if number is not None and number_before is not None:
        return number != number_before
    tracks = [read_alone(text, turn.language).target == "track_order" for text in (before, piece)]
    return tracks == [False, True]


def _is_beside(piece: str, order: str | None, turn: Turn) -> bool:
    """Say whether a piece of a message inside an open case is about something else than this case."""
    number = named_order(piece)
    tracks = read_alone(piece, turn.language).target == "track_order"
    return tracks or (number is not None and order is not None and number != order and _is_matter(piece, turn))


def _is_matter(text: str, turn: Turn) -> bool:
    reading = read_alone(text, turn.language)
    return reading.target == "track_order" or _wish(text, reading) not in (None, "quote")


def _wish(text: str, reading: Reading) -> Wish | None:
    """Say what a part of a message comes for; "cancel it" of an order that is named means the order."""
    is_of_order = named_order(text) is not None and CANCELS.within(wording(text).text) and not reading.questions
    return "cancel" if reading.move == "which" or is_of_order else wish_of(reading)
