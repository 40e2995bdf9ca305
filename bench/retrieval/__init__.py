"""How fast and how exactly each index finds the nearest of many vectors.

The benchmark takes its texts from the training code's grammar, whose modules import each other by name.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "training") not in sys.path:
    sys.path.append(str(ROOT / "training"))
