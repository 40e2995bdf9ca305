"""Answers to questions about goods before they are bought: from live facts, with reasons and their moment."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from kefu.dialogue.goods.goods_names import GoodsNames
from kefu.dialogue.presale.goods_not_sold import asks_for_other_goods
from kefu.dialogue.presale.presale_context import read_in_context
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.presale.read_presale import may_be_presale
from kefu.dialogue.words.wording import wording
from kefu.errors import KefuError, LiveFactError
from kefu.knowledge.live.advice import all_shelves, comparison, recommendation, shown
from kefu.knowledge.live.facts import LiveFacts
from kefu.knowledge.live.goods_answers import Gathered, attribute, compatibility, price, sizes, stock
from kefu.knowledge.live.offer_answers import offers_asked_about
from kefu.knowledge.live.sums import sum_of
from kefu.knowledge.live.texts import shelves_text
from kefu.shop.catalogue import Article, Catalogue
from kefu.shop.goods_text import said
from kefu.text import Language

logger = logging.getLogger(__name__)

_ANSWERS = {
    "stock": stock,
    "price": price,
    "sizes": sizes,
    "attribute": attribute,
    "compatible": compatibility,
    "compare": comparison,
    "recommend": recommendation,
    "range": all_shelves,
    "sum": sum_of,
    "offers": offers_asked_about,
}
# What is said where the facts cannot be looked up in time, by the kind of question.
_UNKNOWN = {
    "stock": "unknown_stock",
    "sizes": "unknown_stock",
    "sum": "unknown_price",
    "price": "unknown_price",
    "offers": "unknown_promotion",
}


@dataclass(frozen=True)
class PresaleAnswer:
    """What is said, where it comes from (as customers know it), and the moment that it holds for.

    ``as_of`` is None where a fact could not be looked up, and that is said; ``query`` where nothing that is sold was
    asked for.
    """

    text: str
    source: str
    as_of: datetime | None
    query: Presale | None

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON has it; of what was read, what the question names."""
        as_of = self.as_of.isoformat(timespec="seconds") if self.as_of else None
        read = asdict(self.query) if self.query else {}
        usual = asdict(Presale(self.query.kind)) if self.query else {}
        named = {name: value for name, value in read.items() if name == "kind" or value != usual[name]}
        return {"text": self.text, "source": self.source, "as_of": as_of, "read": named}


class PresaleDesk:
    """Answers questions about goods; safe between threads. Blocks while facts are looked up."""

    def __init__(self, facts: LiveFacts) -> None:
        self._facts = facts
        self._names: GoodsNames | None = None
        self._named_of: Catalogue | None = None  # the catalogue as it was last looked up
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Read and index the catalogue before the first customer waits; one that is late is there for the next."""
        try:
            self._named(self._facts.catalogue().value)
        except LiveFactError as error:
            logger.info("The catalogue is not there yet: %s", error)

    def answer(self, question: str, language: Language, before: Sequence[str] = ()) -> PresaleAnswer | None:
        """Answer a question about goods; None where it is none, or the shop's data do not say.

        :param before: the customer's last messages that were about goods, or had no answer, oldest first: this one may
            leave out what they name.
        """
        try:
            catalogue = self._facts.catalogue().value
        except LiveFactError as error:
            logger.info("No question about goods is answered: %s", error)
            return None
        names = self._named(catalogue)
        query = read_in_context(question, names, self._spoken_of(before, catalogue, names, language))
        if query is None:
            return None
        gathered = Gathered(self._facts, catalogue, language)
        try:
            text = _ANSWERS[query.kind](query, gathered)
        except KefuError as error:
            logger.warning("A question about goods (%s) is answered with that it is not known: %s", query.kind, error)
            unknown = said(_UNKNOWN.get(query.kind, "unknown_goods"), language)
            return PresaleAnswer(unknown.strip("（）()"), said("source", language), None, query)
        return PresaleAnswer(text, said("source", language), gathered.as_of, query) if text else None

    def _spoken_of(
        self, questions: Sequence[str], catalogue: Catalogue, names: GoodsNames, language: Language
    ) -> Presale | None:
        """Read the messages before; of what was recommended, the articles that were shown.

        One that asked for nothing that the data tell leaves the goods in talk, unless it was of orders or the shop.
        """
        query, is_known = None, True
        for question in questions:
            read = read_in_context(question, names, query)
            query = query if read is None and may_be_presale(wording(question).text, names) else read
            if is_known and query is not None and query.kind == "recommend":
                query = replace(query, articles=shown(query, Gathered(self._facts, catalogue, language)))
                is_known = bool(query.articles)  # a service that is away is waited for once, not for each message
        return query

    def names_goods(self, text: str) -> bool:
        """Say whether a text names an article or a shelf of the catalogue; False where that is not known."""
        try:
            names = self._named(self._facts.catalogue().value)
        except LiveFactError:
            return False
        read = wording(text).text
        return bool(names.mentions(read) or names.kinds(read))

    def in_store(self, sku: str) -> tuple[Article, Mapping[str, int]] | None:
        """Give the article of a SKU, and its pieces by the SKU of each variant; None where either is not known."""
        try:
            found = self._facts.catalogue().value.find(sku)
            stock = self._facts.stock(found[0].id).value if found else None
        except LiveFactError as error:
            logger.info("What %s comes in is not known: %s", sku, error)
            return None
        return (found[0], stock) if found and stock is not None else None

    def of_no_shelf(self, question: str, language: Language) -> PresaleAnswer | None:
        """Say what is sold where goods are asked for that the catalogue does not have; None for all else."""
        try:
            reading = self._facts.catalogue()
        except LiveFactError:
            return None
        catalogue = reading.value
        if not asks_for_other_goods(question, self._named(catalogue)):
            return None
        text = said("not_sold", language, shelves=shelves_text(catalogue, language))
        return PresaleAnswer(text, said("source", language), reading.as_of, None)

    def _named(self, catalogue: Catalogue) -> GoodsNames:
        with self._lock:
            # Each look-up gives a new object; what has not changed need not be indexed again.
            if self._names is None or (self._named_of is not catalogue and self._names.catalogue != catalogue):
                self._names = GoodsNames(catalogue)
            self._named_of = catalogue
            return self._names
