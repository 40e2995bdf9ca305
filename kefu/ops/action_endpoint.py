"""Where the action server is, as ``endpoints.yml`` says, and a copy of that file in which it is elsewhere."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from kefu.ops.ports import local
from kefu.yaml_text import load_yaml


def action_url(endpoints: Path) -> str:
    """Read the address that Rasa calls; empty where the file, or such an address, is missing."""
    content = load_yaml(endpoints.read_text(encoding="utf-8")) if endpoints.is_file() else {}
    return str(((content or {}).get("action_endpoint") or {}).get("url") or "")


@contextlib.contextmanager
def endpoints_copy(endpoints: Path, action_port: int, **options: Mapping[str, object]) -> Iterator[Path]:
    """Give a copy whose action server is on this port, and remove it afterwards.

    It lies beside the original, since paths in it start from its folder.

    :param options: by section, what else is to differ.
    """
    content = load_yaml(endpoints.read_text(encoding="utf-8")) or {}
    options = {**options, "action_endpoint": {"url": local(action_port, "/webhook")}}
    content |= {section: {**(content.get(section) or {}), **changed} for section, changed in options.items()}
    copy = endpoints.parent / f".endpoints-{action_port}.yml"
    copy.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)
