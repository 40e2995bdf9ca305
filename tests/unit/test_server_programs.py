"""What tests on Postgres do where there is none: they say so at once, and what to install."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

TESTS = Path(__file__).parents[1]


@pytest.fixture
def shared(load_script: Callable[[str], ModuleType]) -> ModuleType:
    """The fixtures of all tests, as a module."""
    return load_script("tests/conftest.py")


class Item(SimpleNamespace):
    """A collected test; as in pytest two are the same only if they are one."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


def test_a_missing_program_is_named_with_what_to_install(shared: ModuleType) -> None:
    with pytest.raises(pytest.UsageError, match=r"no postgres-of-nobody here.*apt-get install postgresql"):
        shared._server_program("postgres-of-nobody")


def test_a_program_on_the_path_is_taken(shared: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shared._server_program("postgres") == str(program)


@pytest.mark.parametrize(
    ("nodes", "is_refused"),
    [(["test_store[sqlite]", "test_store[postgres]"], True), (["test_store[sqlite]", "test_clone"], False)],
)
def test_it_is_said_before_the_first_test_runs(
    shared: ModuleType, monkeypatch: pytest.MonkeyPatch, nodes: list[str], is_refused: bool
) -> None:
    """Not by a hundred tests, one after the other; and only where a test on Postgres was asked for."""
    monkeypatch.setattr(shared, "_server_program", refuse)
    config = SimpleNamespace(option=SimpleNamespace(markexpr="full"))
    items = [
        Item(nodeid=node, path=TESTS / "full" / "test_x.py", get_closest_marker=lambda name: True) for node in nodes
    ]
    if is_refused:
        with pytest.raises(pytest.UsageError, match="postgres"):
            shared.pytest_collection_modifyitems(config, items)
    else:
        shared.pytest_collection_modifyitems(config, items)


def refuse(name: str) -> str:
    raise pytest.UsageError(name)
