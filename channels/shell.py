"""The channel of `kefu shell`: Rasa's own, whose replies take the responses for the channel ``cmdline``.

Rasa's console talks to its server over REST, and so gets the variants with buttons; there Enter presses the first one.
"""

from asyncio import Queue
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.console import CmdlineInput
from rasa.core.channels.rest import QueueOutputChannel

_END = "DONE"  # tells Rasa's console that the turn is over


class ShellOutput(QueueOutputChannel):
    """Hands replies to the console."""

    @classmethod
    def name(cls) -> str:
        """Give the name that responses of the domain have for it."""
        return "cmdline"


class ShellChannel(CmdlineInput):
    """Takes what is typed at the console."""

    @staticmethod
    async def on_message_wrapper(
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        text: str,
        queue: "Queue[Any]",
        sender_id: str,
        input_channel: str,
        metadata: dict[str, Any] | None,
    ) -> None:
        """Have a message answered; the console stops waiting for replies whatever happens."""
        output = ShellOutput(queue)
        try:
            await on_new_message(UserMessage(text, output, sender_id, input_channel=input_channel, metadata=metadata))
        finally:
            await queue.put(_END)
