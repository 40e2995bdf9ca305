"""How many pieces of which articles a text speaks of.

A wrong sum is worse than none: a number that no article takes, one that two could take, an article that may be several
things, and pieces of what is sold by the pack or by weight leave the basket unread.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kefu.dialogue.goods.goods_names import Found, GoodsNames
from kefu.dialogue.words.figures import has_figure
from kefu.dialogue.words.numerals import CHINESE, ENGLISH, number
from kefu.dialogue.words.wording import Span, folded, without

_GOODS = "§"  # stands where an article is named
_MEASURE = "[个件双台把副对套条支本盒瓶只张部份箱包袋根]"
_FIGURE = r"(?<![0-9a-z])(?<![0-9][.,])[0-9]{1,4}(?![0-9]|[.,][0-9])"
_CHINESE = rf"(?<![一二两三四五六七八九十百千万零第几这那每])(?:{CHINESE})"
_UNIT = "pairs?|sets?|pieces?|pcs?|units?|packs?|boxes|copies"
_BEFORE = (
    re.compile(rf"({_FIGURE}|{_CHINESE}) ?({_MEASURE}) *(?:新的|这种|同款)? *的? *$"),
    # Without a measure word it could be counted to what stands before it as well.
    re.compile(rf"(?<!{_GOODS})(?<!{_GOODS} )({_FIGURE})() ?[x×*]? *$"),
    re.compile(
        rf"(?<!{_GOODS})(?<!{_GOODS} )((?<![a-z0-9.-])(?:{ENGLISH})(?![a-z])|{_FIGURE})"
        rf" ?(?:x|({_UNIT}) of|of|)(?: (?:the|these|those|new|more))? +$"
    ),
)
_AFTER = (
    re.compile(
        rf"^ ?[:(]?的? ?(?:我?(?:想?要|想?买|来|拿|需要|共))? ?(?:[x×*] ?)?({_FIGURE}|{_CHINESE}) ?({_MEASURE})"
        "(?!月|小时|人|礼拜|星期|工作日|季|版|半|多(?!少)|装)"
    ),
    re.compile(r"^ ?\(?[x×*] ?([0-9]{1,4})()(?![0-9a-z%]|[.,][0-9])(?= *(?:$|[^0-9a-z折代寸升年]|[a-z]))"),
    re.compile(rf"^ ?[:(]? ?({_FIGURE})()(?= *(?:$|[,，、;；。!?)]|\.(?:$| )))"),
    re.compile(rf"^,? ({_FIGURE}|(?:{ENGLISH})) ({_UNIT})(?![a-z])(?! of)"),
)
# Something is left out of it, or taken back, or comes in again.
_CHANGED = re.compile(
    r"除了|除去|不要|不买|不算|不含|去掉|减掉|而是|另外|其中|(?<![a-z])(?:except|without|instead|minus|excluding|another)(?![a-z])"
)
# "陶瓷马克杯（6 只装）": whoever buys 6 of these may mean one.
_PACK = re.compile(r"[0-9] ?[只双条个片支枚包]装|set of|[0-9] pairs|[0-9] pack")
_SEVERAL = re.compile(
    rf"(?<![0-9.第])(?:[2-9]|[1-9][0-9]{{1,3}}|[二两三四五六七八九十]|俩) ?{_MEASURE}(?!月|小时|人|装|码)"
    r"|(?<![0-9a-z.-])(?:[2-9]|[1-9][0-9]{1,3}|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?= (?:of|x|pairs|sets|pieces)(?![a-z])| *$)"
)
_PACK_MEASURES = frozenset("套盒包份箱袋") | {"set", "sets", "pack", "packs", "box", "boxes"}

_Figures = dict[Span, tuple[int, str]]  # the number and the measure word, by where the number stands


@dataclass
class _Block:
    """A stretch of the text that names one article, and the figures beside it by where they stand."""

    keys: frozenset[str]
    start: int
    end: int
    before: _Figures = field(default_factory=dict)
    after: _Figures = field(default_factory=dict)


def read_basket(text: str, mentions: Iterable[Found], shelves: Iterable[Found], names: GoodsNames) -> dict[str, int]:
    """Read pieces by article from a folded text without codes, sizes and amounts; empty where that is not sure.

    :param mentions: where articles are named; :param shelves: where kinds of articles are.
    """
    blocks = _blocks(text, mentions, shelves, names)
    if _CHANGED.search(text) or not blocks or any(len(block.keys) != 1 for block in blocks):
        return {}
    masked = without(text, [(block.start, block.end) for block in blocks], _GOODS)
    for block in blocks:
        block.before = _figures(_BEFORE, masked[: block.start], 0)
        block.after = _figures(_AFTER, masked[block.end :], block.end)
    taken = _taken(blocks)
    if taken is None:
        return {}
    read = {span for block in blocks for span in (*block.before, *block.after)}
    return {} if has_figure(without(masked, read, " ")) else _pieces(blocks, taken, names)


def _blocks(text: str, mentions: Iterable[Found], shelves: Iterable[Found], names: GoodsNames) -> list[_Block]:
    """Put names of one article that stand side by side together ("K87 键盘"); [] where a shelf is named by itself."""
    blocks: list[_Block] = []
    for one in mentions:
        start, end = one.span
        last = blocks[-1] if blocks else None
        if last and not text[last.end : start].strip(" 的-") and last.keys & one.keys:
            last.keys, last.end = last.keys & one.keys, max(end, last.end)
        else:
            blocks.append(_Block(one.keys, start, end))
    for shelf in shelves:
        start, end = shelf.span
        if any(start < block.end and block.start < end for block in blocks):
            continue
        beside = [block for block in blocks if block.end <= start and not text[block.end : start].strip(" 的-")]
        if not beside or not all(names.catalogue.articles[key].kind in shelf.keys for key in beside[-1].keys):
            return []
        beside[-1].end = end
    return blocks


def _figures(patterns: tuple[re.Pattern[str], ...], text: str, offset: int) -> _Figures:
    for pattern in patterns:
        if (found := pattern.search(text)) and (value := number(found.group(1))):
            return {(offset + found.start(1), offset + found.end(1)): (value, found.group(2) or "")}
    return {}


def _taken(blocks: list[_Block]) -> list[tuple[int, str] | None] | None:
    """Say which figure each block takes; None where a figure could belong to two, or a block has two."""
    places = {place for block in blocks for place in (*block.before, *block.after)}
    for choice in ("before", "after"):
        sides = [getattr(block, choice) for block in blocks]
        other = [block.after if choice == "before" else block.before for block in blocks]
        if places == {place for side in sides for place in side}:
            rivals = {place for side in other for place in side}
            if places and places == rivals:
                return None
            return [next(iter(side.values()), None) for side in sides]
    taken: list[tuple[int, str] | None] = []
    for block in blocks:
        mine = {**block.before, **block.after}
        if len(mine) > 1 or any(_owners(place, blocks) > 1 for place in mine):
            return None
        taken.append(next(iter(mine.values()), None))
    return taken


def _owners(place: Span, blocks: list[_Block]) -> int:
    return sum(place in block.before or place in block.after for block in blocks)


def several(text: str) -> bool:
    """Say whether a text without names speaks of more pieces than one."""
    return _SEVERAL.search(text) is not None


def _pieces(blocks: list[_Block], taken: list[tuple[int, str] | None], names: GoodsNames) -> dict[str, int]:
    basket: dict[str, int] = {}
    counted: set[str] = set()
    for block, said in zip(blocks, taken, strict=True):
        (key,) = block.keys
        if said is None:
            basket.setdefault(key, 1)
            continue
        name = names.catalogue.articles[key].name
        is_pack = _PACK.search(folded(name.zh)) or _PACK.search(folded(name.en))
        if key in counted or (is_pack and said[0] > 1 and said[1] not in _PACK_MEASURES):
            return {}
        basket[key] = said[0]
        counted.add(key)
    return basket
