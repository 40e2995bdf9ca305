"""A small Qwen3 chat model with random weights, in the layout of Qwen3-8B."""

import json
from pathlib import Path

from random_qwen3 import random_language_model

from kefu.protocols import Message

_SEED = 20261128
# Qwen3's own way: with `enable_thinking` false, the answer begins after an empty block of thinking.
_TEMPLATE = """{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content }}\
{{ '<|im_end|>\\n' }}{%- endfor %}{{ '<|im_start|>assistant\\n' }}\
{%- if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"""


def random_chat_model(folder: Path) -> Path:
    """Write a chat model with the embedded vocabulary, which it answers any chat from at random."""
    random_language_model(folder, _SEED, is_tied=False)  # tied, it would only repeat its last token
    (folder / "chat_template.jinja").write_text(_TEMPLATE, encoding="utf-8")
    return folder


def let_it_end(folder: Path, messages: list[Message], after: int) -> None:
    """Make the token that the model writes at this place of an answer one that ends answers.

    Random weights hardly ever choose one of 20,000 tokens; this way an answer ends by itself, as a trained one does.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    chat = [{"role": message.role, "content": message.content} for message in messages]
    prompt = tokenizer.apply_chat_template(
        chat, add_generation_prompt=True, enable_thinking=False, return_tensors="pt", return_dict=True
    )
    length = prompt["input_ids"].shape[1]
    with torch.inference_mode():
        row = model.generate(
            input_ids=prompt["input_ids"],
            attention_mask=prompt["attention_mask"],
            do_sample=False,
            max_new_tokens=after + 1,
        )[0, length:]
    settings = folder / "generation_config.json"
    content = json.loads(settings.read_text(encoding="utf-8"))
    content["eos_token_id"] = [content["eos_token_id"], int(row[after])]
    settings.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
