"""bitsandbytes keeps the weights of Kefu's in-process generator in four bits, here on a CPU."""

import json
import subprocess
import sys
from pathlib import Path

from chat_model import random_chat_model
from environments import WORK, python_of, quiet_environment
from findings import Finding, rate
from servers import versions_of

_TOOL = "four-bit"
_PACKAGES = ("bitsandbytes", "accelerate", "transformers", "torch")
_OF_A_BYTE = 0.5


def check_four_bit() -> tuple[list[Finding], dict[str, str]]:
    """Load a small Qwen3 with random weights by `quantisation: 4bit` and let it answer.

    :raises EnvironmentMissing: if the packages cannot be installed.
    """
    folder = random_chat_model(WORK / "four-bit-model")
    program = Path(__file__).with_name("in_four_bit.py")
    print("four bits: loading", file=sys.stderr, flush=True)
    command = [str(python_of(_TOOL)), str(program), str(folder)]
    done = subprocess.run(command, env=quiet_environment(), stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    answers = told["answers"]
    layers = [at < told["packed"] for at in range(told["layers"])]
    size = told["bytes"] / told["parameters"]
    return [
        rate("layers kept in four bits", "", ["a layer"] * len(layers), layers, bound=1.0),
        Finding("bytes of a parameter there", "float32 has 4", told["packed"], size, f"<= {_OF_A_BYTE}", ""),
        rate("chats that it answers", "", answers, [bool(text) for text in answers], bound=1.0),
    ], versions_of(_TOOL, _PACKAGES)
