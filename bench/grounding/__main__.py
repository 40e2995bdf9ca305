"""`python bench/grounding`: see run.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from one_thread import start

if __name__ == "__main__":
    start("grounding")
