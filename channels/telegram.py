"""Telegram: ``credentials.yml`` names ``kefu.channels.telegram.TelegramChannel``.

    POST /webhooks/telegram/webhook   updates, with the secret that ``kefu.channels.telegram_webhook`` has agreed on

Rasa's own answers 500 to every update, needs Telegram to start, and believes whoever posts. This one speaks in private
chats only.
"""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse

from kefu.channels.intake import Handler, Intake, Shared, shared
from kefu.channels.options import metadata_of, options_of, secret_from_environment
from kefu.channels.replies import Reply, ReplyChannel
from kefu.channels.store import ChannelStore
from kefu.channels.telegram_api import API, TelegramApi, webhook_secret
from kefu.channels.telegram_updates import Press, chat_of, message_of, press_of
from kefu.channels.telegram_webhook import TOKEN_VARIABLE
from kefu.channels.webhook import BadEvent, Deliveries, agent_of, checked_size, json_object, refusal

_SECRET_HEADER = "x-telegram-bot-api-secret-token"
_LONGEST_TEXT = 4096  # characters of one message
_LONGEST_TOAST = 200


@dataclass(frozen=True)
class TelegramOptions:
    """Options in credentials.yml. ``tier``: of everybody who writes here and of whom no more is known."""

    tier: str | None = None
    api: str = API


class TelegramOutput(ReplyChannel):
    """Sends to a chat."""

    @classmethod
    def name(cls) -> str:
        """Give the name that responses of the domain have for it."""
        return "telegram"

    def __init__(self, telegram: TelegramApi, store: ChannelStore) -> None:
        self._telegram = telegram
        self._store = store

    async def send_reply(self, conversation: str, reply: Reply) -> None:
        """Send a reply; its buttons are an inline keyboard under the last piece, and carry keys, not payloads."""
        chat = chat_of(conversation)
        payloads = [button.payload for button in reply.buttons]
        keys = await asyncio.to_thread(self._store.offer, conversation, payloads)
        if reply.image:
            await self._telegram.call("sendPhoto", chat_id=chat, photo=reply.image)
        text = reply.text or str(reply.attachment or "") or ("…" if keys else "")
        pieces = [text[at : at + _LONGEST_TEXT] for at in range(0, len(text), _LONGEST_TEXT)]
        for number, piece in enumerate(pieces, start=1):
            more: dict[str, Any] = {}
            if keys and number == len(pieces):
                rows = [
                    [{"text": button.title, "callback_data": key}]
                    for button, key in zip(reply.buttons, keys, strict=True)
                ]
                more["reply_markup"] = {"inline_keyboard": rows}
            await self._telegram.call(
                "sendMessage", chat_id=chat, text=piece, link_preview_options={"is_disabled": True}, **more
            )


class TelegramChannel(InputChannel):
    """Telegram; ``token`` is what BotFather gave."""

    @classmethod
    def name(cls) -> str:
        """Give the channel's name, which is also its address below /webhooks."""
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TelegramChannel":
        """Make the channel from credentials.yml, endpoints.yml and the environment; it needs no network.

        :raises SettingsError: if an option is wrong or the token is missing.
        """
        options = options_of(TelegramOptions, credentials, cls.name())
        token = secret_from_environment(TOKEN_VARIABLE, "Telegram", "the bot's token, as BotFather gave it,")
        return cls(shared(), token, options)

    def __init__(self, parts: Shared, token: str, options: TelegramOptions | None = None) -> None:
        options = options or TelegramOptions()
        self._parts = parts
        self._metadata = metadata_of(options.tier, self.name())
        self._bot = token.partition(":")[0]  # its public number: each bot counts its own updates
        self._secret = webhook_secret(token)
        self._telegram = TelegramApi(token, options.api)
        self._output = TelegramOutput(self._telegram, parts.store)

    def get_output_channel(self) -> OutputChannel:
        """Give what sends to chats from outside of a turn."""
        return self._output

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Give the webhook, with a health check beside it."""
        telegram = Blueprint("kefu_telegram", __name__)
        self._intake = Intake(
            self.name(), self._parts, on_new_message, self._output, agent_of(telegram), self._metadata
        )
        self._deliveries = Deliveries(self.name(), self._parts.store, self._intake)
        self._deliveries.finish_with(telegram)

        @telegram.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return responses.json({"status": "ok"})

        @telegram.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                await self._receive(request)
            except BadEvent as error:
                return refusal(error)
            return responses.empty(status=200)

        @telegram.after_server_stop
        async def close(*_: Any) -> None:
            await self._telegram.close()

        return telegram

    async def _receive(self, request: Request) -> None:
        shown = request.headers.get(_SECRET_HEADER) or ""
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), self._secret.encode()):
            raise BadEvent(401, "the secret token is missing or wrong")
        update = json_object(checked_size(request.body))
        number = update.get("update_id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise BadEvent(400, "the update has no id")
        press = press_of(update)
        incoming = None if press else message_of(update)
        if (press or incoming) and await self._deliveries.is_new(f"{self._bot}:{number}"):
            if press:
                self._deliveries.start(self._pressed(press))
            elif incoming:
                self._deliveries.take(incoming)

    async def _pressed(self, press: Press) -> None:
        """Take a pressed button, and end the waiting of the customer's app; a choice that is gone is said there."""
        gone = {}
        try:
            if await self._deliveries.settle(press.incoming) == "choice_gone":
                gone = {"text": (await self._intake.worded_choice_gone(press.incoming))[:_LONGEST_TOAST]}
        finally:
            await self._telegram.call("answerCallbackQuery", callback_query_id=press.query, **gone)
