"""Questions about the shop, answered from its knowledge or, honestly, not at all."""

import asyncio

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.context import Answer, Offer, ShopAction, Turn, services

# What no shop does is answered only where the knowledge base is very sure that it was misjudged.
_STRICT_INTENTS = frozenset({"out_of_scope"})


class ActionAnswerQuestion(ShopAction):
    """Answers `ask_question` and `nlu_fallback`, and `out_of_scope` by a stricter measure."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer_question"

    async def act(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        """Say the answer with its source, or that there is none, and offer a person."""
        decision = await asyncio.to_thread(_decide, turn)
        if decision is not None and decision.kind == "answer":
            dispatcher.utter_message(
                response="utter_answer", answer=decision.text, source=decision.title, as_of=decision.as_of
            )
            return []
        if turn.form is not None:
            # The form asks on right after this: a yes would then be an answer to the form, not to an offer.
            dispatcher.utter_message(response="utter_no_answer_in_form")
            return []
        is_shop_matter = turn.intent not in _STRICT_INTENTS
        dispatcher.utter_message(response="utter_no_answer" if is_shop_matter else "utter_not_a_shop_matter")
        return Offer("handover", "no_answer").events()

    def after_failure(self, turn: Turn) -> list[EventType]:
        """A form goes on: it does not need the knowledge base."""
        return []


def _decide(turn: Turn) -> Answer | None:
    if not turn.words.strip():
        return None
    strict = turn.intent in _STRICT_INTENTS
    return services().knowledge().answer(turn.words, language=turn.language, strict=strict)
