"""What the knowledge base decided, said: an answer with its source, or honestly none."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.services import Answer
from kefu.actions.turn import Offer, Turn

_IN_FORM = ("utter_no_answer_in_form", "utter_no_answer_in_form_again")


def say_answer(dispatcher: CollectingDispatcher, decision: Answer) -> None:
    """Say an answer with its source."""
    dispatcher.utter_message(
        response="utter_answer",
        answer=decision.text,
        source=decision.title,
        as_of=decision.as_of,
        link=decision.link,
    )


def say_no_answer(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Say that there is no sure answer, and offer a person: the events of the offer, for which no form may be open."""
    dispatcher.utter_message(response="utter_no_answer")
    return Offer("handover", "no_answer").events()


def say_no_answer_in_form(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Say that there is no sure answer, and, where the question before had none either, offer a person.

    The form asks on right after this: a yes would be an answer to it, so that the offer is taken up by its own words.
    """
    said = [*turn.replies_before, *(str(message.get("response")) for message in dispatcher.messages)]
    is_second = any(name in _IN_FORM for name in said)
    dispatcher.utter_message(response=_IN_FORM[is_second])
