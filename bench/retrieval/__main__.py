"""`python bench/retrieval`: see run.py."""

import os
import sys
from pathlib import Path


def start() -> None:
    """Bind everything to one thread, before NumPy and torch read how many there are, and run."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from retrieval import THREAD_VARIABLES

    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    os.environ.setdefault("USE_TF", "0")
    from retrieval.run import main

    main()


if __name__ == "__main__":
    start()
