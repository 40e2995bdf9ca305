"""Logs say what failed and where, never what a customer said."""

import io
import logging

import pytest
import structlog

from kefu.server.logs import PrivateFormatter, conversation_hash, log_failure

SECRET = "my-secret-words"


@pytest.fixture
def printed():
    """Give what a logger with the server's formatter has written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter("%(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


def fail() -> None:
    text = SECRET
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"about {text}") from error


def test_traceback_without_what_it_quotes(printed):
    try:
        fail()
    except ValueError:
        logging.getLogger("rasa.core.processor").exception("Encountered an exception")
    assert "ValueError" in printed()
    assert "KeyError" in printed()
    assert "in fail" in printed()
    assert SECRET not in printed()


def test_statement_and_its_parameters_are_cut_off(printed):
    logging.getLogger("rasa.core.tracker_store").error(
        "locked [SQL: INSERT INTO events]\n[parameters: ('%s')]", SECRET
    )
    assert printed() == "locked [SQL left out]\n"


def test_structlog_exception_of_a_stock_channel(printed, capfd):
    try:
        fail()
    except ValueError:
        structlog.get_logger("rasa").exception("rest.message.received.failure", text=SECRET)
    assert "rest.message.received.failure" in printed()
    assert "ValueError" in printed()
    assert SECRET not in printed() + "".join(capfd.readouterr())


def test_failure_names_the_conversation_by_its_hash(printed):
    try:
        fail()
    except ValueError as error:
        log_failure("action_lookup", error, "kim@example.com")
    assert "action_lookup failed with ValueError" in printed()
    assert conversation_hash("kim@example.com") in printed()
    assert "kim@example.com" not in printed()
    assert SECRET not in printed()
