"""What a channel itself says to a customer, without a turn of the dialogue: wording of the domain, in his language."""

import logging
from typing import Any

from kefu.text import detect_language

TOO_FAST = "utter_too_fast"
TOO_LONG = "utter_too_long"
WORDS_ONLY = "utter_words_only"
CHOICE_GONE = "utter_choice_gone"
TROUBLE = "utter_service_trouble"

_LANGUAGE_SLOT = "language"
_SAMPLE = 400  # characters of a message that its language is told from
# For a domain that lacks the response.
_BUILT_IN = {
    TOO_FAST: (
        "消息太快了，我跟不上。请稍等片刻再发。",
        "That's faster than I can follow. Please wait a moment before you go on.",
    ),
    TOO_LONG: (
        "这条消息太长了，请用几句话说明您的问题。",
        "That message is too long for me. Please tell me in a few sentences.",
    ),
    WORDS_ONLY: (
        "我只能读文字，看不了图片、语音、视频和文件。请用文字告诉我需要什么。",
        "I can only read text, not pictures, voice, videos or files. Please tell me in words what you need.",
    ),
    CHOICE_GONE: (
        "这个选项已经失效了，请看最新的消息。",
        "That choice is no longer open. Please look at the latest message.",
    ),
    TROUBLE: (
        "抱歉，系统暂时出了点问题，请稍后再发一次。",
        "Sorry, something went wrong on our side. Please send that again in a moment.",
    ),
}

logger = logging.getLogger(__name__)


async def notice(name: str, agent: Any, conversation: str, text: str | None, hint: str | None = None) -> str:
    """Word a notice in the language of ``text``, else of the conversation, else of ``hint`` (a code such as zh-hans).

    :param agent: the running Rasa agent, for wording and conversation; None where there is none yet.
    """
    language = detect_language((text or "")[:_SAMPLE]) or await _spoken(agent, conversation) or _of_code(hint)
    domain = getattr(agent, "domain", None)
    variants = (getattr(domain, "responses", None) or {}).get(name) or []
    return _variant(variants, language) or _built_in(name, language)


async def _spoken(agent: Any, conversation: str) -> str | None:
    store = getattr(agent, "tracker_store", None)
    if store is None:
        return None
    try:
        tracker = await store.retrieve(conversation)
    except Exception as error:  # noqa: BLE001 – a store that is away must not keep a notice from the customer
        logger.warning("the language of a conversation could not be read (%s)", type(error).__name__)
        return None
    known: str | None = tracker.slots[_LANGUAGE_SLOT].value if tracker and _LANGUAGE_SLOT in tracker.slots else None
    return known


def _of_code(code: str | None) -> str | None:
    if not code:
        return None
    return "zh" if code.lower().startswith("zh") else "en"


def _variant(variants: list[dict[str, Any]], language: str | None) -> str | None:
    """Pick the variant for a language; the unconditional one where none fits."""
    plain: str | None = None
    for variant in variants:
        conditions = variant.get("condition") or []
        if any(item.get("name") == _LANGUAGE_SLOT and item.get("value") == language for item in conditions):
            return variant.get("text")
        if not conditions:
            plain = plain or variant.get("text")
    return plain


def _built_in(name: str, language: str | None) -> str:
    chinese, english = _BUILT_IN[name]
    return {"zh": chinese, "en": english}.get(language or "") or f"{chinese} {english}"
