"""Makes Rasa's training cache see the code outside a component's class, which its own fingerprint does not cover."""

import hashlib
from pathlib import Path
from types import ModuleType


def source_fingerprint(*modules: ModuleType) -> str:
    """Hash the source files of modules to 16 hex digits."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]
