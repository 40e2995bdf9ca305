"""One copy of a model's weights per process, however many embedders read it, each with batches of its own."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")


class SharedWeights(Generic[T]):
    """What was loaded, by what identifies it; it goes with the last embedder that uses it. Safe between threads."""

    def __init__(self) -> None:
        self._loaded: WeakValueDictionary[Hashable, T] = WeakValueDictionary()
        self._loading = threading.Lock()

    def get(self, key: Hashable, load: Callable[[], T]) -> T:
        """Give what there is for a key, or load it; two loads never run at once, since each wants all the memory."""
        with self._loading:
            found = self._loaded.get(key)
            if found is None:
                found = self._loaded[key] = load()
            return found
