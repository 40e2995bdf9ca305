"""Reads checked values out of a parsed YAML mapping; every refusal names the place, the rule and the value."""

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from kefu.errors import DataError
from kefu.settings import unknown_key

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


class Fields:
    """One mapping of a data file. It remembers what was read, so that what nobody reads can be refused."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict):
            raise DataError(f"`{where}` must be a mapping, not {type(content).__name__}.")
        self.where = where
        self._content = content
        self._read: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __contains__(self, key: object) -> bool:
        return key in self._content

    def get(self, key: str) -> Any:
        """The raw value, or None."""
        return self._content.get(key)

    def raw(self, key: str) -> Any:
        """A value that the caller checks."""
        return self._value(key)

    def nothing_else(self) -> None:
        """Refuse keys that were not read."""
        for key in self._content:
            if key not in self._read:
                raise DataError(unknown_key(key, sorted(self._read), self.where))

    def section(self, key: str) -> "Fields":
        """A mapping inside this one."""
        return Fields(self._value(key), f"{self.where}: {key}")

    def sections(self) -> dict[str, "Fields"]:
        """All values of this mapping, each of which must be a mapping itself."""
        return {key: self.section(key) for key in self._content}

    def list_of_sections(self, key: str) -> list["Fields"]:
        """A list of mappings."""
        value = self._value(key)
        if not isinstance(value, list):
            raise self._wrong(key, "a list", value)
        return [Fields(item, f"{self.where}: {key}[{position}]") for position, item in enumerate(value, start=1)]

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "a text", value)
        return value

    def texts(self, key: str, among: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each one of ``among`` where that is given."""
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, "a list of texts", value)
        for item in value:
            if among is not None and item not in among:
                raise self._wrong(key, f"a list of {', '.join(among)}", item)
        return tuple(value)

    def one_of(self, key: str, among: Sequence[str]) -> str:
        """A text that is one of those given."""
        value = self._value(key)
        if value not in among:
            raise self._wrong(key, f"one of {', '.join(among)}", value)
        return str(value)

    def whole_number(self, key: str) -> int:
        """A whole number from 0."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(key, "a whole number from 0", value)
        return value

    def whole_numbers(self) -> dict[str, int]:
        """All values of this mapping, each of which must be a whole number."""
        return {key: self.whole_number(key) for key in self._content}

    def truth(self, key: str) -> bool:
        """True or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def minutes(self, key: str) -> int:
        """A time of day such as "09:00", in minutes after midnight."""
        value = self._value(key)
        match = _CLOCK_TIME.fullmatch(value) if isinstance(value, str) else None
        minutes = int(match.group(1)) * 60 + int(match.group(2)) if match else None
        if minutes is None or minutes > 24 * 60:
            # Without quotation marks YAML reads 21:00 as the number 1260.
            raise self._wrong(key, 'a time of day in quotation marks, such as "09:00"', value)
        return minutes

    def zone(self, key: str) -> ZoneInfo:
        """A time zone by its IANA name."""
        name = self.text(key)
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise self._wrong(key, "a time zone such as Asia/Shanghai", name) from error

    def fact(self, key: str, languages: Sequence[str]) -> Any:
        """A text, a number, or a text for each language."""
        value = self._value(key)
        if isinstance(value, dict):
            if set(value) == set(languages) and all(isinstance(text, str) and text for text in value.values()):
                return MappingProxyType(dict(value))
        elif isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            return value
        raise self._wrong(key, f"a text, a number, or a text for each of {', '.join(languages)}", value)

    def _value(self, key: str) -> Any:
        self._read.add(key)
        if key not in self._content:
            raise DataError(f"`{self.where}` lacks `{key}`.")
        return self._content[key]

    def _wrong(self, key: str, rule: str, value: Any) -> DataError:
        return DataError(f"`{self.where}.{key}` must be {rule}; it is {value!r}.")
