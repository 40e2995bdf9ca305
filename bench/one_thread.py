"""Starts a benchmark that is a folder, on one thread: how many there are is read when NumPy and torch are imported."""

import importlib
import os

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def start(package: str) -> None:
    """Run the ``main`` of the package's ``run.py``."""
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    os.environ.setdefault("USE_TF", "0")
    importlib.import_module(f"{package}.run").main()
