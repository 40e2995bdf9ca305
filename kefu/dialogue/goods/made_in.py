"""Whether goods are to be had in the size and colour that a customer wants in exchange."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.presale.presale_words import SIZE
from kefu.dialogue.words.colours import colours
from kefu.dialogue.words.figures import has_figure
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
    2: re.compile(r"大[二两2][码号]|(?<![a-z])(?:two|2) sizes (?:up|bigger|larger)(?![a-z])"),
    -2: re.compile(r"小[二两2][码号]|(?<![a-z])(?:two|2) sizes (?:down|smaller)(?![a-z])"),
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
    meant = _meant(wanted, article, own)
    if meant is None or any(stock.get(variant.sku, 1) > 0 for variant in meant):
        return None
    others = (variant for variant in article.variants if variant.sku != own and stock.get(variant.sku, 1) > 0)
    return NotToBeHad("sold_out" if meant else "not_made", tuple(others))


def step_taken(wanted: str, article: Article, own: str) -> Variant | None:
    """Give the one variant that a wish means by its distance from the customer's own ("one size up"), or None."""
    text = wording(wanted).text
    if _named_sizes(text, article) or not any(words.search(text) for words in _STEPS.values()):
        return None
    meant = _meant(wanted, article, own) or []
    return meant[0] if len(meant) == 1 else None


def names_neither(wanted: str, article: Article) -> bool:
    """Say whether words choose none of several variants: they name no size and no colour."""
    text = wording(wanted).text
    names = _sizes(text, article, None) or colours(text, []) or _colours(text, article)
    is_a_step = any(words.search(text) for words in _STEPS.values())
    return len(article.variants) > 1 and not names and not is_a_step and not has_figure(text)


def _meant(wanted: str, article: Article, own: str) -> list[Variant] | None:
    """Give the variants that words mean, whether or not they are in stock; None where they name no size or colour."""
    mine = next((variant for variant in article.variants if variant.sku == own), None)
    text = wording(wanted).text
    sizes, shades = _sizes(text, article, mine), _colours(text, article)
    if sizes is None and shades is None:
        return None
    if mine is not None:
        sizes = sizes if sizes is not None else {(mine.size or "").lower()}
        shades = shades if shades is not None or mine.colour is None else {mine.colour.zh}
    return [
        variant
        for variant in article.variants
        if (sizes is None or (variant.size or "").lower() in sizes)
        and (shades is None or (variant.colour is not None and variant.colour.zh in shades))
    ]


def _named_sizes(text: str, article: Article) -> set[str]:
    """Give the sizes that a folded text names by figures or letters."""
    named = {group for match in SIZE.finditer(text) for group in match.groups() if group}
    if all(size.isdigit() for size in article.sizes):
        named.update(_BARE_NUMBER.findall(text))
    return named


def _sizes(text: str, article: Article, mine: Variant | None) -> set[str] | None:
    """Give the sizes that are wanted, in small letters, whether or not there are any such; None: none is named."""
    made = [size.lower() for size in article.sizes]
    if not made:
        return None
    if named := _named_sizes(text, article):
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
