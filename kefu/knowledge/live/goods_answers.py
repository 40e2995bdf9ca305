"""Answers about single articles: stock, price, sizes, attributes, what they work with. None: the data do not say."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from kefu.dialogue.presale.query import Presale
from kefu.dialogue.words.colours import in_english
from kefu.errors import LiveFactError
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.source import Price
from kefu.knowledge.live.texts import money_text, name_of, pieces_text, value_text
from kefu.knowledge.live.timed import Reading
from kefu.shop.catalogue import Article, Catalogue, Variant
from kefu.shop.goods_text import said, yuan
from kefu.shop.promotions import Goods, Promotions, quote
from kefu.text import Language

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Gathered:
    """The facts of one answer, and the oldest moment among them."""

    def __init__(self, facts: LiveFacts, catalogue: Catalogue, language: Language) -> None:
        self.facts = facts
        self.catalogue = catalogue
        self.language = language
        self.now = facts.clock()
        self.as_of: datetime = self.now

    def articles(self, query: Presale) -> list[Article]:
        """The articles that are asked about."""
        return [self.catalogue.articles[key] for key in query.articles]

    def stock(self, article: Article) -> Mapping[str, int]:
        """Pieces by the SKU of each variant.

        :raises LiveFactError: if that is not known.
        """
        return _whole_stock(article, self._noted(self.facts.stock(article.id)))

    def price(self, article: Article) -> Price:
        """The price of one piece.

        :raises LiveFactError: if that is not known.
        """
        return _known_price(article, self._noted(self.facts.price(article.id)))

    def offered(self, articles: Sequence[Article]) -> dict[str, tuple[Price, int]]:
        """Price, and pieces of all variants together, by article; those of which not both are known are left out."""
        found = self.facts.offered([article.id for article in articles])
        known = {}
        for article in articles:
            if article.id in found:
                price, pieces = found[article.id]
                try:
                    known[article.id] = (
                        _known_price(article, price.value),
                        sum(_whole_stock(article, pieces.value).values()),
                    )
                except LiveFactError as error:
                    logger.warning("%s is not recommended: %s", article.id, error)
                    continue
                self.as_of = min(self.as_of, price.as_of, pieces.as_of)
        return known

    def promotions(self) -> Promotions:
        """All offers."""
        return self._noted(self.facts.promotions())

    def said(self, text: str, /, **values: object) -> str:
        """A text in the language of the answer."""
        return said(text, self.language, **values)

    def name(self, article: Article) -> str:
        """An article's name in the language of the answer."""
        return name_of(article, self.language)

    def _noted(self, reading: Reading[T]) -> T:
        self.as_of = min(self.as_of, reading.as_of)
        return reading.value


def _whole_stock(article: Article, pieces: Mapping[str, int] | None) -> Mapping[str, int]:
    if pieces is None or any(variant.sku not in pieces for variant in article.variants):
        raise LiveFactError(f"The stock of {article.id} is not that of the catalogue's variants.")
    return pieces


def _known_price(article: Article, price: Price | None) -> Price:
    if price is None:
        raise LiveFactError(f"{article.id} has no price.")
    return price


def goods_of(article: Article, price: Price, pieces: int = 1) -> Goods:
    """Give pieces of an article as the calculator of offers takes them."""
    return Goods(article.id, article.kind, article.category, price.cents, pieces)


def stock(query: Presale, gathered: Gathered) -> str | None:
    """Say whether there are any, in the size and colour that was asked for, and in which others."""
    articles = gathered.articles(query)
    return "\n".join(
        _colourless(article, query, gathered) + _stock_of(article, query, gathered) for article in articles
    )


def price(query: Presale, gathered: Gathered) -> str | None:
    """Say what one piece costs, and what offers that hold make of it."""
    articles = gathered.articles(query)
    return "\n".join(
        _colourless(article, query, gathered) + _price_of(article, query, gathered) for article in articles
    )


def sizes(query: Presale, gathered: Gathered) -> str | None:
    """Say which sizes and colours there are, and which of them are in stock."""
    lines = []
    for article in gathered.articles(query):
        if len(article.variants) > 1:
            pieces = gathered.stock(article)
            lines.append(
                gathered.said("sizes", goods=gathered.name(article), looks=_looks(article.variants, gathered))
                + _sold_out([variant for variant in article.variants if not pieces[variant.sku]], gathered)
            )
        else:
            lines.append(gathered.said("one_size", goods=gathered.name(article)))
    return "\n".join(lines)


def attribute(query: Presale, gathered: Gathered) -> str | None:
    """Say an attribute of each article that has it."""
    asked = gathered.catalogue.attributes[query.attribute or ""]
    lines = [
        gathered.said(
            "attribute",
            goods=gathered.name(article),
            attribute=asked.name.in_language(gathered.language),
            value=value_text(asked, article.attributes[asked.key], gathered.language),
        )
        for article in gathered.articles(query)
        if asked.key in article.attributes
    ]
    return "\n".join(lines) or None


def compatibility(query: Presale, gathered: Gathered) -> str | None:
    """Say for each article whether it works with a system; None where the data do not say of any."""
    key = query.system or ""
    system = gathered.catalogue.systems[key].name.in_language(gathered.language)
    lines = [
        gathered.said(
            "works" if key in article.works_with else "works_not", goods=gathered.name(article), system=system
        )
        for article in gathered.articles(query)
        if key in (*article.works_with, *article.not_with)
    ]
    return "\n".join(lines) or None


def _colourless(article: Article, query: Presale, gathered: Gathered) -> str:
    """Say first that an article comes in no colours to choose from, where one is asked for that its name has not."""
    if not query.colour or any(variant.colour for variant in article.variants):
        return ""
    names = f"{article.name.zh} {article.name.en}".lower()
    is_named = query.colour in names or in_english(query.colour) in names
    return "" if is_named else gathered.said("no_colours", goods=gathered.name(article)) + "\n"


def _stock_of(article: Article, query: Presale, gathered: Gathered) -> str:
    pieces = gathered.stock(article)
    name = gathered.name(article)
    meant = [variant for variant in article.variants if _is_meant(variant, query)]
    if len(article.variants) == 1 and query.size and not article.sizes:
        text = pieces_text(pieces[article.variants[0].sku], gathered.language)
        return gathered.said("one_size", goods=name) + "\n" + gathered.said("stock", goods=name, text=text)
    if not meant:
        return _no_such_look(article, query, gathered)
    if len(article.variants) == 1:
        return gathered.said("stock", goods=name, text=pieces_text(pieces[meant[0].sku], gathered.language))
    there = [variant for variant in meant if pieces[variant.sku]]
    others = [variant for variant in article.variants if variant not in meant and pieces[variant.sku]]
    texts = [_variant_text(variant, pieces[variant.sku], gathered) for variant in (there or meant)]
    text = gathered.said("stock", goods=name, text=gathered.said("and").join(texts))
    if there:
        return text + (
            _sold_out([variant for variant in meant if variant not in there], gathered) if len(meant) > 1 else ""
        )
    return text + (gathered.said("others_in_stock", looks=_looks(others, gathered)) if others else "")


def _is_meant(variant: Variant, query: Presale) -> bool:
    has_size = query.size is None or (variant.size or "").upper() == query.size
    return has_size and (query.colour is None or variant.colour is None or variant.colour.zh == query.colour)


def _no_such_look(article: Article, query: Presale, gathered: Gathered) -> str:
    wanted = " ".join(part for part in (query.size, _colour_text(query.colour, gathered.language)) if part)
    looks = _looks(article.variants, gathered)
    return gathered.said("no_such_look", goods=gathered.name(article), look=wanted, looks=looks)


def _colour_text(colour: str | None, language: Language) -> str:
    return in_english(colour) if colour and language == "en" else colour or ""


def _variant_text(variant: Variant, pieces: int, gathered: Gathered) -> str:
    return variant.said(gathered.language) + gathered.said("space") + pieces_text(pieces, gathered.language)


def _looks(variants: Iterable[Variant], gathered: Gathered) -> str:
    return gathered.said("and").join(variant.said(gathered.language) for variant in variants)


def _sold_out(variants: list[Variant], gathered: Gathered) -> str:
    return gathered.said("sold_out", looks=_looks(variants, gathered)) if variants else ""


def _price_of(article: Article, query: Presale, gathered: Gathered) -> str:
    if len(article.variants) > 1 and not any(_is_meant(variant, query) for variant in article.variants):
        return _no_such_look(article, query, gathered)
    price = gathered.price(article)
    each = gathered.said("for_one") if query.is_of_several else ""
    text = gathered.said("stock", goods=gathered.name(article), text=money_text(price, gathered.language) + each)
    found = quote([goods_of(article, price)], gathered.promotions(), now=gathered.now)
    if not found.steps:
        return text
    offers = gathered.said("and").join(step.offer.name.in_language(gathered.language) for step in found.steps)
    return text + gathered.said("with_offers", offers=offers, amount=yuan(found.total_cents))
