"""Files of entries: what comes in and goes out, in every format, and what is said of bad ones."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from types import MappingProxyType

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kefu.errors import DataError, ModelError
from kefu.knowledge.entries import Entry, Facts, Scope, Wording
from kefu.knowledge.exchange.exporting import write_entries
from kefu.knowledge.exchange.formats import Defaults, format_of
from kefu.knowledge.exchange.importing import Importer, ImportOptions
from kefu.knowledge.exchange.passages import LONGEST_PASSAGE, passages
from kefu.knowledge.exchange.reading import read_entries
from kefu.knowledge.sentences import sentences
from kefu.knowledge.store.store import open_store
from kefu.knowledge.store.text_vectors import Embedding
from kefu.models.fake_embedder import FakeEmbedder

ROWS = "question,answer\n可以退货吗,可以。\nDo you ship on Sundays?,No.\n"


def read(text, kind="csv", file=None, **more):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return read_entries(data, file or f"shop.{kind}", kind, **more)


def said(reading):
    return [fault.message for fault in reading.faults]


def only(reading):
    assert not said(reading)
    ((_, entry),) = reading.entries
    return entry


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- what suffices


def test_a_question_and_an_answer_suffice():
    (_, zh), (_, en) = read(ROWS).entries
    assert zh.wordings == {"zh": Wording("可以退货吗", "可以。")} and zh.category == "shop"
    assert en.wordings == {"en": Wording("Do you ship on Sundays?", "No.")}
    assert zh.id.startswith("q-") and zh.id != en.id


def test_the_id_is_made_of_the_question_alone():
    other = read("category,answer,question\nx,Other.,  do you ship on SUNDAYS? \n")
    assert only(other).id == read(ROWS).entries[1][1].id


@pytest.mark.parametrize(
    "header",
    ["question,answer", "Question , ANSWER", "问题,答案", "标准问,回答", "question;answer", "question\tanswer"],
)
def test_columns_are_known_by_many_names(header):
    delimiter = next(mark for mark in ",;\t" if mark in header)
    assert only(read(f"{header}\nCan I pay later?{delimiter}Yes.\n")).wordings["en"].answer == "Yes."


@pytest.mark.parametrize(
    "header",
    [
        "question_zh,answer_zh,question_en,answer_en",
        "zh.question,zh.answer,en.question,en.answer",
        "Question (zh),Answer (zh),Question (en),Answer (en)",
        "问题（zh）,答案（zh）,问题（en）,答案（en）",
    ],
)
def test_columns_by_language(header):
    entry = only(read(f"{header}\n能开票吗,能。,Invoice?,Yes.\n"))
    assert entry.wordings == {"zh": Wording("能开票吗", "能。"), "en": Wording("Invoice?", "Yes.")}


@pytest.mark.parametrize(
    ("named", "language"), [("zh", "zh"), ("zh-CN", "zh"), ("中文", "zh"), ("EN", "en"), ("en_US", "en")]
)
def test_a_column_names_the_language(named, language):
    assert set(only(read(f"lang,question,answer\n{named},VIP?,OK\n")).wordings) == {language}


def test_rows_of_one_id_in_two_languages_are_one_entry():
    text = "id,lang,question,answer\nvip,zh,会员？,是\nvip,en,Member?,Yes\n"
    assert set(only(read(text)).wordings) == {"zh", "en"}


def test_every_field():
    text = (
        "id,category,popularity,tags,channels,valid_from,valid_to,link,question,answer,alternatives\n"
        'sale,promo,0.9,"a, b",web|app,2026-11-01,2026-11-11,https://x.cn/s,How is it?,Good.,cheap?|any discount\n'
    )
    entry = only(read(text))
    assert (entry.id, entry.category, entry.popularity, entry.tags) == ("sale", "promo", 0.9, ("a", "b"))
    assert entry.scope.channels == ("web", "app") and entry.link == "https://x.cn/s"
    assert entry.scope.valid_from.isoformat() == "2026-11-01T00:00:00+08:00"
    assert entry.scope.valid_to.isoformat() == "2026-11-12T00:00:00+08:00"
    assert entry.wordings["en"].alternatives == ("cheap?", "any discount")


def test_what_rows_do_not_say_is_as_the_defaults_have_it():
    defaults = Defaults("help", "zh", ("new",), ("web",), "https://x.cn")
    entry = only(read("question,answer\nVIP?,OK\n", defaults=defaults))
    assert (entry.category, set(entry.wordings), entry.tags, entry.link) == ("help", {"zh"}, ("new",), "https://x.cn")
    assert entry.scope.channels == ("web",)


def test_json_lines_flat_and_by_language():
    lines = [{"question": "Can I?", "answer": "Yes"}, {"id": "a", "zh": {"question": "能吗", "answer": "能"}}]
    reading = read("\n".join(map(json.dumps, lines)), "jsonl")
    assert [set(entry.wordings) for _, entry in reading.entries] == [{"en"}, {"zh"}]
    assert read(json.dumps(lines), "jsonl").entries[1][1] == reading.entries[1][1]


def test_excel_has_numbers_and_days():
    rows = ["id", "question", "answer", "popularity", "valid_to"], [7.0, "How much?", 12, 1, datetime(2026, 11, 11)]
    entry = only(read(sheet(*rows), "xlsx"))
    assert (entry.id, entry.popularity, entry.wordings["en"].answer) == ("7", 1.0, "12")
    assert entry.scope.valid_to.isoformat() == "2026-11-12T00:00:00+08:00"


def test_html_and_scripts_stay_text():
    answer = '<b>Yes</b> & <script>alert("x")</script> {{7*7}} \'; DROP TABLE knowledge_entries; --'
    text = io.StringIO()
    csv.writer(text).writerows([["question", "answer"], ["Is it safe?", answer]])
    assert only(read(text.getvalue())).wordings["en"].answer == answer


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told(encoding):
    text = "question,answer\n联通卡可以用吗？,可以，请在“我的”里绑定。\n"
    assert only(read(text.encode(encoding))).wordings["zh"].question == "联通卡可以用吗？"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "運費怎麼算？寄送到臺灣需要幾天？請問可以開發票嗎？"),
        ("cp1252", "Où est le café près d’ici? C’est à côté — voilà; très bien"),
    ],
)
def test_other_encodings_are_told_too(encoding, text):
    content = f"lang,question,answer\nen,{text},{text * 3}\n"
    assert only(read(content.encode(encoding))).wordings["en"].question == text


def test_rows_in_another_encoding_are_named_and_the_others_go_in():
    good = "可以退货吗,可以，七天之内。\n".encode()
    bad = "什么时候发货,今天就发。\n".encode("gb18030")
    reading = read(b"question,answer\n" + good + bad + "怎么换货,请申请。\n".encode())
    assert len(reading.entries) == 2
    (fault,) = reading.faults
    assert (fault.where, fault.field) == ("row 3", "question") and "UTF-8" in fault.message


def test_utf_16_that_breaks_off_names_its_row():
    data = ROWS.encode("utf-16")[:-1]
    with pytest.raises(DataError, match=r"shop.csv: row \d: .*utf-16"):
        read(data)


def test_what_is_no_text_is_refused():
    with pytest.raises(DataError, match=r"shop\.csv"):
        read(bytes(range(256)) * 20)


# --- bad input


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("questoin,answer", r"row 1: .*'questoin'.*Did you mean `question`"),
        ("question,reply_text_x", r"row 1: .*'reply_text_x'"),
        ("question,category", "row 1: the column `answer` is missing"),
        ("可以退货吗,可以", "row 1: there is no field for the column '可以退货吗'"),
        ("question,answer,问题", "row 1: the column `question` stands twice"),
        ("", "is empty"),
    ],
)
def test_a_wrong_header_is_named(header, message):
    with pytest.raises(DataError, match=f"shop.csv.*{message}"):
        read(header and f"{header}\nCan I?,Yes\n")


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (",Yes.,,,,", "question", "must be a text that is not empty"),
        ("Can I?,,,,,", "answer_en", "must be a text that is not empty"),
        ("Can I?,Yes.,2,,,", "popularity", "number from 0 to 1"),
        ("Can I?,Yes.,often,,,", "popularity", "'often'"),
        ("Can I?,Yes.,,31.12.2026,,", "valid_to", "31.12.2026"),
        ("Can I?,Yes.,,,javascript:x,", "link", "https://"),
        ("Can I?,Yes.,,,,a b", "id", "'a b'"),
        ("12345,67,,,,", "lang", "language cannot be told"),
        (f"Can I?,{'x' * 102400},,,,", "answer_en", "102,400 characters; 8,000 are allowed"),
        (f"{'why ' * 300},Yes.,,,,", "question_en", "500 are allowed"),
        ("Can I?,Yes.,,,,,,too many", "", "8 cells, the header 6"),
        ("Can I?,bell\x07,,,,", "answer_en", r"U\+0007"),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_the_others_go_in(row, field, message):
    text = f"question,answer,popularity,valid_to,link,id\nIs it good?,Yes.,,,,\n{row}\n\nIs it bad?,No.,,,,\n"
    reading = read(text)
    assert len(reading.entries) == 2
    (fault,) = reading.faults
    assert (fault.where, fault.field) == ("row 3", field)
    assert "shop.csv: row 3" in fault.message
    assert re.search(message, fault.message)


def test_ids_that_stand_twice_are_named():
    reading = read("id,question,answer\na,Can I?,Yes\nb,Can he?,Yes\na,Can she?,No\n")
    assert [entry.id for _, entry in reading.entries] == ["a", "b"]
    (fault,) = reading.faults
    assert (fault.where, fault.field) == ("row 4", "id") and "row 2 already" in fault.message
    assert len(read(ROWS + "可以退货吗,不可以。\n").faults) == 1


def test_rows_of_one_id_must_agree():
    (fault,) = read("id,lang,category,question,answer\na,zh,x,会员？,是\na,en,y,Member?,Yes\n").faults
    assert "another category" in fault.message


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "yaml", "md"])
def test_a_file_of_anything_is_an_error_or_faults_and_never_a_crash(kind):
    for data in (
        b"",
        b"\0",
        b"{",
        b"[",
        b"- [",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"[[[[" * 5000,
        b'"',
        b"a: &a [*a]",
        b"null",
        b"[1, null]",
    ):
        try:
            reading = read(data, kind)
        except DataError as error:
            assert f"shop.{kind}" in str(error)
        else:
            assert not reading.entries


def test_json_lines_name_the_bad_ones():
    reading = read(
        '{"question": "Can I?", "answer": "Yes"}\n{"question": \n\n[]\n{"question": "x", "anwser": "y"}\n', "jsonl"
    )
    assert [fault.where for fault in reading.faults] == ["line 2", "line 4", "line 5"]
    assert "Did you mean `answer`" in said(reading)[2] and len(reading.entries) == 1


def test_yaml_names_the_bad_entries():
    reading = read("entries:\n- {id: a, en: {question: q, answer: a}}\n- {id: b, en: {question: q}}\n", "yaml")
    assert (reading.faults[0].where, reading.faults[0].field) == ("entry 2", "answer_en")


def test_a_language_that_is_no_mapping_is_named():
    reading = read(
        '{"zh": "文字"}\n{"id": "a", "zh": "文字"}\n{"question": "可以退货吗", "answer": "可以。"}\n', "jsonl"
    )
    assert [fault.where for fault in reading.faults] == ["line 1", "line 2"]
    assert len(reading.entries) == 1


def test_an_entry_that_is_nested_too_deep_is_named():
    deep = "[" * 900 + "]" * 900
    (fault,) = read(f'{{"question": "可以退货吗", "answer": "可以。", "tags": {deep}}}\n', "jsonl").faults
    assert fault.where == "line 1"


@pytest.mark.parametrize(
    "text",
    [
        "&a\n- question: 可以退货吗\n  answer: 可以。\n  tags: *a\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nentries: [*b]\n",
    ],
)
def test_yaml_with_references_is_refused(text):
    with pytest.raises(DataError, match="references"):
        read(text, "yaml")


def changed_workbook(part, change):
    """Change the text of one part of a workbook with a question and its answer."""
    data, file = sheet(("question", "answer"), ("可以退货吗", "可以。")), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2]),
        ("xl/worksheets/sheet1.xml", lambda text: text.replace('r="A2"', 'r="?"')),
        ("xl/workbook.xml", lambda text: re.sub("<sheets>.*</sheets>", "<sheets/>", text)),
    ],
    ids=["broken", "no-address", "no-sheet"],
)
def test_a_broken_workbook_is_one_error(part, change):
    with pytest.raises(DataError, match="no Excel workbook"):
        read(changed_workbook(part, change), "xlsx")


def test_a_workbook_that_breaks_off_is_one_error():
    data = bytearray(sheet(("question", "answer"), ("可以退货吗", "可以。")))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        begin = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[begin + 80] ^= 0xFF
    with pytest.raises(DataError, match="no Excel workbook"):
        read(bytes(data), "xlsx")


def test_a_workbook_of_endless_empty_rows_is_refused():
    far = changed_workbook(
        "xl/worksheets/sheet1.xml", lambda text: re.sub('<row r="2".*</row>', '<row r="99999999999"/>', text)
    )
    with pytest.raises(DataError, match="rows"):
        read(far, "xlsx")


def test_rows_behind_the_stated_size_are_read():
    small = changed_workbook("xl/worksheets/sheet1.xml", lambda text: text.replace('ref="A1:B2"', 'ref="A1:B1"'))
    assert only(read(small, "xlsx")).wordings["zh"].question == "可以退货吗"


def test_a_cell_in_the_last_column_makes_no_wide_rows():
    far = changed_workbook("xl/worksheets/sheet1.xml", lambda text: text.replace('r="B2"', 'r="XFD2"'))
    assert [fault.where for fault in read(far, "xlsx").faults] == ["row 2"]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("kefu.knowledge.exchange.excel_format._UNPACKED_AT_MOST", 10_000)
    file = io.BytesIO(sheet(["question", "answer"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb", "0" * 100_000)
    with pytest.raises(DataError, match="10,000 are allowed"):
        read(file.getvalue(), "xlsx")


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("kefu.knowledge.exchange.decoding.LARGEST_FILE", 10)
    with pytest.raises(DataError, match="10 are allowed"):
        read(ROWS)


def test_formats_are_told_by_name():
    assert [format_of(f"a.{end}") for end in ("csv", "JSONL", "xlsx", "md", "yml")] == [
        "csv",
        "jsonl",
        "xlsx",
        "md",
        "yaml",
    ]
    with pytest.raises(DataError, match="--format"):
        format_of("a.docx")


# --- Markdown

DOCUMENT = """# 售后手册

## 怎么退货？

在订单里点「申请退货」。

- 七天之内
- 包装完好

```
# no heading
```

## 保修

### 范围

电池不在内。

Warranty claims
---------------
Ask us.
"""


def test_headings_are_questions_and_the_text_below_answers():
    reading = read(DOCUMENT, "md", "手册.md", defaults=Defaults(link="https://x.cn/help"))
    entries = [entry for _, entry in reading.entries]
    texts = {wording.question: wording.answer for entry in entries for wording in entry.wordings.values()}
    assert list(texts) == ["怎么退货？", "范围", "Warranty claims"]
    assert "# no heading" in texts["怎么退货？"] and texts["Warranty claims"] == "Ask us."
    assert all(entry.tags == ("document:手册",) for entry in entries)
    assert entries[2].link == "https://x.cn/help#warranty-claims"


def test_a_text_without_a_heading_is_named():
    (fault,) = read("Just a text.\n\n# Can I?\nYes.", "md").faults
    assert fault.where == "line 1" and "before the first heading" in fault.message


def test_sections_of_the_same_title_are_told_apart_by_those_above():
    reading = read("# Phones\n## Warranty\nTwo years.\n# Fans\n## Warranty\nOne year.\n", "md")
    questions = [entry.wordings["en"].question for _, entry in reading.entries]
    assert questions == ["Phones › Warranty", "Fans › Warranty"]


def test_a_long_section_becomes_several_entries_that_overlap():
    long = "".join(f"第{number}条说明：这一条讲的是退货时怎么包装商品，请看仔细。" for number in range(100))
    reading = read(f"# 退货包装\n{long}", "md")
    wordings = [entry.wordings["zh"] for _, entry in reading.entries]
    assert [one.question for one in wordings] == [
        f"退货包装 ({n}/{len(wordings)})" for n in range(1, len(wordings) + 1)
    ]
    for before, after in pairwise(wordings):
        assert sentences(after.answer)[0] == sentences(before.answer)[-1]
    assert all(1 <= len(one.alternatives) <= 12 for one in wordings)
    assert "".join(dict.fromkeys(text for one in wordings for text in sentences(one.answer))) == long


@settings(max_examples=60)
@given(st.text("ab。！. \n", max_size=400), st.integers(5, 60))
@example("a" * 50, 7)
def test_passages_lose_nothing_and_are_short_enough(text, longest):
    parts = passages(text, longest)
    assert all(len(part) <= longest for part in parts) or parts == [text]
    squeezed = "".join("".join(parts).split())
    kept = iter(squeezed)
    assert all(character in kept for character in "".join(text.split()))
    assert passages("x" * LONGEST_PASSAGE) == ["x" * LONGEST_PASSAGE]


# --- out and in again

TEXTS = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
        | st.sampled_from("\n|,;'=+-@\"[]，"),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
WORDINGS = st.builds(Wording, question=TEXTS, answer=TEXTS, alternatives=st.lists(TEXTS, max_size=3).map(tuple))
MOMENTS = st.none() | st.datetimes(
    datetime(2020, 1, 1), datetime(2025, 1, 1), timezones=st.just(timezone(timedelta(hours=8)))
)
CHANNELS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
ENTRIES = st.builds(
    Entry,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    category=TEXTS,
    popularity=st.floats(0, 1),
    wordings=st.dictionaries(st.sampled_from(["zh", "en"]), WORDINGS, min_size=1).map(MappingProxyType),
    tags=st.lists(TEXTS, max_size=3).map(tuple),
    scope=st.builds(Scope, st.lists(CHANNELS, max_size=2).map(tuple), MOMENTS, st.none()),
    link=st.sampled_from(["", "https://x.cn/?a=1,2;3"]),
)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "yaml"])
@settings(max_examples=60, deadline=None)
@given(entry=ENTRIES)
@example(
    entry=Entry(
        "=1+1", "=cmd|' /C calc'!A0", 0.0, MappingProxyType({"en": Wording("'=x", "''@y", ("|", '["a"]', "-1"))})
    )
)
def test_what_goes_out_comes_in_again(kind, entry):
    if not entry.id[0].isalnum():
        entry = Entry("a", entry.category, entry.popularity, entry.wordings)
    data = write_entries([entry], kind)
    reading = read(data, kind)
    assert not said(reading)
    assert dict(reading.entries[0][1].wordings) == dict(entry.wordings)
    assert reading.entries[0][1] == entry


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(kind, formula):
    entry = Entry("a", "c", 0.5, MappingProxyType({"en": Wording(f"{formula}", f"{formula}", (formula,))}))
    data = write_entries([entry], kind)
    if kind == "csv":
        cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1]
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
        cells = [str(cell.value or "") for cell in book.active[2]]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


# --- into the store


@pytest.fixture
def store(shop):
    store = open_store(shop)
    yield store
    store.database.close()


@pytest.fixture
def model():
    return FakeEmbedder()


@pytest.fixture
def importer(shop, store, model):
    return Importer(store, Facts(shop.path(shop.knowledge.policy)), Embedding(store.database, model))


def run(importer, text, **options):
    return importer.run(text.encode(), "faq.csv", "csv", ImportOptions("ann", **options))


def test_good_rows_go_in_and_bad_ones_are_named(importer, store, model):
    report = run(importer, ROWS + "Bad?,{policy.nonsense} days\n")
    assert report.stored and len(report.report.added) == 2
    assert [(fault.where, fault.field) for fault in report.faults] == [("row 4", "answer_en")]
    record = store.find().records[0]
    assert (record.source, record.author) == ("import:faq.csv", "ann")
    assert sum(model.batches) == 2 and store.stats().vectors == {"fake": 2}
    assert report.to_json()["errors"][0]["row"] == "row 4"


def test_strictly_nothing_goes_in(importer, store, model):
    report = run(importer, ROWS + "Bad?,\n", strict=True)
    assert not report.stored and report.faults and store.sequence() == 0 and not model.batches
    assert run(importer, ROWS, strict=True).stored


def test_a_dry_run_says_what_would_be(importer, store, model):
    assert len(run(importer, ROWS, dry_run=True).report.added) == 2
    assert store.sequence() == 0 and not model.batches
    run(importer, ROWS)
    report = run(importer, ROWS.replace("No.", "Yes."), dry_run=True)
    assert (len(report.report.updated), len(report.report.unchanged), report.stored) == (1, 1, False)


def test_only_what_changed_is_embedded_and_stored_again(importer, store, model):
    run(importer, ROWS)
    again = run(importer, ROWS.replace("No.", "Yes."))
    assert (len(again.report.updated), len(again.report.unchanged)) == (1, 1) and sum(model.batches) == 2


def test_a_model_that_has_vanished_changes_nothing(importer, store, monkeypatch):
    def fail(*_, **__):
        raise ModelError("The model is gone.")

    monkeypatch.setattr(FakeEmbedder, "embed", fail)
    with pytest.raises(ModelError, match="gone"):
        run(importer, ROWS)
    assert store.sequence() == 0


def test_facts_of_one_customers_order_are_refused_by_row_and_field():
    (fault,) = read("question,answer\nWhere is my parcel?,It is {logistics:order}.\nDo you ship?,Yes.\n").faults
    assert (fault.where, fault.field) == ("row 2", "answer_en")
    assert "{logistics:order}: behind `logistics:` must stand `current` (where his own order" in fault.message


@pytest.mark.parametrize(
    ("question", "language"), [("Is <b>it</b> safe?", "en"), ('<div class="a">可以退吗</div>', "zh")]
)
def test_the_language_is_that_of_the_words_and_not_of_the_markup(question, language):
    row = json.dumps({"question": question, "answer": "<script>alert(1)</script>"})
    entry = only(read(row, "jsonl"))
    assert {known: wording.question for known, wording in entry.wordings.items()} == {language: question}


def test_a_quote_that_never_ends_is_named_by_the_line_that_it_begins_in():
    rows = 'question,answer\nAre you open?,"Yes,\nwe are."\n"Is it far?,No.\nAnd by bus?,Yes.\n'
    with pytest.raises(DataError, match="the row that begins in line 4: a quote is opened and never closed"):
        read(rows)
