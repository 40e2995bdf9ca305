"""A small Qwen3 chat model with random weights, in the layout of Qwen3-8B."""

import json
import shutil
import sys
from pathlib import Path

from environments import ROOT
from tokenizers import Tokenizer

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.protocols import Message

sys.path.append(str(ROOT / "training"))

_SEED = 20261128
_SPREAD = 0.1  # of the random weights: chats that are answered differently
_LONGEST = 2048  # tokens
# Qwen3's own way: with `enable_thinking` false, the answer begins after an empty block of thinking.
_TEMPLATE = """{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content }}\
{{ '<|im_end|>\\n' }}{%- endfor %}{{ '<|im_start|>assistant\\n' }}\
{%- if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"""


def random_chat_model(folder: Path) -> Path:
    """Write a chat model of two layers with the embedded vocabulary, which it answers any chat from at random."""
    import torch
    from tokenizer import for_reranker, save_tokenizer
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = for_reranker(Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json")))
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=_LONGEST,
        initializer_range=_SPREAD,
        tie_word_embeddings=False,  # tied, it would only repeat its last token
        eos_token_id=tokenizer.token_to_id("<|im_end|>"),
        pad_token_id=tokenizer.token_to_id("<|endoftext|>"),
    )
    torch.manual_seed(_SEED)
    shutil.rmtree(folder, ignore_errors=True)
    Qwen3ForCausalLM(config).save_pretrained(folder)
    save_tokenizer(tokenizer, folder, _LONGEST)
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
