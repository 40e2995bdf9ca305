"""What is promised of prices and invoices, and the words for it: no engine applies these rules, texts state them.

Each rule becomes a fact that texts name, as ``{invoice.correction}`` or ``{price_protection.times}``, so that what the
policy says and what customers read cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kefu.shop.fields import Fields
from kefu.shop.labels import labels

Words = dict[str, str]  # by language
# How a known number is said; any other by its figure.
_TIMES: Mapping[int, Words] = {1: {"zh": "一次", "en": "once"}, 2: {"zh": "两次", "en": "twice"}}
_BETWEEN = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class PriceProtection:
    """For how many days, how often, and for which goods not, a later lower price is paid out."""

    days: int
    same_article_only: bool
    times: int
    excluded: tuple[str, ...]

    def facts(self) -> dict[str, int | Words]:
        """Give what texts may name; where nothing is excluded, no text can say what is."""
        article = "same_article" if self.same_article_only else "same_model"
        said: dict[str, int | Words] = {
            "days": self.days,
            "same_article_only": _named("price_protection", article),
            "times": _TIMES.get(self.times, {"zh": f"{self.times} 次", "en": f"{self.times} times"}),
        }
        if self.excluded:
            excluded = [_named("prices", name) for name in self.excluded]
            said["excluded"] = {code: mark.join(words[code] for words in excluded) for code, mark in _BETWEEN.items()}
        return said


@dataclass(frozen=True)
class InvoiceRules:
    """Which invoice is usual, who gets a special VAT invoice, over what amount, and how a wrong one is corrected."""

    default: str
    special_vat: str
    amount: str
    correction: str

    def facts(self) -> dict[str, Words]:
        """Give what texts may name."""
        said = {name: _named(f"invoice_{name}", value) for name, value in vars(self).items()}
        said["handed_over"] = _named("invoice_handed_over", self.default)
        said["amount_explained"] = _named("invoice_amount_explained", self.amount)
        return said


def price_protection(fields: Fields) -> PriceProtection:
    """Read the section.

    :raises DataError: if a key is missing or unknown, or a value has no words.
    """
    rules = PriceProtection(
        days=fields.whole_number("days"),
        same_article_only=fields.truth("same_article_only"),
        times=fields.whole_number("times"),
        excluded=fields.texts("excluded", among=tuple(labels("prices"))),
    )
    fields.nothing_else()
    return rules


def invoice(fields: Fields) -> InvoiceRules:
    """Read the section.

    :raises DataError: if a key is missing or unknown, or a value has no words.
    """
    keys = ("default", "special_vat", "amount", "correction")
    rules = InvoiceRules(*(fields.one_of(key, tuple(labels(f"invoice_{key}"))) for key in keys))
    fields.nothing_else()
    return rules


def _named(group: str, name: str) -> Words:
    words = labels(group)[name]
    return {"zh": words.zh, "en": words.en}
