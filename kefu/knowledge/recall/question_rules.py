"""The route by rules: patterns that name a fixed process, from a data file, so that its entry is always considered."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kefu.errors import DataError
from kefu.knowledge.files.reader import mapping
from kefu.text import normalise
from kefu.yaml_text import load_yaml

_ALL = "question_rules"  # `rules` would make it training data of Rasa's, wherever it lies below data/
_KEYS = ["entry", "patterns"]
_LONGEST_TEXT = 300  # characters that a pattern is matched against; whoever names a process does so soon


@dataclass(frozen=True)
class QuestionRules:
    """Patterns by the entry that they name."""

    patterns: Mapping[str, tuple[re.Pattern[str], ...]]

    def match(self, question: str) -> list[str]:
        """Give the entries whose patterns occur in a question, in the order of the file."""
        text = normalise(question)[:_LONGEST_TEXT]
        return [entry for entry, patterns in self.patterns.items() if any(one.search(text) for one in patterns)]

    def unknown(self, entry_ids: Collection[str]) -> list[str]:
        """Give the entries that are named and not there."""
        return [entry for entry in self.patterns if entry not in entry_ids]


def load_question_rules(file: Path) -> QuestionRules:
    """Read a file of rules; one that is not there has none.

    :raises DataError: naming rule and field, for whatever cannot be.
    """
    if not file.is_file():
        return QuestionRules({})
    try:
        content = load_yaml(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{file.name} cannot be read: {error}") from error
    rules = mapping(content, [_ALL], file.name).get(_ALL)
    rules = [] if rules is None else rules
    if not isinstance(rules, list):
        raise DataError(f"{file.name}: `{_ALL}` must be a list, not {type(rules).__name__}.")
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for number, item in enumerate(rules, start=1):
        entry, patterns = _rule(item, f"{file.name}: rule {number}")
        found[entry] = found.get(entry, ()) + patterns
    return QuestionRules(found)


def _rule(item: Any, where: str) -> tuple[str, tuple[re.Pattern[str], ...]]:
    item = mapping(item, _KEYS, where)
    entry, patterns = item.get("entry"), item.get("patterns")
    if not isinstance(entry, str) or not entry:
        raise DataError(f"{where}: `entry` must be the id of an entry; it is {entry!r}.")
    if not isinstance(patterns, list) or not patterns:
        raise DataError(f"{where}: `patterns` must be a list of regular expressions; it is {patterns!r}.")
    return entry, tuple(_pattern(pattern, where) for pattern in patterns)


def _pattern(pattern: Any, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise DataError(f"{where}: {pattern!r} is no regular expression: {error}.") from error
