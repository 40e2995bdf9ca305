"""How long the texts of an entry may be, and how many there may be: what a customer reads on a telephone, what a model
is asked about, and what an index can filter by."""

import re
from collections.abc import Collection

from kefu.errors import DataError
from kefu.knowledge.entries import Entry

LONGEST_WORDING = 500  # characters of one way to ask
LONGEST_ANSWER = 8000
MOST_ALTERNATIVES = 200
MOST_CHANNELS = 16
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # which no spreadsheet and no YAML takes
_LONGEST_NAME = 200  # a category or tag
_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def refuse_too_long(entry: Entry, where: str) -> None:
    """Refuse an entry with a text that is too long, or that no database takes, and one with too many channels.

    :param where: names the entry in errors.
    :raises DataError: naming the field, what is wrong with it and the limit.
    """
    for language, wording in entry.wordings.items():
        place = f"{where}.{language}"
        _check(wording.question, LONGEST_WORDING, f"{place}: `question`")
        _check(wording.answer, LONGEST_ANSWER, f"{place}: `answer`")
        for text in wording.alternatives:
            _check(text, LONGEST_WORDING, f"{place}: one of `alternatives`")
        if len(wording.alternatives) > MOST_ALTERNATIVES:
            count = len(wording.alternatives)
            raise DataError(f"{place}: `alternatives` are {count}; {MOST_ALTERNATIVES} are allowed.")
    _check_channels(entry.scope.channels, f"{where}: `channels`")
    names = {"category": [entry.category], "tags": entry.tags, "link": [entry.link]}
    for field, values in names.items():
        for value in values:
            _check(value, LONGEST_ANSWER if field == "link" else _LONGEST_NAME, f"{where}: `{field}`")


def _check_channels(channels: Collection[str], what: str) -> None:
    if len(channels) > MOST_CHANNELS:
        raise DataError(f"{what} are {len(channels)}; {MOST_CHANNELS} are allowed.")
    for name in channels:
        if not _CHANNEL.fullmatch(name):
            raise DataError(
                f"{what}: {name[:80]!r} is no name of a channel: letters and digits of ASCII, `_`, `.` and `-`, the "
                "first a letter or digit, at most 64."
            )


def _check(text: str, limit: int, what: str) -> None:
    if len(text) > limit:
        raise DataError(f"{what} has {len(text):,} characters; {limit:,} are allowed.")
    found = _CONTROL.search(text)
    if found:
        raise DataError(f"{what} has a control character (U+{ord(found.group()):04X}) in it: remove it.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise DataError(f"{what} has half of a surrogate pair in it, which is no character: write the text anew.")
