"""What a pressed button means. Anybody can type a payload, so that one counts only with the summary's fingerprint."""

import json

from kefu.dialogue.turn import Draft, Reading

_AFFIRM, DENY = "/affirm", "/deny"
YES_NO = frozenset({"confirmed"})  # slots that a yes or a no answers


def affirming(summary: str) -> str:
    """Give the payload that says yes to a summary, by its fingerprint."""
    return _AFFIRM + json.dumps({"summary": summary})


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
