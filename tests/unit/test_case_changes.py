"""Cases that change after they were filed: taken back or sent in, by their customer only, twice as well as once."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.database import Database
from kefu.settings import OrderSettings
from kefu.shop import tables
from kefu.shop.after_sales import open_lines
from kefu.shop.case_changes import CaseChanges, Stands
from kefu.shop.case_store import CaseStore, Unproven
from kefu.shop.identity import Contact, IdentityDesk
from kefu.shop.policy import load_policy
from kefu.shop.store import OrderStore

SHOP = Path(__file__).parents[2] / "data/shop"
OWN, TAIL = "SO20260040", "8031"  # a dress, return in progress


class Clock:
    now = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(database_url, clock):
    database = Database(database_url)
    OrderStore(database, clock, SHOP / "orders.yml").prepare()
    policy, settings = load_policy(SHOP / "policy.yml"), OrderSettings()
    identity = IdentityDesk(database, clock, settings)
    identity.check(OWN, Contact("phone_tail", TAIL), "a")
    identity.check("SO20260045", Contact("phone_tail", "8058"), "a")
    return database, CaseStore(database, clock, policy, settings), CaseChanges(database, policy, settings, clock)


def number(shop, order=OWN):
    return shop[1].of_order(order)[0].number


def test_a_case_that_is_taken_back_holds_its_pieces_no_more_and_twice_is_once(shop):
    _, cases, changes = shop
    assert open_lines(cases.matter(OWN)) == ()
    for _ in range(2):
        assert changes.withdraw(OWN, number(shop), "a").state == "withdrawn"
    assert [line.quantity for line in open_lines(cases.matter(OWN))] == [1]


@pytest.mark.parametrize("order", ["SO20260044", "SO20260045"])  # refunded; a parcel that is being stopped
def test_what_is_finished_or_cannot_be_undone_stands(shop, order):
    _, cases, changes = shop
    before = cases.of_order(order)
    outcome = changes.withdraw(order, number(shop, order), "a")
    assert isinstance(outcome, Stands) and outcome.case == before[0]
    assert cases.of_order(order) == before


def test_nobody_elses_case_is_touched(shop, clock):
    _, cases, changes = shop
    before = cases.of_order(OWN)
    assert changes.withdraw(OWN, number(shop), "b") == Unproven()
    assert changes.note_sent(OWN, number(shop), "SF1234567890", "b") == Unproven()
    # A case of another order is not reached through one's own, nor one that is not there.
    assert changes.withdraw(OWN, number(shop, "SO20260037"), "a") == Unproven()
    clock.now += timedelta(minutes=OrderSettings().proof_minutes)
    assert changes.withdraw(OWN, number(shop), "a") == Unproven()
    assert cases.of_order(OWN) == before


def test_a_parcels_number_is_noted_once_beside_what_was_said_before(shop):
    database, cases, changes = shop
    said = cases.of_order(OWN)[0].pickup
    for _ in range(2):
        changes.note_sent(OWN, number(shop), "sent in as: SF1234567890", "a")
    assert cases.of_order(OWN)[0].pickup == f"{said}; sent in as: SF1234567890"
    with database.reading() as connection:
        noted = sa.select(sa.func.count()).select_from(tables.cases).where(tables.cases.c.pickup.like("%sent in as%"))
        assert connection.scalar(noted) == 1


def test_a_cases_number_leads_to_its_order_and_a_wrong_one_to_none(shop):
    _, cases, _ = shop
    assert cases.matter(number(shop)).order.number == OWN
    for wrong in ("R20261117-9999", "R20269999-0001"):
        assert cases.matter(wrong) is None
