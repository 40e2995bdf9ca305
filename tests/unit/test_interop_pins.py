"""The tools of scripts/interop have the torch of the product, which is then neither downloaded nor stored twice."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PINS = ROOT / "scripts" / "interop" / "pins"


def torch(file: Path) -> list[str]:
    return re.findall(r"^torch==[^\s;]+", file.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("tool", ["sentence-transformers", "infinity"])
def test_the_tools_have_the_torch_of_the_lock(tool: str) -> None:
    assert torch(PINS / f"{tool}.txt") == torch(ROOT / "requirements.lock"), (
        "`.venv/bin/python scripts/interop renew-pins` resolves the tools' versions anew"
    )


def test_pins_name_versions_only() -> None:
    for file in PINS.iterdir():
        for line in file.read_text(encoding="utf-8").splitlines():
            assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+( ; .+)?$", line), f"{file.name}: {line}"
