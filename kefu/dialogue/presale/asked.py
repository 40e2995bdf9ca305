"""A question with what of it names goods, shelves, sizes, colours, attributes and pieces."""

import re
from itertools import pairwise

from kefu.dialogue.goods.basket import read_basket, several
from kefu.dialogue.goods.goods_names import Found, GoodsNames, sure_ones
from kefu.dialogue.presale.budgets import worth
from kefu.dialogue.presale.presale_words import (
    DEAL,
    HOW_GOOD,
    PRICE,
    SIZE,
    SPECIFICATION,
)
from kefu.dialogue.presale.price_terms import (
    SEVERAL_COUPONS,
    devices,
)
from kefu.dialogue.words.colours import colours
from kefu.dialogue.words.figures import has_figure
from kefu.dialogue.words.wording import Span, folded, without
from kefu.shop.catalogue import Attribute

MOST_ARTICLES = 4
_NEAR_SIZES = 4  # how far from the sizes that there are one may be
# What goods are for stands behind this: "a power bank for a phone"; "looking for a phone" is none.
_FOR = re.compile(
    r"(?<!looking)(?<!searching)(?<!shopping)(?<!asking)(?<!recommendation)(?<!recommendations)(?<!suggestion)"
    r"(?<!suggestions)(?<!ideas)(?<!idea)(?<!advice) (?:for|to (?:go|use|charge|match)|compatible|that works?|with) "
)
_IS_FOR_IT = re.compile(" ?(?:可以|能|来)?(?:使?用|充电|配|搭配|戴|上用)的?")


class Asked:
    """One question.

    ``mentions`` are names of articles, ``found`` those that are surely meant and ``articles`` their ids; ``systems``
    are devices that something is to work with.
    """

    def __init__(self, text: str, mentions: list[Found], systems: list[Found], names: GoodsNames, source: str) -> None:
        self.text, self.source = text, source
        self.mentions = mentions
        self.found = found = sure_ones(mentions)
        self.systems = [system for system in systems if not any(overlap(system, one) for one in found)]
        self.names = names
        keys = [key for one in found for key in sorted(one.keys)]
        self.articles = tuple(dict.fromkeys(keys))

    def is_told(self) -> bool:
        """Say whether it is about articles, and about few."""
        return 1 <= len(self.articles) <= MOST_ARTICLES

    def shelf(self) -> str | None:
        """The one shelf that something is looked for on, not that of what it is for; None where that is not sure."""
        kinds = self.names.kinds(self.text)
        if use := _FOR.search(self.text):
            kinds = [kind for kind in kinds if kind.span[1] <= use.start()]
        kinds = [kind for kind in kinds if not _IS_FOR_IT.match(self.text[kind.span[1] :])]
        # "手机充电器" and "phone charger" end with what they are.
        modifiers = [kind for kind, head in pairwise(kinds) if not self.text[kind.span[1] : head.span[0]].strip()]
        heads = [kind for kind in kinds if kind not in modifiers]
        keys = {key for kind in heads for key in kind.keys}
        return keys.pop() if len(keys) == 1 and self._all_work(*keys) else None

    def _all_work(self, shelf: str) -> bool:
        """Say whether all on a shelf work with the systems that are named: what is recommended must."""
        on_shelf = (article for article in self.names.catalogue.articles.values() if article.is_on(shelf))
        return all(not system.keys.isdisjoint(one.works_with) for one in on_shelf for system in self.systems)

    def attribute(self) -> Attribute | None:
        """The attribute that is asked about: the one with the longest of the words that are said."""
        named = [one.span for one in self.found]
        rest = without(self.text, [*named, *PRICE.spans(self.text)], " ")  # "套装多少钱" asks for no volume
        attributes = self.names.catalogue.attributes.values()
        how_good = HOW_GOOD.within(rest)
        hits = [(_longest_said(rest, asked_words(each, how_good=how_good)), each) for each in attributes]
        # "How long does it last?" asks for something else of strawberries than of earbuds.
        length, attribute = max(hits, key=lambda hit: (hit[0], self._is_known(hit[1])), default=(0, None))
        return attribute if length else None

    def _is_known(self, attribute: Attribute) -> bool:
        return any(attribute.key in self.names.catalogue.articles[key].attributes for key in self.articles)

    def wishes(self) -> tuple[str, ...]:
        """The attributes that are wanted at their better end."""
        attributes = self.names.catalogue.attributes.values()
        return tuple(
            attribute.key
            for attribute in attributes
            if attribute.wish and _longest_said(self.text, attribute.wish.words)
        )

    def size(self) -> str | None:
        """The size that is named; a number alone where the articles come in such sizes."""
        rest = without(self.text, [one.span for one in self.found], " ")
        if found := SIZE.search(rest):
            return next(size for size in found.groups() if size).upper()
        sizes = {size for key in self.articles for size in self.names.catalogue.articles[key].sizes}
        said = re.search(r"(?<![0-9])[0-9]{2}(?![0-9])", rest)
        return said.group() if said and _is_size(said.group(), sizes) else None

    def colours(self) -> list[str]:
        """The colours that are named, by their Chinese names, whether or not there are any such."""
        articles = (self.names.catalogue.articles[key] for key in self.articles)
        known = (variant.colour for article in articles for variant in article.variants if variant.colour)
        return sorted(set(colours(self.text, [one.span for one in self.mentions], known).values()))

    def comes_in(self, named: list[str]) -> bool:
        """Say whether the catalogue can tell of a look: of one colour, and of what an article says that it holds."""
        rest = without(self.text, [one.span for one in self.mentions], " ")
        wanted = [_compact(spec.group()) for spec in SPECIFICATION.finditer(rest)]
        for key in self.articles:
            article = self.names.catalogue.articles[key]
            name = _compact(folded(f"{article.name.zh} {article.name.en}"))
            if not all(re.search(rf"(?<![0-9.]){re.escape(spec)}", name) for spec in wanted):
                return False
        return len(named) <= 1

    def is_of_several(self) -> bool:
        """Say whether more than one piece is meant."""
        names = [one.span for one in (*self.mentions, *self.systems)]
        text = without(self.text, [*names, *sizes_and_colours(self.text, names)], " ")
        return several(SPECIFICATION.sub(" ", text))

    def basket(self, said: list[tuple[str, Span]]) -> tuple[dict[str, int], int | None]:
        """Pieces by article, or what is bought for in cents; neither where any number is left that says more."""
        spans = [span for _, span in said] + [one.span for one in self.systems] + devices(self.text, self.names)
        spans += [match.span() for pattern in (DEAL, SEVERAL_COUPONS) for match in pattern.finditer(self.text)]
        spans += PRICE.spans(self.text)
        text = without(self.text, spans, " ")
        if self.mentions:
            text = without(text, sizes_and_colours(text, [one.span for one in self.mentions]), " ")
            return read_basket(text, self.mentions, self.names.kinds(self.text), self.names), None
        amount, rest = worth(text)
        return {}, None if has_figure(rest) else amount


def _is_size(said: str, sizes: set[str]) -> bool:
    """Say whether a number is a size, though maybe none that there is, of what comes in such sizes."""
    known = [int(size) for size in sizes if size.isdigit()]
    return bool(known) and min(known) - _NEAR_SIZES <= int(said) <= max(known) + _NEAR_SIZES


def sizes_and_colours(text: str, names: list[Span]) -> list[Span]:
    """Find where a folded text names sizes and colours outside of names."""
    sizes = [match.span() for match in SIZE.finditer(text)]
    outside = [span for span in sizes if not any(span[0] < name[1] and name[0] < span[1] for name in names)]
    return [*outside, *colours(text, names)]


def _compact(text: str) -> str:
    return text.replace(" ", "").replace(",", "")


def _longest_said(text: str, words: tuple[str, ...]) -> int:
    """Give the length of the longest of some words that a text has; English ones stand by themselves."""
    said = (word.lower() for word in words)
    return max((len(word) for word in said if _stands_in(word, text)), default=0)


def asked_words(attribute: Attribute, *, how_good: bool) -> tuple[str, ...]:
    """Give the words that ask for an attribute; where it is asked how good it is, its name alone does."""
    names = (attribute.name.zh, attribute.name.en, *(attribute.wish.words if attribute.wish else ()))
    return (*attribute.asked, *names) if how_good else attribute.asked


def _stands_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def overlap(one: Found, other: Found) -> bool:
    """Say whether two names stand in one place."""
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]
