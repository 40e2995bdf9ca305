"""`python scripts/interop`: what Kefu ships and speaks, against tools of other projects, each in its environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("USE_TF", "0")  # before transformers is imported

import click
from checkpoint import instructed_copy, says_what_a_client_sends
from environments import TOOLS, WORK, EnvironmentMissing, python_of, renew_pins
from findings import Finding, as_json, as_table
from servers import ServerFailed

from kefu.errors import KefuError
from kefu.models.checkpoint import EMBEDDED_EMBEDDER

CANNOT_INSTALL = 3
"""Exit status when a tool's environment cannot be made; 1: a figure out of bounds, or a tool that fails."""
Check = Callable[[], tuple[list[Finding], dict[str, str]]]

model_option = click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=EMBEDDED_EMBEDDER,
    help="Folder in the published layout of Qwen3-Embedding; by default the embedder that ships with Kefu.",
)
json_option = click.option("--json", "in_json", is_flag=True, help="Print JSON instead of a table.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check that tools of other projects get the same vectors and scores as Kefu.

    Each tool gets a virtual environment under .kefu/interop with pinned versions; the first run needs the package
    index. A figure out of bounds gives status 1, an environment that cannot be made status 3. Servers listen on
    loopback only and end with the check.
    """
    # So that `finally` ends the server when this program is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@main.command("sentence-transformers")
@model_option
@json_option
def sentence_transformers(model: Path, in_json: bool) -> None:
    """Let sentence-transformers load the embedder and compare all prompts, dimensions, batch and single."""
    from loaded_embedder import check_loaded

    _report(lambda: check_loaded(model.resolve()), in_json)


@main.command("infinity")
@model_option
@json_option
def infinity(model: Path, in_json: bool) -> None:
    """Let infinity serve the embedder and compare what Kefu's remote embedder gets from it."""
    from served_embedder import check_served

    _report(lambda: check_served(model.resolve()), in_json)


@main.command("rerank")
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder in the published layout of Qwen3-Reranker; by default one with random weights.",
)
@json_option
def rerank(model: Path | None, in_json: bool) -> None:
    """Let infinity serve a reranker, as a classifier, and compare what Kefu's remote reranker gets from it."""
    from served_classifier import check_classifier

    _report(lambda: check_classifier(model and model.resolve()), in_json)


@main.command("generator")
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a Qwen3 chat model; by default a small one with random weights.",
)
@json_option
def generator(model: Path | None, in_json: bool) -> None:
    """Let `transformers serve` run a chat model and hold Kefu's remote generator to its contract with it."""
    from served_generator import check_generator

    _report(lambda: check_generator(model and model.resolve()), in_json)


@main.command("four-bit")
@json_option
def four_bit(in_json: bool) -> None:
    """Let bitsandbytes keep the weights of Kefu's in-process generator in four bits, and let it answer."""
    from four_bit import check_four_bit

    _report(check_four_bit, in_json)


@main.command("instructed")
@model_option
@click.argument("target", type=click.Path(path_type=Path), default=WORK / "instructed")
def instructed(model: Path, target: Path) -> None:
    """Copy an embedder to TARGET with Kefu's instructions as its prompts, to be checked by the other commands."""
    if target.exists() and not says_what_a_client_sends(target):
        raise click.ClickException(f"{target} exists and is no such copy; it is left alone.")
    click.echo(instructed_copy(model.resolve(), target))


@main.command("environments")
def environments() -> None:
    """Make the environments of all tools, and check nothing."""
    for tool in TOOLS:
        try:
            click.echo(python_of(tool))
        except EnvironmentMissing as error:
            click.echo(str(error), err=True)
            sys.exit(CANNOT_INSTALL)


@main.command("renew-pins")
@click.argument("tools", nargs=-1, type=click.Choice(TOOLS))
def renew(tools: tuple[str, ...]) -> None:
    """Resolve the tools' pinned versions anew, with the torch of requirements.lock."""
    for tool in tools or TOOLS:
        renew_pins(tool)


def _report(check: Check, in_json: bool) -> None:
    try:
        found, versions = check()
    except EnvironmentMissing as error:
        click.echo(str(error), err=True)
        sys.exit(CANNOT_INSTALL)
    except (ServerFailed, KefuError, subprocess.CalledProcessError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if in_json:
        click.echo(as_json(found, versions))
    else:
        click.echo(" · ".join(f"{name} {version}" for name, version in versions.items()))
        click.echo(as_table(found))
    sys.exit(0 if all(one.is_good for one in found) else 1)


if __name__ == "__main__":
    main()
