"""A deterministic generator without a model, for tests: it says what it was told to say."""

from collections.abc import Callable, Sequence

from kefu.models.generator_base import BoundedGenerator, Task
from kefu.protocols import Completion, GeneratorIdentity, Message
from kefu.settings import GeneratorSettings

Script = Callable[[Sequence[Message]], str]


class ScriptedGenerator(BoundedGenerator):
    """Answers by a function of the messages, in as many words as it may; without one it repeats the last message."""

    def __init__(self, script: Script | None = None, settings: GeneratorSettings | None = None) -> None:
        super().__init__(settings or GeneratorSettings(model="fake"), workers=1)
        self._script: Script = script or (lambda messages: messages[-1].content)
        self.asked: list[tuple[Message, ...]] = []

    def _load(self) -> GeneratorIdentity:
        return GeneratorIdentity(name="fake", fingerprint="fake")

    def _write(self, task: Task) -> Completion:
        self.asked.append(tuple(task.messages))
        words = self._script(task.messages).split(" ")
        is_cut = len(words) > task.max_tokens
        return Completion(" ".join(words[: task.max_tokens]), "length" if is_cut else "stop", "fake")
