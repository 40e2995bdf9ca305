"""The route by words: BM25 (Robertson & Zaragoza 2009) over tokens of both languages, by tantivy.

It finds what a model of meaning blurs: brands, model numbers, codes. A row comes or goes without the others being
touched.
"""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from kefu.protocols import Label, Where
from kefu.text import normalise, tokens

_TEXT, _NUMBER = "text", "number"
_HEAP = 15_000_000  # bytes, the least that a writer takes
_MOST = 6_400  # rows that are looked through; where fewer than wanted may be given, the other routes find them
_SPARE = 4  # times as many rows are asked for where some may have to be left out


def words(text: str) -> list[str]:
    """Cut a text into what is looked up: words, numbers, single Chinese characters, and pairs of neighbouring ones."""
    found = [token for token in tokens(normalise(text).lower()) if token.text[0].isalnum()]
    pairs = [
        first.text + second.text
        for first, second in itertools.pairwise(found)
        if first.end == second.start and not first.text.isascii() and not second.text.isascii()
    ]
    return [token.text for token in found] + pairs


class KeywordIndex:
    """All rows by their words, in memory. Rows are known by their numbers; not safe between threads."""

    def __init__(self) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_integer_field(_NUMBER, stored=True, indexed=True, fast=True)
        schema.add_text_field(_TEXT, tokenizer_name="whitespace", index_option="freq")
        self._tantivy: Any = tantivy
        self._schema: Any = schema.build()
        self._index: Any = tantivy.Index(self._schema)
        self._writer: Any = self._index.writer(heap_size=_HEAP, num_threads=1)
        self._searcher: Any = self._index.searcher()
        self._labels: dict[int, Label] = {}

    def put(self, rows: Sequence[tuple[int, str, Label]]) -> None:
        """Add rows (number, text, label); one that is there is replaced."""
        for number, text, label in rows:
            self._remove(number)
            self._labels[number] = label
            self._writer.add_document(self._tantivy.Document(**{_NUMBER: number, _TEXT: " ".join(words(text))}))
        self._take_up()

    def drop(self, numbers: Iterable[int]) -> None:
        """Take rows away; one that is not there is none to take."""
        for number in numbers:
            self._remove(number)
        self._take_up()

    def search(self, question: str, count: int, where: Where) -> list[tuple[int, float]]:
        """Give the rows that share the rarest words with a question: numbers and BM25 scores, the best first."""
        terms = [
            (self._tantivy.Occur.Should, self._tantivy.Query.term_query(self._schema, _TEXT, word, "freq"))
            for word in dict.fromkeys(words(question))
        ]
        if not terms or not self._labels:
            return []
        query = self._tantivy.Query.boolean_query(terms)
        asked = count
        while True:
            hits = self._searcher.search(query, asked, count=False).hits
            found = [(self._searcher.doc(address)[_NUMBER][0], float(score)) for score, address in hits]
            admitted = [(number, score) for number, score in found if where.admits(number, self._labels[number])]
            if len(admitted) >= count or len(hits) < asked or asked >= _MOST:
                return admitted[:count]
            asked *= _SPARE

    def _remove(self, number: int) -> None:
        if self._labels.pop(number, None) is not None:
            self._writer.delete_documents_by_term(_NUMBER, number)

    def _take_up(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
