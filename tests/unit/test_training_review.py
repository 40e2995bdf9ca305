"""What a reader said of a random hundred of the training sentences is kept, and the model card says it."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training"))

import review  # noqa: E402
from sentences import tsv_rows  # noqa: E402


def test_every_pair_is_judged_and_each_no_has_its_reason() -> None:
    rows = list(tsv_rows(review.REVIEWED))
    assert len({(row["zh"], row["en"]) for row in rows}) == len(rows) == 100
    for row in rows:
        said = [row[column] for column in review.JUDGED]
        assert set(said) <= {"yes", "no"} and row["from"], row
        assert bool(row["why_not"]) == ("no" in said), row


def test_the_model_card_says_what_the_reader_said() -> None:
    card = " ".join((ROOT / "kefu" / "checkpoints" / "README.md").read_text(encoding="utf-8").split())
    found = re.search(
        r"could have typed (\d+) of the Chinese and (\d+) of the English ones, and that (\d+) pairs", card
    )
    assert found is not None
    counted = review.judged()
    assert [int(figure) for figure in found.groups()] == [counted[column] for column in review.JUDGED]


def test_the_count_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["review.py", "--judged"])
    review.main()
    counted = review.judged()
    assert f"{counted['zh_typed']} of 100 Chinese ones that a customer could have typed" in capsys.readouterr().out
