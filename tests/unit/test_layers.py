"""Who may import whom, and what the kernel must not drag in."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_RASA_SIDE = ("kefu.components", "kefu.actions", "kefu.channels", "kefu.server")

# folder → prefixes of modules that its files may import nowhere, not even inside a function
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "kefu": ("rasa", "rasa_sdk", "kefu.cli", *_RASA_SIDE),
    "kefu/cli": ("rasa_sdk", "kefu.components", "kefu.actions", "kefu.channels"),
    "components": ("rasa_sdk", "kefu.cli", "kefu.actions", "kefu.channels", "kefu.server"),
    "actions": ("rasa", "kefu.cli", "kefu.components", "kefu.channels", "kefu.server"),
    "channels": ("rasa_sdk", "kefu.cli", "kefu.components", "kefu.actions", "kefu.server"),
    "server": ("kefu.cli", "kefu.components", "kefu.actions", "kefu.channels"),
    "training": (),
    "bench": (),
    "scripts": (),
    "tests": (),
}
# Rasa brings them along. Seconds and half a gigabyte at every start, for nothing that is computed here.
NOWHERE = ("tensorflow", "keras")
# What decides about orders and refunds reads no store and asks no model: it is given what it judges.
PURE = ("kefu/dialogue", "kefu/shop/after_sales.py")
_ASKED_BY_OTHERS = (
    "kefu.database",
    "kefu.models",
    "kefu.knowledge",
    "sqlalchemy",
    "kefu.shop.tables",
    "kefu.shop.store",
)
# The names of the tasks that an embedder is asked for (texts, no model): which embedder, the caller says.
_TASK_NAMES = "kefu.models.prompts"
HEAVY = ("torch", "tensorflow", "transformers", "onnxruntime", "tokenizers", "faiss", "rasa", "rasa_sdk", "sklearn")


def files_of(folder: str) -> list[Path]:
    """All modules of a folder, without those of a folder inside it that has a line of its own."""
    inner = [ROOT / other for other in FORBIDDEN if other.startswith(folder + "/")]
    return [
        path
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not any(path.is_relative_to(other) for other in inner) and "template" not in path.parts
    ]


def imported(source: str) -> set[str]:
    """Name everything that a module imports; ``from a import b`` counts as ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer: write the whole path"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def offences(source: str, forbidden: tuple[str, ...]) -> set[str]:
    return {
        name for name in imported(source) for prefix in forbidden if name == prefix or name.startswith(prefix + ".")
    }


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_no_file_imports_what_its_layer_may_not(folder: str) -> None:
    files = files_of(folder)
    assert files
    found = {
        str(path.relative_to(ROOT)): bad
        for path in files
        if (bad := offences(path.read_text(encoding="utf-8"), FORBIDDEN[folder] + NOWHERE))
    }
    assert found == {}


@pytest.mark.parametrize("place", PURE)
def test_what_decides_reads_no_store_and_asks_no_model(place: str) -> None:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    assert files
    found = {file.name: offences(file.read_text(encoding="utf-8"), _ASKED_BY_OTHERS) for file in files}
    named = {name: {module for module in bad if not module.startswith(_TASK_NAMES)} for name, bad in found.items()}
    assert {name: bad for name, bad in named.items() if bad} == {}


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("import rasa.core", True),
        ("from rasa import core", True),
        ("def f():\n    from kefu.actions import handover", True),
        ("from kefu import actions", True),
        ("import rasa_sdk", False),
        ("import rasairus", False),
        ("from kefu import text", False),
        ("from keras.layers import Dense", True),
    ],
)
def test_the_check_itself_catches(source: str, caught: bool) -> None:
    assert bool(offences(source, ("rasa", "kefu.actions", *NOWHERE))) is caught


def test_importing_the_kernel_imports_nothing_heavy() -> None:
    """In one fresh process, module after module, so that the first offender is named."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files_of("kefu")
    ]
    program = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
    heavy = [package for package in {HEAVY!r} if package in sys.modules]
    if heavy:
        sys.exit(f"importing {{name}} imports {{', '.join(heavy)}}")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
