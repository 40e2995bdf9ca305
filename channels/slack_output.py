"""What is sent to Slack: text, Block Kit buttons, pictures; with deadlines and a bounded number of tries."""

import asyncio
import logging
from typing import Any

from aiohttp import ClientConnectorError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from kefu.channels.replies import Button, Reply, ReplyChannel
from kefu.channels.slack_events import Address, button_value, escaped
from kefu.channels.store import ChannelStore

API = "https://slack.com/api/"
_TIMEOUT = 10  # seconds, of one call
_LONGEST_WAIT = 10.0  # seconds that are waited at Slack's word; a turn has no more
_LONGEST_TITLE = 75  # characters of a button (Block Kit)
_MOST_BUTTONS = 25  # of one block
_LONGEST_SECTION = 3000  # characters

# The library logs what it gets and sends. Calls that fail raise, and are logged where they were made.
_QUIET = logging.getLogger("kefu.channels.slack.client")
_QUIET.setLevel(logging.CRITICAL)


class _PatientForAWhile(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack says, where that is not too long."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        headers = {name.lower(): value for name, value in (response.headers or {}).items()}
        value = headers.get("retry-after", "1")
        value = value[0] if isinstance(value, list) else value
        return str(value).isdigit() and float(value) <= _LONGEST_WAIT


def slack_client(token: str, api: str = API) -> AsyncWebClient:
    """Make a client of Slack's Web API."""
    # Where a connection breaks off later, the message may have arrived, and would arrive twice.
    unsent = AsyncConnectionErrorRetryHandler(max_retry_count=1, error_types=[ClientConnectorError])
    retries = [_PatientForAWhile(max_retry_count=2), unsent]
    return AsyncWebClient(token, base_url=api, timeout=_TIMEOUT, retry_handlers=retries, logger=_QUIET)


class SlackOutput(ReplyChannel):
    """Sends to a conversation. In a channel only who asked sees the answer, unless ``is_visible``."""

    @classmethod
    def name(cls) -> str:
        """Give the name that responses of the domain have for it."""
        return "slack"

    def __init__(self, client: AsyncWebClient, store: ChannelStore, is_visible: bool = False) -> None:
        self._client = client
        self._store = store
        self._is_visible = is_visible

    async def send_reply(self, conversation: str, reply: Reply) -> None:
        """Send a reply; its buttons carry keys, not payloads."""
        address = Address.of(conversation)
        payloads = [button.payload for button in reply.buttons[:_MOST_BUTTONS]]
        keys = await asyncio.to_thread(self._store.offer, conversation, payloads)
        text = reply.text or str(reply.attachment or "")
        content: dict[str, Any] = {"channel": address.channel, "text": escaped(text)}
        if blocks := _blocks(text, reply, keys, address):
            content["blocks"] = blocks
        if address.thread:
            content["thread_ts"] = address.thread
        if address.is_direct or self._is_visible:
            await self._client.chat_postMessage(**content, unfurl_links=False, unfurl_media=False)
        else:
            await self._client.chat_postEphemeral(**content, user=address.user)


def _blocks(text: str, reply: Reply, keys: list[str], address: Address) -> list[dict[str, Any]]:
    """Make blocks where plain text is not enough."""
    if not keys and not reply.image:
        return []
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": text[at : at + _LONGEST_SECTION]}}
        for at in range(0, len(text), _LONGEST_SECTION)
    ]
    if reply.image:
        blocks.append({"type": "image", "image_url": reply.image, "alt_text": text[:200] or "picture"})
    if keys:
        buttons = [
            _button(button, button_value(key, address), f"choice_{at}")
            for at, (button, key) in enumerate(zip(reply.buttons, keys, strict=False))
        ]
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def _button(button: Button, value: str, action: str) -> dict[str, Any]:
    title = {"type": "plain_text", "text": button.title[:_LONGEST_TITLE]}
    return {"type": "button", "text": title, "value": value, "action_id": action}
