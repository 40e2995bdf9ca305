"""``kefu knowledge export``: entries into a file."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from kefu.cli.knowledge.options import filter_options, query_of, store_of
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json, settings_of
from kefu.errors import DataError
from kefu.knowledge.exchange.formats import FORMATS, Format, format_of


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: told by the file's name; for -, jsonl.")
@filter_options
@json_option
@endpoints_option
def command(file: Path, kind: Format | None, as_json: bool, endpoints: Path | None, **filters: Any) -> None:
    """Write entries into FILE (- is standard output), ordered by id. What a spreadsheet would compute gets a quote.

    All formats but Markdown can be imported again without loss.
    """
    from kefu.knowledge.exchange.exporting import write_entries

    is_output = str(file) == "-"
    kind = kind or ("jsonl" if is_output else format_of(file.name))
    settings = settings_of(endpoints)
    page = store_of(settings).find(query_of(filters, settings))
    content = write_entries((record.entry for record in page.records), kind)
    if is_output:
        sys.stdout.buffer.write(content)
        return
    _replace(file, content)
    if as_json:
        print_json({"file": str(file), "format": kind, "entries": page.total})
    else:
        click.echo(f"✓ {file}: {page.total:,} entries")


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = file.parent / f".{file.name}.{os.urandom(4).hex()}"
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
