"""A mapping of JSON values as a setting: never changed and hashable, as settings are."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


class JsonObject(Mapping[str, Any]):
    """What goes into a request as it stands.

    :raises ValueError: if it is no mapping, or holds what JSON cannot: a date, a key that is no text, infinity.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        values = {} if values is None else values
        try:
            self._values: dict[str, Any] = json.loads(json.dumps(values, allow_nan=False))
        except TypeError as error:
            raise ValueError(str(error)) from error
        if not isinstance(values, dict) or self._values != values:  # json words a key such as 1 or true as a text
            raise ValueError("its keys must be texts" if isinstance(values, dict) else "it is no mapping")

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values))

    def __repr__(self) -> str:
        return f"JsonObject({self._values!r})"
