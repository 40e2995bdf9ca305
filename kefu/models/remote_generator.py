"""A chat model in a server that speaks OpenAI's ``/v1/chat/completions``: vLLM, SGLang, Ollama, hosted ones."""

import time
from collections.abc import Callable
from typing import Any

import requests

from kefu.errors import GenerationStopped, RemoteModelError
from kefu.models.chat_stream import read_completion
from kefu.models.generator_base import BoundedGenerator, Task
from kefu.models.model_server import (
    AWAY,
    BACKOFF_SECONDS,
    TRANSIENT,
    authorisation,
    kept_alive_session,
    versioned_endpoint,
)
from kefu.models.outage import Outage
from kefu.protocols import Completion, GeneratorIdentity
from kefu.settings import GeneratorSettings


class RemoteGenerator(BoundedGenerator):
    """Asks a server for an answer and reads it as it is written.

    What may pass (429, 5xx, no connection) is tried again, after as long as the server says, while there is time.
    """

    def __init__(self, settings: GeneratorSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings, workers=settings.concurrency)
        self._endpoint = versioned_endpoint(settings.url or "", "chat/completions")
        self._session = kept_alive_session(0)
        self._outage = Outage(clock)

    def _load(self) -> GeneratorIdentity:
        # The server is not asked: while it is away, sentences are quoted, and that must not keep a process from
        # starting.
        return GeneratorIdentity(name=self.settings.model, fingerprint=f"remote:{self.settings.model}")

    def _write(self, task: Task) -> Completion:
        tries = 1 if self._outage.is_suspected else 1 + self.settings.retries
        if not self._outage.may_ask():
            raise RemoteModelError(f"{self._endpoint} did not answer a moment ago; it is asked again in some seconds.")
        for tried in range(1, tries + 1):
            outcome = self._try(task, tried, is_last=tried == tries)
            if isinstance(outcome, Completion):
                return outcome
            task.stop.wait(outcome)
        raise GenerationStopped("The generator did not finish its answer in time.")

    def _try(self, task: Task, tried: int, *, is_last: bool) -> Completion | float:
        """Ask once; give the answer, or after how many seconds to ask again.

        :raises RemoteModelError: if there is no use or no time for that.
        """
        if task.is_over:
            raise GenerationStopped("The generator did not begin its answer in time.")
        try:
            response = self._session.post(
                self._endpoint,
                json=self._body(task),
                headers=authorisation(self.settings),
                timeout=task.seconds_left,
                stream=True,
            )
        except requests.RequestException as error:
            # A server that says nothing until the deadline had its time; a refused connection costs none.
            if is_last or isinstance(error, requests.Timeout):
                self._outage.failed()
                raise RemoteModelError(
                    f"{self._endpoint} cannot be reached in time ({type(error).__name__}). Is the server running?"
                ) from error
            return BACKOFF_SECONDS * tried
        with response:
            return self._outcome(response, task, tried, is_last=is_last)

    def _outcome(self, response: requests.Response, task: Task, tried: int, *, is_last: bool) -> Completion | float:
        if response.ok:
            self._outage.answered()
            text, finish = read_completion(response, task)
            return Completion(text, finish, self.settings.model)
        delay = _delay(response, tried)
        if response.status_code not in TRANSIENT or is_last or delay >= task.seconds_left:
            if response.status_code in AWAY:
                self._outage.failed()
            else:
                self._outage.answered()
            raise RemoteModelError(f"{self._endpoint} answered {response.status_code}.")
        return delay

    def _body(self, task: Task) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": [{"role": message.role, "content": message.content} for message in task.messages],
            "max_tokens": task.max_tokens,
            "temperature": task.temperature,
            "stream": True,
        }
        if self.settings.chat_options:
            body["chat_template_kwargs"] = {"enable_thinking": False}
        return {**body, **self.settings.extra_body}


def _delay(response: requests.Response, tried: int) -> float:
    """Say how many seconds to wait before the next try: as many as the server says, or else a little longer each time.

    A date in ``Retry-After`` is not read: the customer would not wait for it anyway.
    """
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else BACKOFF_SECONDS * tried
