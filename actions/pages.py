"""A help page that is known by its id."""

from kefu.actions.services import Answer, services
from kefu.actions.side_question import decide
from kefu.actions.turn import Turn
from kefu.errors import DataError


def page_of(turn: Turn, entry_id: str) -> Answer | None:
    """Find a page as a customer who asked for it would; None if the shop has none, or it does not hold now. Blocks."""
    try:
        title = services().knowledge().entry_title(entry_id, turn.language)
    except DataError:
        return None
    found = decide(turn, title)
    return found if found is not None and found.kind == "answer" and found.entry_id == entry_id else None
