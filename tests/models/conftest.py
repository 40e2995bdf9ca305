"""Tiny models of Qwen3's true architecture with random weights, in the published layout."""

import os

os.environ.setdefault("USE_TF", "0")

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kefu.models.checkpoint import EMBEDDED_EMBEDDER
from kefu.models.onnx_engine import OnnxEngine
from kefu.models.onnx_reranker import OnnxReranker
from kefu.models.reranker_base import share_of_yes
from kefu.models.text_tokens import TextTokenizer
from kefu.settings import RerankerSettings
from tests.model_server import ModelServer, RecordingHandler, listening

WORDS = ["我要退货", "where is my parcel", "发票怎么开", "hello", "运费多少钱", "return policy please", "耳机坏了"]


@pytest.fixture(scope="session")
def tiny_qwen3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen3 model of two layers, with a byte-level tokenizer that closes each text with ``<|endoftext|>``."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

    folder = tmp_path_factory.mktemp("tiny-qwen3")
    end = "<|endoftext|>"
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    core.train_from_iterator(
        WORDS, trainers.BpeTrainer(vocab_size=300, special_tokens=[end], initial_alphabet=alphabet)
    )
    core.post_processor = processors.TemplateProcessing(single=f"$A {end}", special_tokens=[(end, 0)])
    PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token=end, eos_token=end, padding_side="left", model_max_length=512
    ).save_pretrained(folder)
    torch.manual_seed(7)
    config = Qwen3Config(
        vocab_size=len(core.get_vocab()),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        tie_word_embeddings=True,
    )
    Qwen3Model(config).save_pretrained(folder)
    return folder


LoadScript = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def export_script(load_script: LoadScript) -> ModuleType:
    """The script that writes ONNX exports."""
    return load_script("training/export_onnx.py")


@pytest.fixture(scope="session")
def classifier_script(load_script: LoadScript) -> ModuleType:
    """The script that makes a classifier of a reranker."""
    return load_script("training/to_classifier.py")


@pytest.fixture(scope="session")
def exported_qwen3(tiny_qwen3: Path, export_script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with its ONNX export beside the weights."""
    folder = tmp_path_factory.mktemp("exported") / "tiny-qwen3"
    shutil.copytree(tiny_qwen3, folder)
    export_script.export(folder)
    return folder


MakeReranker = Callable[..., Path]


@pytest.fixture(scope="session")
def make_reranker(
    load_script: LoadScript, export_script: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> MakeReranker:
    """A maker of rerankers of two layers with random weights, in the layout of Qwen3-Reranker with an ONNX export.

    The tokenizer is the embedded one, as a reranker is published with it.
    """
    import torch
    from tokenizers import Tokenizer
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokens = load_script("training/tokenizer.py")
    tokenizer = tokens.for_reranker(Tokenizer.from_file(str(EMBEDDED_EMBEDDER / "tokenizer.json")))

    def make(dtype: str = "float32", **shape: Any) -> Path:
        folder = tmp_path_factory.mktemp("reranker")
        torch.manual_seed(5)
        standard = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
        config = Qwen3Config(
            **{**standard, "num_key_value_heads": 2, "head_dim": 16, "tie_word_embeddings": True, **shape},
            vocab_size=tokenizer.get_vocab_size(),
            initializer_range=0.1,  # scores that differ from each other
        )
        Qwen3ForCausalLM(config).to(getattr(torch, dtype)).save_pretrained(folder)
        tokens.save_tokenizer(tokenizer, folder, 2048)
        export_script.export(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def reranker_folder(make_reranker: MakeReranker) -> Path:
    """A reranker for tests that only read it."""
    return make_reranker()


@pytest.fixture(scope="session")
def classifier_folder(
    reranker_folder: Path, classifier_script: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same reranker as a sequence classifier."""
    folder = tmp_path_factory.mktemp("classifier")
    classifier_script.convert(reranker_folder, folder)
    return folder


class RerankAnswers:
    """Answers as rerank servers do, the best document first, by a real model in this process.

    With ``template`` server it words the prompt; with client it joins query and document as they come, as vLLM does.
    """

    def __init__(self, folder: Path, template: str) -> None:
        self._template = template
        self._reranker = OnnxReranker(RerankerSettings(model=str(folder)))
        self._engine = OnnxEngine.load(self._reranker.settings, ["answer_logits"])
        self._tokenizer = TextTokenizer(folder)

    def jina(self, body: dict[str, Any]) -> dict[str, Any]:
        """``POST /v1/rerank``."""
        ranked = self._ranked(body["query"], body["documents"])[: body["top_n"]]
        return {"model": body["model"], "results": [{"index": at, "relevance_score": score} for at, score in ranked]}

    def tei(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """``POST /rerank``."""
        return [{"index": at, "score": score} for at, score in self._ranked(body["query"], body["texts"])]

    def _ranked(self, query: str, documents: list[str]) -> list[tuple[int, float]]:
        if self._template == "server":
            scores = self._reranker.score(query, documents)
        else:
            rows = [encoding.ids for encoding in self._tokenizer.encode([query + text for text in documents])]
            scores = share_of_yes(self._engine.last_rows(rows))
        return sorted(enumerate(scores.tolist()), key=lambda pair: -pair[1])


@pytest.fixture
def rerank_server(reranker_folder: Path, serve: Callable[..., Any]) -> Callable[[str], Any]:
    """A starter of servers that word the prompt, or not, and speak both APIs."""

    def start(template: str) -> Any:
        answers = RerankAnswers(reranker_folder, template)
        return serve({"/v1/rerank": answers.jina, "/rerank": answers.tei})

    return start


# Qwen3's own way: with `enable_thinking` false, the answer begins after an empty block of thinking.
CHAT_TEMPLATE = """{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content }}\
{{ '<|im_end|>\\n' }}{%- endfor %}{{ '<|im_start|>assistant\\n' }}\
{%- if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"""


@pytest.fixture(scope="session")
def generator_folder(tiny_qwen3: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat model of two layers with random weights, in the layout of Qwen3-8B."""
    import torch
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    folder = tmp_path_factory.mktemp("generator")
    tokenizer = AutoTokenizer.from_pretrained(tiny_qwen3)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(11)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        tie_word_embeddings=True,
        initializer_range=0.1,
        eos_token_id=tokenizer.eos_token_id,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return folder


class ChatHandler(RecordingHandler):
    """Speaks ``/v1/chat/completions``, and streams an answer as vLLM does; a fault of the test comes instead of it."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.keep(body)
        act = self.record.faults.pop(0) if self.record.faults else stream("你好，世界。")
        try:
            act(self, body)
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def head(self, status: int, kind: str, **headers: str) -> None:
        """Send status and headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def chunk(self, content: bytes) -> None:
        """Send a chunk; an empty one ends the body."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        self.wfile.flush()


Act = Callable[[ChatHandler, dict[str, Any]], None]


def event(content: str | None, finish: str | None = None) -> bytes:
    """Word one event of a stream."""
    choice = {"index": 0, "delta": {} if content is None else {"content": content}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def stream(*pieces: str, finish: str = "stop") -> Act:
    """Make an answer of pieces that come one by one."""

    def act(handler: ChatHandler, _: dict[str, Any]) -> None:
        handler.head(200, "text/event-stream; charset=utf-8", Transfer_Encoding="chunked")
        for piece in pieces:
            handler.chunk(event(piece))
        handler.chunk(event(None, finish) + b"data: [DONE]\n\n")
        handler.chunk(b"")

    return act


@pytest.fixture
def chat_server() -> Iterator[ModelServer]:
    """A server for one test."""
    with listening(ChatHandler, "/v1") as record:
        yield record
