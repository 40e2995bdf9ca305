"""`transformers serve` runs a Qwen3 chat model: does Kefu's client keep its contract with it?"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import transformers_serve
from chat_model import let_it_end, random_chat_model
from environments import WORK
from findings import Finding, rate, seconds
from texts import CHINESE, ENGLISH, MARKS, MIXED

from kefu.errors import GenerationStopped
from kefu.models.generator_base import BoundedGenerator
from kefu.models.loader import build_generator
from kefu.protocols import Completion, Message
from kefu.settings import GeneratorSettings

_TOKENS = 12
_PATIENCE = 300.0  # seconds of one answer, where time is not what is checked
_DEADLINE = 0.5
_ENDLESS = 1800  # tokens: no small model writes so many within the deadline
_SYSTEM = Message("system", "Answer briefly. 简短回答。")
ASKED = [*CHINESE[:5], *ENGLISH[:4], *MIXED[:3], *MARKS[-8:]]


def check_generator(model: Path | None) -> tuple[list[Finding], dict[str, str]]:
    """Compare what a client gets with the same model in this process, and hold the client to its time and turns.

    :param model: its folder; None: one with random weights.
    :raises EnvironmentMissing: if the server cannot be installed.
    :raises ServerFailed: if it does not come up.
    """
    folder = model or random_chat_model(WORK / "chat-model")
    if model is None:
        let_it_end(folder, _chat(ASKED[0]), after=5)
    own = GeneratorSettings(
        model=str(folder), device="cpu", dtype="float32", max_tokens=_TOKENS, timeout=_PATIENCE, queue=len(ASKED)
    )
    print("transformers serve: starting", file=sys.stderr, flush=True)
    with transformers_serve.serving(folder) as url:
        served = replace(own, url=url)
        found = [
            *_same_answers(own, served),
            _same_answers_at_once(served),
            _without_template_options(own, served),
            *_leaves_in_time(served),
        ]
    return found, transformers_serve.versions()


def _same_answers(own: GeneratorSettings, served: GeneratorSettings) -> list[Finding]:
    """Compare texts and reasons to end, both of which must occur."""
    ours, theirs = _answers(_made(own)), _answers(_made(served))
    texts = [_whole(one) == _whole(other) for one, other in zip(ours, theirs, strict=True)]
    finishes = [one.finish == other.finish for one, other in zip(ours, theirs, strict=True)]
    itself = "the model in process"
    return [
        rate("RemoteGenerator, the same text", itself, ASKED, texts, bound=1.0),
        rate("RemoteGenerator, the same end", itself, ASKED, finishes, bound=1.0),
        rate("answers cut at their cap", "", ASKED, [one.finish == "length" for one in theirs]),
        rate("answers that ended by themselves", "", ASKED, [one.finish == "stop" for one in theirs]),
    ]


def _same_answers_at_once(served: GeneratorSettings) -> Finding:
    """Ask four at a time over kept-alive connections: each caller gets the answer to his own chat."""
    alone = _answers(_made(served))
    generator = _made(replace(served, concurrency=4))
    with ThreadPoolExecutor(4) as callers:
        together = list(callers.map(lambda text: generator.complete(_chat(text)), ASKED))
    same = [one == other for one, other in zip(alone, together, strict=True)]
    return rate("RemoteGenerator, four at a time", "one at a time", ASKED, same, bound=1.0)


def _without_template_options(own: GeneratorSettings, served: GeneratorSettings) -> Finding:
    """Leave out what turns thinking off: the answers must be others, or nothing above would show that it arrives."""
    ours = _answers(_made(own))
    theirs = _answers(_made(replace(served, chat_options=False)))
    same = [_whole(one) == _whole(other) for one, other in zip(ours, theirs, strict=True)]
    return rate("the same text, thinking left on", "the model in process", ASKED, same, bound=0.5, at_most=True)


def _leaves_in_time(served: GeneratorSettings) -> list[Finding]:
    """Stop long answers by deadline and by cancelling; the server answers the next caller as if nothing had been."""
    generator = _made(replace(served, max_tokens=_ENDLESS))
    cancel = threading.Event()
    threading.Timer(_DEADLINE, cancel.set).start()
    cancelled = _seconds_until_stopped(lambda: generator.complete(_chat(ASKED[1]), cancel=cancel))
    late = _seconds_until_stopped(lambda: generator.complete(_chat(ASKED[1]), timeout=_DEADLINE))
    began = time.monotonic()
    generator.complete(_chat(ASKED[1]), max_tokens=4)
    return [
        seconds("a cancelled answer, seconds", "", cancelled, _DEADLINE + 0.5),
        seconds("an answer past its deadline, seconds", "", late, _DEADLINE + 0.5),
        seconds("the next answer, seconds", "", time.monotonic() - began, 5.0),
    ]


def _seconds_until_stopped(ask: Callable[[], Completion]) -> float:
    """Give how long a call took that must end without an answer; infinitely long if it gave one."""
    began = time.monotonic()
    try:
        ask()
    except GenerationStopped:
        return time.monotonic() - began
    return float("inf")


def _answers(generator: BoundedGenerator) -> Sequence[Completion]:
    return [generator.complete(_chat(text)) for text in ASKED]


def _whole(completion: Completion) -> str:
    """Leave out half a character at a cut: a stream never sends it, and in one piece it is decoded as U+FFFD."""
    return completion.text.rstrip("\ufffd")


def _chat(text: str) -> list[Message]:
    return [_SYSTEM, Message("user", text)]


def _made(settings: GeneratorSettings) -> BoundedGenerator:
    generator = build_generator(settings)
    assert generator is not None
    generator.warm_up()
    return generator
