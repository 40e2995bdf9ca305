"""Text as customers type it: one normal form, its tokens, its language. Pure functions, no model."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?")
# What the language of a message must not be judged by: payloads, addresses, numbers such as SO20260001.
_CODE = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|https?://\S+|(?=[A-Za-z]*\d)[A-Za-z0-9-]{2,}")
_PAYLOAD = re.compile(r"^/\w+")
_TOKEN = re.compile(f"[{_CJK}]|[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?|[0-9]+|[^\\s]")
# Marks that stand in program code and in nobody's sentence.
_PROGRAM = re.compile(
    r"['\"]\s*(?:--|=\s*['\"]|;\s*(?:$|--|\w+\s+(?:table|from|into)\b))|;\s*--|\b1\s*=\s*1\b|\*\s+from\b|<(/?[a-z]+)[^>]*>.*</|\{\{|\}\}|\$\{|\{%|%\}"
    r"|\w\([^)\s]*\)\s*[;.{]|=>|==|&&|\|\|",
    re.IGNORECASE,
)
# Words that customers of either language type alone; the conversation keeps its language.
# Neighbouring keys in a row, as no English word has them: somebody hit the keyboard.
_MASHED = re.compile(r"qwe|asd|sdf|dfg|fgh|ghj|hjk|jkl|zxc|xcv|cvb|vbn")
# Among them what channels make of commands that are typed ("/start", "/affirm"), and sizes of clothes.
_OF_NO_LANGUAGE = frozenset(
    "ok okay k yes no confirm submit emm emmm hmm vip app sf ems start affirm deny "
    "xxs xs s m l xl xxl xxxl xxxxl".split()
)
_ENGLISH_GRAMMAR = frozenset(
    "a an and are at can did do does for from have how i in is it its me my not of on or please that the this to was "
    "what when where which who why will with you your".split()
)
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Zero-width joiner and variation selector hold emoji together.
_KEPT_INVISIBLE = {"\u200d", "\ufe0f"}


@dataclass(frozen=True)
class Span:
    """A token and where it stands: ``text == source[start:end]`` after :func:`normalise_width`."""

    text: str
    start: int
    end: int


def normalise_width(text: str) -> str:
    """Map full-width letters, digits and punctuation to ASCII, character by character, keeping the length.

    Offsets into the result are offsets into the source, which entities need.
    """
    return "".join(_narrow(character) for character in text)


def _narrow(character: str) -> str:
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return " " if character in "\u3000\u00a0" else character


_PROMPT_MARK = re.compile(r"<(?=\||/?think>)")  # <|endoftext|>, <|im_end|>, <think>


def normalise(text: str) -> str:
    """Give the form in which texts are embedded and compared.

    NFKC, without control and zero-width characters (line breaks become spaces), runs of space made one. Case is kept:
    models were trained with it. The marks of chat models' prompts are pulled apart: a customer who types one means no
    more than the words.
    """
    folded = unicodedata.normalize("NFKC", text)
    kept = (
        " " if character in "\t\r\n\v\f" else character
        for character in folded
        if character in "\t\r\n\v\f"
        or character in _KEPT_INVISIBLE
        or unicodedata.category(character) not in _INVISIBLE_CATEGORIES
    )
    return _PROMPT_MARK.sub("< ", " ".join("".join(kept).split()))


def tokens(text: str) -> list[Span]:
    """Cut text into tokens: each CJK character, runs of Latin letters, runs of digits, other marks one by one.

    Full-width forms are read as their narrow ones; offsets are those of the text given.
    """
    narrow = normalise_width(text)
    return [
        Span(match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(narrow)
        if unicodedata.category(match.group()[0]) not in _INVISIBLE_CATEGORIES
    ]


def is_blank(text: str) -> bool:
    """Say whether nothing readable is left of a text: no letter, no digit, no symbol, no emoji."""
    return not any(unicodedata.category(character)[0] in "LNS" for character in normalise(text))


def is_payload(text: str) -> bool:
    """Say whether a message is a button's payload (``/intent{...}``) rather than words."""
    return bool(_PAYLOAD.match(text.strip()))


def is_program(text: str) -> bool:
    """Say whether a text holds marks of program code, such as an attack has, and nobody's sentence."""
    return _PROGRAM.search(normalise(text)) is not None


def detect_language(text: str) -> Language | None:
    """Tell the language of a message, or None where it has none (a number, a payload, an emoji, "ok", "asdf", code).

    Chinese customers sprinkle English words and product names, so that a mixed message counts as English only where
    its Latin words outnumber the characters and some of them are English grammar ("where is 我的 parcel").
    """
    if is_payload(text):
        return None
    plain = _CODE.sub(" ", normalise(text))
    characters = len(_CJK_CHARACTER.findall(plain))
    words = [word.lower() for word in _LATIN_WORD.findall(plain)]
    if characters == 0:
        has_words = any(word not in _OF_NO_LANGUAGE and not _MASHED.search(word) for word in words)
        return "en" if has_words and _PROGRAM.search(plain) is None else None
    is_english = len(words) > characters and not _ENGLISH_GRAMMAR.isdisjoint(words)
    return "en" if is_english else "zh"
