"""``kefu knowledge …``: the store from the command line."""

import json
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from kefu.cli import cli
from kefu.cli.knowledge import command as group
from kefu.errors import DataError
from kefu.knowledge.api.operations import Operations
from kefu.knowledge.store.store import open_store
from kefu.settings import ENDPOINTS_VARIABLE, Settings, load_settings

FAQ = 'id,question,answer\nwrap,Can you wrap it?,Yes.\ncard,Do you sell gift cards?,"Yes, <b>we do</b>."\n'


@pytest.fixture
def kefu(shop: Settings, monkeypatch: pytest.MonkeyPatch):
    """Give a function that runs `kefu knowledge` in the small shop."""
    monkeypatch.setenv(ENDPOINTS_VARIABLE, "")
    file = shop.root / "endpoints.yml"
    file.write_text(yaml.safe_dump({"embedding": {"model": "fake"}}), encoding="utf-8")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(cli, ["knowledge", *map(str, arguments), "--endpoints", str(file)])

    return run


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    """A file of two entries."""
    file = tmp_path / "faq.csv"
    file.write_text(FAQ, encoding="utf-8")
    return file


@pytest.fixture
def stored(kefu, faq: Path):
    """The same function, with the file imported."""
    assert kefu("import", faq, "--author", "ann").exit_code == 0
    return kefu


def as_json(result: Result):
    assert result.exit_code == 0, result.stderr or result.exception
    return json.loads(result.stdout)


def test_every_command_explains_itself(kefu) -> None:
    names = group.list_commands(click.Context(group))
    wanted = "import add update delete list show history export build compact stats duplicates calibrate".split()
    assert sorted(names) == sorted(wanted)
    for name in names:
        shown = CliRunner().invoke(cli, ["knowledge", name, "--help"])
        assert shown.exit_code == 0 and "--endpoints" in shown.stdout and "--json" in shown.stdout


def test_import_says_what_it_did(kefu, faq: Path) -> None:
    first = kefu("import", faq)
    assert first.exit_code == 0 and "✓ faq.csv (utf-8): 2 added, 0 updated, 0 unchanged" in first.stdout
    faq.write_text(FAQ.replace("Yes.", "Of course."), encoding="utf-8")
    assert "0 added, 1 updated, 1 unchanged" in kefu("import", faq).stdout


def test_import_names_bad_rows_and_lets_the_others_in(kefu, faq: Path) -> None:
    faq.write_text(FAQ + "bad,Is it?,\n", encoding="utf-8")
    result = kefu("import", faq)
    assert result.exit_code == 2 and "2 added" in result.stdout and "1 wrong" in result.stdout
    assert "✗ faq.csv: row 4" in result.stderr and "`answer`" in result.stderr


def test_strictly_nothing_goes_in(kefu, faq: Path) -> None:
    faq.write_text(FAQ + "bad,Is it?,\n", encoding="utf-8")
    result = kefu("import", faq, "--strict", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1 and not report["stored"]
    assert (report["errors"][0]["row"], report["errors"][0]["field"]) == ("row 4", "answer_en")
    assert as_json(kefu("stats", "--json"))["entries"] == 0


def test_a_dry_run_stores_nothing(kefu, faq: Path) -> None:
    result = kefu("import", faq, "--dry-run")
    assert result.exit_code == 0 and "dry run: 2 added" in result.stdout
    assert as_json(kefu("stats", "--json"))["entries"] == 0


def test_a_wrong_file_is_an_error(kefu, faq: Path) -> None:
    faq.write_text("frage,antwort\na,b\n", encoding="utf-8")
    result = kefu("import", faq)
    assert isinstance(result.exception, DataError) and "row 1" in str(result.exception)
    assert kefu("import", faq.with_name("none.csv")).exit_code == 2  # click's own
    other = faq.with_name("faq.docx")
    other.write_text(FAQ, encoding="utf-8")
    assert isinstance(kefu("import", other).exception, DataError)
    assert kefu("import", other, "--format", "csv").exit_code == 0


def test_list_and_show(stored) -> None:
    page = as_json(stored("list", "--text", "gift CARDS", "--json"))
    assert page["total"] == 1 and page["entries"][0]["id"] == "card"
    assert (page["entries"][0]["source"], page["entries"][0]["author"]) == ("import:faq.csv", "ann")
    shown = stored("list", "--source", "import:*", "--limit", 1)
    assert "1 of 2 entries" in shown.stdout and "card" in shown.stdout
    entry = stored("show", "wrap")
    assert "question: Can you wrap it?" in entry.stdout and "# revision 1," in entry.stdout
    assert as_json(stored("show", "wrap", "--json"))["en"]["answer"] == "Yes."


def test_add_update_delete_and_history(kefu) -> None:
    added = kefu("add", "--id", "hours", "--question", "When are you open?", "--answer", "From 9.", "--author", "ann")
    assert added.stdout == "added hours (revision 1)\n"
    assert isinstance(kefu("add", "--id", "hours", "--question", "Is it?", "--answer", "No.").exception, DataError)
    assert "1 updated" in kefu("update", "hours", "--answer", "From 10.", "--tag", "time", "--author", "bob").stdout
    assert "1 updated" in kefu("update", "hours", "--question", "几点开门？", "--answer", "十点。").stdout
    entry = as_json(kefu("show", "hours", "--json"))
    assert entry["tags"] == ["time"] and set(entry) >= {"zh", "en"} and entry["en"]["answer"] == "From 10."
    assert "nothing" not in kefu("update", "hours", "--tag", "").stdout
    assert "tags" not in as_json(kefu("show", "hours", "--json"))
    assert "1 deleted" in kefu("delete", "hours", "--author", "eve").stdout
    history = as_json(kefu("history", "hours", "--json"))
    assert [(past["revision"], past["kind"]) for past in history][-1] == (5, "delete")
    assert [past["author"] for past in history][:2] == ["ann", "bob"] and history[-1]["author"] == "eve"
    assert "deleted" in kefu("history", "hours").stdout


def test_what_is_not_there_is_named(stored) -> None:
    for command in ("show", "update", "delete"):
        result = stored(command, "nobody")
        assert isinstance(result.exception, DataError) and "`nobody`" in str(result.exception)
    assert isinstance(stored("delete", "wrap", "nobody").exception, DataError)
    stored("delete", "wrap")
    assert "It was deleted" in str(stored("show", "wrap").exception)
    assert isinstance(stored("history", "nobody").exception, DataError)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--question", "Is it?"], "`answer`"),
        (["--question", "42", "--answer", "43"], "`lang`"),
        (["--question", "Is it?", "--answer", "x" * 9000], "9,000 characters; 8,000 are allowed"),
        (["--question", "Is it?", "--answer", "{policy.nonsense}"], "nonsense"),
        (["--question", "Is it?", "--answer", "x", "--valid-to", "tomorrow"], "`valid_to`"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_field(kefu, options: list[str], message: str) -> None:
    result = kefu("add", *options)
    assert isinstance(result.exception, DataError) and message in str(result.exception)


@pytest.mark.parametrize("name", ["all.csv", "all.jsonl", "all.xlsx", "all.yml"])
def test_what_is_exported_can_be_imported(stored, shop: Settings, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    assert "2 entries" in stored("export", file).stdout
    assert "0 added, 0 updated, 2 unchanged" in stored("import", file).stdout
    assert "✓" in stored("export", tmp_path / "one.md", "--text", "wrap").stdout
    assert (tmp_path / "one.md").read_text(encoding="utf-8") == "## Can you wrap it?\n\nYes.\n"
    assert [file.name for file in tmp_path.glob(".*all*")] == []


def test_an_export_goes_to_standard_output_too(stored) -> None:
    lines = stored("export", "-", "--category", "faq").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["card", "wrap"]


def test_compact_keeps_what_entries_need(stored, shop: Settings) -> None:
    stored("update", "wrap", "--question", "Could you wrap it up for me?")
    assert as_json(stored("stats", "--json"))["vectors"] == {"fake": 3}
    stored("delete", "card")
    assert "forgot 0 changes" in stored("compact").stdout
    assert "forgot 4 changes and 0 vectors" in stored("compact", "--days", 0).stdout
    store = open_store(load_settings(shop.root / "endpoints.yml"))
    assert store.stats().vectors == {"fake": 1} and store.history("card")[0].entry is None
    assert "entries      1\n" in stored("stats").stdout


def test_compact_leaves_what_the_index_is_made_of(kefu) -> None:
    kefu("build")
    before = as_json(kefu("stats", "--json"))["vectors"]
    assert "0 vectors" in kefu("compact", "--days", 0).stdout
    assert before["fake"] > 11 and as_json(kefu("stats", "--json"))["vectors"] == before


def test_duplicates_are_found_by_letters_and_by_meaning(kefu) -> None:
    kefu("add", "--id", "a", "--question", "How do I return an item?", "--answer", "x")
    kefu("add", "--id", "b", "--question", "how do I return an item", "--answer", "y")
    kefu("add", "--id", "c", "--question", "Do you sell umbrellas?", "--answer", "z")
    kefu("add", "--id", "d", "--question", "能开发票吗", "--answer", "z")
    pairs = as_json(kefu("duplicates", "--json"))
    assert [(pair["first"], pair["second"]) for pair in pairs] == [("a", "b")]
    assert pairs[0]["letters"] > 0.8 and pairs[0]["questions"][1] == "how do I return an item"
    assert len(as_json(kefu("duplicates", "--json", "--meaning", "0", "--letters", "0"))) == 3
    assert "1 pairs among 4 entries" in kefu("duplicates").stdout


def test_build_is_index(kefu) -> None:
    assert "3 entries" in kefu("build").stdout


OLD = "# Returns\n\nSeven days.\n\n# Parking\n\nBehind the house.\n"


def test_sections_that_vanished_are_named_and_deleted_only_where_that_is_asked_for(kefu, tmp_path: Path) -> None:
    file = tmp_path / "house.md"
    file.write_text(OLD, encoding="utf-8")
    assert "no more in the file" not in kefu("import", file).stdout
    file.write_text("# Returns\n\nThirty days.\n", encoding="utf-8")
    for options, said, total in (
        (["--dry-run", "--prune"], "1 would be deleted, being no more in the file:\n  - d-", 2),
        ([], "they stay (--prune deletes them):\n  - d-", 2),
        (["--prune"], "1 deleted, being no more in the file:\n  - d-", 1),
        (["--prune"], "✓ house.md (utf-8): 0 added, 0 updated, 1 unchanged\n", 1),
    ):
        shown = kefu("import", file, *options).stdout
        assert said in shown and ("Parking" in shown) == (said[0] in "1t")
        assert as_json(kefu("list", "--json"))["total"] == total


def test_nothing_is_pruned_while_a_row_is_wrong_or_the_file_is_empty(stored, faq: Path) -> None:
    faq.write_text("id,question,answer\nwrap,Can you wrap it?,\n", encoding="utf-8")
    failed = stored("import", faq, "--prune")
    assert failed.exit_code == 2 and "deletes nothing as long as rows are wrong" in failed.stdout
    faq.write_text("id,question,answer\n", encoding="utf-8")
    assert stored("import", faq, "--prune").exit_code == 0
    assert as_json(stored("list", "--json"))["total"] == 2


def test_what_was_changed_by_hand_and_what_comes_from_elsewhere_is_not_pruned(stored, faq: Path) -> None:
    stored("update", "card", "--answer", "Yes, in three sizes.")
    stored("add", "--id", "hours", "--question", "When do you open?", "--answer", "At nine.")
    faq.write_text("question,answer\nDo you ship abroad?,No.\n", encoding="utf-8")
    report = as_json(stored("import", faq, "--prune", "--json"))
    assert [one["id"] for one in report["gone"]] == report["ids"]["deleted"] == ["wrap"]
    assert {entry["id"] for entry in as_json(stored("list", "--json"))["entries"]} >= {"card", "hours"}


def test_an_export_that_fails_leaves_the_old_file_and_no_draft(stored, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "all.csv"
    assert stored("export", file).exit_code == 0
    before = file.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    failed = stored("export", file)
    assert isinstance(failed.exception, DataError) and "No space left on device" in str(failed.exception)
    assert file.read_bytes() == before and [path.name for path in tmp_path.glob(".all.csv*")] == []


SALE = "id,question,answer,valid_from\nsale,Is there a sale?,Yes.,2026-11-11\n"  # from midnight of the shop's clock


@pytest.fixture
def in_new_york(kefu, shop: Settings, faq: Path) -> Settings:
    """The shop there, with a sale."""
    policy = shop.path(shop.knowledge.policy)
    content = policy.read_text(encoding="utf-8")
    assert "timezone: Asia/Shanghai" in content
    policy.write_text(content.replace("timezone: Asia/Shanghai", "timezone: America/New_York"), encoding="utf-8")
    faq.write_text(SALE, encoding="utf-8")
    assert kefu("import", faq).exit_code == 0
    return shop


@pytest.mark.parametrize(
    ("moment", "found"),
    [("2026-11-11", ["sale"]), ("2026-11-10T23:59", []), ("2026-11-11T05:00+00:00", ["sale"])],
)
def test_days_and_times_are_those_of_the_shop(
    kefu, in_new_york: Settings, tmp_path: Path, moment: str, found: list[str]
) -> None:
    listed = as_json(kefu("list", "--valid-at", moment, "--json"))["entries"]
    assert [entry["id"] for entry in listed] == found
    assert kefu("export", tmp_path / "out.jsonl", "--valid-at", moment).exit_code == 0
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").count('"sale"') == len(found)
    over_http = Operations(in_new_york)
    assert [entry["id"] for entry in over_http.list({"valid_at": moment})["entries"]] == found
    assert over_http.export({"valid_at": moment, "format": "jsonl"})[1].count(b'"sale"') == len(found)
