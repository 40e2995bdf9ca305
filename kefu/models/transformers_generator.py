"""A Qwen3 chat model in this process, computed by transformers on any of its devices."""

from typing import Any

from kefu.errors import GenerationStopped, ModelError
from kefu.models.checkpoint import locate
from kefu.models.generator_base import BoundedGenerator, Task
from kefu.models.transformers_engine import TransformersModel, load, refuse_unknown
from kefu.protocols import Completion, GeneratorIdentity
from kefu.settings import GeneratorSettings


class TransformersGenerator(BoundedGenerator):
    """Writes one answer at a time; between two tokens it looks whether anybody still waits."""

    def __init__(self, settings: GeneratorSettings) -> None:
        super().__init__(settings, workers=1)
        refuse_unknown(settings)
        self._loaded: TransformersModel | None = None

    def _load(self) -> GeneratorIdentity:
        settings = self.settings
        folder = locate(settings.model, settings.role)
        self._loaded = load(folder, settings, "AutoModelForCausalLM", settings.quantisation)
        if not self._loaded.tokenizer.chat_template:
            raise ModelError(f"{settings.model} has no chat template, so it cannot answer; Qwen/Qwen3-8B has one.")
        return GeneratorIdentity(name=settings.model, fingerprint=self._loaded.fingerprint)

    def _write(self, task: Task) -> Completion:
        import torch
        from transformers import StoppingCriteriaList

        assert self._loaded is not None
        prompt = self._prompt(task)
        length = prompt["input_ids"].shape[1]
        sampling = {"do_sample": True, "temperature": task.temperature} if task.temperature else {"do_sample": False}
        with torch.inference_mode():
            rows = self._loaded.model.generate(
                **prompt,
                **sampling,
                max_new_tokens=task.max_tokens,
                stopping_criteria=StoppingCriteriaList([lambda *_, **__: task.is_over]),
                pad_token_id=self._loaded.tokenizer.pad_token_id,
            )
        if task.is_over:
            raise GenerationStopped("The generator did not finish its answer in time.")
        written = rows[0, length:]
        with self._loaded.tokenizing:
            text = self._loaded.tokenizer.decode(written, skip_special_tokens=True)
        is_cut = len(written) >= task.max_tokens and int(written[-1]) not in self._ends()
        return Completion(text, "length" if is_cut else "stop", self.settings.model)

    def _prompt(self, task: Task) -> dict[str, Any]:
        """Word the chat by the model's own template, as ``input_ids`` and ``attention_mask`` of ``[1, tokens]``.

        :raises ModelError: if it is longer than the settings allow.
        """
        assert self._loaded is not None
        with self._loaded.tokenizing:
            prompt = self._loaded.tokenizer.apply_chat_template(
                [{"role": message.role, "content": message.content} for message in task.messages],
                add_generation_prompt=True,
                enable_thinking=False,
                return_tensors="pt",
                return_dict=True,
            )
        length = prompt["input_ids"].shape[1]
        if length > self.settings.max_length:
            raise ModelError(f"The prompt has {length} tokens; `max_length` allows {self.settings.max_length}.")
        # Some tokenizers add what Qwen3 does not take.
        return {name: prompt[name].to(self._loaded.device) for name in ("input_ids", "attention_mask")}

    def _ends(self) -> set[int]:
        """Give the ids of tokens that end an answer."""
        assert self._loaded is not None
        ends = self._loaded.model.generation_config.eos_token_id
        return set(ends if isinstance(ends, list) else [ends])
