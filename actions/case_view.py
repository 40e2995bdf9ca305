"""What an open after-sales form works on in one turn: the slots read as a draft, and the order as the store has it."""

from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from kefu.actions.form_slots import CASE_SLOTS
from kefu.actions.identify import orders_of
from kefu.actions.remembered import FILLS, FORM, WISHES, Told, means_to_stop, told_before
from kefu.actions.services import Services, services
from kefu.actions.turn import Offer, Turn
from kefu.desk.tickets import Reason
from kefu.dialogue.form.case_draft import CaseDraft, Wish, case_draft
from kefu.dialogue.next_step import Step, next_step
from kefu.dialogue.turn import Draft
from kefu.shop.after_sales import Matter, open_lines
from kefu.shop.cases import Line
from kefu.shop.identity import Contact
from kefu.shop.orders import Order

# requested slot → what a message then answers
ASKED = {
    "order_number": "order_number",
    "identity_proof": "contact",
    "second_contact": "contact",
    "case_items": "items",
    "case_reason": "reason",
    "case_remedy": "remedy",
    "case_exchange_for": "exchange_for",
    "case_confirmed": "confirmed",
    "case_which": "which",
    "case_change": "change",
}
_TICKET_REASONS: dict[Wish, Reason] = {"exchange": "exchange", "cancel": "cancel"}
_REMEMBERED = 5  # messages from before the order was known that are read again when it is


@dataclass(frozen=True)
class CaseView:
    """The draft and, once its customer has shown who he is, the order with the next step for it.

    ``said`` are the messages from before the order was known, ``named`` an order number that stood in one of them,
    with its ``contact``.
    """

    shop: Services
    draft: CaseDraft
    matter: Matter | None = None
    orders: tuple[Order, ...] = ()
    said: tuple[str, ...] = ()
    named: str | None = None
    contact: Contact | None = None

    @property
    def step(self) -> Step | None:
        """The next step, None while the order is not known or not proven."""
        return None if self.matter is None else next_step(self.matter, self.draft)

    def dialogue(self, turn: Turn) -> Draft:
        """Describe the form as :func:`~kefu.dialogue.read_turn.read_turn` wants it."""
        return self.dialogue_of(turn, ASKED.get(turn.asked_by(FORM) or ""))

    def dialogue_of(self, turn: Turn, asked: str | None) -> Draft:
        """Describe the form as if it had just asked for a slot (named as ``read_turn`` names it)."""
        zone = self.shop.policy.timezone
        today = self.shop.clock().astimezone(zone).date()
        common = Draft(FORM, FILLS, asked, today=today, quoted=turn.was_quoted, answered=turn.was_answered_beside)
        if self.matter is None or self.step is None:
            return replace(common, known=_known(turn, self.draft), orders=self.orders)
        step = self.step
        return replace(
            common,
            known={**_known(turn, self.draft), "wish": _what_for(step)},
            items=self.matter.order.items,
            open_lines=open_lines(self.matter),
            reasons=step.reasons,
            remedies=step.remedies,
            summary=None if self.has_changed(turn) else self.summary,
            refused=self._refused(asked),
        )

    def _refused(self, asked: str | None) -> tuple[Line, ...]:
        """The pieces that he was just told to be impossible, for any reason or for the one that he gave."""
        refused = self.draft.refused_lines or ()
        is_fresh = asked == "items" or (
            asked == "reason" and self.draft.refused_reason is not None and self.draft.lines == refused
        )
        return refused if is_fresh else ()

    @property
    def summary(self) -> str | None:
        """The fingerprint of what is to be confirmed now; None while something is left to ask."""
        step = self.step
        return step.draft.fingerprint(step.plan) if step and step.plan and step.asks == "confirmed" else None

    def has_changed(self, turn: Turn) -> bool:
        """Say whether the summary that is before the customer is no longer true."""
        shown = turn.slot("case_summary")
        return shown is not None and shown != self.summary

    def after(self, values: dict[str, Any]) -> "CaseView":
        """Give the view with what a message said put in."""
        taken = {("lines" if name == "items" else name): value for name, value in values.items()}
        fields = {name: value for name, value in taken.items() if name in CASE_SLOTS}
        return replace(self, draft=replace(self.draft, **fields))

    def slot_events(self) -> list[EventType]:
        """The events that keep the draft."""
        return [SlotSet(CASE_SLOTS[name], value) for name, value in self.draft.values().items()]

    def offer(self, order: str | None) -> Offer:
        """The offer of a person, who gets what was gathered."""
        gathered = {CASE_SLOTS[name]: value for name, value in self.draft.values().items() if value is not None}
        return Offer("handover", _TICKET_REASONS.get(self.draft.wish, "return"), order, gathered)


def look(turn: Turn) -> CaseView:
    """Read the slots and the store. Blocks, so call it in a thread.

    :raises KefuError: if the store cannot be used.
    """
    shop = services()
    values = {name: turn.slot(slot) for name, slot in CASE_SLOTS.items()}
    is_opening = turn.form == FORM and turn.asked_by(FORM) is None and not turn.slot("case_key")
    told = told_before(turn) if is_opening else Told()
    values["wish"] = values["wish"] or _wish(turn)
    view = CaseView(
        shop,
        case_draft(values),
        said=tuple(turn.slot("case_said") or told.said),
        named=told.order,
        contact=told.contact,
    )
    number = turn.slot("order_number")
    if number is None:
        found = orders_of(shop, turn.conversation)
        return replace(view, orders=tuple(order for order in found if order.state != "cancelled"))
    return with_order(view, number, turn.conversation)


def _wish(turn: Turn) -> Wish:
    """Say what a message that opens the form comes for, where nothing has said so yet."""
    return "cancel" if means_to_stop(turn) else WISHES.get(turn.intent or "", "return")


def with_order(view: CaseView, number: str, conversation: str) -> CaseView:
    """Give the view with the order, if its customer has shown in this conversation who he is; blocks."""
    if not view.shop.identity.is_proven(number, conversation):
        return view
    return replace(view, matter=view.shop.cases.matter(number))


def remember(turn: Turn, view: CaseView) -> EventType:
    """The event that keeps this message, with those before it, for when the order is known."""
    return SlotSet("case_said", [*view.said, turn.words][-_REMEMBERED:])


def _what_for(step: Step) -> str:
    """What the form is about now: a message means by it whether "cancel it" goes on or ends it."""
    kind = step.plan.kind if step.plan else None
    return {"cancellation": "cancel", "interception": "intercept"}.get(kind or "", step.draft.wish)


def _known(turn: Turn, draft: CaseDraft) -> dict[str, Any]:
    known = {
        "order_number": turn.slot("order_number"),
        "items": draft.lines,
        "reason": draft.reason,
        "remedy": draft.remedy,
        "condition": draft.condition or None,
        "exchange_for": draft.exchange_for,
        "pickup": draft.pickup,
    }
    return {name: value for name, value in known.items() if value is not None}
