"""A reply as channels send it: one value for all that Rasa's responses may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import OutputChannel


@dataclass(frozen=True)
class Button:
    """A choice: what it says, and what it means."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """A reply: words, choices, a picture's address, and where the words come from.

    ``source`` is the title of the help page that answers, ``link`` its address, ``as_of`` when it was true.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None
    attachment: Any = None
    custom: Any = None
    source: str | None = None
    as_of: str | None = None
    link: str | None = None


def reply_of(message: dict[str, Any]) -> Reply:
    """Read what Rasa wants sent; elements of a carousel become lines and choices."""
    elements = [element for element in message.get("elements") or [] if isinstance(element, dict)]
    lines = [str(message.get("text") or ""), *(_line(element) for element in elements)]
    return Reply(
        text="\n".join(line for line in lines if line),
        buttons=tuple(_buttons(message, elements)),
        image=message.get("image") or None,
        attachment=message.get("attachment") or None,
        custom=message.get("custom") or None,
        source=_text(message.get("source")),
        as_of=_text(message.get("as_of")),
        link=_text(message.get("link")),
    )


def _line(element: dict[str, Any]) -> str:
    return ": ".join(str(part) for part in (element.get("title"), element.get("subtitle")) if part)


def _buttons(message: dict[str, Any], elements: list[dict[str, Any]]) -> Iterator[Button]:
    holders = [message.get("buttons"), message.get("quick_replies"), *(element.get("buttons") for element in elements)]
    for holder in holders:
        for button in holder or []:
            title = str(button.get("title") or "").strip()
            if title:
                yield Button(title, str(button.get("payload") or title))


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


class ReplyChannel(OutputChannel):
    """An output channel that sends whole replies; the recipient is the conversation's id."""

    async def send_reply(self, conversation: str, reply: Reply) -> None:
        """Send one reply."""
        raise NotImplementedError

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send what Rasa wants sent, in one piece."""
        await self.send_reply(recipient_id, reply_of(message))

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Send words."""
        await self.send_reply(recipient_id, Reply(text))
