"""Names of goods with a slip of the keyboard in them: "headphnes", "耳几"."""

from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 5  # letters; in shorter words one letter makes another word
_SHORTEST_SUBSTITUTED = 6  # "white" and "while"
# Characters that one input method offers for the same syllable, as far as they stand in names of goods.
_ALIKE = (
    "机几鸡基",
    "杯被背",
    "键健建",
    "盘盆",
    "鞋些",
    "裤库",
    "裙群",
    "充冲",
    "宝包保",
    "煲包",
    "锅果",
    "壶湖",
    "霜双爽",
)
_ALIKE_TOO = ("膏糕", "伞散", "帽冒", "吹锤", "榨炸", "莓梅霉", "苹平", "镜境", "表标", "线现", "箱相")


def _sounding_alike() -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for group in (*_ALIKE, *_ALIKE_TOO):
        for character in group:
            alike[character] = alike.get(character, frozenset()) | frozenset(group)
    return alike


_SOUNDS = _sounding_alike()


def is_slip(word: str, name: str) -> bool:
    """Say whether an English word is a name with one letter too many, too few, wrong, or two in the wrong order.

    A word of its own is no slip: who says "table" means no tablet.
    """
    if min(len(word), len(name)) < _SHORTEST or word[0] != name[0] or word == name:
        return False
    if name.endswith("ing"):
        return False  # "canceling" is no noise-cancelling earbuds
    return _differ_by_one_slip(word, name) and word not in _english()


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """The English words, read once, and only when something looks like a slip (a quarter of a second)."""
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="en").word_frequency.words())


def _differ_by_one_slip(word: str, name: str) -> bool:
    if len(word) != len(name):
        short, long = sorted((word, name), key=len)
        return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    wrong = [at for at in range(len(word)) if word[at] != name[at]]
    if len(wrong) == 1:
        return len(word) >= _SHORTEST_SUBSTITUTED
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and word[wrong[0]] + word[wrong[1]] == name[wrong[1]] + name[wrong[0]]
    )


def slipped(letters: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Find where a run of Chinese has a name with one character that only sounds like the right one."""
    found = []
    for name in names:
        for start in range(len(letters) - len(name) + 1):
            said = letters[start : start + len(name)]
            wrong = [at for at in range(len(name)) if said[at] != name[at]]
            if len(name) >= 2 and len(wrong) == 1 and said[wrong[0]] in _SOUNDS.get(name[wrong[0]], ()):
                found.append((start, start + len(name)))
    return found
