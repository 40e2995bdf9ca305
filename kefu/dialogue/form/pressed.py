"""What a pressed button means. Anybody can type a payload, so that one counts only with the summary's fingerprint."""

import json
import re
from collections.abc import Sequence

from kefu.dialogue.turn import Draft, Reading
from kefu.text import is_payload, normalise

_AFFIRM, DENY = "/affirm", "/deny"
YES_NO = frozenset({"confirmed"})  # slots that a yes or a no answers
NUMBERED = "numbered"  # in a message's metadata: its choices, where they were shown as numbered lines
_PLACE = re.compile(r"([1-9][0-9]?)[.。)]?")


def picked(text: str, payloads: Sequence[str]) -> str | None:
    """Give the payload that a bare number picks from choices which were shown with numbers; None for other texts."""
    place = _PLACE.fullmatch(normalise(text))
    return payloads[int(place[1]) - 1] if place and int(place[1]) <= len(payloads) else None


def pressed(text: str, payloads: Sequence[str]) -> str | None:
    """Give what a bare number stands for where one of the choices sends a payload; None otherwise.

    Choices that all send words are a list which the dialogue reads: "2" may be two pieces there, "2 and 3" both.
    """
    return picked(text, payloads) if any(map(is_payload, payloads)) else None


def affirming(summary: str) -> str:
    """Give the payload that says yes to a summary, by its fingerprint."""
    return _AFFIRM + json.dumps({"summary": summary})


def intent_of(payload: str) -> str:
    """Name the intent of a payload: ``/affirm{…}`` is ``affirm``."""
    return payload.strip().lstrip("/").partition("{")[0]


def read_pressed(payload: str, draft: Draft) -> Reading:
    """Read ``/affirm{"summary": …}`` and ``/deny``; any other payload gives nothing."""
    payload = payload.strip()
    if draft.asked not in YES_NO or draft.asked not in draft.fills:
        return Reading()
    if payload == DENY:
        return Reading(answer="no")
    if draft.summary is not None and _fingerprint(payload) == draft.summary:
        return Reading(answer="yes")
    return Reading()


def _fingerprint(payload: str) -> str | None:
    if not payload.startswith(_AFFIRM):
        return None
    try:
        content = json.loads(payload.removeprefix(_AFFIRM))
    except (ValueError, RecursionError):
        return None
    fingerprint = content.get("summary") if isinstance(content, dict) else None
    return fingerprint if isinstance(fingerprint, str) else None
