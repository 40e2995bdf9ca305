"""Options of a channel in credentials.yml, and its secrets in the environment."""

import os
from typing import Any, TypeVar

from kefu.errors import SettingsError
from kefu.settings import parse_section

T = TypeVar("T")


def options_of(kind: type[T], credentials: dict[str, Any] | None, channel: str) -> T:
    """Read a channel's options.

    :raises SettingsError: for an unknown key or a value of the wrong type.
    """
    return parse_section(kind, credentials, f"credentials.yml: {channel}")


def secret_from_environment(variable: str, channel: str, what: str) -> str:
    """Read a secret that a channel cannot do without.

    :raises SettingsError: if the variable is not set.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise SettingsError(f"{channel} needs {what} in the environment variable {variable} (docs/channels.md).")
    return value
