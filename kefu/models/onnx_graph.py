"""An ONNX graph of a Qwen3 model, run by ONNX Runtime on the CPU; fed by what its inputs are called.

Understood are ``input_ids``, ``attention_mask``, ``position_ids`` and ``past_key_values.*`` (given empty: nothing came
before), as optimum and transformers.js export them, and :data:`KEEP_FROM` of ``training/qwen3_graph.py``. Not
understood, and refused: merged decoders (``use_cache_branch``), pasts in bfloat16, ``inputs_embeds``.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kefu.errors import ModelError
from kefu.models.text_tokens import Ints

KEEP_FROM = "keep_from"
"""Optional input ``int64[1]``: the first token whose states are wanted; 0 is all, -1 the last one only."""
_PAST = "past_key_values."
_TYPES = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
}
_ERRORS_ONLY = 3
_SMALL_BYTES = 200_000_000  # of weights


class OnnxGraph:
    """One loaded graph; safe between threads."""

    def __init__(self, file: Path, *, threads: int, outputs: Sequence[str]) -> None:
        """Load it.

        :param threads: of the CPU, for one run.
        :param outputs: names of outputs that would do, the best first.
        :raises ModelError: if it cannot be loaded, wants an input that is not understood, or has none of the outputs.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # a plan per shape helps where shapes repeat; here each length is one
        options.log_severity_level = _ERRORS_ONLY
        # Between two messages threads that spin would take the CPU from Rasa.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # a dozen kinds of the runtime's own, without a common base
            raise ModelError(f"The graph {file} cannot be loaded: {error}") from error
        self._inputs = {item.name: item for item in self._session.get_inputs()}
        self._can_keep = KEEP_FROM in {item.name for item in self._session.get_overridable_initializers()}
        self._refuse_unknown_inputs(file)
        found = {item.name: item for item in self._session.get_outputs()}
        output = next((name for name in outputs if name in found), None)
        if output is None:
            raise ModelError(f"The graph {file} gives {', '.join(found)}; needed is one of {', '.join(outputs)}.")
        self.output = output

    def _refuse_unknown_inputs(self, file: Path) -> None:
        known = {"input_ids", "attention_mask", "position_ids"}
        odd = [
            f"{name} ({item.type})"
            for name, item in self._inputs.items()
            if not (name in known or name.startswith(_PAST)) or item.type not in _TYPES
        ]
        if odd or "input_ids" not in self._inputs:
            raise ModelError(
                f"The graph {file} wants {', '.join(odd) or 'no input_ids'}. Kefu can give input_ids, attention_mask, "
                f"position_ids and empty {_PAST}*, of the types {', '.join(_TYPES)}. Take an export without merged "
                "decoders, or set `engine: transformers`."
            )

    def run(self, ids: Ints, mask: Ints, *, last_only: bool = False) -> np.ndarray:
        """Compute the output for left-padded tokens ``int64[n, t]``.

        :param last_only: only the last token's row is wanted; a graph that can spares the others.
        :return: ``float32[n, t, width]`` or, of a graph that pools, ``float32[n, width]``; t is 1 where spared.
        """
        known: dict[str, np.ndarray] = {"input_ids": ids, "attention_mask": mask}
        if "position_ids" in self._inputs:
            known["position_ids"] = np.maximum(mask.cumsum(axis=1) - 1, 0)
        feed = {
            name: known[name].astype(_TYPES[item.type], copy=False)
            if name in known
            else np.zeros(_past_shape(item.shape, len(ids)), dtype=_TYPES[item.type])
            for name, item in self._inputs.items()
        }
        if last_only and self._can_keep:
            feed[KEEP_FROM] = np.array([-1], dtype=np.int64)
        rows: np.ndarray = self._session.run([self.output], feed)[0]
        return rows.astype(np.float32, copy=False)


def _past_shape(shape: Sequence[Any], batch: int) -> list[int]:
    """Give ``[batch, heads, 0, head_dim]`` for a past of nothing: of the dimensions left open, the second is time."""
    return [batch, *(size if isinstance(size, int) else 0 for size in shape[1:])]


def threads_for(wanted: int, weight_bytes: int) -> int:
    """Say how many threads a model gets: ``wanted``, or one for a small model and all there are for a larger one.

    The threads of a small model wait for each other longer than they compute.
    """
    if wanted or weight_bytes < _SMALL_BYTES:
        return wanted or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
