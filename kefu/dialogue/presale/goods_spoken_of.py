"""A question about goods that leaves out which, since that was said before: "how much for 2 of them", "有白色的吗"."""

import re
from collections.abc import Sequence

from kefu.dialogue.words.numerals import CHINESE, ENGLISH

_COUNT = rf"(?<![0-9a-z.])(?:[0-9]{{1,3}}(?![0-9a-z%]|[.,][0-9])|(?:{ENGLISH})(?![a-z]))"
_COUNT_ZH = (
    rf"(?<![0-9.第一二两三四五六七八九十百千这每])(?:[0-9]{{1,3}}|{CHINESE}|俩)"
    " ?[个件双台把副对套条支本盒瓶只张部份箱包袋]"
)
# What is counted is left out, or spoken of.
_COUNTED = re.compile(rf"({_COUNT}) of (?:them|these|those|it)(?![a-z])")
_COUNTED_ZH = re.compile(rf"({_COUNT_ZH})(?!月|小时|人|礼拜|星期|工作日|季|版|半|多(?!少)|码|颜色)")
_COUNTED_ALONE = re.compile(
    rf"((?<=for )|(?<=buy )|(?<=get )|(?<=take )|(?<=want )|(?<=need )|(?<=of )|(?<=about )|(?<=and ))({_COUNT})"
    r"(?= *(?:$|[,.?!;]|(?:with|using|w|plus|total|altogether|together|please|in|if)(?![a-z])))"
)
_POINTED_AT = re.compile(
    r"它们?|[这那](?:两|俩|几)?[个款件双台副把条支瓶种](?!月|小时|码|颜色)|[这那]俩|该[款商]品?"
    r"|(?<![a-z])(?:this one|that one|these ones|those ones|them|these|those|both|it|this|that)(?![a-z])"
)
_NTH = re.compile(
    r"(?<!最后)第([一二三])[个款种双条台副件]?(?!天|次|人|月)|(前|后)者|(最后)一?[个款种双条台副件]"
    r"|(?<![a-z])the (first|second|third|last|former|latter)(?: one)?(?![a-z])"
)
# Where in a list each of these stands; the last one is counted from its end.
_PLACES = {
    **dict.fromkeys(("一", "前", "first", "former"), 0),
    **dict.fromkeys(("二", "后", "second", "latter"), 1),
    **dict.fromkeys(("三", "third"), 2),
    **dict.fromkeys(("最后", "last"), -1),
}
_OTHER = re.compile(r"另外?一?[个款种双条台副件]|(?<![a-z])the other(?: (?:one|pair|model))?(?![a-z ]*[a-z])")
# "and 3?", "L 码的呢": what was asked before is asked of something else.
_AGAIN = re.compile(r"呢\W*$|^\W*(?:and|what about|how about|what if)(?![a-z])")
_HAS_CJK = re.compile("[\u4e00-\u9fff]")


COUNTS = (_COUNTED, _COUNTED_ZH, _COUNTED_ALONE, _NTH, _OTHER, _POINTED_AT)


def asks_again(text: str) -> bool:
    """Say whether a folded text asks what was asked before, of something else: "and 3?", "L 码的呢"."""
    return _AGAIN.search(text) is not None


def one_of(text: str, articles: Sequence[str]) -> str | None:
    """Give the article that a folded text picks from a list by its place in it; None where it picks none."""
    found = _NTH.search(text)
    if found is None or len(articles) < 2:
        return None
    at = next(_PLACES[word] for word in found.groups() if word)
    return articles[at] if at < len(articles) else None


def with_the_other(text: str, article: str) -> str | None:
    """Put the id of an article where a folded text speaks of the other one; None where it does not."""
    named, times = _OTHER.subn(f" {article.lower()} ", text, count=1)
    return named if times else None


def in_words(text: str, zh: str, en: str) -> str:
    """Add what is asked to a text that leaves it out."""
    return f"{text} {zh if _HAS_CJK.search(text) else en}"


def with_goods(text: str, articles: Sequence[str]) -> str:
    """Put the ids of articles where a folded question speaks of them without a name, or else before it."""
    if (chosen := one_of(text, articles)) is not None:
        return _NTH.sub(f" {chosen.lower()} ", text, count=1)
    name = " ".join(article.lower() for article in articles)
    for pattern, group in ((_COUNTED, 1), (_COUNTED_ZH, 1), (_COUNTED_ALONE, 2)):
        if found := pattern.search(text):
            return f"{text[: found.start()].rstrip('那')}{found.group(group)} {name} {text[found.end() :]}"
    pointed, times = _POINTED_AT.subn(f" {name} ", text, count=1)
    return pointed if times else f"{name}, {text}"
