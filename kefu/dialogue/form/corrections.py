"""Which values say something new, and which of these take back what was known."""

from collections.abc import Mapping
from typing import Any


def new(values: Mapping[str, Any], known: Mapping[str, Any]) -> frozenset[str]:
    """Name the values that are not known already."""
    return frozenset(slot for slot, value in values.items() if _plain(value) != _plain(known.get(slot)))


def corrected(values: Mapping[str, Any], known: Mapping[str, Any]) -> frozenset[str]:
    """Name the values that replace a known one."""
    return frozenset(slot for slot in new(values, known) if known.get(slot) is not None)


def _plain(value: Any) -> Any:
    """Pieces are the same in any order."""
    return frozenset(value) if isinstance(value, tuple | list) else value
