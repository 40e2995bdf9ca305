"""Entries: what is read, and how each fault is named."""

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from kefu.errors import DataError
from kefu.knowledge.entries import Knowledge, Scope
from kefu.knowledge.files.project import load_knowledge
from kefu.settings import Settings

Edit = Callable[[str, str], None]


def load(shop: Settings) -> Knowledge:
    return load_knowledge(shop.path(shop.knowledge.entries), shop.path(shop.knowledge.policy))


def test_facts_of_the_policy_are_filled_in(shop: Settings) -> None:
    wordings = load(shop).entries["return_window"].wordings
    assert wordings["zh"].answer == "签收后 7 天内可以退货。"
    assert wordings["en"].answer == "You can return it within 7 days."


def test_what_is_left_out_has_a_sensible_value(shop: Settings) -> None:
    entry = load(shop).entries["opening_hours"]
    assert (entry.category, entry.popularity) == ("shop", 0.5)
    assert set(entry.wordings) == {"en"}
    assert entry.wordings["en"].questions == ("When is the store open?",)


def test_a_question_written_twice_counts_once(shop: Settings, edit: Edit) -> None:
    edit("alternatives: [退货期限是多久, ", "alternatives: [几天内可以退货？, 退货期限是多久, ")
    questions = load(shop).entries["return_window"].wordings["zh"].questions
    assert questions == ("几天内可以退货？", "退货期限是多久", "买了多少天还能退")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("popularity: 0.9", "popularty: 0.9", "shop.yml: entry 1.*popularty.*Did you mean `popularity`"),
        ("popularity: 0.9", "popularity: 1.5", "shop.yml: return_window.*popularity.*0 to 1.*1.5"),
        ("popularity: 0.9", "popularity: true", "shop.yml: return_window.*popularity.*True"),
        ("id: invoice", "id: return_window", "shop.yml.*return_window.*already"),
        ("id: invoice", "id: a|b", "shop.yml: entry 2.*`id`.*a|b"),
        ("answer: 在订单里点「申请发票」。", "answer: ''", "shop.yml: invoice.zh.*answer.*empty"),
        ("[要报销，能开票吗]", "[1]", "shop.yml: invoice.zh.*alternatives.*1"),
        ("[要报销，能开票吗]", "要报销", "shop.yml: invoice.zh.*alternatives.*list"),
        ("answer: 在订单", "anwser: 在订单", "shop.yml: invoice.zh.*anwser.*Did you mean `answer`"),
        ("{shop.store_hours}", "{shop.store_hour}", "shop.yml: opening_hours.en.answer.*store_hour}.*store_hours"),
        ("entries:", "entry:", "shop.yml.*entry.*entries"),
        ("entries:", "entries: [", "shop.yml is not valid YAML"),
    ],
)
def test_a_fault_is_named_by_file_entry_and_field(shop: Settings, edit: Edit, old: str, new: str, named: str) -> None:
    edit(old, new)
    with pytest.raises(DataError, match=f"(?s){named}"):
        load(shop)


def test_an_entry_without_a_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("entries: [{id: x}]", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.yml: x.*`zh` or `en`"):
        load_knowledge(tmp_path, tmp_path / "policy.yml")


def test_a_folder_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no knowledge entry"):
        load_knowledge(tmp_path, tmp_path / "policy.yml")


def test_no_policy_is_needed_where_no_text_names_a_fact(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("entries: [{id: x, en: {question: q, answer: a}}]", encoding="utf-8")
    assert set(load_knowledge(tmp_path, tmp_path / "policy.yml").entries) == {"x"}


def test_the_content_hash_follows_whatever_an_answer_says(shop: Settings, edit: Edit) -> None:
    before = load(shop)
    policy = shop.path(shop.knowledge.policy)
    edit('Tap "Request invoice" in the order.', 'Tap "Invoice" in the order.')
    changed = load(shop)
    assert changed.content_hash != before.content_hash
    assert changed.entries["return_window"].version == before.entries["return_window"].version
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("store_hours: {zh: 每天", "store_hours: {zh: 周一至"),
        encoding="utf-8",
    )
    assert load(shop).content_hash == changed.content_hash  # the Chinese hours stand in no text
    text = policy.read_text(encoding="utf-8").replace("10:00–22:00 every day", "11:00–22:00 every day")
    policy.write_text(text, encoding="utf-8")
    assert load(shop).content_hash != changed.content_hash


def test_scope_tags_and_link_are_read(shop: Settings, edit: Edit) -> None:
    edit(
        "  - id: invoice\n",
        "  - id: invoice\n    tags: [tax]\n    channels: [app]\n    valid_from: 2026-11-01\n"
        "    valid_to: 2026-11-11\n    link: https://shop.example/invoice\n",
    )
    entry = load(shop).entries["invoice"]
    assert (entry.tags, entry.link) == (("tax",), "https://shop.example/invoice")
    assert entry.scope.channels == ("app",)
    moments = {
        "2026-10-31T23:59:59+08:00": False,
        "2026-11-01T00:00:00+08:00": True,
        "2026-11-11T23:59:59+08:00": True,  # whoever writes a day means all of it
        "2026-11-12T00:00:00+08:00": False,
    }
    assert {text: entry.scope.holds(datetime.fromisoformat(text)) for text in moments} == moments


def test_an_entry_of_one_channel_is_not_told_on_another() -> None:
    moment = datetime.now(timezone.utc)
    scope = Scope(channels=("app",))
    assert [scope.holds(moment, channel) for channel in ("app", "web", None)] == [True, False, True]
    assert Scope().holds(moment, "web")


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("valid_from: tomorrow", "invoice.*valid_from.*2026-11-11.*tomorrow"),
        ("valid_from: 2026-11-11\n    valid_to: 2026-11-01", "invoice.*valid_to.*before.*valid_from"),
        ("channels: app", "invoice.*channels.*list"),
        ("link: javascript:alert(1)", "invoice.*link.*http"),
    ],
)
def test_a_fault_of_the_scope_is_named(shop: Settings, edit: Edit, field: str, named: str) -> None:
    edit("  - id: invoice\n", f"  - id: invoice\n    {field}\n")
    with pytest.raises(DataError, match=f"(?s){named}"):
        load(shop)


def test_references_are_refused_that_a_few_lines_make_more_of_than_any_memory_holds(tmp_path):
    rows = "".join(f"  - &r{n + 1} [{', '.join([f'*r{n}'] * 9)}]\n" for n in range(9))
    (tmp_path / "shop.yml").write_text(f"entries:\n  - &r0 [x, x]\n{rows}", encoding="utf-8")
    with pytest.raises(DataError, match=r"shop.yml: references \(here \*r0\) are not read"):
        load_knowledge(tmp_path, tmp_path / "policy.yml")
