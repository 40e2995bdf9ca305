"""Finding the things of an order in a customer's words: by a part of the name, an everyday name, a colour, a size.

A stretch of the text speaks for the things whose names share it; what shares more of the same stretch wins ("手机壳"
is the case, not the phone). Things that share the same words equally are not told apart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kefu.dialogue.words.slips import is_slip, slipped
from kefu.dialogue.words.wording import Span, folded
from kefu.shop.orders import Item

_CJK = r"\u4e00-\u9fff"
_RUN = re.compile(rf"[{_CJK}a-z0-9]+(?: [a-z0-9]+(?=[{_CJK}])|(?<=[{_CJK}]) [a-z0-9]+)*")
_HAS_CJK = re.compile(f"[{_CJK}]")
_WORD = re.compile(r"[a-z]+[0-9]*[a-z0-9]*|[0-9]{2,}[a-z]*")
_NAMED_SIZE = re.compile(r"(?<![0-9] )(?<![a-z0-9])(xs|x*[sml]|small|medium|large)(?![a-z0-9])")  # not of "4 L"
_SIZE = re.compile(r"(?<![a-z0-9])(?:size (x*[sml])|(x*[sml])(?= (?:one|ones|size)))(?![a-z0-9])")
_LONGEST_NAME = 40
# Words of names that say nothing about which thing is meant, or mean something else in a customer's mouth.
_SAY_NOTHING = frozenset(
    "a an and for from i in it of on or set size the to with pack packs piece pieces pair pairs pc pcs box g kg l m "
    "ml mm cm x custom made new one two three first second last free gift back return refund order item is my".split()
)
# The same in Chinese: colour words without their thing, units, what every second thing is called.
_SAY_NOTHING_ZH = frozenset(
    {"商品", "东西", "产品", "定制", "公斤", "毫升", "一个", "两个", "一双", "一件", "一盒", "礼品"}
)
# Last characters of names that stand for the thing by themselves, and in no other everyday word.
_NOUNS = frozenset("鞋书锅杯壶裤袜帽灯伞碗裙")


@dataclass(frozen=True)
class Mention:
    """One or more things meant by the same words; more than one where they cannot tell which."""

    candidates: tuple[int, ...]  # places in the sequence of items that was searched, from 0
    cells: frozenset[int]  # the characters of the text that speak for them

    @property
    def span(self) -> Span:
        """From the first of these characters to the last."""
        return min(self.cells), max(self.cells) + 1


@dataclass(frozen=True)
class _Names:
    """What an item is called: every stretch of its Chinese names, and the stems of its English ones."""

    parts: frozenset[str]
    called: frozenset[str]  # whole names in everyday use, of any length
    stems: frozenset[str]
    sizes: frozenset[str]


def mentions(text: str, items: Iterable[Item]) -> list[Mention]:
    """Find which items a folded text mentions, in the order of the text."""
    known = [_names(item.name.zh, item.name.en, item.also) for item in items]
    cells = [_cells(text, names) for names in known]
    if not any(cells):  # a slip counts only where nothing is named without one
        cells = [_slips(text, names) for names in known]
    told = _told_apart(text, cells, known)
    grouped: dict[frozenset[int], list[int]] = {}
    for place in told:
        grouped.setdefault(cells[place], []).append(place)
    return sorted((Mention(tuple(places), shared) for shared, places in grouped.items()), key=lambda one: one.span)


def _told_apart(text: str, cells: list[frozenset[int]], known: list[_Names]) -> list[int]:
    """Leave out what another item explains better: by more of the words, or by its everyday name."""
    told = [place for place, mine in enumerate(cells) if mine and not any(mine < other for other in cells)]
    by_name = {place for place in told if _is_called(text, cells[place], known[place])}
    return [place for place in told if place in by_name or not any(cells[other] == cells[place] for other in by_name)]


def _is_called(text: str, cells: frozenset[int], names: _Names) -> bool:
    said = "".join(text[cell] for cell in sorted(cells))
    return said.replace(" ", "") in names.called


def _cells(text: str, names: _Names) -> frozenset[int]:
    """Give the characters of a text that belong to a name."""
    found: set[int] = set()
    for match in _RUN.finditer(text):
        if _HAS_CJK.search(match.group()):
            found |= _shared(match.group(), match.start(), names)
    for match in (*_WORD.finditer(text), *_SIZE.finditer(text)):
        if stem(match[match.lastindex or 0]) in names.stems | names.sizes:
            found |= set(range(*match.span()))
    return frozenset(found)


def _slips(text: str, names: _Names) -> frozenset[int]:
    """Give the characters that spell a name with one slip in it."""
    found: set[int] = set()
    for match in _RUN.finditer(text):
        if _HAS_CJK.search(match.group()):
            for start, end in slipped(match.group(), names.called):
                found |= set(range(match.start() + start, match.start() + end))
    for match in _WORD.finditer(text):
        word = stem(match.group())
        if any(is_slip(word, name) for name in names.stems):
            found |= set(range(*match.span()))
    return frozenset(found)


def _shared(run: str, offset: int, names: _Names) -> set[int]:
    """Give what a run of Chinese shares with a name: at least two characters, or a whole everyday name."""
    # Customers write "T 恤" and "T恤".
    squeezed = [(character, offset + at) for at, character in enumerate(run) if character != " "]
    letters = "".join(character for character, _ in squeezed)
    found: set[int] = set()
    start = 0
    while start < len(letters):
        end = _longest(letters, start, names)
        found |= {at for _, at in squeezed[start:end]}
        start = max(end, start + 1)
    return found


def _longest(letters: str, start: int, names: _Names) -> int:
    """Find the end of the longest stretch from ``start`` that is part of a name; ``start`` itself if there is none."""
    last = start
    while last < len(letters) and letters[start : last + 1] in names.parts:
        last += 1
    for end in range(last, start, -1):
        part = letters[start:end]
        if _HAS_CJK.search(part) and (part in names.called or (len(part) >= 2 and part not in _SAY_NOTHING_ZH)):
            return end
    return start


@lru_cache(maxsize=2048)
def _names(zh: str, en: str, also: tuple[str, ...]) -> _Names:
    everyday = [folded(name).replace(" ", "") for name in also]
    chinese = [re.sub(rf"[^{_CJK}a-z0-9]", "", name) for name in (folded(zh), *everyday) if _HAS_CJK.search(name)]
    words = [*_WORD.findall(folded(en)), *(word for name in also for word in _WORD.findall(folded(name)))]
    words += [joined.replace("-", "") for joined in re.findall(r"[a-z]+-[a-z]+", folded(en))]  # T-shirt, tshirt
    # Model names ("E210") and sizes stand in the Chinese name, too.
    words += [word for word in _WORD.findall(folded(zh)) if any(character.isdigit() for character in word)]
    stems = frozenset(stem(word) for word in words if word not in _SAY_NOTHING)
    called = frozenset(everyday) | _head(folded(zh)) | _looks(folded(zh))
    parts = {part for name in (*chinese, *called) for part in _stretches(name[:_LONGEST_NAME])}
    return _Names(frozenset(parts), called, stems, frozenset(_NAMED_SIZE.findall(folded(en))))


def _stretches(name: str) -> set[str]:
    return {name[start:end] for start in range(len(name)) for end in range(start + 1, len(name) + 1)}


def _head(name: str) -> frozenset[str]:
    """The thing itself, which ends the first words of a Chinese name: 耳机 of 蓝牙降噪耳机, 鞋子 and 鞋 of 跑鞋."""
    first = re.match(rf"[{_CJK}]{{2,}}", name)
    if first is None:
        return frozenset()
    words = first.group()
    heads = {words[-2:], words[-3:], words[-1] + "子"}
    return frozenset(heads | {words[-1]} if words[-1] in _NOUNS else heads)


def _looks(name: str) -> frozenset[str]:
    """Colours and sizes of a Chinese name as they are said for short: 黑 for 黑色, "M码" for M."""
    colours = re.findall(rf"([{_CJK}])色", name)
    sizes = [size + measure for size in re.findall(r"(?<![a-z0-9])(x*[sml])(?![a-z0-9])", name) for measure in "码号"]
    return frozenset(colours + sizes)


def stem(word: str) -> str:
    """Take the plural off an English word."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
