"""What stands in the address and the body of a request, read and checked; faults name the parameter."""

import json
import re
from collections.abc import Mapping
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.api.errors import ApiError
from kefu.knowledge.entries import Facts
from kefu.knowledge.exchange.formats import FORMATS, Format, format_of
from kefu.knowledge.files.reader import read_moment
from kefu.knowledge.store.records import Query
from kefu.text import LANGUAGES, Language

Json = dict[str, Any]
Parameters = Mapping[str, str]
FILTERS = ("category", "tag", "channel", "lang", "source", "valid_at", "text")
LONGEST_NAME = 120
_AUTHOR = "http"
_MOST_DIGITS = 20  # of a number in an address, leading zeros too


def query_of(parameters: Parameters, facts: Facts) -> Query:
    """Read what entries are looked for; a time without a zone is one on the shop's clock.

    :raises ApiError: naming the parameter.
    """
    language = language_of(parameters)
    try:
        given = parameters.get("valid_at")
        valid_at = read_moment(given, "valid_at", "query", facts.zone) if given else None
    except DataError as error:
        raise wrong("valid_at", str(error)) from error
    same = {name: parameters.get(name) for name in ("category", "tag", "channel", "source", "text")}
    return Query(language=language, valid_at=valid_at, **same)


def language_of(parameters: Parameters) -> Language | None:
    """Read a language; None where none is given.

    :raises ApiError: naming the parameter.
    """
    given = parameters.get("lang")
    for language in LANGUAGES:
        if given == language:
            return language
    if given is not None:
        raise wrong("lang", f"`lang` must be one of {', '.join(LANGUAGES)}; it is {given!r}.")
    return None


def format_given(parameters: Parameters, name: str) -> Format:
    """Read the format, or tell it by a file's name.

    :raises ApiError: naming the parameter.
    """
    kind = parameters.get("format")
    if kind is None:
        try:
            return format_of(name)
        except DataError as error:
            raise wrong("format", f"`format` must be one of {', '.join(FORMATS)}, or `name` must tell it.") from error
    for known in FORMATS:
        if kind == known:
            return known
    raise wrong("format", f"`format` must be one of {', '.join(FORMATS)}; it is {kind!r}.")


def json_object(body: bytes) -> Json:
    """Read a body that must be an object.

    :raises ApiError: naming the parameter.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, f"The body is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ApiError(422, f"The body must be an entry as a JSON object, not {type(value).__name__}.")
    return value


def author_of(parameters: Parameters) -> str:
    """Read who makes a change; `http` where nobody is named.

    :raises ApiError: naming the parameter.
    """
    author = parameters.get("author", "").strip() or _AUTHOR
    if len(author) > LONGEST_NAME or not author.isprintable():
        raise wrong("author", f"`author` must be a name of at most {LONGEST_NAME} characters.")
    return author


def flag(parameters: Parameters, name: str) -> bool:
    """Read true or false; false where it is not given.

    :raises ApiError: naming the parameter.
    """
    value = parameters.get(name, "false").lower()
    if value not in ("true", "1", "false", "0"):
        raise wrong(name, f"`{name}` must be true or false; it is {value!r}.")
    return value in ("true", "1")


def number(parameters: Parameters, name: str, usual: int, least: int, most: int) -> int:
    """Read a whole number within bounds.

    :raises ApiError: naming the parameter.
    """
    text = parameters.get(name, str(usual))
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not is_number or not least <= int(text) <= most:
        raise wrong(name, f"`{name}` must be a whole number from {least} to {most}; it is {text[:80]!r}.")
    return int(text)


def share(parameters: Parameters, name: str, usual: float) -> float:
    """Read a number from 0 to 1.

    :raises ApiError: naming the parameter.
    """
    text = parameters.get(name, str(usual))
    if len(text) > _MOST_DIGITS or not re.fullmatch(r"[01](\.[0-9]+)?|\.[0-9]+", text) or float(text) > 1:
        raise wrong(name, f"`{name}` must be a number from 0 to 1; it is {text[:80]!r}.")
    return float(text)


def refuse_unknown(parameters: Parameters, allowed: tuple[str, ...]) -> None:
    """Refuse a parameter that the route does not have.

    :raises ApiError: naming the parameter.
    """
    for name in parameters:
        if name not in allowed:
            raise wrong(name, f"There is no parameter `{name}` here. Known: {', '.join(allowed)}.")


def wrong(field: str, message: str) -> ApiError:
    """Make the answer to a parameter or field that is wrong."""
    return ApiError(400, message, [{"row": "", "field": field, "message": message}])
