"""The present time. Whatever asks for it takes a clock, so that tests can set one."""

from datetime import datetime, timezone


def now() -> datetime:
    """The present moment, in UTC with its zone."""
    return datetime.now(timezone.utc)
