"""What the after-sales form asks: with its choices as buttons."""

import asyncio
from abc import abstractmethod

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.buttons import buttons_of, under_summary
from kefu.actions.case_view import CaseView, look
from kefu.actions.shop_action import ShopAction
from kefu.actions.turn import Turn
from kefu.actions.wording import all_items, day, item_name, plan_words
from kefu.dialogue.form.pressed import DENY
from kefu.shop.after_sales import open_lines
from kefu.shop.labels import label
from kefu.shop.orders import ARRIVED, Order
from kefu.text import Language

_MOST_ORDERS = 5  # that are offered at once; an older one is found by its number, article or day
_SUBMIT: dict[Language, tuple[str, str]] = {
    "zh": ("确认提交", "不，要修改"),
    "en": ("Yes, submit", "No, change something"),
}
# These two have nothing to change: a no leaves them.
_YES_NO: dict[str, dict[Language, tuple[str, str]]] = {
    "cancellation": {"zh": ("确认取消", "先不取消"), "en": ("Yes, cancel it", "No, keep the order")},
    "interception": {"zh": ("申请拦截", "先不拦截"), "en": ("Yes, try to stop it", "No, leave it")},
}
_NO_REASON = "no_reason"
_ALL: dict[Language, str] = {"zh": "全部", "en": "all of it"}


class _Question(ShopAction):
    """Asks for one slot of the form."""

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Ask, with the choices that there are now."""
        self.ask(dispatcher, turn, await asyncio.to_thread(look, turn))
        return []

    @abstractmethod
    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Say the question."""

    def after_failure(self, turn: Turn) -> list[EventType]:
        """The form stays as it is."""
        return []


class ActionAskOrderNumber(_Question):
    """Asks for the order: by its number, or one of those that are his."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_order_number"

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Offer the latest orders of whoever has shown who he is."""
        if not view.orders:
            dispatcher.utter_message(response="utter_ask_order_number")
            return
        titles = [_order_title(order, view, turn.language) for order in view.orders[:_MOST_ORDERS]]
        choose(dispatcher, turn, "utter_choose_order", titles)


class ActionAskCaseItems(_Question):
    """Asks which items it is about."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_case_items"

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Offer each item that is left, and all of them."""
        assert view.matter is not None
        left = open_lines(view.matter)
        items = [(view.matter.order.item(line.position), line.quantity) for line in left]
        titles = [item_name(item, many, turn.language) for item, many in items]
        # "×1 of 3" is to be read; what the button sends says how many.
        sent = [item.name.in_language(turn.language) + (f" ×{many}" if many > 1 else "") for item, many in items]
        every = [_ALL[turn.language]] if len(left) > 1 else []
        choose(dispatcher, turn, "utter_ask_case_items", [*titles, *every], [*sent, *every])


class ActionAskCaseReason(_Question):
    """Asks for the reason."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_case_reason"

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Offer the reasons that lead somewhere."""
        assert view.step is not None
        names = [label("reasons", reason, turn.language) for reason in view.step.reasons]
        if _NO_REASON not in view.step.reasons:
            names.append(label("notes", "nothing_wrong", turn.language))
        choose(dispatcher, turn, "utter_ask_case_reason", names)


class ActionAskCaseRemedy(_Question):
    """Asks what the customer wants."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_case_remedy"

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Offer the remedies that the reason allows."""
        assert view.step is not None
        names = [label("remedies", remedy, turn.language) for remedy in view.step.remedies]
        choose(dispatcher, turn, "utter_ask_case_remedy", names)


class ActionAskCaseConfirmed(_Question):
    """Shows the summary and asks for a yes."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_case_confirmed"

    def ask(self, dispatcher: CollectingDispatcher, turn: Turn, view: CaseView) -> None:
        """Show the whole summary where it is new; ask again shortly where he has just read it."""
        step = view.step
        assert view.matter is not None and step is not None and step.plan is not None
        response = f"utter_summary_{step.plan.kind}" + ("_unpaid" if step.plan.rule == "cancel_unpaid" else "")
        if not turn.was_set("case_summary"):  # he has it before him already
            response = "utter_confirm_again"
        yes, no = _YES_NO.get(step.plan.kind, _SUBMIT)[turn.language]
        buttons = under_summary(step.draft.fingerprint(step.plan), yes, (no, DENY))
        words = plan_words(view.matter, step.draft, step.plan, turn.language)
        dispatcher.utter_message(response=response, buttons=buttons, **words)


def choose(
    dispatcher: CollectingDispatcher, turn: Turn, response: str, titles: list[str], sent: list[str] | None = None
) -> None:
    """Ask with choices. What a button sends is its title, or its text in ``sent``: he may as well type it."""
    dispatcher.utter_message(response=response, buttons=buttons_of(zip(titles, sent or titles, strict=True)))


def _order_title(order: Order, view: CaseView, language: Language) -> str:
    zone = view.shop.policy.timezone
    today = view.shop.clock().astimezone(zone).date()
    placed = day(order.created.astimezone(zone).date(), language, today)
    has_arrived = bool(order.parcels) and all(parcel.state in ARRIVED for parcel in order.parcels)
    state = label("states", "delivered" if has_arrived else order.state, language)
    return f"{order.number} · {placed} · {all_items(order, language)} · {state}"
