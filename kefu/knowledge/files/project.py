"""Reads the entries of a project: ``data/knowledge/*.yml``."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from kefu.errors import DataError
from kefu.knowledge.entries import USUAL_ZONE, Entry, Facts, Knowledge
from kefu.knowledge.files.reader import read_entry
from kefu.knowledge.files.yaml_items import yaml_items


def load_knowledge(folder: Path, policy_file: Path) -> Knowledge:
    """Read every ``*.yml`` of a folder and fill in the facts of the policy (which may be absent if no text needs it).

    :raises DataError: naming file, entry and field, for whatever cannot be.
    """
    facts = Facts(policy_file)
    found = read_folder(folder, zone=facts.zone)
    return Knowledge.of(facts.fill(entry, f"{file.name}: {entry.id}") for file, entry in found)


def read_folder(folder: Path, *, may_be_empty: bool = False, zone: tzinfo = USUAL_ZONE) -> list[tuple[Path, Entry]]:
    """Read every ``*.yml`` of a folder, each entry with its file; texts keep their placeholders.

    :param zone: of dates and times that carry none.
    :raises DataError: as :func:`load_knowledge`, and if an id stands twice, or there is no entry (unless it
        ``may_be_empty``).
    """
    found: dict[str, tuple[Path, Entry]] = {}
    for file in sorted(folder.glob("*.yml")) + sorted(folder.glob("*.yaml")):
        for entry in read_yaml(file, zone):
            if entry.id in found:
                raise DataError(
                    f"{file.name}: the id `{entry.id}` stands in {found[entry.id][0].name} already; ids are unique."
                )
            found[entry.id] = file, entry
    if not found and not may_be_empty:
        raise DataError(f"There is no knowledge entry in {folder}: put one into a file `*.yml` there.")
    return list(found.values())


def read_yaml(file: Path, zone: tzinfo = USUAL_ZONE) -> Iterator[Entry]:
    """Give the entries of one file.

    :raises DataError: if it cannot be read, is not YAML, or an entry is wrong.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not in UTF-8: {error}") from error
    for number, item in enumerate(yaml_items(text, file.name), start=1):
        yield read_entry(item, f"{file.name}: entry {number}", file.stem, file.name, zone)
