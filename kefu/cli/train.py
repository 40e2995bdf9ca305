"""`kefu train`: train the Rasa model, if anything it is made from has changed."""

import time
from pathlib import Path

import click

from kefu.cli.steps import live_line


@click.command("train")
@click.option("--force", is_flag=True, help="Train even if nothing changed, without Rasa's cache.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the model (default: models)."
)
@click.option("--endpoints", type=click.Path(dir_okay=False, path_type=Path), help="The project's endpoints.yml.")
def command(force: bool, out: Path | None, endpoints: Path | None) -> None:
    """Train the Rasa model if config, domain, data, components, embedding model or package versions changed."""
    from kefu.ops.project import open_project
    from kefu.ops.training import train

    started = time.monotonic()
    project = open_project(endpoints)
    with live_line("training") as show:
        trained = train(project, force=force, out=out, show=show)
    what = "trained" if trained.is_new else "unchanged"
    click.echo(f"✓ {what}: {trained.model} ({time.monotonic() - started:.1f} s)")
