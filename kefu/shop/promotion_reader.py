"""Makes promotions of a file, or of what the shop's own service answers, which has the same shape."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from kefu.errors import DataError
from kefu.shop.catalogue_reader import number
from kefu.shop.fields import Fields
from kefu.shop.orders import LEVELS, Bilingual, Level
from kefu.shop.policy import Policy
from kefu.shop.promotions import OFFER_KINDS, Delivery, Offer, OfferKind, Promotions, Tier
from kefu.shop.seed_values import read_yaml
from kefu.text import LANGUAGES, Language

_BY_LEVEL = "member"


def load_promotions(path: Path, policy: Policy) -> Promotions:
    """Read a file of promotions; amounts and names may come from the policy.

    :raises DataError: naming offer and field, if something is missing, unknown or contradictory.
    """
    return read_promotions(read_yaml(path, "promotions"), policy, path.name)


def read_promotions(content: Any, policy: Policy, where: str) -> Promotions:
    """Check promotions; see :func:`load_promotions`."""
    root = Fields(content, where)
    offers = tuple(_offer(key, fields, policy) for key, fields in root.section("offers").sections().items())
    known = {*OFFER_KINDS, *(offer.id for offer in offers)}
    groups = root.raw("at_most_one") if "at_most_one" in root else []
    root.nothing_else()
    for group in groups if isinstance(groups, list) else [groups]:
        if not isinstance(group, list) or not all(name in known for name in group):
            raise DataError(f"`{where}: at_most_one` must be lists of kinds and offers that exist; one is {group!r}.")
    return Promotions(offers, tuple(frozenset(group) for group in groups))


def delivery_of(policy: Policy) -> Delivery | None:
    """Give what delivery costs by the policy; None where it does not say."""
    facts = policy.facts
    fee, free = facts.get("policy.delivery_fee"), facts.get("policy.free_delivery_from")
    return Delivery(_as_cents(fee), _as_cents(free)) if fee is not None and free is not None else None


def _offer(key: str, fields: Fields, policy: Policy) -> Offer:
    kind = cast(OfferKind, fields.one_of("kind", OFFER_KINDS))
    offer = Offer(
        id=key,
        kind=kind,
        name=Bilingual(*(_name(fields, language, policy) for language in LANGUAGES)),
        percent=_amount(fields, "percent", policy) if "percent" in fields else None,
        most_cents=_cents(fields, "most", policy) if "most" in fields else None,
        tiers=tuple(_tiers(fields, policy)) if "tiers" in fields else (),
        every=fields.truth("every") if "every" in fields else False,
        level=cast(Level, fields.one_of("level", LEVELS)) if kind == _BY_LEVEL else None,
        valid_from=_day(fields, "valid_from", policy, 0),
        valid_to=_day(fields, "valid_to", policy, 1),
        **{name: fields.texts(name) for name in ("kinds", "categories", "articles", "excluded") if name in fields},
    )
    fields.nothing_else()
    if (offer.percent is None) == (not offer.tiers):
        raise DataError(f"`{fields.where}` must have `percent` or `tiers`, and not both.")
    if offer.percent is not None and offer.percent > 100:
        raise DataError(f"`{fields.where}.percent` must be at most 100; it is {offer.percent}.")
    if offer.valid_from and offer.valid_to and offer.valid_to <= offer.valid_from:
        raise DataError(f"`{fields.where}.valid_to` lies before `valid_from`.")
    return offer


def _name(fields: Fields, language: Language, policy: Policy) -> str:
    try:
        return policy.fill(fields.text(language), language)
    except DataError as error:
        raise DataError(f"`{fields.where}.{language}`: {error}") from error


def _tiers(fields: Fields, policy: Policy) -> list[Tier]:
    tiers = []
    for section in fields.list_of_sections("tiers"):
        tier = Tier(_cents(section, "from", policy), _cents(section, "less", policy))
        section.nothing_else()
        if tier.from_cents == 0 or tier.off_cents == 0:
            raise DataError(f"`{section.where}`: `from` and `less` must be more than 0.")
        tiers.append(tier)
    return tiers


def _cents(fields: Fields, key: str, policy: Policy) -> int:
    amount = _amount(fields, key, policy)
    try:
        return _as_cents(amount)
    except DataError as error:
        raise DataError(f"`{fields.where}.{key}`: {error}") from error


def _as_cents(yuan: Any) -> int:
    cents = Decimal(str(yuan)) * 100
    if cents != int(cents):
        raise DataError(f"An amount must not be finer than cents; it is {yuan} yuan.")
    return int(cents)


def _amount(fields: Fields, key: str, policy: Policy) -> Decimal:
    """Read a number from 0 that stands there, or that a fact of the policy has."""
    value = fields.fact(key, LANGUAGES)
    if isinstance(value, str) and value in policy.facts:
        value = policy.facts[value]
    found = number(str(value)) if not isinstance(value, Mapping) else None
    if found is None or found < 0:
        raise DataError(
            f"`{fields.where}.{key}` must be a number from 0 or the name of a fact such as policy.return_days; it is "
            f"{value!r}."
        )
    return found


def _day(fields: Fields, key: str, policy: Policy, days_later: int) -> datetime | None:
    if key not in fields:
        return None
    value = fields.raw(key)
    try:
        # A moment of a day is refused: its hour would be lost.
        day = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise DataError(f"`{fields.where}.{key}` must be a day such as 2026-11-11; it is {value!r}.") from error
    return datetime.combine(day, time(), policy.timezone) + timedelta(days=days_later)
