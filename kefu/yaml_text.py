"""Reading YAML, by the parser in C where there is one: it is ten times as fast as the one in Python."""

from typing import Any

import yaml

SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """Read plain values out of YAML.

    :raises yaml.YAMLError: if it is none.
    """
    return yaml.load(text, Loader=SAFE_LOADER)
