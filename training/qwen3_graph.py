"""Writes the computation of a Qwen3 model as an ONNX graph, node by node, with the weights left where they are.

Source of the computation: the Qwen3 technical report (Yang et al. 2025) and its reference in transformers: RMS norm
before each block, per-head RMS norm of queries and keys, rotary positions (Su et al. 2021), grouped key-value heads
(Ainslie et al. 2023), SwiGLU. Written by hand because torch's exporters stumble over the model's own mask code, and
because each weight can then stay in its safetensors file: the graph says where, and is itself a few kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from safetensors_layout import Stored

from kefu.models.onnx_graph import KEEP_FROM

OPSET = 17
_END = 2**31 - 1  # of a slice: as far as it goes
_IR_VERSION = 8  # what opset 17 came with; a newer one would lock out older runtimes for nothing
_MASKED = -1e9  # of a score; exp() of it is 0, and a row of nothing else still has a softmax
_STORED_TYPES = {"F32": TensorProto.FLOAT, "F16": TensorProto.FLOAT16, "BF16": TensorProto.BFLOAT16}


@dataclass(frozen=True)
class Shape:
    """What of ``config.json`` decides the computation."""

    layers: int
    heads: int
    key_value_heads: int
    head_dim: int
    epsilon: float
    rope_theta: float

    @classmethod
    def of(cls, config: dict[str, Any]) -> "Shape":
        """Read it.

        :raises ValueError: if the model is not a Qwen3, or has a feature that the graph lacks.
        """
        expected = {"model_type": "qwen3", "hidden_act": "silu", "use_sliding_window": False, "rope_scaling": None}
        odd = {key: config.get(key, value) for key, value in expected.items() if config.get(key, value) != value}
        if odd or config.get("attention_bias"):
            raise ValueError(f"No graph for a model with {odd or 'attention_bias'}.")
        heads = int(config["num_attention_heads"])
        return cls(
            layers=int(config["num_hidden_layers"]),
            heads=heads,
            key_value_heads=int(config["num_key_value_heads"]),
            head_dim=int(config.get("head_dim") or config["hidden_size"] // heads),
            epsilon=float(config["rms_norm_eps"]),
            rope_theta=float(config.get("rope_theta", 10_000.0)),
        )


class Graph:
    """Collects nodes and initialisers; each method gives the name of the value that it adds."""

    def __init__(self, weights: dict[str, Stored]) -> None:
        self._weights = weights
        self._nodes: list[NodeProto] = []
        self._initialisers: dict[str, TensorProto] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add a node with several outputs."""
        at = len(self._nodes)
        names = [f"{kind.lower()}_{at}" + (f"_{part}" if outputs > 1 else "") for part in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}_{at}", **attributes))
        return names

    def constant(self, values: Any, dtype: Any) -> str:
        """Add a small constant; equal ones are one."""
        array = np.asarray(values, dtype=dtype)
        name = f"{array.dtype}_{'x'.join(map(str, array.shape))}_{array.tobytes().hex()[:64]}"
        if name not in self._initialisers:
            self._initialisers[name] = numpy_helper.from_array(array, name)
        return name

    def ints(self, *values: int) -> str:
        """Add a constant ``int64[n]``: a shape, axes, lengths."""
        return self.constant(values, np.int64)

    def stored(self, name: str) -> tuple[str, bool]:
        """Refer to a weight in its file; say whether it is float32 already."""
        place = self._weights[name]
        if name not in self._initialisers:
            tensor = TensorProto(name=name, data_type=_STORED_TYPES[place.dtype], dims=place.shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (("location", place.file), ("offset", place.offset), ("length", place.length)):
                tensor.external_data.add(key=key, value=str(value))
            self._initialisers[name] = tensor
        return name, place.dtype == "F32"

    def weight(self, name: str) -> str:
        """Give a weight as float32; the runtime casts it once, when it loads the graph."""
        stored, is_float = self.stored(name)
        return stored if is_float else self.op("Cast", stored, to=TensorProto.FLOAT)

    def kept(self, value: str) -> str:
        """Give the tokens (axis 1) from :data:`KEEP_FROM` on."""
        return self.op("Slice", value, KEEP_FROM, self.ints(_END), self.ints(1))

    def linear(self, value: str, *names: str) -> str:
        """Multiply with one or several weights ``[out, in]``, side by side in one product."""
        parts = [self.weight(name) for name in names]
        rows = parts[0] if len(parts) == 1 else self.op("Concat", *parts, axis=0)
        return self.op("MatMul", value, self.op("Transpose", rows, perm=[1, 0]))

    def rms_norm(self, value: str, weight: str, epsilon: float) -> str:
        """Divide by the root of the mean square over the last axis; ``weight`` is the name of a value."""
        square = self.op("Pow", value, self.constant(2.0, np.float32))
        mean = self.op("ReduceMean", square, axes=[-1], keepdims=1)
        root = self.op("Sqrt", self.op("Add", mean, self.constant(epsilon, np.float32)))
        return self.op("Mul", self.op("Div", value, root), weight)

    def model(self, outputs: dict[str, tuple[str, Sequence[str | int]]], notes: dict[str, str]) -> ModelProto:
        """Close the graph. ``outputs`` maps a public name to a value of the graph and its shape."""
        nodes = [*self._nodes]
        for public, (value, _) in outputs.items():
            nodes.append(helper.make_node("Identity", [value], [public], name=public))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask", "position_ids")
        ]
        results = [
            helper.make_tensor_value_info(public, TensorProto.FLOAT, list(shape))
            for public, (_, shape) in outputs.items()
        ]
        # An initialiser that is an input too is a default: whoever does not know it need not give it.
        inputs.append(helper.make_tensor_value_info(KEEP_FROM, TensorProto.INT64, [1]))
        initialisers = [numpy_helper.from_array(np.zeros(1, np.int64), KEEP_FROM), *self._initialisers.values()]
        graph = helper.make_graph(nodes, "qwen3", inputs, results, initialisers)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION, producer_name="kefu"
        )
        helper.set_model_props(model, notes)
        return model


def hidden_states(graph: Graph, shape: Shape, prefix: str = "") -> str:
    """Add the whole model; give its last hidden states ``[batch, kept, width]``, after the last norm.

    ``kept`` are the tokens from :data:`KEEP_FROM` on: whoever pools the last token asks for that one alone, and is
    spared most of the last layer.

    :param prefix: what stands before the weights' names ("model." in a causal language model).
    """
    table, is_float = graph.stored(f"{prefix}embed_tokens.weight")
    hidden = graph.op("Gather", table, "input_ids", axis=0)
    if not is_float:
        hidden = graph.op("Cast", hidden, to=TensorProto.FLOAT)
    allowed, angles = _allowed(graph), _angles(graph, shape)
    keys_turn = queries_turn = _turn(graph, angles)
    mask = _mask(graph, shape, allowed)
    for layer in range(shape.layers):
        at = f"{prefix}layers.{layer}."
        normed = asking = graph.rms_norm(hidden, graph.weight(f"{at}input_layernorm.weight"), shape.epsilon)
        if layer == shape.layers - 1:
            hidden, asking, allowed, angles = (graph.kept(value) for value in (hidden, normed, allowed, angles))
            mask, queries_turn = _mask(graph, shape, allowed), _turn(graph, angles)
        query, key, content = _projected(graph, shape, f"{at}self_attn.", asking, normed, queries_turn, keys_turn)
        seen = _attention(graph, shape, query, key, content, mask)
        hidden = graph.op("Add", hidden, graph.linear(seen, f"{at}self_attn.o_proj.weight"))
        normed = graph.rms_norm(hidden, graph.weight(f"{at}post_attention_layernorm.weight"), shape.epsilon)
        hidden = graph.op("Add", hidden, _feed_forward(graph, normed, f"{at}mlp."))
    return graph.rms_norm(hidden, graph.weight(f"{prefix}norm.weight"), shape.epsilon)


def answer_logits(graph: Graph, states: str, head: str, tokens: Sequence[int]) -> str:
    """Give the logits of a few tokens after the last one, ``[batch, len(tokens)]``.

    :param head: name of the weight ``[vocabulary, width]``; only the rows of those tokens are kept in memory.
    """
    last = graph.op("Gather", states, graph.constant(-1, np.int64), axis=1)
    stored, is_float = graph.stored(head)
    rows = graph.op("Gather", stored, graph.ints(*tokens), axis=0)
    if not is_float:
        rows = graph.op("Cast", rows, to=TensorProto.FLOAT)
    return graph.op("Gemm", last, rows, transB=1)  # not MatMul, which the quantiser would round to eight bits


def _allowed(graph: Graph) -> str:
    """Say which token sees which, ``bool[batch, tokens, tokens]``: the real ones at its own and earlier positions."""
    keys, queries = (graph.op("Unsqueeze", "position_ids", graph.ints(axis)) for axis in (1, 2))
    real = graph.op("Unsqueeze", graph.op("Cast", "attention_mask", to=TensorProto.BOOL), graph.ints(1))
    return graph.op("And", graph.op("LessOrEqual", keys, queries), real)


def _mask(graph: Graph, shape: Shape, allowed: str) -> str:
    """Give what is added to scores; the rows of heads that share keys stand below each other (:func:`_attention`)."""
    nothing, much = graph.constant(0.0, np.float32), graph.constant(_MASKED, np.float32)
    added = graph.op("Unsqueeze", graph.op("Where", allowed, nothing, much), graph.ints(1))
    return graph.op("Concat", *[added] * (shape.heads // shape.key_value_heads), axis=2)


def _angles(graph: Graph, shape: Shape) -> str:
    """Give the angles that positions turn by, ``[batch, tokens, 1, head_dim]``."""
    half = np.arange(0, shape.head_dim, 2, dtype=np.float32) / np.float32(shape.head_dim)
    speeds = (1.0 / np.float32(shape.rope_theta) ** half).astype(np.float32)
    positions = graph.op("Unsqueeze", graph.op("Cast", "position_ids", to=TensorProto.FLOAT), graph.ints(2, 3))
    return graph.op("Mul", positions, graph.constant(np.tile(speeds, 2), np.float32))


def _turn(graph: Graph, angles: str) -> tuple[str, str]:
    return graph.op("Cos", angles), graph.op("Sin", angles)


def _projected(
    graph: Graph,
    shape: Shape,
    at: str,
    asking: str,
    asked: str,
    asking_turn: tuple[str, str],
    asked_turn: tuple[str, str],
) -> tuple[str, str, str]:
    """Give queries, keys and contents ``[batch, heads, tokens, head_dim]``, the first two normed and turned."""
    heads, shared, size = shape.heads, shape.key_value_heads, shape.head_dim
    query = graph.op("Reshape", graph.linear(asking, f"{at}q_proj.weight"), graph.ints(0, 0, heads, size))
    both = graph.linear(asked, f"{at}k_proj.weight", f"{at}v_proj.weight")
    key, content = graph.ops(
        "Split", 2, graph.op("Reshape", both, graph.ints(0, 0, 2 * shared, size)), graph.ints(shared, shared), axis=2
    )
    # The scores' factor goes into the query's norm: a product of constants, computed once.
    scaled = graph.op("Mul", graph.weight(f"{at}q_norm.weight"), graph.constant(size**-0.5, np.float32))
    query = _turned(graph, graph.rms_norm(query, scaled, shape.epsilon), asking_turn, size)
    key = _turned(graph, graph.rms_norm(key, graph.weight(f"{at}k_norm.weight"), shape.epsilon), asked_turn, size)
    by_head = [graph.op("Transpose", value, perm=[0, 2, 1, 3]) for value in (query, key, content)]
    return by_head[0], by_head[1], by_head[2]


def _turned(graph: Graph, value: str, turn: tuple[str, str], size: int) -> str:
    """Rotate each pair (i, i + size / 2) of the last axis by its angle."""
    first, second = graph.ops("Split", 2, value, graph.ints(size // 2, size // 2), axis=-1)
    crossed = graph.op("Concat", graph.op("Neg", second), first, axis=-1)
    return graph.op("Add", graph.op("Mul", value, turn[0]), graph.op("Mul", crossed, turn[1]))


def _attention(graph: Graph, shape: Shape, query: str, key: str, content: str, mask: str) -> str:
    """Give what each query sees, ``[batch, queries, heads * head_dim]``.

    Heads that share a key are laid below each other, ``[batch, shared, group * queries, head_dim]``, so that no key
    has to be repeated.
    """
    query = graph.op("Reshape", query, graph.ints(0, shape.key_value_heads, -1, shape.head_dim))
    scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
    weights = graph.op("Softmax", graph.op("Add", scores, mask), axis=-1)
    seen = graph.op("Reshape", graph.op("MatMul", weights, content), graph.ints(0, shape.heads, -1, shape.head_dim))
    side_by_side = graph.op("Transpose", seen, perm=[0, 2, 1, 3])
    return graph.op("Reshape", side_by_side, graph.ints(0, 0, shape.heads * shape.head_dim))


def _feed_forward(graph: Graph, value: str, at: str) -> str:
    both = graph.linear(value, f"{at}gate_proj.weight", f"{at}up_proj.weight")
    gate, up = graph.ops("Split", 2, both, axis=-1)
    return graph.linear(graph.op("Mul", graph.op("Mul", gate, graph.op("Sigmoid", gate)), up), f"{at}down_proj.weight")
