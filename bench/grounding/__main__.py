"""`python bench/grounding`: see run.py."""

import sys
from pathlib import Path


def start() -> None:
    """Run, with this folder's parent on the path."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from grounding.run import main

    main()


if __name__ == "__main__":
    start()
