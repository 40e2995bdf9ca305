"""`kefu init DIR`: a shop project of one's own, from the files of Kefu's own project.

Nothing is written twice: config, domain, utterances and rules are those that the demo shop uses. In the wheel they lie
in `kefu/starter` (pyproject.toml maps them there), in a checkout at the top of the repository.
"""

import re
import shutil
from pathlib import Path

import click

import kefu
from kefu.errors import DataError, SettingsError

STARTER = "starter"
# The same patterns as package-data of `kefu.starter` in pyproject.toml; a test compares them.
SHIPPED = (
    "config.yml",
    "domain.yml",
    "endpoints.yml",
    "credentials.yml",
    "data/nlu/*.yml",
    "data/rules/*.yml",
    "data/shop/policy.yml",
    "data/shop/reason_examples.yml",
    "data/shop/alarm_examples.yml",
)
_TEMPLATE = Path(__file__).parent / "template"
_DEMO_SEED = re.compile(r"^(\s+seed:).*$", re.MULTILINE)
_IGNORED = ".venv/\n.kefu/\n.rasa/\nmodels/\n__pycache__/\n"


def create_project(target: Path) -> int:
    """Fill a folder with a project, and give the number of files.

    :raises SettingsError: if the folder holds something already.
    :raises DataError: if this installation of Kefu lacks the files.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SettingsError(f"{target} is not empty; `kefu init` overwrites nothing. Give a new folder.")
    source = starter()
    files = {path: target / path.relative_to(source) for pattern in SHIPPED for path in source.glob(pattern)}
    files |= {path: target / path.relative_to(_TEMPLATE) for path in _TEMPLATE.rglob("*") if path.is_file()}
    for path, copy in files.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    _without_demo_orders(target / "endpoints.yml")
    (target / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    return len(files) + 1


def starter() -> Path:
    """Find the folder that holds the project files which ship with Kefu.

    :raises DataError: if a file is missing.
    """
    package = Path(kefu.__file__).parent
    folder = package / STARTER if (package / STARTER).is_dir() else package.parent
    missing = [name for name in SHIPPED if "*" not in name and not (folder / name).is_file()]
    if missing:
        raise DataError(f"This installation of Kefu lacks {', '.join(missing)} in {folder}; install it again.")
    return folder


def _without_demo_orders(endpoints: Path) -> None:
    """Keep the demo shop's orders out of a real shop's database."""
    text = endpoints.read_text(encoding="utf-8")
    endpoints.write_text(_DEMO_SEED.sub(r"\1 null", text), encoding="utf-8")


@click.command("init")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def command(directory: Path) -> None:
    """Start a shop project of your own in an empty folder."""
    count = create_project(directory)
    click.echo(f"✓ {count} files in {directory}. Next: cd {directory} && kefu up")
