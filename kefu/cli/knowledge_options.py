"""What the commands about knowledge share: options, opening the base, printing JSON."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kefu.settings import ENDPOINTS_VARIABLE, Settings, load_settings
from kefu.text import LANGUAGES

if TYPE_CHECKING:
    from kefu.knowledge.base import KnowledgeBase

F = TypeVar("F", bound=Callable[..., Any])

endpoints_option = click.option(
    "--endpoints",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="endpoints.yml of the project (default: KEFU_ENDPOINTS, or the one in this folder).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
knowledge_language_option = click.option(
    "--knowledge-lang",
    "knowledge_language",
    type=click.Choice(LANGUAGES),
    help="Use knowledge in this language only, as if there were no other.",
)


def settings_of(endpoints: Path | None) -> Settings:
    """Load the settings, and let whatever this process loads later (Rasa's components) find the same ones."""
    if endpoints is not None:
        os.environ[ENDPOINTS_VARIABLE] = str(endpoints.resolve())
    return load_settings(endpoints)


def open_base(settings: Settings) -> "KnowledgeBase":
    """Open the knowledge base with the model that the settings name."""
    from kefu.knowledge.shared import shared_base

    return shared_base(settings)


def print_json(value: Any) -> None:
    """Print a value as JSON, Chinese readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
