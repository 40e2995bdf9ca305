"""Numbers as customers write them: up to 99 in figures, Chinese numerals, English words and ordinals; large ones."""

import re

_DIGITS_ZH = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS_ZH = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_TOGETHER_ZH = {"俩": 2, "仨": 3}
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENGLISH = {word: value for value, word in enumerate(_CARDINALS, start=1)} | {"single": 1, "couple": 2, "both": 2}

# Parts of patterns: a number that stands for itself, in each way of writing.
FIGURE = r"(?<![0-9.])[0-9]{1,2}(?![.]?[0-9])"
CHINESE = r"[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
ENGLISH = "|".join((*_CARDINALS, "single"))
ORDINAL = "|".join(_ORDINALS) + r"|[0-9]{1,2}(?:st|nd|rd|th)"


def number(word: str) -> int | None:
    """Read one number, None if it is none."""
    if word.isascii() and word.isdigit():
        return int(word)
    if word in _ENGLISH:
        return _ENGLISH[word]
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    if ordinal := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)", word):
        return int(ordinal.group(1))
    return _chinese(word)


def large(word: str) -> int | None:
    """Read a Chinese number below 100,000, also one that leaves out its last unit ("两千五"); None if it is none."""
    total, digit, last = 0, None, 10 * _UNITS_ZH["万"]
    for character in word:
        if character == "零" and digit is None:
            last = 10
        elif character in _DIGITS_ZH and digit is None:
            digit = _DIGITS_ZH[character]
        elif character in _UNITS_ZH and _UNITS_ZH[character] < last and (digit or character == "十"):
            last = _UNITS_ZH[character]
            total += (digit or 1) * last
            digit = None
        else:
            return None
    if digit is None:
        return total or None
    return total + digit * (last // 10 if total else 1)


def _chinese(word: str) -> int | None:
    if word in _TOGETHER_ZH:
        return _TOGETHER_ZH[word]
    if word in _DIGITS_ZH:
        return _DIGITS_ZH[word]
    tens, ten, units = word.partition("十")
    if not ten or any(part and part not in _DIGITS_ZH for part in (tens, units)):
        return None
    return 10 * _DIGITS_ZH.get(tens, 1) + _DIGITS_ZH.get(units, 0)
