"""Live facts in words. Each text comes with the moment that it holds for; ``LiveFactError`` where it is not known."""

from collections.abc import Mapping
from datetime import datetime

from kefu.errors import LiveFactError
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.source import Price
from kefu.shop.catalogue import Article, Attribute, Catalogue, Value
from kefu.shop.goods_text import said, yuan
from kefu.shop.logistics import Carrier
from kefu.text import Language

_CURRENT = "current"
_SEPARATOR: Mapping[Language, str] = {"zh": "；", "en": "; "}


def stock_text(sku: str, language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime]:
    """Say how many pieces there are, of each variant where there are several."""
    known, reading = facts.catalogue(), facts.stock(sku)
    found = known.value.find(sku)
    if found is None or reading.value is None:
        return said("no_such_goods", language, sku=sku), reading.as_of
    pieces = reading.value
    names = [(variant.said(language), pieces.get(variant.sku)) for variant in found[1]]
    if any(count is None for _, count in names):
        raise LiveFactError(f"The stock of {sku} lacks a variant that the catalogue has.")
    texts = [f"{name}{said('colon', language)}{pieces_text(count or 0, language)}" for name, count in names if name]
    text = _SEPARATOR[language].join(texts) if len(names) > 1 else pieces_text(names[0][1] or 0, language)
    return text, min(known.as_of, reading.as_of) if len(names) > 1 else reading.as_of


def price_text(sku: str, language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime]:
    """Say what one piece costs, and what it did before a reduction."""
    reading = facts.price(sku)
    if reading.value is None:
        return said("no_such_goods", language, sku=sku), reading.as_of
    return money_text(reading.value, language), reading.as_of


def attribute_text(key: str, language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime]:
    """Say an attribute of an article: ``SKU.attribute``."""
    sku, _, name = key.partition(".")
    reading = facts.catalogue()
    found = reading.value.find(sku)
    if found is None:
        return said("no_such_goods", language, sku=sku), reading.as_of
    value = found[0].attributes.get(name)
    if value is None or name not in reading.value.attributes:
        raise LiveFactError(f"The catalogue does not say {name} of {sku}.")
    return value_text(reading.value.attributes[name], value, language), reading.as_of


def offers_text(key: str, language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime]:
    """Name the offers that hold at ``now``, coupons aside, or one of them, or say that it does not hold."""
    reading = facts.promotions()
    holding = [offer for offer in reading.value.offers if offer.holds(now)]
    if key == _CURRENT:
        names = [offer.name.in_language(language) for offer in holding if offer.kind != "coupon"]
        return _SEPARATOR[language].join(names) or said("no_offer_now", language), reading.as_of
    named = next((offer.name.in_language(language) for offer in holding if offer.id == key), None)
    return named or said("offer_not_now", language), reading.as_of


def carriers_text(language: Language, facts: LiveFacts, now: datetime) -> tuple[str, datetime]:
    """Say how the carriers are doing: those that are not as usual, or that all are."""
    reading = facts.carriers()
    troubled = [_carrier(carrier, language) for carrier in reading.value if carrier.state != "normal"]
    return _SEPARATOR[language].join(troubled) or said("carriers_normal", language), reading.as_of


def pieces_text(count: int, language: Language) -> str:
    """Say how many pieces there are."""
    return said("in_stock", language, count=count) if count else said("out_of_stock", language)


def money_text(price: Price, language: Language) -> str:
    """Say a price."""
    if price.list_cents is None:
        return said("price", language, amount=yuan(price.cents))
    return said("reduced_price", language, amount=yuan(price.cents), before=yuan(price.list_cents))


def value_text(attribute: Attribute, value: Value, language: Language) -> str:
    """Say the value of an attribute."""
    return said("yes" if value else "no", language) if isinstance(value, bool) else attribute.said(value, language)


def shelves_text(catalogue: Catalogue, language: Language) -> str:
    """Name the shelves that anything stands on."""
    stocked = {article.kind for article in catalogue.articles.values()}
    shelves = [shelf.name.in_language(language) for key, shelf in catalogue.kinds.items() if key in stocked]
    return said("and", language).join(shelves)


def name_of(article: Article, language: Language) -> str:
    """Name an article."""
    return article.name.in_language(language)


def _carrier(carrier: Carrier, language: Language) -> str:
    note = said("note", language, note=carrier.note.in_language(language)) if carrier.note else ""
    return said(f"carrier_{carrier.state}", language, carrier=carrier.name.in_language(language)) + note
