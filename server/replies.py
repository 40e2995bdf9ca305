"""What the server itself says to a customer: in his language, from the domain, and always something."""

import logging
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.server.logs import conversation_hash, log_failure
from kefu.text import detect_language

SERVICE_TROUBLE = "utter_service_trouble"
TOO_LONG = "utter_too_long"
SAY_SOMETHING = "utter_say_something"

_LANGUAGE_SLOT = "language"
_TRIES = 2  # of sending what the server itself says: better twice than never
_SAMPLE = 400  # characters of a message that its language is told from
# For a domain that lacks the response, or has no variant that fits.
_BUILT_IN = {
    SERVICE_TROUBLE: {
        "zh": "抱歉，系统暂时出了点问题，请稍后再试一次。",
        "en": "Sorry, something went wrong on our side. Please try again in a moment.",
    },
    TOO_LONG: {
        "zh": "这条消息太长了，请用几句话说明您的问题。",
        "en": "That message is too long for me. Please tell me in a few sentences.",
    },
    SAY_SOMETHING: {
        "zh": "我没有看到文字，请输入您的问题。",
        "en": "I could not see any words. Please type your question.",
    },
}

logger = logging.getLogger(__name__)


async def compose(
    name: str,
    tracker: DialogueStateTracker,
    domain: Domain | None,
    nlg: NaturalLanguageGenerator,
    channel: OutputChannel,
    text: str | None,
) -> BotUttered:
    """Make the message ``name``, in the language of ``text`` or, where that has none, of the conversation.

    Never fails: what the domain and the generator do not give is built in.
    """
    language = _spoken(text) or _language_of(tracker)
    message: dict[str, Any] | None = None
    try:
        message = await nlg.generate(name, _in_language(tracker, domain, language), channel.name())
    except Exception as error:  # noqa: BLE001 – a generator may be a server that is away; there is a text of our own
        log_failure(name, error, tracker.sender_id)
    if not message or not message.get("text"):
        message = {"text": _built_in(name, language)}
    message["utter_action"] = name
    return create_bot_utterance(message)


def _in_language(tracker: DialogueStateTracker, domain: Domain | None, language: str | None) -> DialogueStateTracker:
    """Give the tracker, or a copy whose language is the one given: of a message that was not understood any more."""
    if language is None or _LANGUAGE_SLOT not in tracker.slots or tracker.get_slot(_LANGUAGE_SLOT) == language:
        return tracker
    view = tracker.copy()
    view.update(SlotSet(_LANGUAGE_SLOT, language), domain)
    return view


def _language_of(tracker: DialogueStateTracker) -> str | None:
    """Give the language of a conversation: what its slot says, otherwise the customer's last words that have one."""
    known: str | None = tracker.get_slot(_LANGUAGE_SLOT) if _LANGUAGE_SLOT in tracker.slots else None
    if known is not None:
        return known
    said = (_own_words(event) for event in reversed(tracker.events) if isinstance(event, UserUttered))
    return next((language for text in said if (language := _spoken(text)) is not None), None)


def _spoken(text: str | None) -> str | None:
    return detect_language((text or "")[:_SAMPLE])


def _built_in(name: str, language: str | None) -> str:
    texts = _BUILT_IN[name]
    return texts.get(language or "") or " ".join(texts.values())


async def send(message: BotUttered, sender_id: str, channel: OutputChannel) -> None:
    """Put a message on its channel, twice if need be; a channel that fails is logged, there is nobody else to tell."""
    for _ in range(_TRIES):
        try:
            await channel.send_response(sender_id, message.message())
            return
        except Exception as error:  # noqa: BLE001 – channels raise whatever their HTTP client does
            log_failure(f"channel {channel.name()}", error, sender_id)
    logger.debug("conversation %s did not get %s", conversation_hash(sender_id), message.metadata)


def open_question(tracker: DialogueStateTracker) -> BotUttered | None:
    """Give what an open form has asked, to be asked again; None where nothing is asked."""
    if tracker.active_loop is None or tracker.get_slot(REQUESTED_SLOT) is None:
        return None
    asked = tracker.get_last_event_for(BotUttered)
    return BotUttered(asked.text, asked.data, asked.metadata) if isinstance(asked, BotUttered) else None


def last_words(tracker: DialogueStateTracker) -> str | None:
    """Give what the customer said last; a turn that a reminder or another program began has no words of his."""
    return _own_words(tracker.latest_message) if tracker.latest_message else None


def _own_words(message: UserUttered) -> str | None:
    return None if message.metadata.get("is_external") else message.text


def is_apology(event: Event) -> bool:
    """Say whether an event is the service message."""
    return isinstance(event, BotUttered) and event.metadata.get("utter_action") == SERVICE_TROUBLE


def is_told(tracker: DialogueStateTracker) -> bool:
    """Say whether this turn has had its service message: one is enough, however much fails."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if is_apology(event):
            return True
    return False
