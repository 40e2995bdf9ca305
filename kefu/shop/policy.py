"""What the shop promises: ``data/shop/policy.yml`` as one frozen, checked value.

The rules of returns, the texts of the knowledge base and the replies of the assistant all read this value, so that
they cannot disagree. Scalars under ``shop`` and ``policy`` are *facts*: texts name them as ``{policy.return_days}``,
and so are the rules of price protection and invoices, as ``{invoice.correction}``. A shop may add facts of its own
under ``shop`` and ``policy``; everywhere else an unknown key is refused.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

import yaml

from kefu.errors import DataError
from kefu.shop.cases import CASE_KINDS, REMEDIES, CaseKind, Postage, Remedy
from kefu.shop.fields import Fields
from kefu.shop.orders import LEVELS
from kefu.shop.promises import InvoiceRules, PriceProtection, invoice, price_protection
from kefu.text import LANGUAGES, Language
from kefu.yaml_text import load_yaml

Fact = str | int | float | Mapping[str, str]
# What gives the delivery fee back: that an order is cancelled before it left, or that all of it was given back for
# reasons whose postage the shop pays.
DeliveryRefunded = Literal["cancellation", "shop_fault_whole_order"]

# Chinese sets figures off by a space ("2–4 天"), but not its own characters, which a placeholder may bring.
_SPACE_INSIDE_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff，。；：、]) (?=[\u4e00-\u9fff])")
_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]+)\}")
_SECTIONS = ("shop", "policy")
# What the assistant itself says; every other fact is needed only where a text names it.
_NEEDED_TEXTS = ("name", "service_hours", "phone")
_POSTAGE = ("shop", "customer")
_WINDOWS = ("no_reason", "defect")
_DELIVERY_REFUNDED: tuple[DeliveryRefunded, ...] = get_args(DeliveryRefunded)
# Facts that are said a second time as a rule: (fact, section, key). They must agree.
_SAID_TWICE = (
    ("policy.return_days", "return_window_by_level", "silver"),
    ("policy.return_days_gold", "return_window_by_level", "gold"),
    ("policy.return_days_vip", "return_window_by_level", "vip"),
    ("policy.price_protection_days", "price_protection", "days"),
)


@dataclass(frozen=True)
class ReasonRule:
    """What follows from a reason: who pays the postage back, the remedies (usual one first), which window counts."""

    postage: Postage
    remedies: tuple[Remedy, ...]
    window: Literal["no_reason", "defect"]


@dataclass(frozen=True)
class Condition:
    """In which state goods must be to come back without a defect."""

    required: tuple[str, ...]
    allowed: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """All that ``policy.yml`` says. Days are whole days, money is in yuan, times are in ``timezone``."""

    facts: Mapping[str, Fact]
    timezone: ZoneInfo
    opens_at: int  # minutes after midnight
    closes_at: int
    return_window_by_level: Mapping[str, int]
    defect_days: int
    warranty_months: int
    send_back_days: int
    reasons: Mapping[str, ReasonRule]
    after_defect_window: str
    no_warranty: tuple[str, ...]  # categories
    delivery_refunded: tuple[DeliveryRefunded, ...]
    withdrawable: tuple[CaseKind, ...]  # none where the file does not say
    condition: Condition
    not_returnable: tuple[str, ...]
    not_returnable_if_confirmed: tuple[str, ...]
    price_protection: PriceProtection
    invoice: InvoiceRules

    def placeholders(self, language: Language) -> dict[str, str]:
        """Give every fact as the text that stands for it, by its full name (``policy.return_days``)."""
        return {name: _said(fact, language) for name, fact in self.facts.items()}

    def fill(self, text: str, language: Language) -> str:
        """Put the facts into a text.

        :raises DataError: if the text names a fact that is not there.
        """
        filled = _PLACEHOLDER.sub(lambda match: self.fact(match.group(1), language), text)
        return _SPACE_INSIDE_CHINESE.sub("", filled) if language == "zh" else filled

    def fact(self, name: str, language: Language) -> str:
        """Give one fact as text, by its full name.

        :raises DataError: if there is none of this name.
        """
        if name not in self.facts:
            raise DataError(f"A text names {{{name}}}, which the policy does not have.{_nearest(name, self.facts)}")
        return _said(self.facts[name], language)

    def service_is_open(self, now: datetime) -> bool:
        """Say whether people are at their desks at this moment (``now`` carries its zone)."""
        local = now.astimezone(self.timezone)
        minute = local.hour * 60 + local.minute
        if self.opens_at <= self.closes_at:
            return self.opens_at <= minute < self.closes_at
        return minute >= self.opens_at or minute < self.closes_at  # a shift over midnight


def load_policy(path: str | Path) -> Policy:
    """Read and check a policy file.

    :raises DataError: if it cannot be read, lacks a key, has an unknown one, or contradicts itself.
    """
    file = Path(path)
    try:
        content = load_yaml(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"The policy {file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"The policy {file} is not valid YAML: {error}") from error
    return _parse(Fields(content, file.name))


def _parse(root: Fields) -> Policy:
    shop, rules = root.section("shop"), root.section("policy")
    for key in _NEEDED_TEXTS:
        shop.fact(key, LANGUAGES)
    protection, invoices = price_protection(root.section("price_protection")), invoice(root.section("invoice"))
    facts = {f"{name}.{key}": fact for name in _SECTIONS for key, fact in _facts(root.section(name)).items()}
    facts |= {f"price_protection.{key}": fact for key, fact in protection.facts().items()}
    facts |= {f"invoice.{key}": fact for key, fact in invoices.facts().items()}
    parsed = Policy(
        facts=MappingProxyType(facts),
        timezone=rules.zone("timezone"),
        opens_at=shop.minutes("human_hours_start"),
        closes_at=shop.minutes("human_hours_end"),
        return_window_by_level=MappingProxyType(root.section("return_window_by_level").whole_numbers()),
        defect_days=rules.whole_number("defect_days"),
        warranty_months=rules.whole_number("warranty_months"),
        send_back_days=rules.whole_number("send_back_days"),
        reasons=MappingProxyType({name: _reason(rule) for name, rule in root.section("reasons").sections().items()}),
        after_defect_window=root.text("after_defect_window"),
        no_warranty=root.texts("no_warranty"),
        delivery_refunded=cast(
            tuple[DeliveryRefunded, ...], root.texts("delivery_refunded", among=_DELIVERY_REFUNDED)
        ),
        withdrawable=cast(
            tuple[CaseKind, ...], root.texts("withdrawable", among=CASE_KINDS) if "withdrawable" in root else ()
        ),
        condition=_condition(root.section("condition")),
        not_returnable=root.texts("not_returnable"),
        not_returnable_if_confirmed=root.texts("not_returnable_if_confirmed"),
        price_protection=protection,
        invoice=invoices,
    )
    root.nothing_else()
    _check_agreement(root, parsed)
    return parsed


def _facts(section: Fields) -> dict[str, Fact]:
    return {key: section.fact(key, LANGUAGES) for key in section}


def _reason(fields: Fields) -> ReasonRule:
    rule = ReasonRule(
        postage=cast(Postage, fields.one_of("postage", _POSTAGE)),
        remedies=cast(tuple[Remedy, ...], fields.texts("remedies", among=REMEDIES)),
        window=cast(Literal["no_reason", "defect"], fields.one_of("window", _WINDOWS)),
    )
    fields.nothing_else()
    if not rule.remedies:
        raise DataError(f"`{fields.where}.remedies` must name at least one of {', '.join(REMEDIES)}.")
    return rule


def _condition(fields: Fields) -> Condition:
    condition = Condition(fields.texts("required"), fields.texts("allowed"), fields.texts("refused"))
    fields.nothing_else()
    both = sorted({*condition.allowed} & {*condition.refused})
    if both:
        raise DataError(f"`{fields.where}` both allows and refuses `{both[0]}`.")
    return condition


def _check_agreement(root: Fields, policy: Policy) -> None:
    for fact, section, key in _SAID_TWICE:
        rule = root.section(section).get(key)
        said = policy.facts.get(fact)
        if said is not None and rule is not None and said != rule:
            raise DataError(f"{root.where} contradicts itself: `{fact}` is {said}, `{section}.{key}` is {rule}.")
    days = [root.section("return_window_by_level").whole_number(level) for level in LEVELS]
    if any(more < fewer for fewer, more in pairwise(days)):
        raise DataError(
            f"`{root.where}: return_window_by_level`: a higher level must not have fewer days; it is {days}."
        )


def _said(fact: Fact, language: Language) -> str:
    if isinstance(fact, Mapping):
        return fact[language]
    return str(int(fact)) if isinstance(fact, float) and fact.is_integer() else str(fact)


def _nearest(name: str, known: Mapping[str, Fact]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {{{near[0]}}}?" if near else ""
