"""One message of a customer, with what the conversation adds to it, and the events by which a form ends."""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Any, Literal, cast

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from kefu.actions.form_slots import DRAFT_SLOTS, FORM_SLOTS, REQUEST_SLOTS
from kefu.desk.tickets import Line, Reason
from kefu.dialogue.form.pressed import NUMBERED, intent_of, pressed
from kefu.dialogue.turn import Message
from kefu.text import Language, detect_language, is_payload

_IN_VAIN = ("utter_unclear", "utter_refused", "utter_no_answer_in_form")
ASKED_BACK = "asked_back"  # the slot of the entries that the customer was asked to choose from
_CONFIRM_AGAIN = "utter_confirm_again"
# Said beside that, these answer no question.
_NO_ANSWERS = (
    "utter_unclear",
    "utter_not_submitted",
    "utter_no_hurry",
    "utter_thanks",
    "utter_here",
    "utter_noted_for_later",
)
_LINES_HANDED_OVER = 20
_ANSWERED_FROM_SHOP = "utter_answer_from_shop"
# After these the goods that were spoken of before are meant still.
_SAYS_NOTHING = ("utter_no_answer", "utter_not_a_shop_matter", "utter_thanks", "utter_affirm_noted")
_TURNS_IN_A_ROW = 8  # that a question without a name may mean the goods or the topic of


@dataclass(frozen=True)
class Offer:
    """What the assistant offered in its last turn, waiting for a yes."""

    kind: Literal["handover"]
    reason: Reason
    order_number: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)  # what a form had gathered that ended with the offer

    def events(self) -> list[EventType]:
        """The events that put the offer before the customer."""
        return [
            SlotSet("offer", self.kind),
            SlotSet("offer_reason", self.reason),
            SlotSet("offer_order", self.order_number),
            SlotSet("offer_draft", dict(self.draft) or None),
        ]


class Turn:
    """One message of a customer, with what the conversation adds to it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self.began: float = time.monotonic()
        self.conversation: str = tracker.sender_id
        typed: str = tracker.latest_message.get("text") or ""
        self.text: str = pressed(typed, self._numbered()) or typed  # plain `rasa shell`: no server has looked before
        # The number of a choice that sends a payload: the model has read the number, and any action may have it.
        self.is_picked: bool = self.text != typed and is_payload(self.text)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        self.intent: str | None = intent_of(self.text) if self.is_picked else intent
        self.form: str | None = tracker.active_loop_name
        # What else was wanted and waits, in the customer's words, the next matter first.
        self.queue: list[str] = _texts(tracker.get_slot("case_next"))

    @property
    def language(self) -> Language:
        """The conversation's language; Chinese as long as nothing tells."""
        known = self._tracker.get_slot("language")
        return known if known in ("zh", "en") else detect_language(self.text) or "zh"

    @property
    def message(self) -> Message:
        """The message as the dialogue reads it."""
        return Message(self.text, self.intent, self.language)

    @property
    def words(self) -> str:
        """What was typed; a button's payload has no words."""
        return "" if is_payload(self.text) else self.text

    def slot(self, name: str) -> Any:
        """The value of a slot."""
        return self._tracker.get_slot(name)

    @property
    def offer(self) -> Offer | None:
        """What was offered in the turn right before this message; older offers are no longer meant by a "yes"."""
        kind = self.slot("offer")
        if kind is None or not _was_set_in_last_turn(self._tracker.events, "offer"):
            return None
        reason = cast(Reason, self.slot("offer_reason") or "human")
        return Offer(kind, reason, self.slot("offer_order"), self.slot("offer_draft") or {})

    @property
    def asked_back(self) -> tuple[str, ...]:
        """The entries that were to choose from in the turn right before this message."""
        return tuple(_texts(self.slot(ASKED_BACK))) if _was_set_in_last_turn(self._tracker.events, ASKED_BACK) else ()

    def was_set_lately(self, slot: str, turns: int) -> bool:
        """Say whether a slot was set in one of the last turns, or since this message."""
        return any(event.get("event") == "slot" and event.get("name") == slot for event in self._lately(turns))

    def was_told_lately(self, responses: Collection[str], turns: int) -> bool:
        """Say whether one of some responses was given in one of the last turns, or since this message."""
        return any(_response(event) in responses for event in self._lately(turns))

    def _lately(self, turns: int) -> list[dict[str, Any]]:
        users = [at for at, event in enumerate(self._tracker.events) if event.get("event") == "user"]
        return self._tracker.events[users[max(len(users) - 1 - turns, 0)] :] if users else []

    @property
    def channel(self) -> str:
        """The name of the channel that the message came by; empty where none is known."""
        return str(self._tracker.get_latest_input_channel() or "")

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What the channel sent along with the message."""
        users = (event for event in reversed(self._tracker.events) if event.get("event") == "user")
        return next((event.get("metadata") or {} for event in users), {})

    @property
    def source(self) -> str | None:
        """A name for where the message comes from, beyond its conversation, as the channel gave it."""
        source = self.metadata.get("source")
        return source if isinstance(source, str) and source else None

    def lines(self) -> tuple[Line, ...]:
        """The last lines of the conversation, oldest first."""
        said = [
            Line("customer" if event["event"] == "user" else "assistant", event["text"])
            for event in self._tracker.events
            if event.get("event") in ("user", "bot") and event.get("text")
        ]
        return tuple(said[-_LINES_HANDED_OVER:])

    def earlier(self, form: str) -> list[str]:
        """The messages before this one since that form last ended, oldest first; payloads are left out."""
        said: list[str] = []
        open_form: str | None = None
        for event in self._tracker.events:
            if event.get("event") in ("session_started", "restart"):
                said, open_form = [], None
            elif event.get("event") == "active_loop":
                if event.get("name") is None and open_form == form:
                    said = []
                open_form = event.get("name")
            elif event.get("event") == "user":
                said.append(event.get("text") or "")
        return [text for text in said[:-1] if text and not is_payload(text)]

    def asked_by(self, form: str) -> str | None:
        """The slot that the form has just asked for; None where this message is what opened it."""
        is_asked = self.form == form and not self._opens_form()
        asked: str | None = self.slot("requested_slot") if is_asked else None
        return asked

    def was_in_vain(self, slot: str) -> bool:
        """Say whether the last two messages tried to answer this slot, too, and could not be read or were refused."""
        asked: str | None = None
        before: list[tuple[str | None, bool]] = []  # of each message: what was asked, whether it came to nothing
        for event in self._tracker.events:
            if event.get("event") == "slot" and event.get("name") == "requested_slot":
                asked = event.get("value")
            elif event.get("event") == "user":
                before.append((asked, False))
            elif before and _response(event).startswith(_IN_VAIN):
                before[-1] = (before[-1][0], True)
        return before[-3:-1] == [(slot, True)] * 2

    @property
    def text_before(self) -> str:
        """The message before this one; nothing if this is the first."""
        return next((str(event.get("text") or "") for event in self._turn_before()), "")

    @property
    def is_repeated(self) -> bool:
        """Whether the message before this one is sent once more: its text, or the title of the button it stood for."""
        before = self.text_before.strip()
        titles = (button.get("title") for button in self._buttons() if button.get("payload") == before)
        return self.text.strip() in (before, *titles)

    def is_offered(self, text: str) -> bool:
        """Say whether a text is the payload of a button that the assistant has shown; anybody may type others."""
        return is_payload(text) and any(button.get("payload") == text.strip() for button in self._buttons())

    def _buttons(self) -> Iterator[dict[str, Any]]:
        shown = (event for event in self._tracker.events if event.get("event") == "bot")
        return (button for event in shown for button in _choices(event))

    def _numbered(self) -> list[str]:
        """Give the payloads of the choices shown as numbered lines in the turn before, the first one's first."""
        shown = (event.get("metadata") or {} for event in self._turn_before() if event.get("event") == "bot")
        return [str(choice.get("payload") or "") for metadata in shown for choice in metadata.get(NUMBERED) or ()]

    @property
    def replies_before(self) -> tuple[str, ...]:
        """The responses that the message before this one was answered with."""
        return tuple(name for name in (_response(event) for event in self._turn_before()) if name)

    def has_just_said(self, text: str) -> bool:
        """Say whether a reply of the turn before holds a text."""
        replies = (event for event in self._turn_before() if event.get("event") == "bot")
        return any(text in str(event.get("text") or "") for event in replies)

    @property
    def was_quoted(self) -> bool:
        """Whether the turn before said what would come back for something."""
        return any(name.startswith("utter_quote_") for name in self.replies_before)

    @property
    def was_answered_beside(self) -> bool:
        """Whether the turn before answered something beside a summary, and only asked for the yes once more."""
        said = self.replies_before
        return _CONFIRM_AGAIN in said and not all(name.startswith((_CONFIRM_AGAIN, *_NO_ANSWERS)) for name in said)

    @property
    def answered_before(self) -> str | None:
        """The message before this one, if it was a question that the knowledge base answered."""
        return next(iter(self.answered_in_a_row), None)

    @property
    def answered_in_a_row(self) -> tuple[str, ...]:
        """The questions right before this message that the knowledge base answered, the last one first."""
        return tuple(takewhile(lambda asked: not is_payload(asked), self._in_a_row("utter_answer")))

    @property
    def asked_of_goods(self) -> tuple[str, ...]:
        """The messages right before this one that were answered from the shop's data, oldest first, outside of forms.

        Those that had no answer, and thanks, are among them. Only those count that nothing else came between: who has
        spoken of an order since means its goods. A form that this message itself has opened is none.
        """
        is_in_form = self.form is not None and not self._opens_form()
        return () if is_in_form else self._in_a_row(_ANSWERED_FROM_SHOP, *_SAYS_NOTHING)[::-1]

    def _opens_form(self) -> bool:
        return any(event.get("event") == "active_loop" for event in self._since_message())

    def _in_a_row(self, *responses: str) -> tuple[str, ...]:
        """Give the messages right before this one that had such a response among their answers, the last one first."""
        events = self._tracker.events
        users = [at for at, event in enumerate(events) if event.get("event") == "user"]
        asked: list[str] = []
        for start, end in reversed(list(pairwise(users))[-_TURNS_IN_A_ROW:]):
            if not any(_response(event) in responses for event in events[start:end]):
                break
            asked.append(str(events[start].get("text") or ""))
        return tuple(asked)

    def _turn_before(self) -> list[dict[str, Any]]:
        """Give the events of the turn before this message, beginning with the message that it answered."""
        users = [at for at, event in enumerate(self._tracker.events) if event.get("event") == "user"]
        return self._tracker.events[users[-2] : users[-1]] if len(users) > 1 else []

    def was_rejected(self, form: str) -> bool:
        """Say whether the form has passed this message on already, and only has to ask again."""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == form
            for event in self._since_message()
        )

    def was_set(self, slot: str) -> bool:
        """Say whether a slot was set since the customer's message."""
        return any(event.get("event") == "slot" and event.get("name") == slot for event in self._since_message())

    def has_heard(self, response: str) -> bool:
        """Say whether a response was given to this message already."""
        return any(_response(event) == response for event in self._since_message())

    def _since_message(self) -> Iterator[dict[str, Any]]:
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                return
            yield event

    @property
    def draft(self) -> dict[str, Any]:
        """What the open form has gathered, for a person who goes on with it."""
        gathered = {name: self.slot(name) for name in DRAFT_SLOTS}
        return {name: value for name, value in gathered.items() if value is not None} if self.form else {}

    def leave_form(self) -> list[EventType]:
        """The events that end the open form and forget what it had gathered; none if no form is open."""
        return [] if self.form is None else end_form()


def end_form() -> list[EventType]:
    """The events that end a form and forget what it had gathered."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), *forget_form(), *forget_request()]


def forget_form() -> list[EventType]:
    """The events that forget what a form had gathered."""
    return [SlotSet(name, None) for name in FORM_SLOTS]


def forget_request() -> list[EventType]:
    """The events that forget what was wanted with a case that exists."""
    return [SlotSet(name, None) for name in REQUEST_SLOTS]


def _texts(value: Any) -> list[str]:
    """Read a list of texts; a single text is a list of one."""
    listed = value if isinstance(value, list) else [value]
    return [text for text in listed if isinstance(text, str) and text]


def _choices(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the buttons of a message of the assistant, or what stood in their place in the console."""
    return [*((event.get("data") or {}).get("buttons") or ()), *((event.get("metadata") or {}).get(NUMBERED) or ())]


def _response(event: dict[str, Any]) -> str:
    """Name the response that a message of the assistant came from; nothing for other events."""
    is_bot = event.get("event") == "bot"
    return str((event.get("metadata") or {}).get("utter_action") or event.get("text") or "") if is_bot else ""


def _was_set_in_last_turn(events: list[dict[str, Any]], slot: str) -> bool:
    turns = 0
    for event in reversed(events):
        if event.get("event") == "user":
            turns += 1
            if turns == 2:
                return False
        elif turns == 1 and event.get("event") == "slot" and event.get("name") == slot:
            return event.get("value") is not None
    return False
