"""How the carriers are doing at present: ``data/shop/logistics.yml``, or what the shop's own service answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from kefu.shop.catalogue_reader import bilingual
from kefu.shop.fields import Fields
from kefu.shop.orders import Bilingual
from kefu.shop.seed_values import read_yaml

CarrierState = Literal["normal", "slow", "suspended"]
CARRIER_STATES: tuple[CarrierState, ...] = get_args(CarrierState)


@dataclass(frozen=True)
class Carrier:
    """A carrier, how it is doing, and where or why."""

    key: str
    name: Bilingual
    state: CarrierState
    note: Bilingual | None = None


def load_logistics(path: Path) -> tuple[Carrier, ...]:
    """Read a file of carriers.

    :raises DataError: naming carrier and field, if something is missing or unknown.
    """
    return read_logistics(read_yaml(path, "logistics"), path.name)


def read_logistics(content: Any, where: str) -> tuple[Carrier, ...]:
    """Check carriers; see :func:`load_logistics`."""
    root = Fields(content, where)
    carriers = tuple(_carrier(key, fields) for key, fields in root.section("carriers").sections().items())
    root.nothing_else()
    return carriers


def _carrier(key: str, fields: Fields) -> Carrier:
    carrier = Carrier(
        key,
        bilingual(fields),
        cast(CarrierState, fields.one_of("state", CARRIER_STATES)),
        bilingual(fields.section("note")) if "note" in fields else None,
    )
    fields.nothing_else()
    return carrier
