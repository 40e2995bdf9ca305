"""Telegram's updates as messages; pure functions over what Telegram posts."""

from dataclasses import dataclass
from typing import Any

from kefu.channels.conversation_ids import TELEGRAM
from kefu.channels.intake import Incoming

# What has no words: a person sent it, so he gets an answer. Other messages (pins, joins, …) are the platform's own.
_WORDLESS = (
    "photo voice sticker document video audio video_note animation location venue contact poll dice story".split()
)
_GREETINGS = {"zh": "你好", "en": "hello"}
_START = "/start"
_LONGEST_ID = 64


@dataclass(frozen=True)
class Press:
    """A pressed button, and what its query is answered by."""

    incoming: Incoming
    query: str


def conversation_of(chat: int) -> str:
    """Give the id of a chat's conversation."""
    return f"{TELEGRAM}{chat}"


def chat_of(conversation: str) -> int:
    """Read a conversation's id."""
    return int(conversation.removeprefix(TELEGRAM))


def message_of(update: dict[str, Any]) -> Incoming | None:
    """Read the message of an update; None where there is none for the assistant.

    Groups are left out: what is said of an order there, everybody reads.
    """
    message = _object(update, "message")
    sender, conversation = _object(message, "from"), _private(message)
    if conversation is None or sender.get("is_bot"):
        return None
    text = message.get("text") or message.get("caption")
    if not isinstance(text, str) and not any(kind in message for kind in _WORDLESS):
        return None
    language = sender.get("language_code") if isinstance(sender.get("language_code"), str) else None
    words = _without_start(text, language) if isinstance(text, str) else None
    return Incoming(conversation, words, language=language, metadata={"channel": "telegram"})


def press_of(update: dict[str, Any]) -> Press | None:
    """Read the pressed button of an update; None where there is none."""
    query = _object(update, "callback_query")
    number, key = query.get("id"), query.get("data")
    conversation = _private(_object(query, "message"))
    if conversation is None or not isinstance(number, str) or not isinstance(key, str):
        return None
    language = _object(query, "from").get("language_code")
    hint = language if isinstance(language, str) else None
    incoming = Incoming(conversation, choice=key[:_LONGEST_ID], language=hint, metadata={"channel": "telegram"})
    return Press(incoming, number[:_LONGEST_ID])


def _without_start(text: str, language: str | None) -> str:
    """Take the command with which every conversation begins for a greeting."""
    if text.split(maxsplit=1)[:1] != [_START]:
        return text
    return _GREETINGS["zh" if language is None or language.startswith("zh") else "en"]


def _private(message: dict[str, Any]) -> str | None:
    chat = _object(message, "chat")
    number = chat.get("id")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return conversation_of(int(str(number))) if is_number and chat.get("type") == "private" else None


def _object(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}
