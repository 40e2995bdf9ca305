"""Telegram's Bot API over one kept-alive session: with deadlines and a bounded number of tries."""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import aiohttp

from kefu.errors import KefuError

API = "https://api.telegram.org"
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_TRIES = 3
_NOT_SENT = 0  # in the place of a status: there was no connection
_LONGEST_WAIT = 10.0  # seconds that are waited at Telegram's word; a turn has no more


class TelegramError(KefuError):
    """A call failed. The address of a call holds the token, so that neither it nor its cause is ever quoted."""


def webhook_secret(token: str) -> str:
    """Give what Telegram shows with every update: made from the token, so that there is one secret less to keep."""
    return hmac.new(token.encode(), b"kefu telegram webhook", hashlib.sha256).hexdigest()


class TelegramApi:
    """Calls methods; the session is opened by the first call."""

    def __init__(self, token: str, api: str = API) -> None:
        self._base = f"{api.rstrip('/')}/bot{token}"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method and give its result. Tried again where nothing was sent, or Telegram asks for patience.

        After any other failure the message may have arrived, and would arrive twice.

        :raises TelegramError: if it is refused, or Telegram cannot be reached in time.
        """
        for attempt in range(1, _TRIES + 1):
            status, answer = await self._post(method, parameters, is_last=attempt == _TRIES)
            if status == 200 and answer.get("ok"):
                return answer.get("result")
            wait = _seconds_to_wait(status, answer)
            if attempt == _TRIES or wait is None:
                break
            await asyncio.sleep(wait)
        raise TelegramError(f"Telegram's {method} answered {status}.")

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, method: str, parameters: dict[str, Any], *, is_last: bool) -> tuple[int, dict[str, Any]]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        try:
            async with self._session.post(f"{self._base}/{method}", json=parameters) as response:
                return response.status, _read(await response.read())
        except aiohttp.ClientConnectorError as error:
            if not is_last:
                return _NOT_SENT, {}
            raise TelegramError(f"Telegram cannot be reached ({type(error).__name__}).") from None
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise TelegramError(f"Telegram's {method} failed ({type(error).__name__}).") from None


def _read(body: bytes) -> dict[str, Any]:
    """Read an answer; a proxy on the way may answer with a page."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds_to_wait(status: int, answer: dict[str, Any]) -> float | None:
    """Say how long to wait before another try; None where that would not help, or last too long."""
    if status == _NOT_SENT:
        return 0.5
    if status != 429:
        return None
    parameters = answer.get("parameters")
    named = parameters.get("retry_after", 1) if isinstance(parameters, dict) else 1
    return float(named) if isinstance(named, int | float) and named <= _LONGEST_WAIT else None
