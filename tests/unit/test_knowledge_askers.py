"""What is answered with one customer's goods in mind never reaches another through the cache."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu.knowledge.asker import TIERS, Asker
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.index.build import build_index
from kefu.models.fake_embedder import FakeEmbedder
from kefu.settings import CacheSettings, Settings

QUESTIONS = ("How do I return an item?", "Who pays the postage?", "怎么退货？")
ASKERS = st.builds(
    Asker,
    channel=st.sampled_from([None, "web", "app"]),
    tier=st.sampled_from(sorted(TIERS)),
    customer=st.sampled_from(["", "lin_xiao", "wang_lei"]),
    interests=st.frozensets(st.sampled_from(["shoes", "clothing", "electronics", "sku:HM-SH-42"]), max_size=2),
)


@pytest.fixture
def shop_with_cache(shop: Settings) -> Settings:
    build_index(shop, FakeEmbedder())
    return dataclasses.replace(shop, cache=CacheSettings())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(QUESTIONS), ASKERS), min_size=2, max_size=12))
def test_what_is_kept_for_one_reaches_nobody_else(shop_with_cache: Settings, asked: list[tuple[str, Asker]]) -> None:
    base = KnowledgeBase(shop_with_cache, FakeEmbedder())
    answered: set[tuple[str, Asker]] = set()
    for question, asker in asked:
        trace = base.answer(question, asker=asker).trace
        assert trace is not None
        assert (trace.cache == "hit") == ((question, asker) in answered)
        answered.add((question, asker))
