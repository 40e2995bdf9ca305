"""Reads a chat completion as it comes: server-sent events, or one JSON object from a server that does not stream."""

import json
from collections.abc import Iterator
from typing import Any, Literal

import requests

from kefu.errors import GenerationStopped, RemoteModelError
from kefu.models.generator_base import Task

# A token is hardly ever longer than this many characters; a server that sends more ignores the limit it was given.
_CHARACTERS_OF_A_TOKEN = 16
_LONGEST_EVENT = 1_000_000  # bytes
_DONE = "[DONE]"
_WRITTEN = ("content", "reasoning_content", "reasoning")

Finish = Literal["stop", "length"]


def read_completion(response: requests.Response, task: Task) -> tuple[str, Finish]:
    """Give the text of a completion and why it ended; reading ends at the task's caps and its deadline.

    :raises RemoteModelError: if it breaks off, or is no completion.
    :raises GenerationStopped: if the task is over.
    """
    if "text/event-stream" not in response.headers.get("Content-Type", ""):
        return _whole(response, task)
    text, finish, pieces = "", "", 0
    events = _events(response, task)
    for event in events:
        if event == _DONE:
            finish = finish or "stop"
            next(events, None)  # the end of the body, without which the connection cannot be used again
            break
        choice = _choice(_parsed(event))
        delta = choice.get("delta")
        written = delta if isinstance(delta, dict) else {}
        text += _text(written.get("content"))
        finish = str(choice.get("finish_reason") or finish)
        # Thinking that comes apart from the text counts as well; what only opens or closes a message does not.
        pieces += any(written.get(name) for name in _WRITTEN)
        if not finish and (pieces > task.max_tokens or len(text) > task.max_tokens * _CHARACTERS_OF_A_TOKEN):
            return text, "length"
    if not finish:
        raise RemoteModelError("The generator's answer broke off.")
    return text, "length" if finish == "length" else "stop"


def _whole(response: requests.Response, task: Task) -> tuple[str, Finish]:
    longest = task.max_tokens * _CHARACTERS_OF_A_TOKEN
    choice = _choice(_parsed(b"".join(_chunks(response, task)).decode("utf-8", "replace")))
    message = choice.get("message")
    text = _text(message.get("content") if isinstance(message, dict) else None)
    is_cut = choice.get("finish_reason") == "length" or len(text) > longest
    return text[:longest], "length" if is_cut else "stop"


def _events(response: requests.Response, task: Task) -> Iterator[str]:
    """Give the data of each event. An event ends with its line here: OpenAI's protocol has one line in each."""
    kept = b""
    for chunk in _chunks(response, task):
        *lines, kept = (kept + chunk).split(b"\n")
        if len(kept) > _LONGEST_EVENT:
            raise RemoteModelError("The generator sent an event without an end.")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[len(b"data:") :].strip().decode("utf-8", "replace")


def _chunks(response: requests.Response, task: Task) -> Iterator[bytes]:
    """Give what comes, as it comes, until the task is over."""
    total, most = 0, _LONGEST_EVENT + task.max_tokens * 4096
    try:
        for chunk in response.iter_content(chunk_size=None):
            if task.is_over:
                raise GenerationStopped("The generator did not finish its answer in time.")
            total += len(chunk)
            if total > most:
                raise RemoteModelError(f"The generator sent more than {most} bytes.")
            yield chunk
    except requests.RequestException as error:
        raise RemoteModelError(f"The generator's answer broke off ({type(error).__name__}).") from error


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RemoteModelError("The generator sent something that is not JSON.") from error


def _choice(event: Any) -> dict[str, Any]:
    """Give the first choice of an event; an event without one (such as the count of tokens) has none to say."""
    choices = event.get("choices") if isinstance(event, dict) else None
    if not isinstance(choices, list):
        raise RemoteModelError("The generator's answer has no `choices`.")
    if not choices:
        return {}
    if not isinstance(choices[0], dict):
        raise RemoteModelError("The generator's first choice is no mapping.")
    return choices[0]


def _text(content: Any) -> str:
    if content is None:
        return ""
    if not isinstance(content, str):
        raise RemoteModelError("The generator's text is not a text.")
    return content
