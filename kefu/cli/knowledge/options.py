"""What the commands over the store share: options, opening it, finding entries, times as people read them."""

import getpass
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kefu.errors import DataError
from kefu.settings import Settings
from kefu.text import LANGUAGES

if TYPE_CHECKING:
    from kefu.knowledge.exchange.importing import Importer
    from kefu.knowledge.store.records import Query, Record, Report
    from kefu.knowledge.store.store import KnowledgeStore

F = TypeVar("F", bound=Callable[..., Any])

COMMAND_LINE = "command line"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        return "unknown"


author_option = click.option("--author", default=_user, help="Who makes the change (default: the user's name).")

_FIELDS = (
    click.option("--category", help="What it belongs to, such as shipping."),
    click.option("--popularity", type=float, help="How often it is asked about, from 0 to 1."),
    click.option("--tag", "tags", multiple=True, help="A tag; may be given several times."),
    click.option("--channel", "channels", multiple=True, help="A channel that it is meant for (none: all)."),
    click.option("--valid-from", help="A date or time such as 2026-11-11 or 2026-11-11T20:00."),
    click.option("--valid-to", help="The same; a date counts to its end."),
    click.option("--link", help="The page that it stands on."),
    click.option("--lang", type=click.Choice(LANGUAGES), help="Of the texts (default: read off the question)."),
    click.option("--question", help="The main way to ask it."),
    click.option("--answer", help="What is said."),
    click.option("--alternative", "alternatives", multiple=True, help="Another way to ask it; several times."),
)
_FILTERS = (
    click.option("--category", help="Only of this category."),
    click.option("--tag", help="Only with this tag."),
    click.option("--channel", help="Only what may be said on this channel."),
    click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Only what there is in this language."),
    click.option("--source", help="Only of this source; with * at its end, of all that begin so."),
    click.option("--valid-at", help="Only what holds at this date or time."),
    click.option("--text", help="Only where a question or the answer has this text."),
)


def field_options(function: F) -> F:
    """Add an option for each field of an entry."""
    return _all(_FIELDS, function)


def filter_options(function: F) -> F:
    """Add an option for each thing that entries can be found by."""
    return _all(_FILTERS, function)


def _all(options: tuple[Callable[[F], F], ...], function: F) -> F:
    for option in reversed(options):
        function = option(function)
    return function


def store_of(settings: Settings) -> "KnowledgeStore":
    """Open the store that the settings name."""
    from kefu.knowledge.store.store import open_store

    return open_store(settings)


def importer_of(settings: Settings, store: "KnowledgeStore") -> "Importer":
    """Make what puts entries into the store, with vectors of the model that the settings name."""
    from kefu.knowledge.exchange.importing import Importer
    from kefu.models import build_embedder

    return Importer.of(settings, store, build_embedder(settings.embedding))


def given_fields(options: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that options have been given for."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    return {name: value for name, value in values.items() if value not in (None, [])}


def query_of(filters: dict[str, Any], settings: Settings) -> "Query":
    """Make a query of the options; a time without a zone is one on the shop's clock.

    :raises DataError: if `--valid-at` is no date or time, or the policy that has the shop's time zone is wrong.
    """
    from kefu.knowledge.entries import Facts
    from kefu.knowledge.files.reader import read_moment
    from kefu.knowledge.store.records import Query

    given, valid_at = filters.pop("valid_at"), None
    if given:
        zone = Facts(settings.path(settings.knowledge.policy)).zone
        valid_at = read_moment(given, "valid_at", COMMAND_LINE, zone)
    return Query(valid_at=valid_at, **filters)


def require(store: "KnowledgeStore", entry_id: str) -> "Record":
    """Read an entry that there must be.

    :raises DataError: if there is none; `kefu knowledge history` may know of it.
    """
    record = store.get(entry_id)
    if record is None:
        past = store.history(entry_id)
        known = f" It was deleted; `kefu knowledge history {entry_id}` tells by whom." if past else ""
        raise DataError(f"There is no knowledge entry `{entry_id}`.{known}")
    return record


def local_time(moment: datetime) -> str:
    """Give a time on the clock of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def say(report: "Report") -> None:
    """Say in a line what a change did."""
    counts = {name: len(ids) for name, ids in vars(report).items() if ids}
    click.echo(", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing changed")
