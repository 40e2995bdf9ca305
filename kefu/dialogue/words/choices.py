"""Choosing from a list that was shown: by number ("2", "第二个", "the last one") or by the exact title."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kefu.dialogue.words.numerals import CHINESE, ENGLISH, FIGURE, ORDINAL, number
from kefu.dialogue.words.wording import GAP, Span, folded
from kefu.shop.labels import labels

_NUMBER = f"(?:{FIGURE}|{CHINESE})"
_MEASURE = "[个项款件条种样单双号行只台本盒瓶箱]"
_AND = r"[\s、,/和跟与及&+]{1,3}"
_THINGS = "one|ones|item|items|order|orders|option|choice|line|thing|product|parcel"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NO_LETTER = r"(?<![a-z0-9])"

_ORDINALS_ZH = re.compile(rf"(倒数)?第({_NUMBER}(?:{_AND}第?{_NUMBER}){{0,8}}){_MEASURE}?")
_LAST_ZH = re.compile(rf"最后(?:一|那|这)?{_MEASURE}|最下面(?:的|那|一){{0,2}}{_MEASURE}")
_ENDS_ZH = re.compile(rf"(?<![0-9天周月号之以])([前后])({_NUMBER}){_MEASURE}(?!数|号|字)")
# "second hand" and "the first time" choose nothing.
_ORDINALS_EN = re.compile(
    rf"{_NO_LETTER}(the )?({ORDINAL})((?:(?: and |, ?| & )(?:the )?(?:{ORDINAL})){{0,8}})"
    rf"( (?:{_THINGS}))?(?![a-z0-9])(?! (?:time|times|thing|place|day|week|of|hand|attempt|(?:{_MONTHS})[a-z]{{0,6}}))"
)
_LAST_EN = re.compile(rf"{_NO_LETTER}(?:the )?(?:very )?(?:last|bottom) (?:{_THINGS})(?![a-z0-9])")
_ENDS_EN = re.compile(
    rf"{_NO_LETTER}(first|last) ({ENGLISH}|[0-9])(?: (?:{_THINGS}))?(?![a-z0-9])"
    r"(?! (?:days?|weeks?|months?|digits?|numbers?|figures?|of (?:my|the) (?:phone|mobile|number|card)))"
)
_NUMBERED_EN = re.compile(rf"(?:{_NO_LETTER}(?:option|number|no\.?|nr\.?|item|choice) ?|#)({FIGURE})(?![a-z0-9])")
# What may stand beside bare numbers: everything else makes them counts, dates or prices.
_BESIDE_BARE = re.compile(
    r"我|要|选|就|是|那|这|吧|的|号|啊|呢|哦|谢|退|(?<![a-z])(?:i|want|take|choose|pick|option|number|please|thanks|the|just|"
    r"only|and|it|is|go|with|for)(?![a-z])|[\s、,.!#()。和跟与及&+/:)-]"
)
_BARE = re.compile(rf"{FIGURE}|{CHINESE}|(?<![a-z])(?<!the )(?<!that )(?<!this )(?:{ENGLISH})(?![a-z])")

_MOST = 12  # more numbers than that are no choice


@dataclass(frozen=True)
class Chosen:
    """A place in the list, from 1 (one beyond the list is given, too), and where it was named."""

    place: int
    span: Span


def chosen(text: str, count: int, *, bare: bool = True) -> list[Chosen]:
    """Find the places of a list of ``count`` that a folded text names, by ``bare`` numbers, too."""
    found = [*_named(text, count)] or ([*_bare(text)] if bare else [])
    return found if len(found) <= _MOST else []


def titled(text: str, group: str) -> str | None:
    """Give the key of the choice whose title is all of the text, as a pressed button sends it (``labels.yml``)."""
    plain = _plain(text)
    for key, title in labels(group).items():
        if plain and plain in (_plain(folded(title.zh)), _plain(folded(title.en))):
            return key
    return None


def _named(text: str, count: int) -> Iterator[Chosen]:
    for match in _ORDINALS_ZH.finditer(text):
        for place in _numbers(_BARE, match.group(2)):
            yield Chosen(count + 1 - place if match.group(1) else place, match.span())
    for match in _ORDINALS_EN.finditer(text):
        stands_alone = not text.replace(match.group(), "").strip(f" .,!{GAP}")
        if match.group(1) or match.group(4) or stands_alone:
            for place in _numbers(re.compile(rf"{_NO_LETTER}(?:{ORDINAL})"), match.group(2) + match.group(3)):
                yield Chosen(place, match.span())
    for match in (*_LAST_ZH.finditer(text), *_LAST_EN.finditer(text)):
        yield Chosen(count, match.span())
    for match in (*_ENDS_ZH.finditer(text), *_ENDS_EN.finditer(text)):
        many = min(number(match.group(2)) or 0, count)
        first = 1 if match.group(1) in ("前", "first") else count - many + 1
        for place in range(first, first + many):
            yield Chosen(place, match.span())
    for match in _NUMBERED_EN.finditer(text):
        yield Chosen(int(match.group(1)), match.span())


def _bare(text: str) -> Iterator[Chosen]:
    matches = list(_BARE.finditer(text))
    rest = _BESIDE_BARE.sub("", _BARE.sub("", text))
    if matches and not rest.strip():
        for match in matches:
            if (place := number(match.group())) is not None:
                yield Chosen(place, match.span())


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    return [value for match in pattern.finditer(text) if (value := number(match.group())) is not None]


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
