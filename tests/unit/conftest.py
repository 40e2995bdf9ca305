"""Fixtures of the unit tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kefu.knowledge.index.build import build_index
from kefu.knowledge.recall.unanswerable import SENTENCES
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.models.fake_embedder import FakeEmbedder
from kefu.settings import CacheSettings, EmbeddingSettings, KnowledgeSettings, Settings

# The same examples every time, so that a run tells of the change that it is for.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

ENTRIES = """
entries:
  - id: return_window
    category: return
    popularity: 0.9
    zh:
      question: 几天内可以退货？
      answer: 签收后 {policy.return_days} 天内可以退货。
      alternatives: [退货期限是多久, 买了多少天还能退]
    en:
      question: How many days do I have to return an item?
      answer: You can return it within {policy.return_days} days.
      alternatives: [return window, until when can I send it back]
  - id: invoice
    zh:
      question: 怎么开发票？
      answer: 在订单里点「申请发票」。
      alternatives: [要报销，能开票吗]
    en:
      question: How do I get an invoice?
      answer: Tap "Request invoice" in the order.
      alternatives: [need a receipt for my taxes]
  - id: opening_hours
    en:
      question: When is the store open?
      answer: From {shop.store_hours}.
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small shop with three entries (one in English only), the demo shop's policy and the fake model.

    Of the sentences that nothing answers only a few are used: hundreds of them in each index would take time.
    """
    few = {language: sentences[:5] for language, sentences in SENTENCES.items()}
    monkeypatch.setattr("kefu.knowledge.recall.rows.SENTENCES", few)
    folder = tmp_path / "data" / "knowledge"
    folder.mkdir(parents=True)
    (folder / "shop.yml").write_text(ENTRIES, encoding="utf-8")
    policy = Path(__file__).parents[2] / "data" / "shop" / "policy.yml"
    (tmp_path / "data" / "shop").mkdir()
    (tmp_path / "data" / "shop" / "policy.yml").write_text(policy.read_text(encoding="utf-8"), encoding="utf-8")
    return Settings(
        root=tmp_path,
        embedding=EmbeddingSettings(model="fake"),
        knowledge=KnowledgeSettings(),
        cache=CacheSettings(size=0),
    )


@pytest.fixture
def store(shop: Settings) -> Iterator[KnowledgeStore]:
    """The shop's store of knowledge as another process has it open, its index built."""
    build_index(shop, FakeEmbedder())
    store = open_store(shop)
    yield store
    store.database.close()


@pytest.fixture
def edit(shop: Settings) -> Callable[[str, str], None]:
    """Change the shop's entries: replace one text by another."""
    file = shop.path(shop.knowledge.entries) / "shop.yml"

    def replace(old: str, new: str) -> None:
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new), encoding="utf-8")

    return replace
