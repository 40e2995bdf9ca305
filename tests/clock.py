"""A clock that tests set."""

from datetime import datetime


class Clock:
    """Gives the same moment until a test says otherwise."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the moment."""
        return self.now
