"""Markdown: a heading is the question, the text below it the answer; a text that is too long becomes several."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import quote

from kefu.knowledge.entries import Entry
from kefu.knowledge.exchange.formats import Defaults, Fault, Raw
from kefu.knowledge.exchange.passages import passages
from kefu.knowledge.files.limits import LONGEST_WORDING
from kefu.knowledge.sentences import pieces

_MOST_SENTENCES = 12  # of a part that are ways to find it
_LONGEST_SENTENCE = 200  # characters
_SHORTEST_SENTENCE = 8


@dataclass(frozen=True)
class Section:
    """A heading with those above it, the line it stands in (from 1), and the text up to the next heading."""

    path: tuple[str, ...]
    line: int
    text: str


def read_markdown(text: str, file: str, defaults: Defaults) -> Iterator[Raw | Fault]:
    """Read the sections that have a text; each knows its document by a tag, and by a link where there is one."""
    stem = PurePath(file).stem
    found = [section for section in sections(text) if section.text]
    titles = Counter(section.path[-1] for section in found if section.path)
    for section in found:
        where = f"line {section.line}"
        if not section.path:
            yield Fault(
                where, "question", f"{file}: {where}: a text stands before the first heading; it has no question."
            )
            continue
        is_only = titles[section.path[-1]] == 1
        question = section.path[-1] if is_only else " › ".join(section.path)
        parts = passages(section.text)
        for number, part in enumerate(parts, start=1):
            numbered = question if len(parts) == 1 else f"{question} ({number}/{len(parts)})"
            fields = {
                "id": _id(stem, numbered),
                "question": numbered,
                "answer": part,
                "alternatives": _ways_to_find(part) if len(parts) > 1 else [],
                "tags": [*defaults.tags, f"document:{stem}"],
                "link": f"{defaults.link}#{_anchor(section.path[-1])}" if defaults.link else "",
            }
            yield Raw(where, fields)


def sections(text: str) -> list[Section]:
    """Cut a document at its headings; what stands before the first has an empty path."""
    from markdown_it import MarkdownIt

    lines = text.split("\n")
    tokens = MarkdownIt("commonmark").parse(text)
    # (level, title, first line, line after it); a heading within a list or quotation is part of the text
    headings = [(0, "", 0, 0)]
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open" and opened.level == 0 and opened.map:
            headings.append((int(opened.tag[1:]), " ".join(inline.content.split()), opened.map[0], opened.map[1]))
    ends = [first for _, _, first, _ in headings[1:]] + [len(lines)]
    path: list[tuple[int, str]] = []
    found = []
    for (level, title, first, after), end in zip(headings, ends, strict=True):
        path = [above for above in path if above[0] < level]
        if title:
            path.append((level, title))
        names = tuple(name for _, name in path)
        found.append(Section(names, first + 1, "\n".join(lines[after:end]).strip()))
    return found


def write_markdown(entries: Iterable[Entry]) -> bytes:
    """Write each language of each entry as a section; only question and answer are kept."""
    written = [
        f"## {' '.join(wording.question.split())}\n\n{wording.answer}\n"
        for entry in entries
        for wording in entry.wordings.values()
    ]
    return "\n".join(written).encode("utf-8")


def _id(stem: str, question: str) -> str:
    return f"d-{hashlib.sha256(f'{stem}:{question}'.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _ways_to_find(part: str) -> list[str]:
    said = (piece.strip() for piece in pieces(part))
    fitting = [text for text in said if _SHORTEST_SENTENCE <= len(text) <= _LONGEST_SENTENCE]
    assert _LONGEST_SENTENCE <= LONGEST_WORDING
    return list(dict.fromkeys(fitting))[:_MOST_SENTENCES]


def _anchor(title: str) -> str:
    """Give the anchor under which most sites show a heading."""
    return quote(re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-"))
