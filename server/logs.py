"""Logs without customers in them: no message text, no slot values, no frame locals, no statement parameters.

Rasa logs exceptions with the message that caused them, structlog's tracebacks carry every local variable, SQLAlchemy's
errors carry the row. Under ``kefu run`` a log line says what failed, where in the code and in which conversation, the
last as a hash that an operator can make of an id he knows.
"""

import hashlib
import logging
import os
import re
import sys
import traceback
import warnings
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

from kefu.errors import KefuError

logger = logging.getLogger("kefu.server")

# What Rasa's own anonymiser looks at, and what else its log calls name so.
_PRIVATE_KEYS = frozenset(
    "text response_text user_text slot_values parse_data_text parse_data_entities prediction_events "
    "tracker_latest_message prefilled_slots message response slot_candidates rasa_event rasa_events tracker_states "
    "current_states old_states successes current_entity next_entity states entity token_text user_message "
    "json_message payload sender_id recipient_id".split()
)
_STATEMENT = re.compile(r"\s*\[SQL:.*", re.DOTALL)


def conversation_hash(sender_id: str) -> str:
    """Name a conversation in a log without giving its id, which on some channels is a telephone number."""
    return hashlib.sha256(sender_id.encode("utf-8", "replace")).hexdigest()[:12]


def log_failure(what: str, error: BaseException, sender_id: str | None) -> None:
    """Log that ``what`` (an action's name, "parse", "turn") failed: exception class, code position, conversation."""
    detail = f" ({error})" if isinstance(error, KefuError) else ""  # Kefu's messages hold no customer's words
    logger.error(
        "%s failed with %s%s at %s in conversation %s",
        what,
        type(error).__name__,
        detail,
        _position(error),
        "?" if sender_id is None else conversation_hash(sender_id),
    )


def _position(error: BaseException) -> str:
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return "?"
    frame, line = frames[-1]
    return f"{frame.f_code.co_filename}:{line}"


class PrivateFormatter(logging.Formatter):
    """Formats records without what exceptions quote: tracebacks show positions and classes only."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record; SQL statements and their parameters are cut off."""
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return _STATEMENT.sub(" [SQL left out]", super().format(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Give one line per frame and one per exception class, the cause before its effect."""
        return "\n".join(_lines(ei[1])) if ei[1] else ""


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _lines(cause)
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
    yield type(error).__name__


def leave_out_private(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace private values of a structlog event, and its exception by the exception's class (a processor)."""
    for key in _PRIVATE_KEYS & event.keys():
        event[key] = "…"
    info = event.pop("exc_info", None)
    if info:
        error = info if isinstance(info, BaseException) else _current(info)
        event["exception"] = type(error).__name__
        event["at"] = _position(error) if error else "?"
    return event


def _current(info: Any) -> BaseException | None:
    return info[1] if isinstance(info, tuple) else sys.exc_info()[1]


def configure_logging(level: int, config_file: str | None = None) -> None:
    """Set up Rasa's, structlog's and the libraries' logs: to standard error, from ``level`` on, nothing private."""
    from rasa.utils.common import configure_logging_and_warnings

    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    if logging.lastResort:  # Sanic's loggers have no handler and pass nothing on: their errors end here
        logging.lastResort.setFormatter(PrivateFormatter())
    configure_logging_and_warnings(level, config_file, warn_only_once=True, filter_repeated_logs=False)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # Rasa has just made it 2
    _configure_structlog(level)
    if level > logging.INFO:
        warnings.simplefilter("ignore")


def _configure_structlog(level: int) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.dev.set_exc_info,
            leave_out_private,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        context_class=dict,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
