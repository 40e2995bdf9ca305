"""What the actions share: the kernel's services, made once for the process, and what a tracker tells of a turn."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu import clock
from kefu.actions.second_opinion import reasons_by_meaning
from kefu.database import Database
from kefu.desk.tickets import Line, Reason, TicketDesk
from kefu.dialogue.mood import mood, only_scolds
from kefu.dialogue.turn import SecondOpinion
from kefu.errors import KefuError
from kefu.protocols import Clock
from kefu.settings import Settings, load_settings
from kefu.shop.case_changes import CaseChanges
from kefu.shop.case_store import CaseStore
from kefu.shop.identity import IdentityDesk
from kefu.shop.policy import Policy, load_policy
from kefu.shop.store import OrderStore
from kefu.text import Language, detect_language, is_payload

logger = logging.getLogger(__name__)

FORM_SLOTS = (
    "order_number",
    "identity_proof",
    "first_contact",
    "bare_number",
    "case_wish",
    "case_items",
    "case_reason",
    "case_remedy",
    "case_condition",
    "case_exchange_for",
    "case_pickup",
    "case_refused_items",
    "case_refused_reason",
    "case_said",
    "case_summary",
    "case_key",
    "case_confirmed",
    "withdraw_case",
    "withdraw_summary",
    "withdraw_confirmed",
)
# Those of them that tell a person what the customer wants.
_DRAFT_SLOTS = (
    "order_number",
    "case_wish",
    "case_items",
    "case_reason",
    "case_remedy",
    "case_condition",
    "case_exchange_for",
    "case_pickup",
)
# The actions whose messages may be about a case that exists.
_CASES_FIRST = frozenset(
    {
        *("action_answer_question", "action_stop", "action_deny", "action_affirm", "action_feedback"),
        *("validate_track_order_form", "validate_after_sales_form"),
    }
)
# Danger and fraud are heard in this form, too; what is wanted with the case has led into it.
_ALARMED = _CASES_FIRST | {"validate_withdraw_form"}
SERVICE_TROUBLE = "utter_service_trouble"
SORRY = "utter_sorry"
_IN_VAIN = ("utter_unclear", "utter_refused", "utter_no_answer_in_form")
_SHELL = "cmdline"
_LINES_HANDED_OVER = 20


class Answer(Protocol):
    """What the knowledge base decided on a question; ``as_of`` is an ISO date."""

    @property
    def kind(self) -> Literal["answer", "abstain"]:
        """Whether there is an answer."""

    @property
    def entry_id(self) -> str | None:
        """The entry that it comes from."""

    @property
    def title(self) -> str:
        """What the entry is called before a customer: the question it answers."""

    @property
    def text(self) -> str:
        """The approved text."""

    @property
    def as_of(self) -> str:
        """Since when it has been live."""


class Knowledge(Protocol):
    """What the actions need of the knowledge base."""

    def answer(self, question: str, *, language: Language | None, strict: bool = False) -> Answer:
        """Decide on a question."""

    def entry_text(self, entry_id: str, language: Language) -> str:
        """Give the approved text of an entry."""

    def entry_title(self, entry_id: str, language: Language) -> str:
        """Give the question that an entry answers."""


@dataclass(frozen=True)
class Services:
    """The kernel as the actions see it.

    ``knowledge`` opens the base when it is first needed; ``reasons`` is the second opinion on a customer's reason.
    """

    policy: Policy
    orders: OrderStore
    cases: CaseStore
    changes: CaseChanges
    identity: IdentityDesk
    tickets: TicketDesk
    knowledge: Callable[[], Knowledge]
    reasons: SecondOpinion
    clock: Clock


_lock = threading.Lock()
_services: Services | None = None


def services() -> Services:
    """Give the services of this process; blocks while the database is prepared, so call it in a thread.

    :raises KefuError: if a setting, a data file or the database is wrong; the next call tries again.
    """
    global _services
    with _lock:
        if _services is None:
            _services = open_services(load_settings())
        return _services


def use_services(replacement: Services | None) -> None:
    """Put other services in place (tests do), or have them made anew."""
    global _services
    with _lock:
        _services = replacement


def open_services(settings: Settings, now: Clock = clock.now) -> Services:
    """Make the services that the settings describe.

    :raises KefuError: if a setting, a data file or the database is wrong.
    """
    policy = load_policy(settings.path(settings.knowledge.policy))
    shop = Database(settings.database_url(settings.orders.url))
    orders = OrderStore(shop, now, settings.path(settings.orders.seed) if settings.orders.seed else None)
    tickets = TicketDesk(Database(settings.database_url(settings.handoff.url)), now, policy.timezone)
    orders.prepare()
    tickets.prepare()
    cases = CaseStore(shop, now, policy, settings.orders)
    changes = CaseChanges(shop, policy, settings.orders, now)
    identity = IdentityDesk(shop, now, settings.orders)
    reasons = reasons_by_meaning(settings, policy)
    return Services(policy, orders, cases, changes, identity, tickets, lambda: _knowledge(settings), reasons, now)


def _knowledge(settings: Settings) -> Knowledge:
    from kefu.knowledge.base import shared_base

    return shared_base(settings)


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
        self.conversation: str = tracker.sender_id
        self.text: str = tracker.latest_message.get("text") or ""
        self.intent: str | None = (tracker.latest_message.get("intent") or {}).get("name")
        self.form: str | None = tracker.active_loop_name
        # What else was wanted and waits, in the customer's words, the next matter first.
        self.queue: list[str] = list(tracker.get_slot("case_next") or ())

    @property
    def language(self) -> Language:
        """The conversation's language; Chinese as long as nothing tells."""
        known = self._tracker.get_slot("language")
        return known if known in ("zh", "en") else detect_language(self.text) or "zh"

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

    @property
    def is_shell(self) -> bool:
        """Whether this is `rasa shell`, which cannot show buttons beside typed text."""
        return bool(self._tracker.get_latest_input_channel() == _SHELL)

    def asked_by(self, form: str) -> str | None:
        """The slot that the form has just asked for; None where this message is what opened it."""
        is_opening = any(event.get("event") == "active_loop" for event in self._since_message())
        asked: str | None = self.slot("requested_slot") if self.form == form and not is_opening else None
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

    def is_offered(self, text: str) -> bool:
        """Say whether a text is the payload of a button that the assistant has shown; anybody may type others."""
        shown = (event.get("data") or {} for event in self._tracker.events if event.get("event") == "bot")
        buttons = (button for data in shown for button in data.get("buttons") or ())
        return is_payload(text) and any(button.get("payload") == text.strip() for button in buttons)

    @property
    def replies_before(self) -> tuple[str, ...]:
        """The responses that the message before this one was answered with."""
        return tuple(name for name in (_response(event) for event in self._turn_before()) if name)

    @property
    def was_quoted(self) -> bool:
        """Whether the turn before said what would come back for something."""
        return any(name.startswith("utter_quote_") for name in self.replies_before)

    @property
    def answered_before(self) -> str | None:
        """The message before this one, if it was a question that the knowledge base answered."""
        asked = [event.get("text") or "" for event in self._turn_before() if event.get("event") == "user"]
        return asked[0] if asked and "utter_answer" in self.replies_before and not is_payload(asked[0]) else None

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
        gathered = {name: self.slot(name) for name in _DRAFT_SLOTS}
        return {name: value for name, value in gathered.items() if value is not None} if self.form else {}

    def leave_form(self) -> list[EventType]:
        """The events that end the open form and forget what it had gathered; none if no form is open."""
        return [] if self.form is None else end_form()


def end_form() -> list[EventType]:
    """The events that end a form and forget what it had gathered."""
    request = [SlotSet("case_request", None), SlotSet("case_note", None)]
    return [ActiveLoop(None), SlotSet("requested_slot", None), *forget_form(), *request]


def forget_form() -> list[EventType]:
    """The events that forget what a form had gathered."""
    return [SlotSet(name, None) for name in FORM_SLOTS]


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


def _calls_for_an_apology(turn: Turn) -> bool:
    """Say whether a message to a form is angry, and nobody has apologised for it yet."""
    return (
        mood(turn.words) == "angry" and not (turn.form and turn.was_rejected(turn.form)) and not turn.has_heard(SORRY)
    )


class ShopAction(Action, ABC):
    """An action that works on a turn. An error of the kernel ends in a service message instead of silence."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer one message."""
        try:
            turn = Turn(tracker)
            if self.name() == f"validate_{turn.form}" and _calls_for_an_apology(turn):
                dispatcher.utter_message(response=SORRY)
                if turn.asked_by(str(turn.form)) and only_scolds(turn.words):
                    # It tells the form nothing, which asks on. With this slot alone the message would be rejected.
                    return [SlotSet("requested_slot", turn.slot("requested_slot")), SlotSet("offer", None)]
            events = await self._overruled(dispatcher, turn) or await self.act(dispatcher, turn)
            if self.name() == f"validate_{turn.form}" and not events:
                dispatcher.messages.clear()  # rejected: the rules say what is to be said
            return events
        except KefuError as error:
            # Kefu's own errors never carry a customer's words.
            logger.error("%s failed: %s: %s", self.name(), type(error).__name__, error)
            dispatcher.messages.clear()
            turn = Turn(tracker)
            if (handed := await self._handed_over(dispatcher, turn)) is not None:
                return handed
            if not turn.has_heard(SERVICE_TROUBLE):  # a form's question may fail right after its validation
                dispatcher.utter_message(response=SERVICE_TROUBLE)
            return self.after_failure(turn)

    async def _handed_over(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
        """Give a person to whoever asks a form for one though it cannot work; None for every other message."""
        from kefu.actions.handover import hand_over_all_the_same

        if self.name() != f"validate_{turn.form}":
            return None
        try:
            return await hand_over_all_the_same(dispatcher, turn)
        except KefuError:
            dispatcher.messages.clear()
            return None

    async def _overruled(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
        """Answer what a form would misunderstand, whatever the message was taken for, unless a form is open.

        That is what is wanted with a case that exists, and a follow-up question that opens a form. Danger and fraud
        are warned of in the middle of a form, too.
        """
        is_opening = turn.form is not None and self.name() == f"validate_{turn.form}" and not turn.asked_by(turn.form)
        if self.name() not in _ALARMED:
            return None
        from kefu.actions.alarms import on_alarm  # these themselves need what stands here
        from kefu.actions.follow_ups import on_follow_up, on_papers
        from kefu.actions.offers import on_offer
        from kefu.actions.own_cases import on_own_case

        is_heard = turn.form is None or self.name() == f"validate_{turn.form}"
        if is_heard and (warned := await on_alarm(dispatcher, turn)) is not None:
            return warned
        if not (turn.form is None or is_opening) or self.name() not in _CASES_FIRST:
            return None
        if (answered := await on_offer(dispatcher, turn)) is not None:
            return answered
        on_case = await on_own_case(dispatcher, turn)
        if on_case or not is_opening:
            return on_case
        asked = await on_follow_up(dispatcher, turn)
        return asked if asked is not None else await on_papers(dispatcher, turn)

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say what is to be said, and return the events that follow.

        :raises KefuError: if the kernel cannot do what was asked.
        """

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The events that follow a failure: a form is left, so that the customer is not asked in vain."""
        return turn.leave_form()
