"""Which payloads are obeyed: those on buttons that the bot has just shown.

A pressed button and a typed ``/intent{"entity": "…"}`` reach the server as the same thing. What was not offered is
read as plain words, so that nobody can type himself past a question, a summary or a proof of identity.
"""

import os
from collections.abc import Iterator
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

DEVELOPER_VARIABLE = "KEFU_DEVELOPER"
_SLASH = "/"


def admit(text: str, tracker: DialogueStateTracker) -> str:
    """Give the text as it may be understood: an offered payload unchanged, any other without its slash.

    With KEFU_DEVELOPER=1 every payload passes, ``/restart`` too.
    """
    if not text.lstrip().startswith(_SLASH):
        return text
    if os.environ.get(DEVELOPER_VARIABLE) == "1" or text in offered_payloads(tracker):
        return text
    return text.lstrip(_SLASH + " \n\u3000\u00a0").strip()


def offered_payloads(tracker: DialogueStateTracker) -> set[str]:
    """Collect the payloads of all buttons that the bot has shown since the customer's last message."""
    offered: set[str] = set()
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            offered.update(str(button.get("payload", "")).strip() for button in _buttons(event.data or {}))
    return offered


def _buttons(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from data.get("buttons") or []
    yield from data.get("quick_replies") or []
    for element in data.get("elements") or []:
        yield from element.get("buttons") or []
