"""Weights load once, explicitly, whatever the number of threads that ask."""

import threading
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

Identity = TypeVar("Identity")


class LoadedOnce(ABC, Generic[Identity]):
    """What has to be loaded before it works, and then can say which model it is."""

    def __init__(self) -> None:
        self._identity: Identity | None = None
        self._warming = threading.Lock()

    @abstractmethod
    def _load(self) -> Identity:
        """Load weights or open the connection, and say what was found."""

    def warm_up(self) -> None:
        """Load; calling it again does nothing."""
        with self._warming:
            if self._identity is None:
                self._identity = self._load()

    def identity(self) -> Identity:
        """Say which model this is; loads it if need be."""
        self.warm_up()
        assert self._identity is not None
        return self._identity
