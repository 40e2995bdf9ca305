"""Buttons under what is said."""

from collections.abc import Iterable

from kefu.dialogue.form.pressed import affirming


def buttons_of(choices: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Make a button of each title with what it sends."""
    return [{"title": title, "payload": payload} for title, payload in choices]


def under_summary(summary: str, yes: str, other: tuple[str, str]) -> list[dict[str, str]]:
    """Make the two buttons under a summary.

    The yes names the summary that it stands under, by its fingerprint: pressed later, it confirms nothing else.

    :param yes: the title of the yes; ``other`` are the title of the other button and what that sends.
    """
    return buttons_of([(yes, affirming(summary)), other])
