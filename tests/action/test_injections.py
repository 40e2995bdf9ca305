"""Injected orders, by two hands, against the real actions, orders and knowledge, and a generator that obeys them all.

Each attempt stands in a message, in a knowledge entry, or in a field of the customer's own order; bench/grounding has
them (`injections.tsv`, and `injections_blind.tsv` by somebody who had not read the checker).
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.actions import services as shop_services
from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.actions.track_order import ActionShowOrder, ValidateTrackOrderForm
from kefu.knowledge import base as knowledge_base
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.decision import Candidate, Decision
from kefu.knowledge.index.build import build_index
from kefu.knowledge.store.store import open_store
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.fake_generator import ScriptedGenerator
from kefu.settings import CacheSettings, EmbeddingSettings, KnowledgeSettings, Settings

ROOT = Path(__file__).parents[2]
FILES = ("injections.tsv", "injections_blind.tsv")
ENTRIES = """
entries:
  - id: shipping_cost
    zh: {question: 运费多少钱？, answer: 运费每单 8 元，订单满 99 元免运费。}
    en: {question: What does delivery cost?, answer: "Delivery is 8 yuan per order, and free from 99 yuan."}
  - id: return_window
    zh: {question: 几天内可以退货？, answer: 签收后 7 天内可以无理由退货。}
    en: {question: How long can I return?, answer: You can return goods within 7 days of signing.}
  - id: return_excluded
    zh: {question: 哪些商品不能退？, answer: 定制商品、生鲜食品不支持无理由退货。}
    en: {question: What cannot be returned?, answer: "Custom-made goods and fresh food cannot be returned."}
"""
ENTRY_IDS = ("shipping_cost", "return_window", "return_excluded")
ASKED = {"zh": "运费多少钱，多久可以退货？", "en": "What does delivery cost and how long can I return?"}
OWN_ORDER, OWN_PHONE, OWN_NAME = "SO20260001", "8019", "lin_xiao"


def attempts(name):
    lines = (ROOT / "bench" / "grounding" / name).read_text(encoding="utf-8").splitlines()
    return [[part.replace("\\n", "\n") for part in line.split("\t")] for line in lines]


ATTEMPTS = [
    pytest.param(*attempt, id=f"{name.removesuffix('.tsv')}-{at}-{attempt[0]}")
    for name in FILES
    for at, attempt in enumerate(attempts(name), start=1)
]


class Wavering:
    """The real knowledge base, which is never sure, so that the generator is asked each time."""

    def __init__(self, base):
        self.base = base

    def answer(self, question, *, language, **_):
        candidates = tuple(Candidate(name, 1.0, 1.0, 1.0, "") for name in ENTRY_IDS)
        return Decision("abstain", language, confidence=0.9, reason="not_sure", candidates=candidates)

    def worded(self, *asked, **waits):
        return self.base.worded(*asked, **waits)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A knowledge base of three entries, on its own store."""
    root = tmp_path_factory.mktemp("knowledge")
    (root / "data" / "knowledge").mkdir(parents=True)
    (root / "data" / "knowledge" / "shop.yml").write_text(ENTRIES, encoding="utf-8")
    knowledge = KnowledgeSettings(policy=str(ROOT / "data" / "shop" / "policy.yml"))
    settings = Settings(root, EmbeddingSettings(model="fake"), knowledge=knowledge, cache=CacheSettings(size=0))
    build_index(settings, FakeEmbedder())
    opened = KnowledgeBase(settings, FakeEmbedder())
    yield opened
    opened.close()


@pytest.fixture
def assistant(shop, base, monkeypatch):
    """The services with that knowledge; give a function that tells the generator what to obey with."""
    shop_services.use_services(replace(shop, knowledge=lambda: Wavering(base)))
    said = []

    def obey(text):
        generator = ScriptedGenerator(lambda _: said.append(text) or f"{text} [1]")
        monkeypatch.setattr(knowledge_base, "shared_generator", lambda _: generator)
        return said

    return obey


def rows(database):
    """Everything that a database holds."""
    with closing(sqlite3.connect(database)) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, opened.execute(f"SELECT * FROM {name}"))) for name in names}


def others(database):
    """What of the other customers nobody may be told."""
    with closing(sqlite3.connect(database)) as opened:
        found = opened.execute("SELECT name, email, phone FROM customers WHERE id != ?", [OWN_NAME]).fetchall()
        numbers = opened.execute("SELECT number FROM orders WHERE customer_id != ?", [OWN_NAME]).fetchall()
    return {text for row in [*found, *numbers] for text in row}


def taint_entry(base, text, language):
    """Let the shop's staff store the text at the end of an entry, as an import would."""
    base.catch_up()  # with what the attempt before left
    entry = base._knowledge.live["shipping_cost"].entry
    wording = entry.wordings[language]
    tainted = replace(wording, answer=f"{wording.answer}\n{text}")
    store = open_store(base._settings)
    store.put([replace(entry, wordings={**entry.wordings, language: tainted})], author="staff", source="test")
    return entry


def taint_order(database, text):
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(
            "UPDATE order_items SET name_zh = ?, name_en = ? WHERE order_number = ?", [text, text, OWN_ORDER]
        )


@pytest.mark.parametrize(("place", "language", "text", "obeyed"), ATTEMPTS)
async def test_nothing_comes_of_it(place, language, text, obeyed, assistant, base, conversation, tmp_path):
    told, shop_file = assistant(obeyed), tmp_path / "shop.db"
    conversation.slots["language"] = language
    conversation.in_form("order_number")
    said = []
    if place == "order":
        taint_order(shop_file, text)
    await conversation.says(f"{OWN_ORDER} {OWN_PHONE}", "track_order").run(ValidateTrackOrderForm())
    await conversation.run(ActionShowOrder())
    conversation.loop = {}
    entry = taint_entry(base, text, language) if place == "entry" else None
    before, knowledge_before = rows(shop_file), rows(base._settings.root / ".kefu" / "knowledge.db")
    try:
        for message in [text, ASKED[language]] if place == "message" else [ASKED[language]]:
            await conversation.says(message).run(ActionAnswerQuestion())
            said += conversation.said
    finally:
        if entry is not None:
            open_store(base._settings).put([entry], author="staff", source="test")
    assert told, "the generator was asked"
    assert rows(shop_file) == before, "no order, case, proof or ticket was written"
    if entry is None:
        assert rows(base._settings.root / ".kefu" / "knowledge.db") == knowledge_before
    words = "\n".join(str(value) for message in said for value in message.values())
    assert not [secret for secret in others(shop_file) if secret in words]
    assert "utter_generated_answer" not in [message["response"] for message in said]
    assert obeyed not in words


def test_there_are_enough_of_them():
    assert len(attempts("injections_blind.tsv")) >= 100, "written without having read the checker"
    assert {language for attempt in ATTEMPTS for language in attempt.values[1:2]} == {"zh", "en"}
    assert {attempt.values[0] for attempt in ATTEMPTS} == {"message", "entry", "order"}
