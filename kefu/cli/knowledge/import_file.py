"""``kefu knowledge import``: a file of entries into the store."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kefu.cli.knowledge.options import author_option, importer_of, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.errors import DataError
from kefu.knowledge.exchange.formats import FORMATS, Defaults, Format, format_of
from kefu.ops.progress import progress_bar
from kefu.text import LANGUAGES, Language

if TYPE_CHECKING:
    from kefu.knowledge.exchange.importing import ImportOptions, ImportReport

_SHOWN = 20  # faults; --json has them all


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by the file's name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and what is wrong.")
@click.option("--strict", is_flag=True, help="Where anything is wrong, let nothing in.")
@click.option("--prune", is_flag=True, help="Delete what a file of this name had earlier and has no more.")
@click.option("--category", default="", help="Of entries that have none (default: the file's name).")
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="Of entries that name none (default: read off)."
)
@click.option("--tag", "tags", multiple=True, help="Of entries that have none; several times.")
@click.option("--channel", "channels", multiple=True, help="Of entries that have none; several times.")
@click.option("--link", default="", help="The page that the document stands on.")
@author_option
@json_option
@endpoints_option
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    kind: Format | None,
    dry_run: bool,
    strict: bool,
    prune: bool,
    category: str,
    language: Language | None,
    tags: tuple[str, ...],
    channels: tuple[str, ...],
    link: str,
    author: str,
    as_json: bool,
    endpoints: Path | None,
) -> None:
    """Put the entries of FILE (CSV, JSONL, Excel, Markdown, YAML) into the store; a question and an answer suffice.

    An entry whose id is there is updated. What a file of the same name had when it was last imported, and has no more,
    is named; --prune deletes it, unless any row is wrong, or somebody has changed the entry by hand since.

    Rows that are wrong are named, and the others go in; then the exit status is 2. It is 1, and nothing goes in, where
    the file as a whole is wrong, or anything is under --strict.
    """
    from kefu.knowledge.exchange.importing import ImportOptions

    settings = settings_of(endpoints)
    options = ImportOptions(author, strict, dry_run, prune, Defaults(category, language, tags, channels, link))
    importer = importer_of(settings, store_of(settings))
    with progress_bar("Embedding questions") as progress:
        report = importer.run(_content(file), file.name, kind or format_of(file.name), options, progress)
    if as_json:
        print_json(report.to_json())
    else:
        _say(report, options)
    if report.faults:
        context.exit(1 if strict else 2)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error


def _say(report: "ImportReport", options: "ImportOptions") -> None:
    for fault in report.faults[:_SHOWN]:
        click.echo(f"✗ {fault.message}", err=True)
    if len(report.faults) > _SHOWN:
        click.echo(f"✗ … and {len(report.faults) - _SHOWN:,} more (--json lists them all)", err=True)
    counts = {name: len(ids) for name, ids in vars(report.report).items()}
    done = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or name != "deleted")
    wrong = f", {len(report.faults):,} wrong" if report.faults else ""
    if report.stored:
        click.echo(f"✓ {report.file} ({report.encoding}): {done}{wrong}")
    elif options.dry_run:
        click.echo(f"{report.file} ({report.encoding}), dry run: {done}{wrong}; nothing was stored")
    else:
        click.echo(f"✗ {report.file} ({report.encoding}): nothing was stored{wrong}")
    _say_gone(report, options)


def _say_gone(report: "ImportReport", options: "ImportOptions") -> None:
    """Name what the file had when it was last imported, and has no more."""
    if options.prune and report.faults:
        click.echo(
            "  --prune deletes nothing as long as rows are wrong: what they said before would be taken for gone."
        )
    if not report.gone:
        return
    if options.prune:
        head = (
            "would be deleted, being no more in the file" if options.dry_run else "deleted, being no more in the file"
        )
    else:
        head = "from an earlier import, and no more in the file; they stay (--prune deletes them)"
    click.echo(f"  {len(report.gone):,} {head}:")
    for entry in report.gone[:_SHOWN]:
        click.echo(f"  - {entry.id}  {entry.title}")
    if len(report.gone) > _SHOWN:
        click.echo(f"  … and {len(report.gone) - _SHOWN:,} more (--json lists them all)")
