"""Finding articles, shelves and systems of the catalogue in a customer's words: by name, everyday name or model.

Unlike :mod:`kefu.dialogue.goods.item_names`, which knows that one of a few things is meant, only whole names count
here: a shop sells many things, and most questions are about none of them.
"""

import re

from kefu.dialogue.goods.item_names import stem
from kefu.dialogue.words.name_index import Found, NameIndex
from kefu.dialogue.words.slips import is_slip
from kefu.dialogue.words.wording import Span, folded
from kefu.shop.catalogue import Article, Catalogue, Named

_CJK = "\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{_CJK}]")
_IN_BRACKETS = re.compile(r"[(（《\"“].*")
_MODEL = re.compile(r"(?<![a-z0-9])[a-z]{1,2}[0-9]{1,4}(?![a-z0-9])")
_WORD = re.compile(r"[a-z]+")
_SHORTEST_FUZZY = 3  # characters of a Chinese name; of two, one wrong one makes another word


class GoodsNames:
    """The names of one catalogue, indexed once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._articles = NameIndex((article.id, _article_names(article)) for article in catalogue.articles.values())
        self._systems = NameIndex((key, _names(system)) for key, system in catalogue.systems.items())
        self._kinds = NameIndex((key, _names(kind)) for key, kind in catalogue.kinds.items())

    def systems(self, text: str) -> list[Found]:
        """Find the devices and systems that a folded text names."""
        return _longest(self._systems.matches(text))

    def kinds(self, text: str) -> list[Found]:
        """Find the shelves that a folded text names."""
        return _longest(self._kinds.matches(text))

    def articles(self, text: str) -> list[Found]:
        """Find the articles that a folded text names, in its order; one that may be several has several keys.

        A name inside or right behind that of a system is none ("苹果手机", "Huawei phone"). A name that is spelt wrong
        counts only where no other is found.
        """
        return sure_ones(self.mentions(text))

    def mentions(self, text: str) -> list[Found]:
        """Find all names of articles in a folded text, also those that another one tells apart ("E110 earbuds")."""
        systems = self._systems.matches(text)
        found = self._articles.matches(text) or self._slips(text)
        return [one for one in _longest([*found, *systems]) if one in found and not _follows(one, systems)]

    def _slips(self, text: str) -> list[Found]:
        """Find names with one slip in them, as far as what is meant by each stretch is one thing."""
        found: dict[Span, set[frozenset[str]]] = {}
        for match in _WORD.finditer(text):
            word = stem(match.group())
            for phrase in self._articles.english_like(word):
                if is_slip(word, phrase.text):
                    found.setdefault(match.span(), set()).add(phrase.keys)
        for phrase in self._articles.chinese_like(text):
            for span in _one_off(text, phrase.text):
                found.setdefault(span, set()).add(phrase.keys)
        return _longest([Found(next(iter(keys)), span) for span, keys in found.items() if len(keys) == 1])


def sure_ones(mentions: list[Found]) -> list[Found]:
    """Leave out names that may be several articles, where one of these is named for sure."""
    sure = {key for one in mentions if len(one.keys) == 1 for key in one.keys}
    return [one for one in mentions if len(one.keys) == 1 or sure.isdisjoint(one.keys)]


def _one_off(text: str, name: str) -> list[Span]:
    """Find where a text has a Chinese name with one other character, not its first."""
    if len(name) < _SHORTEST_FUZZY:
        return []
    starts = [at for at in range(len(text) - len(name) + 1) if text[at] == name[0]]
    return [
        (start, start + len(name))
        for start in starts
        if sum(text[start + at] != name[at] for at in range(1, len(name))) == 1
        and all(_HAS_CJK.match(character) for character in text[start : start + len(name)])
    ]


def _follows(one: Found, systems: list[Found]) -> bool:
    return any(one.span[0] - system.span[1] in (0, 1) for system in systems)


def _longest(found: list[Found]) -> list[Found]:
    """Leave out what stands within something longer, in the order of the text."""
    kept = [
        one
        for one in found
        if not any(
            other.span != one.span and other.span[0] <= one.span[0] and one.span[1] <= other.span[1] for other in found
        )
    ]
    return sorted(kept, key=lambda one: one.span)


def _article_names(article: Article) -> set[str]:
    zh, en = folded(article.name.zh), folded(article.name.en)
    names = {folded(name) for name in article.also}
    names |= {_IN_BRACKETS.sub("", zh).strip(), en.split(",")[0].split("(")[0].strip()}
    names |= set(_MODEL.findall(zh)) | {folded(article.id)} | {folded(each.sku) for each in article.variants}
    # "mugs" is looked for as "mug" with or without its ending.
    return {" ".join(stem(word) for word in name.split()) if name.isascii() else name for name in names if name}


def _names(named: Named) -> set[str]:
    names = {folded(name) for name in (named.name.zh, named.name.en, *named.also)}
    return {" ".join(stem(word) for word in name.split()) if name.isascii() else name for name in names if name}
