"""Changes some fields of an entry."""

from datetime import tzinfo
from typing import Any

from kefu.errors import DataError
from kefu.knowledge.entries import USUAL_ZONE, Entry
from kefu.knowledge.exchange.fields import TEXTS, named_language
from kefu.knowledge.files.limits import refuse_too_long
from kefu.knowledge.files.reader import read_entry
from kefu.knowledge.files.writer import entry_item
from kefu.text import LANGUAGES, Language, detect_language


def updated(entry: Entry, fields: dict[str, Any], where: str, zone: tzinfo = USUAL_ZONE) -> Entry:
    """Give the entry with these fields changed; an empty text, an empty list or None takes a field away.

    :param fields: flat (`question`, `answer`, `alternatives`, `lang`, `tags`, …), or by language (`zh`, `en`: of such
        a mapping, too, only what is given changes; None takes the language away).
    :param zone: of dates and times that carry none.
    :raises DataError: naming the field, if the entry cannot be so.
    """
    item = entry_item(entry)
    texts = {name: fields[name] for name in TEXTS if name in fields}
    for name, value in fields.items():
        if name in LANGUAGES and isinstance(value, dict):
            item[name] = _merged(item.get(name, {}), value)
        elif name not in (*TEXTS, "lang"):
            item = _merged(item, {name: value})
    if texts:
        language = _language(entry, fields.get("lang"), texts, where)
        item[language] = _merged(item.get(language, {}), texts)
    changed = read_entry(item, where, entry.category, where, zone)
    refuse_too_long(changed, f"{where}: {entry.id}")
    return changed


def _merged(item: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Put fields into a mapping, without those that are emptied."""
    return {name: value for name, value in {**item, **fields}.items() if value not in (None, "", [], [""])}


def _language(entry: Entry, named: Any, texts: dict[str, Any], where: str) -> Language:
    if named is not None:
        return named_language(named, where)
    if len(entry.wordings) == 1 and "question" not in texts:
        return next(iter(entry.wordings))
    told = [detect_language(str(texts[name])) for name in ("question", "answer") if name in texts]
    language = next((found for found in told if found), None)
    if language is None:
        raise DataError(f"{where}: `lang` is needed: whose text is changed cannot be told by it.")
    return language
