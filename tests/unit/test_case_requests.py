"""Whether a message wants something with a case that exists: a table of what customers type."""

from pathlib import Path

import pytest

from kefu.dialogue.wishes.case_requests import wanted


def rows() -> list[tuple[str, str | None]]:
    found = []
    heading: str | None = None
    for line in (Path(__file__).parent / "case_requests.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = None if line == "[nothing]" else line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((line, heading))
    return found


@pytest.mark.parametrize(("text", "request_"), rows())
def test_what_is_wanted_with_a_case(text: str, request_: str | None) -> None:
    assert wanted(text) == request_
