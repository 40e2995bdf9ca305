"""The rows of tests/unit/own_matter.txt, typed at the whole assistant: what opens the form for returns, and what not.

The classifier has its word here: where it takes a message for a wish, a form opens without any of this being asked.
"""

from pathlib import Path

TABLE = Path(__file__).parents[1] / "unit" / "own_matter.txt"
QUESTIONS = {"ask_question", "nlu_fallback", "out_of_scope"}
FORM = "after_sales_form"


def rows(*headings):
    heading = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#") and heading in headings:
            yield line


def opened(play, text):
    """Type a message in a conversation of its own; give the intent and the form that is open afterwards."""
    customer = play.customer(text)
    customer.type(text)
    return customer.intent(), customer.form()


def test_what_is_wished_of_an_order_opens_the_form(play):
    assert [text for text in rows("opens the form") if opened(play, text)[1] != FORM] == []


def test_what_is_only_about_returns_opens_no_form(play):
    texts = [*rows("opens no form"), *rows("opens no form: out_of_scope")]
    found = {text: opened(play, text) for text in texts}
    taken_for_questions = {text: form for text, (intent, form) in found.items() if intent in QUESTIONS}
    assert len(taken_for_questions) > len(texts) / 2
    assert [text for text, form in taken_for_questions.items() if form is not None] == []
