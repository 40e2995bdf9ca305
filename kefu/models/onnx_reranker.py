"""Qwen3-Reranker in this process, through ONNX Runtime and tokenizers: neither torch nor transformers is imported.

Prompt and score are those of :mod:`kefu.models.transformers_reranker`.
"""

import numpy as np

from kefu.models.onnx_engine import OnnxEngine, refuse_options
from kefu.models.prompt_tokens import PromptTokens
from kefu.models.reranker_base import BatchedReranker, answer_logits, share_of_yes
from kefu.models.text_tokens import TextTokenizer
from kefu.protocols import RerankerIdentity
from kefu.settings import RerankerSettings

_ANSWERS = "answer_logits"  # float32[n, 2] of `no` and `yes`, as training/export_onnx.py writes it
_LOGITS = "logits"  # as others export: of the whole vocabulary at each token, or a classifier's only one
_TOKENS_OF_LOGITS = 512  # at once: each has 151,669 logits of four bytes


class OnnxReranker(BatchedReranker):
    """A model of Qwen3-Reranker's kind from its ONNX export; those with the same graph share it."""

    def __init__(self, settings: RerankerSettings) -> None:
        super().__init__(settings)
        refuse_options(settings)
        self._prompt: PromptTokens | None = None
        self._engine: OnnxEngine | None = None

    def _load(self) -> RerankerIdentity:
        engine = OnnxEngine.load(self.settings, (_ANSWERS, _LOGITS))
        tokenizer = TextTokenizer(engine.folder)

        def encode(texts: list[str]) -> list[list[int]]:
            return [encoding.ids for encoding in tokenizer.encode(texts, is_closed=False)]

        self._prompt = PromptTokens(encode, tokenizer.token_id, self.settings.max_length)
        self._engine = engine
        return RerankerIdentity(name=self.settings.model, fingerprint=engine.fingerprint)

    def _score_batch(self, query: str, documents: list[str], instruction: str) -> np.ndarray:
        assert self._prompt is not None and self._engine is not None
        rows = self._prompt.rows(query, documents, instruction)
        if self._engine.graph.output == _ANSWERS:
            return share_of_yes(self._engine.last_rows(rows))
        logits = self._engine.last_rows(rows, tokens=_TOKENS_OF_LOGITS)
        if logits.shape[1] == 1:
            return share_of_yes(answer_logits(logits[:, 0]))
        return share_of_yes(logits[:, self._prompt.answers])
