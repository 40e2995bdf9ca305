"""How well messages are understood: Kefu's embedder beside character n-grams and MiniLM.

The benchmark shares the rules for held-out texts with the training code, whose modules import each other by name.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "training") not in sys.path:
    sys.path.append(str(ROOT / "training"))
