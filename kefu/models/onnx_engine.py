"""A model's folder with its graph loaded, and rows of tokens run through it: what all ONNX engines share."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kefu.errors import ModelError
from kefu.models.checkpoint import locate
from kefu.models.onnx_files import export_fingerprint, require_export, shares_weights, wanted_files
from kefu.models.onnx_graph import OnnxGraph, threads_for
from kefu.models.shared_weights import SharedWeights
from kefu.models.text_tokens import buckets, left_padded
from kefu.settings import ModelSettings

_DTYPES = ("auto", "float32")
_DEVICES = ("auto", "cpu")
_TOKENS_PER_RUN = 4096  # bounds memory; on a CPU a longer batch is no faster per text
_SLACK = 0.15  # of padding within a batch

_graphs: SharedWeights[OnnxGraph] = SharedWeights()


def refuse_options(settings: ModelSettings) -> None:
    """Refuse what only transformers can do.

    :raises ModelError: with what to do.
    """
    if settings.dtype not in _DTYPES:
        raise ModelError(
            f"The ONNX engine computes in float32; `dtype` is {settings.dtype!r}. For smaller weights name "
            "another `onnx_file`, or set `engine: transformers`."
        )
    if settings.device not in _DEVICES:
        raise ModelError(
            f"The ONNX engine runs on the CPU; `device` is {settings.device!r}. Set `engine: transformers`."
        )


@dataclass(frozen=True)
class OnnxEngine:
    """A graph and where it came from; the engines of one graph share it. Safe between threads."""

    folder: Path
    fingerprint: str
    graph: OnnxGraph
    slack: float

    @classmethod
    def load(cls, settings: ModelSettings, outputs: Sequence[str]) -> "OnnxEngine":
        """Find the export and load it.

        :param outputs: names of outputs that would do, the best first.
        :raises ModelError: if there is none, or none of them.
        """
        folder = locate(settings.model, settings.role, also=wanted_files(settings.onnx_file))
        file = require_export(folder, settings.onnx_file)
        is_ours = shares_weights(file, folder)
        weights = folder.glob("*.safetensors") if is_ours else file.parent.glob(f"{file.name}*")
        threads = threads_for(settings.threads, sum(part.stat().st_size for part in weights))
        mark = export_fingerprint(folder, file)
        graph = _graphs.get(
            (file.resolve(), mark, threads, tuple(outputs)),
            lambda: OnnxGraph(file, threads=threads, outputs=outputs),
        )
        # Foreign graphs may know padding on one side only (fused attention does): theirs are batches of one length.
        return cls(folder, mark, graph, _SLACK if is_ours else 0.0)

    def last_rows(self, encoded: Sequence[Sequence[int]], *, tokens: int = _TOKENS_PER_RUN) -> np.ndarray:
        """Give the graph's output at each text's last token, ``float32[n, width]``.

        :param encoded: the tokens of each text.
        :param tokens: the most that are computed at once, padding included, unless one text alone has more.
        """
        rows: list[np.ndarray] = [np.empty(0)] * len(encoded)
        for group in buckets([len(ids) for ids in encoded], slack=self.slack, tokens=tokens):
            output = self.graph.run(*left_padded([encoded[at] for at in group]), last_only=True)
            for at, row in zip(group, output if output.ndim == 2 else output[:, -1], strict=True):
                rows[at] = row
        return np.stack(rows)
