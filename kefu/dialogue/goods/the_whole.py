"""All of an order, taken by whoever was told that it can be cancelled only as a whole: "nah all", "那全部吧"."""

import re

from kefu.dialogue.turn import Draft
from kefu.shop.cases import Line

# What agrees besides ("好的，全部取消") is a yes, and read as one.
_ALL_THEN = re.compile(
    r"\W*(?:(?:nah|no|nope|na|well|oh|then|just|so|那|那就|就|不|呃|额)\W*)*"
    r"(?:all(?: of (?:it|them))?|everything|the (?:whole|entire) (?:order|thing|lot)|全部|全都|整单|所有的?|都)"
    r"(?:\W*(?:then|please|instead|吧|了|的|呗|要))*\W*"
)


def takes_the_whole(text: str, draft: Draft) -> tuple[Line, ...] | None:
    """Give all that is left, where a folded text takes that beside the summary of a cancellation; None otherwise."""
    is_whole = draft.asked == "confirmed" and draft.known.get("wish") in ("cancel", "intercept")
    return tuple(draft.open_lines) or None if is_whole and _ALL_THEN.fullmatch(text) else None
