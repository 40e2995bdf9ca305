"""What the shop sells, as plain values. Money is in cents (fen)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from kefu.shop.orders import Bilingual
from kefu.text import Language

Better = Literal["lower", "higher"]
BETTER: tuple[Better, ...] = get_args(Better)
# What an attribute of an article may be: a number in the attribute's unit, yes or no, or a text.
Value = Decimal | bool | Bilingual


@dataclass(frozen=True)
class Wish:
    """That an attribute is wanted at its better end: the words for it, and from which value on it is fulfilled."""

    words: tuple[str, ...]
    at_most: Decimal | None = None
    at_least: Decimal | bool | None = None

    def is_fulfilled(self, value: Value) -> bool:
        """Say whether a value is what is wished for."""
        if isinstance(value, Bilingual):
            return False
        if self.at_least is not None and value < self.at_least:
            return False
        return self.at_most is None or value <= self.at_most


@dataclass(frozen=True)
class Attribute:
    """What can be said of articles. ``asked`` are the words that ask for it, ``better`` which end is the good one."""

    key: str
    name: Bilingual
    unit: Bilingual | None = None
    better: Better | None = None
    asked: tuple[str, ...] = ()
    wish: Wish | None = None

    def said(self, value: Value, language: Language) -> str:
        """Give a value of it as text, with its unit; the texts for yes and no are the caller's.

        :raises TypeError: for yes and no.
        """
        if isinstance(value, bool):
            raise TypeError(f"{self.key} is yes or no here, which have no text of their own.")
        if isinstance(value, Bilingual):
            return value.in_language(language)
        return f"{value.normalize():f}{self.unit.in_language(language) if self.unit else ''}"


@dataclass(frozen=True)
class Named:
    """A shelf, or a system that articles work with: its name, and what customers call it besides.

    ``shelf`` is that on which devices of a system would stand.
    """

    key: str
    name: Bilingual
    also: tuple[str, ...] = ()
    shelf: str | None = None


@dataclass(frozen=True)
class Variant:
    """One size or colour of an article; an article without any has one variant that says neither."""

    sku: str
    size: str | None
    colour: Bilingual | None
    stock: int

    def said(self, language: Language) -> str:
        """Give colour and size as text; nothing for the only variant of an article."""
        parts = (self.colour.in_language(language) if self.colour else "", self.size or "")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Article:
    """One thing that the shop sells, in one or more variants, all at one price.

    ``kind`` is the shelf that it stands on, ``also_on`` are others on which customers look for it, as gifts;
    ``list_cents`` is the price before a reduction; ``works_with`` and ``not_with`` name systems.
    """

    id: str
    name: Bilingual
    category: str
    kind: str
    price_cents: int
    variants: tuple[Variant, ...]
    list_cents: int | None = None
    also: tuple[str, ...] = ()
    also_on: tuple[str, ...] = ()
    works_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    attributes: Mapping[str, Value] = field(default_factory=dict)

    def is_on(self, shelf: str | None) -> bool:
        """Say whether customers find it on a shelf."""
        return shelf == self.kind or shelf in self.also_on

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes there are, in the order of the catalogue, whether or not they are in stock."""
        return tuple(dict.fromkeys(variant.size for variant in self.variants if variant.size))


@dataclass(frozen=True)
class Catalogue:
    """All articles, with what can be said of them."""

    articles: Mapping[str, Article]
    attributes: Mapping[str, Attribute]
    systems: Mapping[str, Named]
    kinds: Mapping[str, Named]

    def find(self, sku: str) -> tuple[Article, tuple[Variant, ...]] | None:
        """Give the article of a SKU with the variants that are meant: all of an article's own, else the one."""
        if sku in self.articles:
            return self.articles[sku], self.articles[sku].variants
        for article in self.articles.values():
            for variant in article.variants:
                if variant.sku == sku:
                    return article, (variant,)
        return None
