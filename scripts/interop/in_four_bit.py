"""Run by the Python of the environment `four-bit`: Kefu's in-process generator with weights in four bits.

    python in_four_bit.py FOLDER

Prints one line of JSON: the parameters in four bits and the bytes that they take, those of all layers that might have
been, and the answers to some chats.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kefu.models.transformers_generator import TransformersGenerator
from kefu.protocols import Message
from kefu.settings import GeneratorSettings

_ASKED = ["运费多少钱", "where is my parcel", "这个 order 能退吗"]


def main() -> None:
    """Load, answer, report."""
    import bitsandbytes
    from torch.nn import Linear

    settings = GeneratorSettings(model=sys.argv[1], device="cpu", quantisation="4bit", max_tokens=8, timeout=300.0)
    generator = TransformersGenerator(settings)
    answers = [generator.complete([Message("user", text)]).text for text in _ASKED]
    assert generator._loaded is not None
    layers = [one for one in generator._loaded.model.model.modules() if isinstance(one, Linear)]
    packed = [one for one in layers if isinstance(one, bitsandbytes.nn.Linear4bit)]
    report = {
        "layers": len(layers),
        "packed": len(packed),
        "parameters": sum(one.in_features * one.out_features for one in packed),
        "bytes": sum(one.weight.nbytes for one in packed),
        "answers": answers,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
