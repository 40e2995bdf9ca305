"""The action server as the Rasa server sees it: every call has a deadline, every failure one exception.

Plain actions, form validators and slot extraction all call the action server through one
``EndpointConfig.request``. Failing there, with an exception that Rasa does not catch and drop on the way, is what
makes every failure visible to the turn it happens in.
"""

import asyncio
import json
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from kefu.errors import ActionServerError
from kefu.server.deadline import seconds_left


class WatchedEndpoint(EndpointConfig):
    """Passes calls on to the endpoint it wraps, for at most ``timeout`` seconds each."""

    def __init__(self, endpoint: EndpointConfig, timeout: float) -> None:
        super().__init__(url=endpoint.url, store_type=endpoint.type, **endpoint.kwargs)
        self._endpoint = endpoint
        self._timeout = timeout

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Call the action server and give its answer.

        :raises ClientResponseError: with status 400, if the action declined to run (Rasa's own convention).
        :raises ActionServerError: if it is away, late, failing, or answers something that is no JSON object.
        """
        action = str((kwargs.get("json") or {}).get("next_action", "?"))
        seconds = min(self._timeout, seconds_left())
        # `from None` throughout: the causes quote the server's answer, which may repeat the whole conversation.
        try:
            answer = await asyncio.wait_for(self._endpoint.request(*args, **kwargs), seconds)
        except ClientResponseError as error:
            if error.status == 400 and _is_rejection(error.text):
                raise
            raise ActionServerError(f"`{action}` failed: the action server answered {error.status}.") from None
        except asyncio.TimeoutError:
            raise ActionServerError(f"`{action}` failed: no answer within {seconds:.1f} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            reason = f"{self.url} cannot be reached ({type(error).__name__}); is the action server running?"
            raise ActionServerError(f"`{action}` failed: {reason}") from None
        except ValueError:
            raise ActionServerError(f"`{action}` failed: the answer is no JSON.") from None
        if not isinstance(answer, dict):
            raise ActionServerError(f"`{action}` failed: the answer is no JSON object.")
        return answer


def _is_rejection(body: str | bytes) -> bool:
    try:
        return "action_name" in json.loads(body)
    except (ValueError, TypeError):
        return False
