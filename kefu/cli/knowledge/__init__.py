"""``kefu knowledge``: the entries of the store, from the command line."""

import click

from kefu.cli.lazy import LazyGroup

_COMMANDS: dict[str, tuple[str, str]] = {
    "add": ("kefu.cli.knowledge.add", "Add one entry."),
    "build": ("kefu.cli.index", "Bring the index up to date (`kefu index` is the same)."),
    "calibrate": ("kefu.cli.knowledge.calibrate", "Fit the thresholds, and show coverage against precision."),
    "compact": ("kefu.cli.knowledge.compact", "Forget deleted texts, old changes and vectors of no use."),
    "delete": ("kefu.cli.knowledge.delete", "Delete entries at once."),
    "duplicates": ("kefu.cli.knowledge.duplicates", "List pairs of entries that ask nearly the same."),
    "export": ("kefu.cli.knowledge.export", "Write entries into a file."),
    "history": ("kefu.cli.knowledge.history", "List the revisions of an entry."),
    "import": ("kefu.cli.knowledge.import_file", "Put a file of entries into the store."),
    "list": ("kefu.cli.knowledge.list", "List entries."),
    "show": ("kefu.cli.knowledge.show", "Show an entry."),
    "stats": ("kefu.cli.knowledge.stats", "Count what there is."),
    "update": ("kefu.cli.knowledge.update", "Change fields of an entry."),
}


@click.group(cls=LazyGroup, commands_at=_COMMANDS)
def command() -> None:
    """Import, change, look up and export what the shop knows."""
