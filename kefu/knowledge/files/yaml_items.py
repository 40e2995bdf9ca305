"""The list of entries in a YAML file, whoever wrote it."""

from typing import Any

import yaml

from kefu.errors import DataError
from kefu.knowledge.files.reader import mapping
from kefu.yaml_text import SAFE_LOADER, load_yaml


def yaml_items(text: str, file: str) -> list[Any]:
    """Give what stands under `entries`, or a file that is a list as it is; the entries are not looked at.

    :param file: its name, which errors begin with.
    :raises DataError: if it is no YAML, has references (a few lines of them can stand for more than any memory holds),
        or no list.
    """
    try:
        _refuse_references(text, file)
        content = load_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DataError(f"{file} is not valid YAML: {error}") from error
    items = content if isinstance(content, list) else mapping(content or {}, ["entries"], file).get("entries") or []
    if not isinstance(items, list):
        raise DataError(f"{file}: `entries` must be a list, not {type(items).__name__}.")
    return items


def _refuse_references(text: str, file: str) -> None:
    if "*" in text:
        for event in yaml.parse(text, Loader=SAFE_LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise DataError(f"{file}: references (here *{event.anchor}) are not read; write the value out.")
