"""The README names only commands, options and files that exist."""

import json
import math
import re
import struct
import subprocess
from pathlib import Path

import click
import pytest

from kefu.cli import cli
from kefu.models.checkpoint import CHECKPOINTS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# What is written as code: blocks (but for transcripts), and words between backticks.
BLOCKS = [block for block in re.findall(r"```.*?```", README, re.DOTALL) if "kefu ‹" not in block]
CODE = "\n".join(BLOCKS + re.findall(r"`[^`\n]+`", README))
MAKE_TARGETS = sorted(set(re.findall(r"\bmake ([a-z-]+)", CODE)))
KEFU_CALLS = sorted(set(re.findall(r"\bkefu ([a-z]+[^`#\n)]*)", CODE)))
LINKS = sorted(set(re.findall(r"\]\(([^)#:]+)\)", README)))


def test_the_readme_names_commands() -> None:
    assert {"chat", "test", "test-full"} <= set(MAKE_TARGETS)
    assert ".ci/run" in README and (ROOT / ".ci" / "run").is_file()


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_every_make_target_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:.* ## \S", makefile, re.MULTILINE)


@pytest.mark.parametrize("call", KEFU_CALLS)
def test_every_kefu_command_and_option_exists(call: str) -> None:
    words = call.split()
    command: click.Command | None = cli
    while words and isinstance(command, click.Group):
        name = words.pop(0)
        command = command.get_command(click.Context(command), name)
        assert command is not None, f"there is no `kefu … {name}` in `kefu {call}`"
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_make_lists_its_commands() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert re.findall(r"make ([a-z-]+) ", shown) == phony.group(1).split()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (ROOT / "README.md", r"\(([\d.]+) million parameters, in the package\)"),
        (CHECKPOINTS / "README.md", r"^\| parameters \| ([\d.]+) million"),
    ],
)
def test_the_embedded_models_have_as_many_parameters_as_is_said(file: Path, said: str) -> None:
    found = re.findall(said, file.read_text(encoding="utf-8"), re.MULTILINE)
    there = [f"{parameters(CHECKPOINTS / name / 'model.safetensors') / 1e6:.1f}" for name in ("embedder", "reranker")]
    assert found and found == there[: len(found)]


def test_the_model_card_says_of_questions_what_the_readme_does() -> None:
    """The README's table is held by tests/full/test_readme_figures.py."""
    rows = {cells[1]: cells[2:] for line in README.splitlines() if len(cells := re.split(r" ?\| ?", line)) == 9}
    card = " ".join((CHECKPOINTS / "README.md").read_text(encoding="utf-8").split())
    every, typo, standard = rows["all"], rows["typo"], rows["standard"]
    for said in (
        f"right entry first for {every[0]} of the questions, answered rightly {every[3]}, refused rightly {every[5]}",
        f"right entry comes first for {typo[0]} of them, against {standard[0]} of standard ones",
    ):
        assert said in card


def parameters(weights: Path) -> int:
    """Count them from the header of a safetensors file: eight bytes of length, then JSON with the shapes."""
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")


def test_the_table_of_dependencies_names_all_of_pyproject_and_nothing_else() -> None:
    table = README.split("## Dependencies")[1].split("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]
    named = [name.strip() for cell in cells for name in cell.split(",")]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = "dependencies|dev|postgres|milvus|faiss-gpu|4bit|requires"
    lists = re.findall(rf"^(?:{names}) = \[(.*?)\]$", text, re.MULTILINE | re.DOTALL)
    required = [name for listed in lists for name in re.findall(r'"([A-Za-z][\w.-]*)', listed) if name != "kefu"]
    assert sorted(set(named), key=str.lower) == sorted(set(map(_shown, required)), key=str.lower)
    assert len(named) == len(set(named))


def _shown(name: str) -> str:
    return {"pyyaml": "PyYAML"}.get(name, name)
