"""Whether goods are to be had in the size and colour that a customer wants in exchange."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.presale.presale_words import SIZE
from kefu.dialogue.words.colours import colours
from kefu.dialogue.words.wording import wording
from kefu.shop.catalogue import Article, Variant

_BARE_NUMBER = re.compile(r"(?<![0-9.a-z])([0-9]{2})(?![0-9.a-z])")
_NAMED_SIZES = {
    "s": re.compile(r"小[码号]|(?<![a-z])small(?![a-z])"),
    "m": re.compile(r"[中均][码号]|(?<![a-z])medium(?![a-z])"),
    "l": re.compile(r"(?<!加)大[码号]|(?<![a-z])(?<!extra )(?<!extra-)large(?![a-z])"),
    "xl": re.compile(r"加大[码号]|(?<![a-z])extra[ -]large(?![a-z])"),
}
_STEPS = {
    1: re.compile(r"大(?:[一1个][码号]?|[点些])|(?<![a-z])(?:size up|bigger|larger)(?![a-z])"),
    -1: re.compile(r"小(?:[一1个][码号]?|[点些])|(?<![a-z])(?:size down|smaller)(?![a-z])"),
}


@dataclass(frozen=True)
class NotToBeHad:
    """Why a wish cannot be met, and what there is instead, in stock: every variant but the customer's own."""

    why: Literal["not_made", "sold_out"]
    instead: tuple[Variant, ...]


def not_to_be_had(wanted: str, article: Article, own: str, stock: Mapping[str, int]) -> NotToBeHad | None:
    """Say what stands against another size or colour; None where nothing does, or the words name neither.

    :param own: the SKU that the customer has. A colour alone is wanted in its size, a size alone in its colour.
    :param stock: pieces by SKU; of one that is missing nothing is known, which stands against nothing.
    """
    mine = next((variant for variant in article.variants if variant.sku == own), None)
    text = wording(wanted).text
    sizes, shades = _sizes(text, article, mine), _colours(text, article)
    if sizes is None and shades is None:
        return None
    if mine is not None:
        sizes = sizes if sizes is not None else {(mine.size or "").lower()}
        shades = shades if shades is not None or mine.colour is None else {mine.colour.zh}
    meant = [
        variant
        for variant in article.variants
        if (sizes is None or (variant.size or "").lower() in sizes)
        and (shades is None or (variant.colour is not None and variant.colour.zh in shades))
    ]
    if any(stock.get(variant.sku, 1) > 0 for variant in meant):
        return None
    others = (variant for variant in article.variants if variant.sku != own and stock.get(variant.sku, 1) > 0)
    return NotToBeHad("sold_out" if meant else "not_made", tuple(others))


def _sizes(text: str, article: Article, mine: Variant | None) -> set[str] | None:
    """Give the sizes that are wanted, in small letters, whether or not there are any such; None: none is named."""
    made = [size.lower() for size in article.sizes]
    if not made:
        return None
    named = {group for match in SIZE.finditer(text) for group in match.groups() if group}
    if all(size.isdigit() for size in made):
        named.update(_BARE_NUMBER.findall(text))
    if named:
        return named
    for step, words in _STEPS.items():
        if words.search(text) and mine is not None and mine.size is not None:
            place = made.index(mine.size.lower()) + step
            return {made[place]} if 0 <= place < len(made) else set()
    if {"s", "m", "l", "xl"} & set(made):
        named = {size for size, words in _NAMED_SIZES.items() if words.search(text)}
    return named or None


def _colours(text: str, article: Article) -> set[str] | None:
    """Give the Chinese names of the colours that are wanted; None where none is named, or the goods have none."""
    made = {variant.colour.zh: variant.colour for variant in article.variants if variant.colour is not None}
    return (set(colours(text, [], made.values()).values()) or None) if made else None
