"""Search, its routes, and their fusion."""

import dataclasses
import re
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from kefu.knowledge.entries import Entry, Scope, Wording
from kefu.knowledge.index.rule import Rule, Signals
from kefu.knowledge.recall.keyword import KeywordIndex, words
from kefu.knowledge.recall.question_rules import QuestionRules
from kefu.knowledge.recall.ranking import Ranking
from kefu.knowledge.recall.routes import DENSE, KEYWORD, PROFILE, RERANKER, RULES
from kefu.knowledge.recall.rows import Row, label_of, rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Query, Search
from kefu.knowledge.recall.unanswerable import SENTENCES
from kefu.knowledge.vectors.flat import FlatIndex
from kefu.models.fake_embedder import FakeEmbedder
from kefu.protocols import Label, Where
from kefu.text import Language

NOW = datetime(2026, 11, 11, tzinfo=timezone.utc)
RULE = Rule(language_bonus=0.05)
TOPICS: dict[str, tuple[str | None, str | None]] = {
    "invoice": ("怎么开发票", "how do I get an invoice"),
    "return": ("几天内可以退货", "how many days do I have to return it"),
    "coupon": ("优惠券怎么用", "how do I use a coupon"),
    "delivery": ("快递几天能到", "when will the parcel arrive"),
}


def entry_of(name: str, questions: tuple[str | None, str | None], **options: object) -> Entry:
    wordings: dict[Language, Wording] = {}
    if questions[0]:
        wordings["zh"] = Wording(questions[0], "a", (f"{questions[0]}？?",))
    if questions[1]:
        wordings["en"] = Wording(questions[1], "a", (f"{questions[1]}？?",))
    return dataclasses.replace(Entry(name, "c", 0.5, wordings), **options)  # type: ignore[arg-type]


def few_unanswerable() -> list[Row]:
    """The first sentences of each language: hundreds of them in each index would take time."""
    first = {text for sentences in SENTENCES.values() for text in sentences[:15]}
    return [row for row in unanswerable_rows() if row.text in first]


def search_of(*entries: Entry, rules: QuestionRules | None = None) -> "Asker":
    embedder = FakeEmbedder()
    unanswerable = few_unanswerable()
    index = FlatIndex(embedder.identity().dim, "float32")
    vectors = embedder.embed([row.text for row in unanswerable])
    asker = Asker(Search(index, unanswerable, vectors, rules or QuestionRules({})), embedder)
    asker.put(*entries)
    return asker


@dataclasses.dataclass
class Asker:
    """A search with the model that its vectors come from."""

    search: Search
    embedder: FakeEmbedder

    def put(self, *entries: Entry) -> None:
        rows = [row for entry in entries for row in rows_of_entry(entry)]
        vectors = self.embedder.embed([row.text for row in rows])
        self.search.put(entries, {row.number: vector for row, vector in zip(rows, vectors, strict=True)})

    def rank(self, text: str, language: Language = "zh", rule: Rule = RULE, **options: object) -> Ranking:
        query = Query(text, self.embedder.embed([text])[0], **options)  # type: ignore[arg-type]
        return Ranking(self.search.find(query), rule, language)

    def ask(self, text: str, language: Language = "zh", **options: object) -> list[str]:
        return self.rank(text, language, **options).entry_ids()


def ids(brought: list[tuple[str, float]]) -> list[str]:
    return [entry_id for entry_id, _ in brought]


def topics() -> list[Entry]:
    return [entry_of(name, questions) for name, questions in TOPICS.items()]


@pytest.mark.parametrize(("name", "language", "text"), [(n, i, t[i]) for n, t in TOPICS.items() for i in (0, 1)])
def test_a_question_finds_its_entry(name: str, language: int, text: str) -> None:
    assert search_of(*topics()).ask(text, "en" if language else "zh")[0] == name


def test_each_entry_is_listed_once_and_none_is_an_unanswerable_sentence() -> None:
    assert sorted(search_of(*topics()).ask(SENTENCES["zh"][0])) == sorted(TOPICS)


def test_one_language_of_the_knowledge_can_be_asked_alone() -> None:
    shop = search_of(entry_of("both", ("怎么开发票", "get an invoice")), entry_of("zh_only", ("优惠券", None)))
    assert shop.ask("优惠券")[0] == "zh_only"
    assert shop.ask("优惠券", where=Where(language="en")) == ["both"]
    assert {found.row.language for found in shop.rank("优惠券", where=Where(language="en")).top(9)} == {"en"}


def test_language_is_a_preference_and_no_wall() -> None:
    shop = search_of(entry_of("zh", ("VIP 优惠券", None)), entry_of("en", (None, "VIP 优惠券")))
    assert shop.ask("VIP 优惠券", "zh")[0] == "zh"
    assert shop.ask("VIP 优惠券", "en")[0] == "en"
    assert set(shop.ask("VIP 优惠券", "zh")) == {"zh", "en"}


def test_popularity_decides_between_equals_only() -> None:
    def first(popularity: float) -> str:
        equals = [entry_of("one", ("怎么开票", None)), entry_of("two", (None, "invoicing"), popularity=popularity)]
        # Neither shares a thing with the question, and the routes by words and language are off.
        rule = dataclasses.replace(RULE, keyword_weight=0.0, language_bonus=0.0)
        return search_of(*equals, *topics()).rank("怎么开发票", rule=rule).entry_ids()[0]

    assert first(0.0) == first(1.0) == "invoice"


def test_of_two_in_the_same_places_the_popular_one_comes_first() -> None:
    hits = search_of(entry_of("rare", ("怎么开票", None)), entry_of("usual", ("怎么开票", None), popularity=0.9))
    none = dataclasses.replace(RULE, keyword_weight=0.0)
    found = {one.entry.id: one for one in hits.rank("怎么开票", rule=none).top(2)}
    places = {name: one.places[DENSE] for name, one in found.items()}
    bare = {name: one.score - 1 / (RULE.smoothing + places[name]) for name, one in found.items()}
    assert bare["usual"] > bare["rare"] > 0


def test_a_row_can_be_kept_from_answering_itself() -> None:
    shop = search_of(*topics())
    row = next(row for entry in topics() for row in rows_of_entry(entry) if row.text == "优惠券怎么用")
    ranking = shop.rank("优惠券怎么用", where=Where(without=(row.number,)))
    assert all(found.row.number != row.number for found in ranking.top(9))


def test_signals_of_an_exact_match_and_of_nonsense() -> None:
    shop = search_of(*topics())
    exact, nonsense = shop.rank("优惠券怎么用").signals(), shop.rank("鬱龘靐齾爩").signals()
    assert isinstance(exact, Signals) and isinstance(nonsense, Signals)
    assert exact.dense == pytest.approx(1, abs=1e-5) and exact.coverage == pytest.approx(1)
    assert exact.margin > nonsense.margin and exact.ahead_of_nowhere > 0
    assert nonsense.letters == nonsense.coverage == nonsense.known == 0
    assert not exact.other_language
    assert RULE.confidence(exact) > 0.9 > 0.1 > RULE.confidence(nonsense)


def test_signals_of_the_second_entry_are_its_own() -> None:
    ranking = search_of(*topics()).rank("优惠券怎么用")
    first, second = ranking.signals(), ranking.signals(1)
    assert first is not None and second is not None
    assert second.dense < first.dense and second.margin < 0 < first.margin
    assert ranking.signals(99) is None


def test_where_nothing_may_be_found_nothing_is() -> None:
    ranking = search_of(entry_of("zh_only", ("优惠券", None))).rank("coupon", "en", where=Where(language="en"))
    assert (len(ranking), ranking.top(5), ranking.signals()) == (0, [], None)


@pytest.mark.parametrize(
    ("scope", "where", "found"),
    [
        (Scope(channels=("app",)), Where(channel="app"), True),
        (Scope(channels=("app",)), Where(channel="web"), False),
        (Scope(), Where(channel="web"), True),
        (Scope(valid_from=NOW), Where(moment=NOW), True),
        (Scope(valid_from=NOW), Where(moment=NOW - timedelta(seconds=1)), False),
        (Scope(valid_to=NOW), Where(moment=NOW), False),
        (Scope(valid_to=NOW), Where(moment=NOW - timedelta(seconds=1)), True),
        (Scope(), Where(category="c"), True),
        (Scope(), Where(category="other"), False),
    ],
)
def test_a_filter_holds_in_every_route(scope: Scope, where: Where, found: bool) -> None:
    rules = QuestionRules({"double_eleven": (re.compile("双十一"),)})
    shop = search_of(entry_of("double_eleven", ("双十一活动", None), scope=scope, tags=("sale",)), rules=rules)
    ranking = shop.rank("双十一活动", where=where, interests=frozenset({"sale"}))
    assert ranking.entry_ids() == (["double_eleven"] if found else [])
    for route in (DENSE, KEYWORD, RULES, PROFILE):
        assert ids(ranking.route(route)) == (["double_eleven"] if found else [])


# --- routes


def test_words_are_found_that_share_no_meaning() -> None:
    shop = search_of(*topics(), entry_of("model", ("XK-2000 说明书", "XK-2000 manual")))
    ranking = shop.rank("XK2000 xk-2000", "en")
    assert ids(ranking.route(KEYWORD))[0] == "model"


def test_chinese_is_cut_into_characters_and_pairs_and_english_into_words() -> None:
    assert words("退货 Invoice-2!") == ["退", "货", "invoice", "2", "退货"]
    assert words("？！ 😀") == []


def test_keyword_filters_look_further_until_there_are_enough() -> None:
    index = KeywordIndex()
    other, wanted = Label("other", "zh"), Label("wanted", "en")
    index.put([(number, "优惠券 coupon", other) for number in range(300)])
    index.put([(1000, "a rare coupon of ours, which is why its score is low", wanted)])
    assert [number for number, _ in index.search("coupon", 5, Where(language="en"))] == [1000]
    assert len(index.search("coupon", 5, Where())) == 5
    index.drop([1000, 4242])
    assert index.search("coupon", 5, Where(language="en")) == []


def test_a_rule_brings_its_entry_whatever_the_words_mean() -> None:
    rules = QuestionRules({"delivery": (re.compile("eta", re.IGNORECASE),)})
    shop = search_of(*topics(), rules=rules)
    assert shop.ask("ETA pls", "en")[0] == "delivery"
    assert ids(shop.rank("ETA pls", "en").route(RULES)) == ["delivery"]
    assert ids(shop.rank("invoice", "en").route(RULES)) == []


def test_what_concerns_the_customer_is_lifted_above_its_equal() -> None:
    shop = search_of(
        entry_of("fan", ("怎么清洗", None), tags=("fan",)), entry_of("kettle", ("怎么清洗", None), tags=("kettle",))
    )
    assert shop.ask("怎么清洗", interests=frozenset({"kettle"}))[0] == "kettle"
    assert shop.ask("怎么清洗", interests=frozenset({"fan"}))[0] == "fan"


def test_a_reranker_moves_what_it_finds_right() -> None:
    ranking = search_of(*topics()).rank("优惠券怎么用")
    assert ranking.entry_ids()[0] == "coupon"
    chances = np.array([0.1 if name == "coupon" else 0.9 for name in ranking.entry_ids()], dtype=np.float32)
    rule = dataclasses.replace(RULE, reranker_weight=10.0)
    moved = search_of(*topics()).rank("优惠券怎么用", rule=rule).reranked(chances)
    assert moved.entry_ids()[-1] == "coupon" and moved.top(1)[0].places[RERANKER] == 1
    ignored = search_of(*topics()).rank("优惠券怎么用", rule=dataclasses.replace(RULE, reranker_weight=0.0))
    assert ignored.reranked(chances).entry_ids() == ignored.entry_ids()


# --- entries that come and go


def test_an_entry_that_is_replaced_is_found_by_its_new_words_only() -> None:
    shop = search_of(*topics())
    shop.put(entry_of("coupon", ("红包怎么用", "how do I use a red packet")))
    assert shop.ask("红包怎么用")[0] == "coupon"
    assert ids(shop.rank("优惠券").route(KEYWORD)) == []
    texts = {found.row.text for found in shop.rank("优惠券怎么用").top(9)}
    assert "优惠券怎么用" not in texts


def test_an_entry_that_is_dropped_is_gone_from_every_route() -> None:
    shop = search_of(*topics(), rules=QuestionRules({"coupon": (re.compile("优惠券"),)}))
    shop.search.drop(["coupon", "nothing"])
    ranking = shop.rank("优惠券怎么用", interests=frozenset({"c"}))
    assert "coupon" not in ranking.entry_ids() and set(shop.search.entries) == set(TOPICS) - {"coupon"}
    assert len(shop.search.vectors) == 2 * 2 * 3


def test_coming_and_going_leaves_what_was_there_as_it_was() -> None:
    shop, untouched = search_of(*topics()), search_of(*topics())
    shop.put(entry_of("gift", ("怎么包装礼物", "gift wrapping please")))
    shop.search.drop(["gift"])
    for text, language in (("发票怎么开", "zh"), ("invoice", "en")):
        ours, theirs = shop.rank(text, language), untouched.rank(text, language)  # type: ignore[arg-type]
        assert ours.signals() == theirs.signals() and ours.entry_ids() == theirs.entry_ids()


def test_the_number_of_a_row_depends_on_what_it_is_filtered_by_and_on_nothing_of_the_process() -> None:
    row = Row("a", "zh", "怎么退？")
    assert row.number == Row("a", "zh", "怎么退?").number == 4113936349966263206 or 0 < row.number < 2**63
    assert len({row.number, Row("b", "zh", "怎么退？").number, Row("a", "en", "怎么退？").number}) == 3
    before, after = (rows_of_entry(entry_of("a", ("问", None), category=name))[0].number for name in ("c", "d"))
    assert before != after
    assert label_of(rows_of_entry(topics()[0])[0], topics()[0]) == Label("invoice", "zh", "c")


def test_no_sentence_that_nothing_answers_stands_there_twice() -> None:
    for language in ("zh", "en"):
        assert len(set(SENTENCES[language])) == len(SENTENCES[language]) >= 60  # type: ignore[index]
