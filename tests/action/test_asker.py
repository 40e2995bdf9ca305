"""Who asks the knowledge base: channel, tier, and what he has shown to be his."""

import pytest

from kefu.actions.answer_question import ActionAnswerQuestion
from kefu.errors import StoreError
from kefu.knowledge.asker import Asker
from kefu.shop.identity import Contact


async def asker(conversation, knowledge, **sent):
    await conversation.says("退货运费谁出", **sent).run(ActionAnswerQuestion())
    return knowledge.askers[-1]


async def test_whoever_is_not_known_is_searched_for_in_full(conversation, knowledge):
    assert await asker(conversation, knowledge) == Asker(channel="rest", tier="vip")


@pytest.mark.parametrize(
    ("channel", "metadata", "known_as"),
    [
        ("cmdline", {}, "shell"),
        ("socketio", {}, "webchat"),
        ("telegram", {}, "telegram"),
        (None, {}, None),
        ("rest", {"channel": "app"}, "app"),
        ("rest", {"channel": 7}, "rest"),
        ("rest", {"channel": "x" * 1000}, "rest"),
    ],
)
async def test_the_channel(conversation, knowledge, channel, metadata, known_as):
    assert (await asker(conversation, knowledge, channel=channel, metadata=metadata)).channel == known_as


@pytest.mark.parametrize(
    ("named", "tier"),
    [("vip", "vip"), ("web", "web"), ("app", "app"), ("god", "vip"), (["web"], "vip"), (None, "vip")],
)
async def test_the_tier_that_a_channel_names(conversation, knowledge, named, tier):
    assert (await asker(conversation, knowledge, metadata={"tier": named})).tier == tier


@pytest.mark.parametrize(
    ("channel", "metadata", "tier"),
    [
        ("app", {}, "app"),
        ("webchat", {"channel": "web"}, "web"),
        ("rest", {"channel": "app", "tier": "vip"}, "vip"),
        ("telegram", {}, "vip"),
    ],
)
async def test_the_tier_of_a_channel_that_is_called_so(conversation, knowledge, channel, metadata, tier):
    assert (await asker(conversation, knowledge, channel=channel, metadata=metadata)).tier == tier


@pytest.mark.parametrize(
    ("channel", "metadata", "tier"),
    [
        ("slack", {"channel_tier": "vip"}, "vip"),
        ("telegram", {"channel_tier": "app"}, "app"),
        ("app", {"channel_tier": "web"}, "web"),
        ("telegram", {"channel_tier": "app", "tier": "web"}, "web"),
        ("telegram", {"channel_tier": "god"}, "vip"),
        ("telegram", {"channel_tier": ["app"]}, "vip"),
    ],
)
async def test_the_tier_of_all_on_a_channel(conversation, knowledge, channel, metadata, tier):
    assert (await asker(conversation, knowledge, channel=channel, metadata=metadata)).tier == tier


@pytest.mark.parametrize(
    ("channel", "metadata"),
    [
        ("slack", {"channel": "slack", "channel_tier": "app"}),
        ("telegram", {"channel": "telegram", "channel_tier": "web"}),
        ("webchat", {"channel": "web"}),
        ("webchat", {"channel": "app", "tier": "app"}),
        ("rest", {"channel": "app", "tier": "web"}),
    ],
)
async def test_a_proven_vip_is_one_on_every_channel(conversation, knowledge, shop, channel, metadata):
    owner = shop.orders.customer_of("SO20260004")
    shop.identity.check("SO20260004", Contact("email", owner.email), conversation.conversation)
    assert (await asker(conversation, knowledge, channel=channel, metadata=metadata)).tier == "vip"


async def test_a_proof_takes_nothing_from_whom_somebody_vouches_for(conversation, knowledge, shop):
    owner = shop.orders.customer_of("SO20260001")
    shop.identity.check("SO20260001", Contact("email", owner.email), conversation.conversation)
    assert (await asker(conversation, knowledge)).tier == "web"
    assert (await asker(conversation, knowledge, metadata={"tier": "vip"})).tier == "vip"


async def test_the_customers_level_counts_more_than_the_channel(conversation, knowledge, shop):
    owner = shop.orders.customer_of("SO20260004")
    shop.identity.check("SO20260004", Contact("email", owner.email), conversation.conversation)
    assert (await asker(conversation, knowledge, channel="app")).tier == "vip"


@pytest.mark.parametrize(("order", "tier"), [("SO20260001", "web"), ("SO20260004", "vip")])
async def test_a_proof_tells_tier_and_goods(conversation, knowledge, shop, order, tier):
    owner = shop.orders.customer_of(order)
    shop.identity.check(order, Contact("email", owner.email), conversation.conversation)
    asks = await asker(conversation, knowledge)
    items = [item for each in shop.orders.orders_of(owner.id) for item in each.items]
    assert (asks.tier, asks.customer) == (tier, owner.id)
    assert asks.interests == {item.category for item in items} | {f"sku:{item.sku}" for item in items}


async def test_another_conversation_tells_nothing(conversation, another_conversation, knowledge, shop):
    owner = shop.orders.customer_of("SO20260001")
    shop.identity.check("SO20260001", Contact("email", owner.email), conversation.conversation)
    assert await asker(another_conversation, knowledge) == Asker(channel="rest", tier="vip")


async def test_help_pages_are_answered_from_while_the_orders_are_out_of_reach(
    conversation, knowledge, shop, monkeypatch
):
    def fail(_):
        raise StoreError("The database cannot be used.")

    monkeypatch.setattr(shop.identity, "proven_customers", fail)
    assert await asker(conversation, knowledge) == Asker(channel="rest", tier="vip")
