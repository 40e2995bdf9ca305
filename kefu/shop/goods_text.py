"""Texts about goods and what they cost, in both languages (``goods.yml``)."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from kefu.shop.promotions import Offer, Quote
from kefu.text import Language
from kefu.yaml_text import load_yaml


def said(name: str, language: Language, /, **values: object) -> str:
    """Give a text with its values filled in.

    :raises KeyError: if there is no such text, or a value is missing.
    """
    return _texts()[name][language].format(**values)


def yuan(cents: int) -> str:
    """Write an amount of cents from 0 in yuan, without needless decimals."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def sum_text(
    quote: Quote, names: Mapping[str, str], language: Language, *, short: tuple[Offer, int] | None = None
) -> str:
    """Write a sum, a step in each line.

    :param names: of the goods by SKU; goods without one are an amount alone.
    :param short: a reduction that is not reached, and the cents that are missing.
    """
    lines = [
        said("sum_line", language, name=names[goods.sku], quantity=goods.quantity, amount=yuan(goods.cents))
        if goods.sku in names
        else said("sum_amount", language, amount=yuan(goods.cents))
        for goods in quote.goods
    ]
    for step in quote.steps:
        offer = step.offer.name.in_language(language)
        lines.append(said("sum_step", language, offer=offer, base=yuan(step.base_cents), off=yuan(step.off_cents)))
    if quote.delivery_cents:
        lines.append(said("sum_delivery", language, amount=yuan(quote.delivery_cents)))
    elif quote.delivery_cents is not None:
        lines.append(said("sum_free_delivery", language))
    total = "sum_total_without_delivery" if quote.delivery_cents is None else "sum_total"
    lines.append(said(total, language, amount=yuan(quote.total_cents)))
    if short:
        lines.append(said("sum_short", language, more=yuan(short[1]), offer=short[0].name.in_language(language)))
    return "\n".join(lines)


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[Language, str]]:
    content: Mapping[str, Mapping[Language, str]] = load_yaml(
        files("kefu.shop").joinpath("goods.yml").read_text(encoding="utf-8")
    )
    return content
