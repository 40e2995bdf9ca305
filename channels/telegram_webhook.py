"""Tells Telegram where updates go; once, and again when the address changes.

KEFU_TELEGRAM_TOKEN=… python -m kefu.channels.telegram_webhook https://chat.shop.example
"""

import asyncio
import os
import sys
from collections.abc import Sequence

from kefu.channels.telegram_api import API, TelegramApi, webhook_secret
from kefu.errors import KefuError, SettingsError

TOKEN_VARIABLE = "KEFU_TELEGRAM_TOKEN"
_PATH = "/webhooks/telegram/webhook"
_KINDS = ["message", "callback_query"]


async def set_webhook(address: str, token: str, api: str = API) -> str:
    """Set the webhook of a server's public address, and give it.

    :raises KefuError: if the address is not https, or Telegram refuses it or cannot be reached.
    """
    if not address.startswith("https://"):
        raise SettingsError(f"Telegram posts to https:// addresses only; this is {address!r}.")
    url = address.rstrip("/") + _PATH
    telegram = TelegramApi(token, api)
    try:
        await telegram.call("setWebhook", url=url, secret_token=webhook_secret(token), allowed_updates=_KINDS)
    finally:
        await telegram.close()
    return url


def main(arguments: Sequence[str]) -> int:
    """Set the webhook; give the exit status."""
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if len(arguments) != 1 or not token:
        print(f"usage: {TOKEN_VARIABLE}=… python -m kefu.channels.telegram_webhook https://HOST", file=sys.stderr)
        return 2
    try:
        print(f"Telegram posts to {asyncio.run(set_webhook(arguments[0], token))}")
    except KefuError as error:
        print(f"kefu: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
