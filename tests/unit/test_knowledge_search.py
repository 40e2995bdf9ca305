"""Search, rule and fit."""

import dataclasses
import math

import numpy as np
import pytest

from kefu.knowledge.decide import SIGNAL_COUNT, Calibration, Rule, Signals
from kefu.knowledge.entries import Entry, Knowledge, Wording
from kefu.knowledge.fit import Sample, fit_rule, measure_rule, own_samples
from kefu.knowledge.index import flat_index
from kefu.knowledge.lexical import LexicalIndex, grams
from kefu.knowledge.rows import rows_of
from kefu.knowledge.search import Search
from kefu.knowledge.unanswerable import SENTENCES
from kefu.models.fake_embedder import FakeEmbedder

RULE = Rule(lexical_weight=1.0, language_bonus=0.05)
TOPICS = {
    "invoice": ("怎么开发票", "how do I get an invoice"),
    "return": ("几天内可以退货", "how many days do I have to return it"),
    "coupon": ("优惠券怎么用", "how do I use a coupon"),
    "delivery": ("快递几天能到", "when will the parcel arrive"),
}


def knowledge_of(topics: dict[str, tuple[str | None, str | None]]) -> Knowledge:
    entries = {}
    for name, questions in topics.items():
        wordings = {
            language: Wording(question, "a", (f"{question}？?",))
            for language, question in zip(("zh", "en"), questions, strict=True)
            if question
        }
        entries[name] = Entry(name, "c", 0.5, wordings)  # type: ignore[arg-type]
    return Knowledge(entries, "hash")


def search_of(knowledge: Knowledge) -> tuple[Search, FakeEmbedder]:
    embedder = FakeEmbedder()
    rows = rows_of(knowledge)
    return Search(knowledge, rows, flat_index(embedder.embed([row.text for row in rows]))), embedder


def ask(search: Search, embedder: FakeEmbedder, text: str, language: str = "zh", **options: object) -> list[str]:
    hits = search.find(text, embedder.embed([text])[0], **options)  # type: ignore[arg-type]
    return search.rank(hits, RULE, language).entry_ids()  # type: ignore[arg-type]


def test_the_pieces_of_chinese_are_characters_and_those_of_english_are_words() -> None:
    assert grams("退货 OK!") == ["ok", "<ok", "ok>", "<ok>", "退", "货", "退货"]
    assert "货o" not in grams("退货ok")
    assert grams("？！ 😀") == []


def test_a_typo_costs_an_english_word_only_some_of_its_pieces() -> None:
    lexical = LexicalIndex(["how do I get an invoice", "how do I use a coupon"])
    right, wrong = lexical.scores("invioce")
    assert right > wrong == 0


def test_coverage_counts_what_is_known() -> None:
    lexical = LexicalIndex(["红茶", "绿茶"])
    first = lexical.vocabulary(np.array([0]))
    assert lexical.coverage("红茶", first) == 1
    assert 0 < lexical.coverage("绿茶", first) < 1
    assert lexical.coverage("咖啡", first) == 0
    assert lexical.coverage("!", first) == 0


@pytest.mark.parametrize(("name", "language", "text"), [(n, i, t[i]) for n, t in TOPICS.items() for i in (0, 1)])
def test_a_question_finds_its_entry(name: str, language: int, text: str) -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))
    assert ask(search, embedder, text, ("zh", "en")[language])[0] == name


def test_each_entry_is_listed_once_and_none_is_an_unanswerable_sentence() -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))
    assert sorted(ask(search, embedder, SENTENCES["zh"][0])) == sorted(TOPICS)


def test_one_language_of_the_knowledge_can_be_asked_alone() -> None:
    search, embedder = search_of(knowledge_of({"both": ("怎么开发票", "get an invoice"), "zh_only": ("优惠券", None)}))
    assert ask(search, embedder, "优惠券")[0] == "zh_only"
    assert ask(search, embedder, "优惠券", only="en") == ["both"]
    hits = search.find("优惠券", embedder.embed(["优惠券"])[0], only="en")
    assert {search.rows[row].language for row in hits.rows} == {"en"}


def test_language_is_a_preference_and_no_wall() -> None:
    search, embedder = search_of(knowledge_of({"zh": ("VIP 优惠券", None), "en": (None, "VIP 优惠券")}))
    assert ask(search, embedder, "VIP 优惠券", "zh")[0] == "zh"
    assert ask(search, embedder, "VIP 优惠券", "en")[0] == "en"
    assert set(ask(search, embedder, "VIP 优惠券", "zh")) == {"zh", "en"}


def test_popularity_decides_between_equals_only() -> None:
    knowledge = knowledge_of({"rare": ("怎么开发票", None), "usual": ("怎么开发票", None)})
    entries = {**knowledge.entries, "usual": dataclasses.replace(knowledge.entries["usual"], popularity=0.9)}
    search, embedder = search_of(Knowledge(entries, "hash"))
    assert ask(search, embedder, "怎么开发票") == ["usual", "rare"]


def test_a_question_of_the_index_can_be_kept_from_answering_itself() -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))
    row = next(number for number, row in enumerate(search.rows) if row.text == "优惠券怎么用")
    hits = search.find("优惠券怎么用", embedder.embed(["优惠券怎么用"])[0], without=(row,))
    assert row not in hits.rows


def test_signals_of_an_exact_match_and_of_nonsense() -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))

    def signals(text: str) -> Signals:
        found = search.rank(search.find(text, embedder.embed([text])[0]), RULE, "zh").signals()
        assert found is not None
        return found

    exact, nonsense = signals("优惠券怎么用"), signals("鬱龘靐齾爩")
    assert exact.dense == pytest.approx(1, abs=1e-5) and exact.coverage == pytest.approx(1)
    assert exact.margin > nonsense.margin and exact.ahead_of_nowhere > 0
    assert nonsense.lexical == nonsense.coverage == nonsense.known == 0
    assert not exact.other_language
    assert RULE.confidence(exact) > 0.9 > 0.1 > RULE.confidence(nonsense)


def test_where_nothing_may_be_found_nothing_is() -> None:
    search, embedder = search_of(knowledge_of({"zh_only": ("优惠券", None)}))
    hits = search.find("coupon", embedder.embed(["coupon"])[0], only="en")
    ranking = search.rank(hits, RULE, "en")
    assert (len(ranking), ranking.top(5), ranking.signals()) == (0, [], None)


def test_confidence_is_the_logistic_function_of_the_weighted_signals() -> None:
    calibration = Calibration(tuple(range(1, SIGNAL_COUNT + 1)), -1.0)
    signals = Signals(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, False)
    total = sum(weight * value for weight, value in zip(range(1, 9), signals.vector(), strict=True)) - 1
    assert calibration.confidence(signals) == pytest.approx(1 / (1 + math.exp(-total)))
    huge = Calibration((1e6,) * SIGNAL_COUNT, 0.0)
    assert huge.confidence(signals) == pytest.approx(1)


def test_a_foreign_best_row_has_a_calibration_of_its_own() -> None:
    zero = Calibration((0.0,) * SIGNAL_COUNT, 0.0)
    rule = Rule(same_language=dataclasses.replace(zero, intercept=9.0), other_language=zero)
    signals = Signals(0, 0, 0, 0, 0, 0, 0, 0, True)
    assert rule.confidence(signals) == 0.5
    assert rule.confidence(dataclasses.replace(signals, other_language=False)) > 0.99


def test_a_rule_survives_json() -> None:
    rule = Rule(lexical_weight=0.3, threshold=0.42)
    assert Rule.from_json(dataclasses.asdict(rule)) == rule


def dev_samples() -> list[Sample]:
    asked = [
        Sample(f"{opening}{text}{end}", language, frozenset({name}))  # type: ignore[arg-type]
        for name, texts in TOPICS.items()
        for text, language in zip(texts, ("zh", "en"), strict=True)
        for opening in ("", "hi ")
        for end in ("", "?", "!!")
    ]
    refused = [Sample(f"{text}!", code, frozenset()) for code in ("zh", "en") for text in SENTENCES[code][:15]]  # type: ignore[arg-type, index]
    return asked + refused


def test_the_fitted_rule_answers_and_refuses_and_is_stricter_when_asked() -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))
    fitted = fit_rule(search, embedder, dev_samples())
    assert fitted.answered_right is not None and fitted.answered_right > 0.9
    assert fitted.refusal is not None and fitted.refusal > 0.9
    assert 0 < fitted.rule.threshold < fitted.rule.strict_threshold < 1
    assert min(fitted.rule.same_language.weights) >= 0
    assert fit_rule(search, embedder, dev_samples()) == fitted


def test_too_few_questions_leave_weights_and_thresholds_of_the_rule_of_thumb() -> None:
    search, embedder = search_of(knowledge_of(dict(TOPICS)))
    fitted = fit_rule(search, embedder, [Sample("怎么开发票", "zh", frozenset({"invoice"}))])
    thumb = Rule()
    assert (fitted.rule.lexical_weight, fitted.rule.threshold) == (thumb.lexical_weight, thumb.threshold)
    assert (fitted.answered_right, fitted.refusal) == (1.0, None)


def test_without_dev_questions_the_rule_of_thumb_is_measured_on_questions_kept_from_themselves() -> None:
    knowledge = knowledge_of(dict(TOPICS))
    search, embedder = search_of(knowledge)
    samples = own_samples(rows_of(knowledge))
    assert all(search.rows[sample.without[0]].text == sample.text for sample in samples)
    measured = measure_rule(search, embedder, samples)
    assert measured.rule == Rule()
    assert measured.answered_right is not None and measured.refusal is not None


def test_no_sentence_that_nothing_answers_stands_there_twice() -> None:
    for language in ("zh", "en"):
        assert len(set(SENTENCES[language])) == len(SENTENCES[language]) >= 60  # type: ignore[index]
