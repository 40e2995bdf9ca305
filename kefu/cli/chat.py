"""`kefu chat`: plain lines over the REST channel. Choices are numbered, and a typed number picks one."""

import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

import click
import requests

from kefu.dialogue.form.pressed import picked
from kefu.errors import KefuError, SettingsError

TOKEN_VARIABLE = "KEFU_REST_TOKEN"
DEFAULT_URL = "http://127.0.0.1:5005"
STOP = "/stop"
_PROMPT = "you  › "
_BOT = "kefu ‹ "
_INDENT = " " * len(_BOT)
_WEBHOOK = "/webhooks/rest/webhook"
# Longer than the server's own deadline for an action, after which it sends a service message itself.
_PATIENCE_SECONDS = 90.0
_HINT = "直接输入问题；数字选择选项；/stop 结束。 Type your question; a number picks a choice; /stop ends.\n"
_NO_REPLY = "（没有回复 / no reply）"


class UndeliveredError(KefuError):
    """A message did not reach the assistant, or its answer did not come back."""


@dataclass
class Conversation:
    """One customer's conversation with a Rasa server, by its REST channel."""

    url: str
    sender: str
    _choices: list[str] = field(default_factory=list, init=False)

    def say(self, text: str) -> list[str]:
        """Send a line and give the reply's lines; a number that was offered is sent as its choice's payload.

        :raises UndeliveredError: if the server is away, late, or answers something else than messages.
        """
        messages = self._post(self._meant(text))
        self._choices = []
        lines = [line for message in messages for line in self._lines(message)]
        return lines or [_NO_REPLY]

    def _meant(self, text: str) -> str:
        return picked(text, self._choices) or text

    def _post(self, text: str) -> list[dict[str, Any]]:
        body = {"sender": self.sender, "message": text}
        try:
            answer = requests.post(
                self.url.rstrip("/") + _WEBHOOK, json=body, timeout=_PATIENCE_SECONDS, headers=_authorization()
            )
            answer.raise_for_status()
            messages = answer.json()
        except requests.HTTPError as error:
            status = error.response.status_code
            remedy = f" It wants the token of its REST channel, in {TOKEN_VARIABLE}." if status == 401 else ""
            raise UndeliveredError(f"{self.url} answered {status}.{remedy}") from error
        except requests.JSONDecodeError as error:
            raise UndeliveredError(f"{self.url} is not a Rasa server: its answer is not JSON.") from error
        except requests.Timeout as error:
            raise UndeliveredError(f"{self.url} gave no answer within {_PATIENCE_SECONDS:.0f} s.") from error
        except requests.RequestException as error:
            raise UndeliveredError(f"{self.url} cannot be reached ({type(error).__name__}).") from error
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise UndeliveredError(f"{self.url} is not Rasa's REST channel: its answer is not a list of messages.")
        return messages

    def _lines(self, message: dict[str, Any]) -> Iterator[str]:
        if message.get("text"):
            yield from str(message["text"]).splitlines()
        for kind in ("image", "attachment", "custom"):
            if message.get(kind):
                yield f"[{kind}] {message[kind]}"
        for button in message.get("buttons") or []:
            title = str(button.get("title", ""))
            self._choices.append(str(button.get("payload") or title))
            yield f"  {len(self._choices)}. {title}"


def _authorization() -> dict[str, str]:
    token = os.environ.get(TOKEN_VARIABLE)
    return {"Authorization": f"Bearer {token}"} if token else {}


def converse(
    conversation: Conversation, source: TextIO, sink: TextIO, explain: Callable[[], str | None] = lambda: None
) -> bool:
    """Talk until /stop or the end of the input; say whether every line was delivered.

    :param explain: gives more words about a server that is away, where the caller knows some.
    """
    asks = source.isatty()
    delivered = True
    if asks:
        _write(sink, _HINT)
    for text in _typed(source, sink, asks):
        try:
            lines = conversation.say(text)
        except UndeliveredError as error:
            delivered = False
            lines = ["消息没有送达，请稍后再试。 Your message was not delivered; please try again.", str(error)]
            lines += (explain() or "").splitlines()
        _write(sink, "".join((_INDENT if position else _BOT) + line + "\n" for position, line in enumerate(lines)))
        _write(sink, "\n")
    return delivered


def _typed(source: TextIO, sink: TextIO, asks: bool) -> Iterator[str]:
    """Yield the lines to send. What comes through a pipe is echoed, so that the transcript reads like a terminal's."""
    while True:
        try:
            line = input(_PROMPT) if asks else source.readline()
        except EOFError:
            _write(sink, "\n")
            return
        if not asks and not line:
            return
        text = line.strip()
        if not asks and text:
            _write(sink, f"{_PROMPT}{text}\n")
        if text == STOP:
            return
        if text:
            yield text


def _write(sink: TextIO, text: str) -> None:
    sink.write(text)
    sink.flush()


def talk(url: str, sender: str | None = None, explain: Callable[[], str | None] = lambda: None) -> bool:
    """Converse over this process's own input and output, whatever bytes come in; False if a line was not delivered."""
    if sys.stdin is None:
        return True
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            # A byte that is not text must not end the conversation.
            stream.reconfigure(errors="replace")
    if sys.stdin.isatty():
        import readline  # noqa: F401 (gives `input` a history and keys that work)
    return converse(Conversation(url, sender or uuid.uuid4().hex), sys.stdin, sys.stdout, explain)


@click.command("chat")
@click.option("--url", default=DEFAULT_URL, show_default=True, help="Address of the Rasa server.")
@click.option("--sender", help="Id of the conversation (default: a new one).")
def command(url: str, sender: str | None) -> None:
    """Talk to a running assistant; /stop, the end of the input or Ctrl-C ends. Exit 1 if a line was not delivered."""
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"--url must begin with http:// or https://; it is {url!r}.")
    try:
        delivered = talk(url, sender)
    except KeyboardInterrupt:
        click.echo()
        return
    if not delivered:
        raise SystemExit(1)
