"""Makes a catalogue of a file, or of what the shop's own service answers, which has the same shape."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from kefu.errors import DataError
from kefu.settings import unknown_key
from kefu.shop.catalogue import BETTER, Article, Attribute, Better, Catalogue, Named, Value, Variant, Wish
from kefu.shop.fields import Fields
from kefu.shop.orders import Bilingual
from kefu.shop.seed_values import cents, read_yaml
from kefu.text import LANGUAGES

_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue file.

    :raises DataError: naming article and field, if something is missing, unknown or contradictory.
    """
    return read_catalogue(read_yaml(path, "catalogue"), path.name)


def read_catalogue(content: Any, where: str) -> Catalogue:
    """Check a catalogue; numbers with a point must have been left as texts (see :func:`read_yaml`).

    :raises DataError: naming article and field.
    """
    root = Fields(content, where)
    attributes = {key: _attribute(key, fields) for key, fields in root.section("attributes").sections().items()}
    kinds = {key: _named(key, fields) for key, fields in root.section("kinds").sections().items()}
    systems = {key: _named(key, fields, tuple(kinds)) for key, fields in root.section("systems").sections().items()}
    articles = {
        key: _article(key, fields, attributes, tuple(systems), tuple(kinds))
        for key, fields in root.section("articles").sections().items()
    }
    root.nothing_else()
    _check_skus(articles, where)
    return Catalogue(
        MappingProxyType(articles), MappingProxyType(attributes), MappingProxyType(systems), MappingProxyType(kinds)
    )


def bilingual(fields: Fields) -> Bilingual:
    """Read `zh` and `en` of a mapping."""
    return Bilingual(*(fields.text(language) for language in LANGUAGES))


def number(value: Any) -> Decimal | None:
    """Read a number that came as one or as text; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _attribute(key: str, fields: Fields) -> Attribute:
    attribute = Attribute(
        key,
        bilingual(fields),
        bilingual(fields.section("unit")) if "unit" in fields else None,
        cast(Better, fields.one_of("better", BETTER)) if "better" in fields else None,
        _texts(fields, "asked"),
        _wish(fields.section("wish")) if "wish" in fields else None,
    )
    fields.nothing_else()
    return attribute


def _wish(fields: Fields) -> Wish:
    at_most = _value(fields, "at_most") if "at_most" in fields else None
    at_least = _value(fields, "at_least") if "at_least" in fields else None
    wish = Wish(fields.texts("words"), cast("Decimal | None", at_most), cast("Decimal | bool | None", at_least))
    fields.nothing_else()
    if isinstance(at_most, Bilingual | bool) or isinstance(at_least, Bilingual):
        raise DataError(f"`{fields.where}`: `at_most` must be a number, `at_least` a number or true.")
    if at_most is None and at_least is None:
        raise DataError(f"`{fields.where}` must say `at_most` or `at_least`.")
    return wish


def _named(key: str, fields: Fields, shelves: tuple[str, ...] = ()) -> Named:
    shelf = fields.one_of("shelf", shelves) if shelves and "shelf" in fields else None
    named = Named(key, bilingual(fields), _texts(fields, "also"), shelf)
    fields.nothing_else()
    return named


def _article(
    key: str, fields: Fields, attributes: Mapping[str, Attribute], systems: tuple[str, ...], kinds: tuple[str, ...]
) -> Article:
    article = Article(
        id=key,
        name=bilingual(fields),
        category=fields.text("category"),
        kind=fields.one_of("kind", kinds),
        price_cents=cents(fields, "price"),
        variants=_variants(key, fields),
        list_cents=cents(fields, "list") if "list" in fields else None,
        also=_texts(fields, "also"),
        also_on=fields.texts("also_on", kinds) if "also_on" in fields else (),
        works_with=fields.texts("works_with", systems) if "works_with" in fields else (),
        not_with=fields.texts("not_with", systems) if "not_with" in fields else (),
        attributes=_values(fields.section("attributes"), attributes) if "attributes" in fields else {},
    )
    fields.nothing_else()
    if article.list_cents is not None and article.list_cents <= article.price_cents:
        raise DataError(f"`{fields.where}.list` must be more than `price`: it is the price before a reduction.")
    if both := sorted({*article.works_with} & {*article.not_with}):
        raise DataError(f"`{fields.where}` both works with `{both[0]}` and does not.")
    return article


def _variants(key: str, fields: Fields) -> tuple[Variant, ...]:
    if "variants" not in fields:
        return (Variant(key, None, None, fields.whole_number("stock")),)
    if "stock" in fields:
        raise DataError(f"`{fields.where}` has `stock` and `variants`: each variant has a stock of its own.")
    variants = tuple(_variant(variant) for variant in fields.list_of_sections("variants"))
    if not variants:
        raise DataError(f"`{fields.where}.variants` must not be empty: leave it out and give `stock`.")
    looks = [(variant.size, variant.colour) for variant in variants]
    if len(set(looks)) < len(looks):
        raise DataError(f"`{fields.where}.variants`: two of them have the same size and colour.")
    return variants


def _variant(fields: Fields) -> Variant:
    variant = Variant(
        fields.text("sku"),
        fields.text("size") if "size" in fields else None,
        bilingual(fields.section("colour")) if "colour" in fields else None,
        fields.whole_number("stock"),
    )
    fields.nothing_else()
    return variant


def _values(fields: Fields, attributes: Mapping[str, Attribute]) -> Mapping[str, Value]:
    values = {}
    for key in fields:
        if key not in attributes:
            raise DataError(unknown_key(key, list(attributes), fields.where))
        values[key] = _value(fields, key)
    return MappingProxyType(values)


def _value(fields: Fields, key: str) -> Value:
    value = fields.raw(key)
    if isinstance(value, dict):
        return bilingual(fields.section(key))
    if isinstance(value, bool):
        return fields.truth(key)
    found = number(value)
    if found is None:
        raise DataError(f"`{fields.where}.{key}` must be a number, true or false, or `zh` and `en`; it is {value!r}.")
    return found


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return fields.texts(key) if key in fields else ()


def _check_skus(articles: Mapping[str, Article], where: str) -> None:
    owners: dict[str, str] = {}
    for article in articles.values():
        for sku in dict.fromkeys((article.id, *(variant.sku for variant in article.variants))):
            if not _SKU.fullmatch(sku):
                raise DataError(f"`{where}`: a SKU must be of letters, digits, `-` and `_`; one is {sku!r}.")
            if owners.setdefault(sku, article.id) != article.id:
                raise DataError(f"`{where}`: the SKU {sku} stands at {owners[sku]} and at {article.id}.")
