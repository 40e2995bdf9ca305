"""From the fields of a file, flat or by language, to an entry: a question and an answer suffice."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.decoding import is_foreign
from kefu.knowledge.exchange.formats import Defaults, Raw
from kefu.knowledge.files.limits import refuse_too_long
from kefu.knowledge.files.reader import ENTRY_KEYS, mapping, read_entry
from kefu.text import LANGUAGES, Language, detect_language, normalise

TEXTS = ("question", "answer", "alternatives")
_LISTS = ("tags", "channels", "alternatives")
FLAT_KEYS = [
    *("id", "category", "popularity", "tags", "channels", "valid_from", "valid_to", "link", "lang"),
    *TEXTS,
    *(f"{text}_{language}" for language in LANGUAGES for text in TEXTS),
]
_NAMES_OF_LANGUAGES: Mapping[str, Language] = {
    "zh": "zh",
    "cn": "zh",
    "chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
    "简体中文": "zh",
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
}
_MARKUP = re.compile(r"<[^<>]*>")  # no words of the text, and no program
_SEPARATORS = re.compile(r"[|\n]")
_SEPARATORS_OF_NAMES = re.compile(r"[|\n,;，；、]")


def entry_of(raw: Raw, file: str, defaults: Defaults) -> Entry:
    """Make an entry of one that was read from a file.

    :raises DataError: naming the file, where it stands, and the field.
    """
    try:
        return _entry_of(raw, file, defaults)
    except RecursionError:
        raise DataError(f"{file}: {raw.where} is nested too deep.") from None


def _entry_of(raw: Raw, file: str, defaults: Defaults) -> Entry:
    where = f"{file}: {raw.where}"
    fields = mapping(raw.fields, list(dict.fromkeys([*ENTRY_KEYS, *FLAT_KEYS])), where)
    _refuse_foreign(fields, where)
    item = {key: _clean(value) for key, value in fields.items() if not _is_empty(value)}
    item = _by_language(item, where, defaults)
    if "id" not in item:
        item["id"] = derived_id(item)
    for name, value in (("tags", list(defaults.tags)), ("channels", list(defaults.channels)), ("link", defaults.link)):
        if value:
            item.setdefault(name, value)
    entry = read_entry(item, where, defaults.category, where, defaults.zone)
    refuse_too_long(entry, f"{where}: {entry.id}")
    return entry


def derived_id(item: Mapping[str, Any]) -> str:
    """Make an id of the question, always the same for the same question."""
    for language in LANGUAGES:
        texts = item.get(language)
        question = texts.get("question") if isinstance(texts, Mapping) else None
        if isinstance(question, str):
            key = normalise(question).casefold().strip()
            return f"q-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"
    return "q-without-question"


def named_language(name: Any, where: str) -> Language:
    """Read what a language is called: `zh`, `zh-CN`, `中文`, `English`.

    :raises DataError: if it is none that entries can have.
    """
    language = _NAMES_OF_LANGUAGES.get(re.split(r"[-_]", str(name).strip().lower())[0])
    if language is None:
        raise DataError(f"{where}: `lang` must be one of {', '.join(LANGUAGES)}; it is {name!r}.")
    return language


def split(value: Any, name: str) -> Any:
    """Make a list of a cell: JSON, or texts between `|` and line ends (of names, commas too)."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if isinstance(found, list):
            return found
    pattern = _SEPARATORS if name == "alternatives" else _SEPARATORS_OF_NAMES
    return [part.strip() for part in pattern.split(value) if part.strip()]


def join(values: tuple[str, ...], name: str) -> str:
    """Make a cell of a list, which :func:`split` takes apart again."""
    text = ("|" if name == "alternatives" else ", ").join(values)
    return text if split(text, name) == list(values) else json.dumps(values, ensure_ascii=False)


def _by_language(item: dict[str, Any], where: str, defaults: Defaults) -> dict[str, Any]:
    """Put flat texts (`question`, `answer_zh`) where entries have them: under their language."""
    result = {key: value for key, value in item.items() if key in ENTRY_KEYS}
    for name in _LISTS[:2]:
        if name in result:
            result[name] = split(result[name], name)
    if "popularity" in result:
        result["popularity"] = _number(result["popularity"])
    for language in LANGUAGES:
        texts = {text: item[f"{text}_{language}"] for text in TEXTS if f"{text}_{language}" in item}
        _put(result, language, texts, where)
    texts = {text: item[text] for text in TEXTS if text in item}
    if texts:
        _put(result, _language(item, texts, where, defaults), texts, where)
    return result


def _put(result: dict[str, Any], language: Language, texts: dict[str, Any], where: str) -> None:
    if not texts:
        return
    if language in result:
        raise DataError(f"{where}: `{language}` is given twice, in several forms.")
    if "alternatives" in texts:
        texts["alternatives"] = split(texts["alternatives"], "alternatives")
    result[language] = texts


def _language(item: dict[str, Any], texts: dict[str, Any], where: str, defaults: Defaults) -> Language:
    named = item.get("lang")
    if named is not None:
        return named_language(named, where)
    if "question" not in texts:
        raise DataError(f"{where}: `question` must be a text that is not empty.")
    found = defaults.language
    for text in ("question", "answer"):
        found = found or detect_language(_MARKUP.sub(" ", str(texts.get(text) or "")))
    if found is None:
        raise DataError(f"{where}: `lang` is needed: the language cannot be told by the question.")
    return found


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _clean(value: Any) -> Any:
    """Give texts with line ends of one kind, whatever program wrote them; days that a spreadsheet has as midnight."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, datetime) and value.time() == time() and value.tzinfo is None:
        return value.date()
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value


def _number(value: Any) -> Any:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _refuse_foreign(fields: dict[str, Any], where: str) -> None:
    for name, value in fields.items():
        if isinstance(value, str) and is_foreign(value):
            raise DataError(
                f"{where}: `{name}` is not in the encoding of the rest, which is UTF-8. Save the whole file as UTF-8."
            )
