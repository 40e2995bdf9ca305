"""Finding articles, shelves and systems of the catalogue in a customer's words: by name, everyday name or model.

Unlike :mod:`kefu.dialogue.item_names`, which knows that one of a few things is meant, only whole names count here: a
shop sells many things, and most questions are about none of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kefu.dialogue.item_names import stem
from kefu.dialogue.slips import is_slip
from kefu.dialogue.wording import Span, folded
from kefu.shop.catalogue import Article, Catalogue, Named

_CJK = "\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{_CJK}]")
_IN_BRACKETS = re.compile(r"[(（《\"“].*")
_MODEL = re.compile(r"(?<![a-z0-9])[a-z]{1,2}[0-9]{1,4}(?![a-z0-9])")
_WORD = re.compile(r"[a-z]+")
_SHORTEST_FUZZY = 3  # characters of a Chinese name; of two, one wrong one makes another word


@dataclass(frozen=True)
class Found:
    """Where something is named, and the keys of what it may be."""

    keys: frozenset[str]
    span: Span


@dataclass(frozen=True)
class _Phrase:
    text: str
    pattern: re.Pattern[str]
    keys: frozenset[str]


class GoodsNames:
    """The names of one catalogue, compiled once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._articles = _phrases((article.id, _article_names(article)) for article in catalogue.articles.values())
        self._systems = _phrases((key, _names(system)) for key, system in catalogue.systems.items())
        self._kinds = _phrases((key, _names(kind)) for key, kind in catalogue.kinds.items())

    def systems(self, text: str) -> list[Found]:
        """Find the devices and systems that a folded text names."""
        return _longest(_matches(text, self._systems))

    def kinds(self, text: str) -> list[Found]:
        """Find the shelves that a folded text names."""
        return _longest(_matches(text, self._kinds))

    def articles(self, text: str) -> list[Found]:
        """Find the articles that a folded text names, in its order; one that may be several has several keys.

        A name inside or right behind that of a system is none ("苹果手机", "Huawei phone"). A name that is spelt wrong
        counts only where no other is found.
        """
        return sure_ones(self.mentions(text))

    def mentions(self, text: str) -> list[Found]:
        """Find all names of articles in a folded text, also those that another one tells apart ("E110 earbuds")."""
        systems = _matches(text, self._systems)
        found = _matches(text, self._articles) or self._slips(text)
        return [one for one in _longest([*found, *systems]) if one in found and not _follows(one, systems)]

    def _slips(self, text: str) -> list[Found]:
        """Find names with one slip in them, as far as what is meant by each stretch is one thing."""
        found: dict[Span, set[frozenset[str]]] = {}
        words = [(stem(match.group()), match.span()) for match in _WORD.finditer(text)]
        for phrase in self._articles:
            if phrase.text.isascii():
                spans = [span for word, span in words if is_slip(word, phrase.text)]
            else:
                spans = _one_off(text, phrase.text)
            for span in spans:
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


def _matches(text: str, phrases: Iterable[_Phrase]) -> list[Found]:
    found: dict[Span, set[str]] = {}
    for phrase in phrases:
        for match in phrase.pattern.finditer(text):
            found.setdefault(match.span(), set()).update(phrase.keys)
    return [Found(frozenset(keys), span) for span, keys in found.items()]


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


def _phrases(named: Iterable[tuple[str, set[str]]]) -> list[_Phrase]:
    keys: dict[str, set[str]] = {}
    for key, names in named:
        for name in names:
            keys.setdefault(name, set()).add(key)
    return [_Phrase(name, _pattern(name), frozenset(owners)) for name, owners in keys.items()]


def _pattern(name: str) -> re.Pattern[str]:
    """A name as customers write it: with or without spaces beside Chinese, hyphens or spaces, the plural."""
    if _HAS_CJK.search(name):
        pattern = " ?".join(re.escape(character) for character in name if character != " ")
        return re.compile(rf"(?<![a-z0-9]){pattern}" if name[0].isascii() else pattern)
    words = [re.escape(word) for word in re.split(r"[ -]+", name) if word]
    if name[-1] == "y":
        words[-1] = words[-1][:-1] + "(?:y|ies)"
    elif not name[-1].isdigit():
        words[-1] += "(?:s|es)?"
    return re.compile(rf"(?<![a-z0-9]){'[ -]?'.join(words)}(?![a-z0-9])")


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
