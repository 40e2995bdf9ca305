"""The conversations in the README come out as they stand there: each typed line is typed, each reply compared.

Dates, times and the numbers of tickets and cases are masked: they are those of the day on which somebody looks.
"""

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TRANSCRIPTS = re.findall(r"^```\n(you  › .*?)^```", README, re.DOTALL | re.MULTILINE)
_OF_THE_DAY = re.compile(
    r"[TR]\d{8}-\d{4}|\d{4}-\d\d-\d\d|\d\d-\d\d \d\d:\d\d|\d{1,2} 月 \d{1,2} 日|\d{1,2} (?:November|December)"
)
_CLOSED = 10  # hours after noon: nobody is at his desk, as when the transcripts were taken


def turns(transcript):
    """Give what is typed, and the lines of what comes back, without their indents."""
    for turn in transcript.split("you  › ")[1:]:
        typed, replies = turn.split("\nkefu ‹ ", 1)
        yield typed.strip(), [line.strip() for line in replies.replace("kefu ‹ ", "").splitlines() if line.strip()]


def shown(messages):
    """Give the lines of replies as the console shows them: texts, and buttons by number."""
    for message in messages:
        yield from (line.strip() for line in (message.get("text") or "").splitlines() if line.strip())
        buttons = message.get("buttons") or []
        yield from (f"{number}. {button['title']}" for number, button in enumerate(buttons, start=1))


def masked(lines):
    return [_OF_THE_DAY.sub("…", line) for line in lines]


def test_the_readme_has_conversations_in_both_languages():
    typed = [line for transcript in TRANSCRIPTS for line, _ in turns(transcript)]
    assert len(TRANSCRIPTS) >= 4 and len(typed) >= 20


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.split("\n")[0][7:])
def test_a_conversation_of_the_readme(play, transcript):
    play.run([{"hours_later": _CLOSED}])
    customer = play.customer("a")
    expected, said = [], []
    for typed, replies in turns(transcript):
        customer.type(typed)
        expected.append((typed, masked(replies)))
        said.append((typed, masked(shown(customer.messages))))
    assert said == expected
