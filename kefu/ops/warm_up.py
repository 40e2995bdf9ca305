"""Having the action server load embedding model and knowledge before the first customer waits for it.

Its health check answers before that, and on a slow machine loading takes longer than the Rasa server waits for an
action, so that the first customer would get a service message. A generator in that process begins to load with its
first action, and is not waited for: until it is there, sentences are quoted.
"""

import importlib.metadata

import requests

ACTION = "action_answer_question"
_QUESTION = "几天可以退货？"


def ask_once(webhook: str, patience: float) -> bool:
    """Have a question answered by an action server as Rasa would, outside any conversation; nothing is stored.

    :param patience: seconds.
    :return: False if it was not answered (late, away, or a project without this action): no reason not to go on.
    """
    message = {"text": _QUESTION, "intent": {"name": "ask_question", "confidence": 1.0}, "entities": []}
    tracker = {
        "sender_id": "kefu-warm-up",
        "slots": {},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    call = {
        "next_action": ACTION,
        "sender_id": tracker["sender_id"],
        "tracker": tracker,
        "domain": {},
        "version": importlib.metadata.version("rasa-sdk"),
    }
    try:
        return requests.post(webhook, json=call, timeout=patience).status_code == 200
    except requests.RequestException:
        return False
