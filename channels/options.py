"""Options of a channel in credentials.yml, and its secrets in the environment."""

import os
from typing import Any, TypeVar

from kefu.errors import SettingsError
from kefu.knowledge.asker import CHANNEL_TIER, TIERS
from kefu.settings import parse_section

T = TypeVar("T")


def options_of(kind: type[T], credentials: dict[str, Any] | None, channel: str) -> T:
    """Read a channel's options.

    :raises SettingsError: for an unknown key or a value of the wrong type.
    """
    return parse_section(kind, credentials, f"credentials.yml: {channel}")


def metadata_of(tier: str | None, channel: str) -> dict[str, Any]:
    """Give the metadata of each message of a channel whose customers are of a tier; None: it names none.

    :raises SettingsError: if there is no such tier.
    """
    if tier is None:
        return {}
    if tier not in list(TIERS):
        raise SettingsError(f"`credentials.yml: {channel}.tier` must be one of {', '.join(TIERS)}; it is {tier!r}.")
    return {CHANNEL_TIER: tier}


def secret_from_environment(variable: str, channel: str, what: str) -> str:
    """Read a secret that a channel cannot do without.

    :raises SettingsError: if the variable is not set.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise SettingsError(f"{channel} needs {what} in the environment variable {variable} (docs/channels.md).")
    return value
