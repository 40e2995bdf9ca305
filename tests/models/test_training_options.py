"""The commands of training/README.md are ones that the scripts take, and their options mean what they say."""

import argparse
import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import train_embedder  # noqa: E402
import train_reranker  # noqa: E402
from run import RecipeError  # noqa: E402
from sentences import SETS  # noqa: E402

from kefu.models.checkpoint import EMBEDDED_EMBEDDER  # noqa: E402

README = (ROOT / "training" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines() if line]
COMMANDS = list(dict.fromkeys([*LINES, *re.findall(r"`(\.venv/bin/[^`]+)`", README)]))


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A folder that has a place for every data set."""
    for name in SETS:
        (tmp_path / "sets" / name).mkdir(parents=True)
    return tmp_path / "sets"


def _parser_of(script: str) -> argparse.ArgumentParser:
    path = ROOT / script
    spec = importlib.util.spec_from_file_location(f"readme_{path.stem}", path / "run.py" if path.is_dir() else path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.parser()


def test_every_script_is_named() -> None:
    said = " ".join(COMMANDS)
    scripts = [
        file.name for file in (ROOT / "training").glob("*.py") if "__main__" in file.read_text(encoding="utf-8")
    ]
    assert len(scripts) > 4
    assert not [name for name in scripts if f"training/{name}" not in said]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_is_taken(
    command: str, datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    program, *words = shlex.split(command)
    if program == ".venv/bin/uv":
        assert words == ["pip", "install", "--no-deps", "-r", "training/requirements.txt"]
        assert (ROOT / words[-1]).is_file()
        return
    assert program == ".venv/bin/python"
    script, *options = words
    parser = _parser_of(script)
    try:
        parser.parse_args([str(datasets) if word == "DIR" else word for word in options])
    except SystemExit:
        pytest.fail(capsys.readouterr().err)


def _recipe(*words: str, datasets: Path) -> train_embedder.Recipe:
    return train_embedder.recipe_of(train_embedder.parser().parse_args(["--datasets", str(datasets), *words]))


def test_the_size_is_an_option_and_a_checkpoint_keeps_its_own(datasets: Path) -> None:
    assert (_recipe(datasets=datasets).width, _recipe(datasets=datasets).layers) == (256, 4)
    larger = _recipe("--width", "384", "--layers", "6", datasets=datasets)
    assert (larger.width, larger.layers) == (384, 6)
    start = ("--start", str(EMBEDDED_EMBEDDER))
    assert (_recipe(*start, datasets=datasets).width, _recipe(*start, datasets=datasets).layers) == (256, 4)
    assert _recipe(*start, "--layers", "4", datasets=datasets).layers == 4
    with pytest.raises(RecipeError, match="width 256 and 4 layers"):
        _recipe(*start, "--width", "128", datasets=datasets)


@pytest.mark.parametrize("parser", [train_embedder.parser, train_reranker.parser])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minutes", "0"], "--minutes: must be more than 0"),
        (["--steps", "0"], "--steps: must be 1 or more"),
        (["--steps", "5", "--minutes", "5"], "not allowed with"),
        (["--device", "cuda:99"], "--device: must be auto, cpu, cuda"),
        (["--device", "meta"], "--device: must be auto, cpu, cuda"),
        (["--datasets", "nowhere"], "nowhere lacks tatoeba_cmn_eng"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_what_can(
    parser: object, words: list[str], said: str, datasets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--datasets", str(datasets), *words])  # type: ignore[operator]
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("width", ["31", "385"])
def test_a_width_that_the_teacher_has_no_targets_for_is_refused(width: str, datasets: Path) -> None:
    with pytest.raises(SystemExit):
        _recipe("--width", width, datasets=datasets)


@pytest.mark.parametrize("parser", [train_embedder.parser, train_reranker.parser])
def test_auto_is_a_gpu_where_there_is_one(parser: object, datasets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def device() -> torch.device:
        return parser().parse_args(["--datasets", str(datasets)]).device  # type: ignore[operator]

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device() == torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device() == torch.device("cpu")
