"""Which payloads are obeyed: those on buttons that the bot has just shown.

A pressed button and a typed ``/intent{"entity": "…"}`` reach the server as the same thing. What was not offered is
read as plain words, so that nobody can type himself past a question, a summary or a proof of identity.
"""

import os
from collections.abc import Iterator
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.dialogue.form.pressed import NUMBERED, pressed

DEVELOPER_VARIABLE = "KEFU_DEVELOPER"
_SLASH = "/"


def admit(text: str, tracker: DialogueStateTracker) -> str:
    """Give the text as it may be understood: an offered payload unchanged, any other without its slash.

    A button's title that is typed counts as pressed, and so does its number where choices were shown with numbers.
    With KEFU_DEVELOPER=1 every payload passes, ``/restart`` too.
    """
    offered = offered_choices(tracker)
    if text.strip().casefold() in offered:
        return offered[text.strip().casefold()]
    if (chosen := pressed(text, numbered_payloads(tracker))) is not None:
        return chosen
    if not text.lstrip().startswith(_SLASH):
        return text
    if os.environ.get(DEVELOPER_VARIABLE) == "1" or text in offered.values():
        return text
    return text.lstrip(_SLASH + " \n\u3000\u00a0").strip()


def offered_choices(tracker: DialogueStateTracker) -> dict[str, str]:
    """Collect the buttons that the bot has shown since the customer's last message, as ``{title: payload}``."""
    offered: dict[str, str] = {}
    for event in _said_last(tracker):
        for button in (*_buttons(event.data or {}), *_numbered(event)):
            if payload := str(button.get("payload", "")).strip():
                offered.setdefault(str(button.get("title", "")).strip().casefold(), payload)
    return offered


def numbered_payloads(tracker: DialogueStateTracker) -> list[str]:
    """Collect what the choices send that were shown as numbered lines since the last message, in their order."""
    said = reversed(list(_said_last(tracker)))
    return [str(choice.get("payload", "")) for event in said for choice in _numbered(event)]


def _said_last(tracker: DialogueStateTracker) -> Iterator[BotUttered]:
    """Yield what the bot has said since the customer's last message, the latest first."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return
        if isinstance(event, BotUttered):
            yield event


def _numbered(event: BotUttered) -> list[dict[str, Any]]:
    return list((event.metadata or {}).get(NUMBERED) or ())


def _buttons(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from data.get("buttons") or []
    yield from data.get("quick_replies") or []
    for element in data.get("elements") or []:
        yield from element.get("buttons") or []
