"""The face of the knowledge: what it answers, what it refuses, and that it keeps up with the index on disk."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kefu.errors import DataError
from kefu.knowledge.asked import LONGEST_QUESTION
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.index.build import build_index
from kefu.knowledge.shared import shared_base
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.fake_generator import ScriptedGenerator
from kefu.settings import EmbeddingSettings, Settings

Edit = Callable[[str, str], None]


@pytest.fixture
def base(shop: Settings) -> KnowledgeBase:
    """The shop's knowledge, indexed."""
    embedder = FakeEmbedder()
    build_index(shop, embedder)
    return KnowledgeBase(shop, embedder)


def test_an_answer_says_text_source_version_and_day(base: KnowledgeBase) -> None:
    decision = base.answer("几天内可以退货？")
    assert (decision.kind, decision.entry_id, decision.language) == ("answer", "return_window", "zh")
    assert decision.text == "签收后 7 天内可以退货。"
    assert decision.source_version == "1"
    assert len(decision.as_of) == len("2026-01-01")
    assert decision.confidence >= decision.threshold
    assert decision.candidates[0].entry_id == "return_window"
    assert decision.candidates[0].question == "几天内可以退货？"
    assert set(decision.timings) == {"embed_ms", "search_ms", "rank_ms", "total_ms"}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "nothing_to_read"),
        ("   \n", "nothing_to_read"),
        ("\u200b\u200d", "nothing_to_read"),
        ("😀😀", "nothing_to_read"),
        ("?!。。。", "nothing_to_read"),
        ("\x00\x07", "nothing_to_read"),
        ("13800138000", "nothing_to_read"),
        ("退货" * 5000, "too_long"),
        ("x" * (LONGEST_QUESTION + 1), "too_long"),
        ("鬱龘靐齾爩", "not_sure"),
        ("'; DROP TABLE orders; --", "not_sure"),
    ],
)
def test_what_is_no_question_is_not_answered(base: KnowledgeBase, question: str, reason: str) -> None:
    decision = base.answer(question)
    assert (decision.kind, decision.reason, decision.text, decision.entry_id) == ("abstain", reason, "", None)


def test_the_longest_question_allowed_is_read(base: KnowledgeBase) -> None:
    assert base.answer("几" * LONGEST_QUESTION).reason in {"", "not_sure"}


def test_the_answer_comes_in_the_customers_language(base: KnowledgeBase) -> None:
    assert base.answer("几天内可以退货？", language="en").text == "You can return it within 7 days."
    assert base.answer("return window").language == "en"


def test_an_entry_that_lacks_the_language_answers_in_the_other_with_a_note(base: KnowledgeBase) -> None:
    decision = base.answer("When is the store open?", language="zh")
    assert (decision.kind, decision.language) == ("answer", "en")
    note, text = decision.text.split("\n")
    assert "英文" in note and text == "From 10:00–22:00 every day."
    assert base.entry_text("opening_hours", "zh") == decision.text
    assert base.entry_text("opening_hours", "en") == text


def test_knowledge_of_one_language_is_used_as_if_there_were_no_other(base: KnowledgeBase) -> None:
    decision = base.answer("几天内可以退货？", knowledge_language="en", explain=True)
    questions = {candidate.question for candidate in decision.candidates}
    assert questions and all(question.isascii() for question in questions)
    answered = base.answer("return window", language="zh", knowledge_language="en")
    assert answered.text.endswith("\nYou can return it within 7 days.")


def test_strict_asks_for_more(base: KnowledgeBase) -> None:
    usual, strict = (base.answer("几天内可以退货？", strict=strict) for strict in (False, True))
    assert strict.threshold > usual.threshold
    assert strict.confidence == usual.confidence


def test_explain_gives_signals(base: KnowledgeBase) -> None:
    assert base.answer("怎么开发票").signals is None
    signals = base.answer("怎么开发票", explain=True).signals
    assert signals is not None and signals.coverage > 0


def test_many_questions_get_what_each_gets_alone_and_are_embedded_together(shop: Settings) -> None:
    build_index(shop, FakeEmbedder())
    embedder = FakeEmbedder()
    base = KnowledgeBase(shop, embedder)
    texts = ["几天内可以退货？", "", "need a receipt for my taxes", "鬱龘靐齾爩"]
    together = base.answer_many([(text, None) for text in texts])
    assert embedder.batches == [3]
    alone = [base.answer(text) for text in texts]
    assert [d.entry_id for d in together] == [d.entry_id for d in alone] == ["return_window", None, "invoice", None]


def test_an_unknown_entry_is_named(base: KnowledgeBase) -> None:
    with pytest.raises(DataError, match="`nothing`"):
        base.entry_text("nothing", "zh")


def test_a_new_index_is_taken_up_at_the_next_answer(shop: Settings, base: KnowledgeBase, edit: Edit) -> None:
    before = base.answer("怎么开发票？")
    edit("在订单里点「申请发票」。", "请说「开发票」。")
    assert base.answer("怎么开发票？").text == before.text  # not indexed yet: what was checked stays in use
    build_index(shop, FakeEmbedder())
    after = base.answer("怎么开发票？")
    assert (after.text, base.entry_text("invoice", "zh")) == ("请说「开发票」。",) * 2
    assert after.source_version != before.source_version
    assert not base.catch_up()


def test_a_new_index_of_another_model_is_refused_once_and_the_old_one_kept(
    shop: Settings, base: KnowledgeBase, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    other = EmbeddingSettings(model="fake", dimension=32)
    build_index(replace(shop, embedding=other), FakeEmbedder(other))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert base.answer("怎么开发票？").text == "在订单里点「申请发票」。"
    assert len(caplog.records) == 1 and "kefu index" in caplog.text


def test_a_deleted_index_does_not_stop_a_running_assistant(shop: Settings, base: KnowledgeBase) -> None:
    (shop.path(shop.knowledge.index) / "manifest.json").unlink()
    assert base.answer("怎么开发票？").kind == "answer"


def test_answers_go_on_in_threads_while_the_index_is_replaced(shop: Settings, base: KnowledgeBase, edit: Edit) -> None:
    texts: set[str] = set()
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            texts.add(base.answer("怎么开发票？").text)

    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(keep_asking) for _ in range(3)]
        try:
            edit("在订单里点「申请发票」。", "请说「开发票」。")
            build_index(shop, FakeEmbedder())
            last = base.answer("怎么开发票？").text
        finally:
            done.set()
        for future in asking:
            future.result()
    assert last == "请说「开发票」。" and texts <= {"在订单里点「申请发票」。", last}


def test_a_process_shares_one_base(shop: Settings) -> None:
    build_index(shop, FakeEmbedder())
    found: list[KnowledgeBase] = []
    threads = [threading.Thread(target=lambda: found.append(shared_base(shop))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(map(id, found))) == 1


def test_where_no_text_is_sure_several_are_quoted(base: KnowledgeBase) -> None:
    asked = "几天内可以退货？"
    decision = base.answer(asked)
    unsure = replace(decision, kind="abstain", text="", confidence=1.0)
    found = base.worded(asked, unsure, "zh")
    assert found is not None
    assert (found.origin, found.sources[0], found.source_version) == ("quoted", "return_window", "1")
    assert (found.candidates, found.trace) == (decision.candidates, decision.trace), "by which it was found"
    assert "签收后 7 天内可以退货。" in found.text
    assert base.worded(asked, decision, "zh") is None, "what is answered needs no more words"
    assert base.worded(asked, replace(unsure, confidence=0.0), "zh") is None
    assert base.worded(asked, replace(unsure, kind="ask_back"), "zh") is None, "without a model the customer is asked"


def test_a_generator_words_what_several_entries_say(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    replies = ["签收后 7 天内可以退货 [1]。", "签收后 70 天内可以退货 [1]。"]
    generator = ScriptedGenerator(lambda _: replies.pop(0))
    monkeypatch.setattr("kefu.knowledge.base.shared_generator", lambda _: generator)
    unsure = replace(base.answer("几天内可以退货？"), kind="ask_back", text="", confidence=1.0)
    origins = [found.origin for _ in range(2) if (found := base.worded("几天内可以退货？", unsure, "zh"))]
    assert origins == ["generated", "quoted"]
    assert "withheld: figure" in caplog.text and "70" not in caplog.text


def test_a_generator_words_in_the_customers_language_what_an_entry_says_in_the_other(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = base.entry_answer("opening_hours", "en").text.removeprefix("From ").removesuffix(".")
    generator = ScriptedGenerator(
        lambda messages: f"门店营业时间是 {hours} [1]。" if hours in messages[-1].content else ""
    )
    monkeypatch.setattr("kefu.knowledge.base.shared_generator", lambda _: generator)
    asked = "When is the store open?"
    unsure = replace(base.answer(asked), kind="abstain", text="", confidence=1.0)
    found = base.worded("你们门店几点开门？", unsure, "zh")
    assert found is not None
    assert (found.origin, found.sources) == ("generated", ("opening_hours",))
