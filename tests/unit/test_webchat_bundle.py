"""The committed bundles are those of the sources in webchat/, small, and know no other address."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES, BUNDLES = ROOT / "webchat", ROOT / "channels" / "webchat_files"
BUILT = ["chat-page.js", "chat-page.css", "chat.js", "embed.css"]
AT_MOST = 450_000  # bytes, all of them together; a third of it with gzip, as they are served


@pytest.mark.parametrize("name", BUILT)
def test_is_built_from_these_sources(name: str) -> None:
    digest = hashlib.sha256((SOURCES / "package-lock.json").read_bytes())
    for file in sorted((SOURCES / "src").iterdir()):
        digest.update(file.read_bytes())
    first_line = (BUNDLES / name).read_text(encoding="utf-8").splitlines()[0]
    assert digest.hexdigest() in first_line, "run `npm ci && npm run build` in webchat/"


def test_is_small() -> None:
    assert sum((BUNDLES / name).stat().st_size for name in BUILT) <= AT_MOST


@pytest.mark.parametrize("name", [*BUILT, "chat.html"])
def test_loads_nothing_from_elsewhere(name: str) -> None:
    found = set(re.findall(r"https?://[\w.-]+", (BUNDLES / name).read_text(encoding="utf-8")))
    # Names of SVG and MathML; what warnings lead to.
    words = {"http://www.w3.org", "https://socket.io", "https://reactjs.org"}
    assert found <= words


def test_no_message_becomes_html() -> None:
    for file in (SOURCES / "src").iterdir():
        written = file.read_text(encoding="utf-8")
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|DOMParser", written)
        assert found == [], file


def test_licences_of_the_packages_in_them_go_along() -> None:
    package = json.loads((SOURCES / "package.json").read_text())
    licences = (BUNDLES / "third-party-licences.txt").read_text(encoding="utf-8")
    names = [f"{name} {version}: MIT" for name, version in package["dependencies"].items()]
    assert [name for name in names if name not in licences] == []


def test_versions_are_pinned_and_the_lock_names_no_host() -> None:
    package = json.loads((SOURCES / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)
