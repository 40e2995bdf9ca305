"""Another place in the list of the things, named in place of the one that was taken: "不是，是第三个"."""

import re

from kefu.dialogue.turn import Draft
from kefu.dialogue.words.choices import chosen
from kefu.dialogue.words.wording import without
from kefu.dialogue.words.yes_no import is_nothing_but_filler
from kefu.shop.cases import Line

_NOT_THAT = re.compile(
    r"\W*(?:(?:不是|不对|错了|[搞弄说选]错了?|哦不|啊不|不)(?:的|啦|了|呀|这个|那个|第[一二三四五六七八九]个)*"
    r"|(?<![a-z])(?:no|nope|not (?:that|this)(?: one)?|not the \w+(?: one)?|wrong(?: one)?|wait|sorry)(?![a-z]))\W+"
    r"(?:(?:no|wait|sorry|i mean|i meant|it is|i want|我要退的?是?|我说的?是|要退的?是?|应该是|而是|是|我要)\W*)*"
)


def other_place(text: str, draft: Draft) -> tuple[Line, ...] | None:
    """Read a folded text that takes back the thing chosen and names another by its place in the list; else None.

    What is asked meanwhile has a list of its own; the "no" says that the one before is meant.
    """
    known = draft.known.get("items")
    refused = _NOT_THAT.match(text)
    if not known or draft.asked == "items" or "items" not in draft.fills or refused is None:
        return None
    said = text[refused.end() :]
    places = chosen(said, len(draft.items), bare=False)
    if len({one.place for one in places}) != 1 or not is_nothing_but_filler(
        without(said, [one.span for one in places])
    ):
        return None
    place = places[0].place
    if not 1 <= place <= len(draft.items):
        return None
    position = draft.items[place - 1].position
    there = next((line.quantity for line in draft.open_lines if line.position == position), 0)
    return (Line(position, there or draft.items[place - 1].quantity),)
