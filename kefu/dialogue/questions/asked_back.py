"""What a message answers to "do you mean A or B?": a place in the list, a title, both of them, or neither."""

import re
from collections.abc import Sequence

from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.wording import folded, without
from kefu.text import is_payload

_CLAUSE_ENDS = re.compile(r"[\n,，、.。!！?？;；~]+")
_FIRST = re.compile(r"前者|(?:前|上)面(?:的|那)?个?|(?<![a-z])(?:the )?former(?: one)?(?![a-z])")
_SECOND = re.compile(r"后者|(?:后|下)面(?:的|那)?个?|(?<![a-z])(?:the )?latter(?: one)?(?![a-z])")
_BOTH = re.compile(
    r"(?:这|那)?(?:两|俩)个?都(?:是|要|想)?|都(?:是|要|想)|(?<![a-z])both(?: of (?:them|these|those))?(?![a-z])"
)
_NEITHER = re.compile(
    r"(?:(?:这|那)?(?:两|俩|2)个?|以上|上面)?(?:都|全)?不(?:是|对)(?:这|那)?(?:两|俩)?[个些]?(?:的|了|啊|呀|吧|哦|啦|呢)*"
    r"|(?:以上|上面)?都?没有?(?:的|了|啊|呢)*|不|否"
    r"|(?:neither|none|not either)(?: one)?(?: of (?:them|these|those|the (?:two|above|both)))?"
    r"|no|nope|nah|not (?:that|these|those|really)"
)
_AGREES = re.compile(r"^(?:嗯+|对|是的?|好的?|yes|yeah|ok|okay)[ ,，。.]+")
# What may stand beside a choice. Everything else makes it another matter: "the first order has not come".
_BESIDE = re.compile(
    r"问题|我|您|你|是|说|指|问|要|选|想|就|那|这|吧|的|号|啊|呢|哦|呀|啦|应该|嗯|对|好|谢谢?|个|和|跟|与"
    r"|(?<![a-z])(?:i|it|is|was|want|wanted|mean|meant|take|choose|pick|please|thanks|thank|you|the|just|yes|yeah|ok|okay"
    r"|go|with|would|be|one|question|think|that|and|number|option)(?![a-z])|[^a-z0-9\u4e00-\u9fff]"
)


def read_choice(text: str, titles: Sequence[Sequence[str]]) -> tuple[int, ...] | None:
    """Give the places (from 1) that a message chooses from a list that ends with "neither".

    :param titles: of each choice, all that it is called.
    :returns: nothing in it for "neither"; None where the message is no answer to the list.
    """
    if is_payload(text):
        return None
    folded_text = _AGREES.sub("", folded(text))
    plain = _plain(folded_text)
    for place, names in enumerate(titles, start=1):
        if plain and plain in {_plain(folded(name)) for name in names}:
            return (place,)
    if _refuses(folded_text):
        return ()
    count = len(titles) + 1  # the last is "neither"
    found = [(one.place, one.span) for one in chosen(folded_text, count)]
    if not found:
        found = [*_by_position(folded_text, len(titles))]
    places = tuple(sorted({place for place, _ in found}))
    said_besides = _BESIDE.sub("", without(folded_text, [span for _, span in found]))
    if not places or said_besides or not 1 <= places[0] <= places[-1] <= count:
        return None
    return () if places == (count,) else places if count not in places else None


def _by_position(text: str, last: int) -> list[tuple[int, tuple[int, int]]]:
    """Find places named without a number: the latter, both."""
    for pattern, places in ((_BOTH, range(1, last + 1)), (_FIRST, (1,)), (_SECOND, (last,))):
        if match := pattern.search(text):
            return [(place, match.span()) for place in places]
    return []


def _refuses(text: str) -> bool:
    """Say whether a message says "neither" and nothing besides."""
    parts = [part for part in _CLAUSE_ENDS.split(text) if _BESIDE.sub("", part)]
    return bool(parts) and all(_NEITHER.fullmatch(part.strip()) for part in parts)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
