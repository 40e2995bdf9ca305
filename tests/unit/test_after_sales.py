"""What may be done for an order: every rule of the policy, allowing and refusing, with its boundaries."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from kefu.errors import DataError
from kefu.shop.after_sales import (
    RULES,
    Matter,
    Refusal,
    Remedies,
    open_lines,
    plan_cancellation,
    plan_interception,
    plan_remedy,
    remedies,
    stage,
)
from kefu.shop.cases import Case, Line, Plan, Share
from kefu.shop.orders import Bilingual, Item, Order, Parcel, ParcelEvent, Payment
from kefu.shop.policy import load_policy
from kefu.shop.windows import months_later

DEMO = Path(__file__).parents[2] / "data/shop/policy.yml"
POLICY = load_policy(DEMO)
CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 12, tzinfo=CHINA)
TEXT = Bilingual("物", "thing")


def item(position, category="shoes", *, price=1000, quantity=1, parcel=1, excluded=False):
    return Item(position, f"SKU{position}", TEXT, category, price, quantity, parcel, return_excluded=excluded)


def parcel(position, signed, state="delivered"):
    """A parcel whose last event was at a time, or so many days before now."""
    at = signed if isinstance(signed, datetime) else NOW - timedelta(days=signed)
    sent = ParcelEvent(at - timedelta(days=2), TEXT)
    return Parcel(position, TEXT, f"SF{position}", state, (sent, ParcelEvent(at, TEXT)))


def order(*items, signed=(3,), states=(), state="shipped", **more):
    """An order whose parcels were last heard of as given, one after another; ``states`` are those not delivered."""
    parcels = tuple(parcel(at, when, dict(states).get(at, "delivered")) for at, when in enumerate(signed, start=1))
    made = Order("SO1", "c", state, NOW, NOW, None, more.pop("delivery", 0), items or (item(1),), parcels, **more)
    return made if "payments" in more else replace(made, payments=(Payment("wechat", made.total_cents),))


def matter(*items, cases=(), level="silver", now=NOW, policy=POLICY, **more):
    return Matter(order(*items, **more), cases, level, now, policy)


def case(kind, *lines, state="open", number="R1", reason=None, cents=0, delivery=0):
    refund = (Share("wechat", cents),) if cents else ()
    chosen = tuple(Line(*line) for line in lines)
    return Case(number, Plan(kind, "SO1", chosen, reason, "rule", "none", refund, delivery), state, NOW)


def wanting(reason, remedy="return", *lines, condition=()):
    """Ask for a remedy, of all that the order has unless lines are given as (position, quantity)."""

    def ask(case_in_hand):
        every = tuple(Line(each.position, each.quantity) for each in case_in_hand.order.items)
        chosen = tuple(Line(*line) for line in lines) or every
        return plan_remedy(case_in_hand, chosen, reason, remedy, frozenset(condition))

    return ask


def stopping(*lines):
    return lambda case_in_hand: plan_interception(case_in_hand, tuple(Line(*line) for line in lines))


CANCELLED = case("cancellation", (1, 1), number="C7")
STOPPED = case("interception", (1, 1), number="I7")
HALF_WAY = {"signed": (3, 1), "states": ((2, "in_transit"),)}
ON_ITS_WAY = {"states": ((1, "in_transit"),)}
TWO = (item(1), item(2, parcel=2))
TOO_MANY = ("too_many", ("choose_items",))
HELD = ("already_in_case", ("person",))
DEFECT_INSTEAD = ("with_defect",)
MAY_NOT = {"category": "gift_card", "positions": (1,)}
LATE = {"days": 30, "last_day": date(2026, 11, 19), "positions": (1,)}

REFUSED = {
    # Goods that have not arrived, or only in part
    "a return of what is not paid": (
        matter(state="unpaid", signed=()),
        wanting("no_reason"),
        Refusal("not_paid", ("cancel",)),
    ),
    "a return of what is cancelled": (
        matter(state="cancelled", signed=()),
        wanting("defect"),
        Refusal("already_cancelled"),
    ),
    "a return of what is paid": (
        matter(state="paid", signed=()),
        wanting("defect"),
        Refusal("not_shipped", ("cancel",)),
    ),
    "a return of what is being packed": (
        matter(state="picking", signed=()),
        wanting("no_reason"),
        Refusal("not_shipped", ("cancel",)),
    ),
    "a return where the cancellation is filed": (
        matter(state="paid", signed=(), cases=(CANCELLED,)),
        wanting("no_reason"),
        Refusal(*HELD, {"case": "C7", "position": 1, "asked": 0, "left": 0}),
    ),
    "a return of what is on its way": (
        matter(**ON_ITS_WAY),
        wanting("no_reason"),
        Refusal("underway", ("intercept",)),
    ),
    "a return of what is out for delivery": (
        matter(states=((1, "out_for_delivery"),)),
        wanting("damage"),
        Refusal("underway", ("intercept",)),
    ),
    "a return of both parcels, one on its way": (
        matter(*TWO, **HALF_WAY),
        wanting("no_reason"),
        Refusal("mixed_parcels", ("choose_items",), {"positions": (1,)}),
    ),
    # Pieces that are not there to be asked for
    "more pieces than were bought": (
        matter(item(1, quantity=2)),
        wanting("defect", "return", (1, 3)),
        Refusal(*TOO_MANY, {"position": 1, "asked": 3, "left": 2}),
    ),
    "more pieces than were bought, in two lines": (
        matter(item(1, quantity=2)),
        wanting("defect", "return", (1, 2), (1, 1)),
        Refusal(*TOO_MANY, {"position": 1, "asked": 3, "left": 2}),
    ),
    "a position that the order lacks": (
        matter(),
        wanting("defect", "return", (1, 1), (9, 1)),
        Refusal(*TOO_MANY, {"position": 9, "asked": 1, "left": 0}),
    ),
    "no pieces of a line": (
        matter(),
        wanting("defect", "return", (1, 0)),
        Refusal(*TOO_MANY, {"position": 1, "asked": 0, "left": 1}),
    ),
    "fewer than no pieces": (
        matter(),
        wanting("defect", "return", (1, -1)),
        Refusal(*TOO_MANY, {"position": 1, "asked": -1, "left": 1}),
    ),
    "no pieces where some are in a case": (
        matter(item(1, quantity=2), cases=(case("return", (1, 1)),)),
        wanting("defect", "return", (1, 0)),
        Refusal(*TOO_MANY, {"position": 1, "asked": 0, "left": 1}),
    ),
    "no lines": (
        matter(),
        lambda m: plan_remedy(m, (), "defect", "return"),
        Refusal(*TOO_MANY, {"position": 1, "asked": 0, "left": 1}),
    ),
    "a piece in a case": (
        matter(item(1, quantity=2), cases=(case("return", (1, 1)),)),
        wanting("no_reason", "return", (1, 2)),
        Refusal(*HELD, {"case": "R1", "position": 1, "asked": 2, "left": 1}),
    ),
    "more than was bought, all of it in a case": (
        matter(cases=(case("refund_only", (1, 1), state="done"),)),
        wanting("no_reason", "return", (1, 2)),
        Refusal(*HELD, {"case": "R1", "position": 1, "asked": 2, "left": 0}),
    ),
    # Without a reason
    "a category that never comes back": (
        matter(item(1), item(2, "perishable")),
        wanting("no_reason"),
        Refusal("never_returnable", DEFECT_INSTEAD, {"category": "perishable", "positions": (2,)}),
    ),
    "an exchange of such a category": (
        matter(item(1, "custom_made")),
        wanting("no_reason", "exchange"),
        Refusal("never_returnable", DEFECT_INSTEAD, {"category": "custom_made", "positions": (1,)}),
    ),
    "confirmed at checkout": (
        matter(item(1, "gift_card", excluded=True)),
        wanting("no_reason"),
        Refusal("excluded_at_checkout", DEFECT_INSTEAD, MAY_NOT),
    ),
    "an accessory lost": (
        matter(),
        wanting("no_reason", condition=("opened_to_inspect", "no_accessories")),
        Refusal("condition", DEFECT_INSTEAD, {"condition": "no_accessories"}),
    ),
    "tags cut": (
        matter(),
        wanting("no_reason", condition=("opened_to_inspect", "tags_cut")),
        Refusal("condition", DEFECT_INSTEAD, {"condition": "tags_cut"}),
    ),
    "the window over, that of defects open": (
        matter(signed=(8,)),
        wanting("no_reason"),
        Refusal(
            "no_reason_window_over",
            DEFECT_INSTEAD,
            {"days": 7, "last_day": date(2026, 11, 19), "positions": (1,)},
        ),
    ),
    "the window over, only the warranty left": (
        matter(signed=(31,)),
        wanting("no_reason"),
        Refusal("no_reason_window_over", ("repair",), {"days": 7, "last_day": date(2026, 10, 27), "positions": (1,)}),
    ),
    "the window over, no warranty": (
        matter(item(1, "book"), signed=(31,)),
        wanting("no_reason"),
        Refusal("no_reason_window_over", (), {"days": 7, "last_day": date(2026, 10, 27), "positions": (1,)}),
    ),
    "the window over, the warranty too": (
        matter(signed=(400,)),
        wanting("no_reason"),
        Refusal("no_reason_window_over", (), {"days": 7, "last_day": date(2025, 10, 23), "positions": (1,)}),
    ),
    "the window over for one of two parcels": (
        matter(*TWO, signed=(8, 3)),
        wanting("no_reason"),
        Refusal(
            "no_reason_window_over",
            DEFECT_INSTEAD,
            {"days": 7, "last_day": date(2026, 11, 19), "positions": (1,)},
        ),
    ),
    # With a reason
    "spoiled shoes among fruit": (
        matter(item(1), item(2, "perishable")),
        wanting("spoiled", "refund_only"),
        Refusal("not_perishable", ("choose_items", "with_defect"), {"positions": (1,)}),
    ),
    **{
        f"{reason} after its window": (
            matter(item(1, category), signed=(31,)),
            wanting(reason, remedy),
            Refusal("defect_window_over", ("person",), LATE),
        )
        for reason, remedy, category in [
            ("damage", "return", "shoes"),
            ("wrong_item", "exchange", "shoes"),
            ("missing_item", "resend", "shoes"),
            ("spoiled", "refund_only", "perishable"),
            ("defect", "return", "perishable"),  # has no warranty
        ]
    },
    "a defect after the warranty": (
        matter(signed=(datetime(2025, 11, 19, 23, tzinfo=CHINA),)),
        wanting("defect", "repair"),
        Refusal("warranty_over", ("person",), {"months": 12, "last_day": date(2026, 11, 19), "positions": (1,)}),
    ),
    "a remedy that the reason has not": (
        matter(),
        wanting("wrong_item", "refund_only"),
        Refusal("remedy_not_offered", facts={"kinds": ("exchange", "return")}),
    ),
    "a return under warranty": (
        matter(signed=(31,)),
        wanting("defect", "return"),
        Refusal("remedy_not_offered", facts={"kinds": ("repair",)}),
    ),
    "a repair of what has no warranty": (
        matter(item(1), item(2, "beauty")),
        wanting("defect", "repair"),
        Refusal("remedy_not_offered", facts={"kinds": ("return", "exchange")}),
    ),
    # Cancellation
    "cancelling twice": (matter(state="cancelled", signed=()), plan_cancellation, Refusal("already_cancelled")),
    "cancelling what is being cancelled": (
        matter(state="paid", signed=(), cases=(CANCELLED,)),
        plan_cancellation,
        Refusal(*HELD, {"case": "C7", "position": 1, "asked": 0, "left": 0}),
    ),
    "cancelling what is on its way": (
        matter(**ON_ITS_WAY),
        plan_cancellation,
        Refusal("already_shipped", ("intercept",)),
    ),
    "cancelling what has arrived": (matter(), plan_cancellation, Refusal("already_delivered", ("return",))),
    "cancelling what has arrived in part": (
        matter(*TWO, **HALF_WAY),
        plan_cancellation,
        Refusal("already_delivered", ("return",)),
    ),
    # Interception
    "stopping what is not paid": (
        matter(state="unpaid", signed=()),
        plan_interception,
        Refusal("not_paid", ("cancel",)),
    ),
    "stopping what has not left": (
        matter(state="paid", signed=()),
        plan_interception,
        Refusal("not_shipped", ("cancel",)),
    ),
    "stopping what is cancelled": (
        matter(state="cancelled", signed=()),
        plan_interception,
        Refusal("already_cancelled"),
    ),
    "stopping what lies in a locker": (
        matter(states=((1, "locker"),)),
        plan_interception,
        Refusal("already_delivered", ("return",)),
    ),
    "stopping both parcels, one arrived": (
        matter(*TWO, **HALF_WAY),
        stopping((1, 1), (2, 1)),
        Refusal("mixed_parcels", ("choose_items",), {"positions": (1,)}),
    ),
    "stopping one item of a parcel": (
        matter(item(1), item(2), **ON_ITS_WAY),
        stopping((2, 1)),
        Refusal("whole_parcel", ("choose_items",), {"positions": (1, 2)}),
    ),
    "stopping one piece of a parcel": (
        matter(item(1, quantity=2), **ON_ITS_WAY),
        stopping((1, 1)),
        Refusal("whole_parcel", ("choose_items",), {"positions": (1,)}),
    ),
    "stopping more than there is": (
        matter(**ON_ITS_WAY),
        stopping((1, 2)),
        Refusal(*TOO_MANY, {"position": 1, "asked": 2, "left": 1}),
    ),
    "stopping twice": (
        matter(cases=(STOPPED,), **ON_ITS_WAY),
        plan_interception,
        Refusal(*HELD, {"case": "I7", "position": 1, "asked": 1, "left": 0}),
    ),
}

ALLOWED = {
    "a return without a reason": (
        matter(),
        wanting("no_reason"),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "opened to look": (
        matter(),
        wanting("no_reason", condition=("opened_to_inspect",)),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "an exchange for another size": (
        matter(),
        wanting("no_reason", "exchange"),
        ("no_reason_window", "customer", 0, date(2026, 11, 27)),
    ),
    "a gift card, not confirmed": (
        matter(item(1, "gift_card")),
        wanting("no_reason"),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "confirmed, but of another category": (
        matter(item(1, excluded=True)),
        wanting("no_reason"),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "a gift card with a defect": (
        matter(item(1, "gift_card", excluded=True)),
        wanting("defect"),
        ("defect_window", "shop", 1000, date(2026, 11, 27)),
    ),
    "a defect with the tags cut": (
        matter(),
        wanting("defect", condition=("tags_cut", "activated")),
        ("defect_window", "shop", 1000, date(2026, 11, 27)),
    ),
    "a repair in time": (matter(), wanting("defect", "repair"), ("defect_window", "shop", 0, date(2026, 11, 27))),
    "a repair under warranty": (
        matter(signed=(31,)),
        wanting("defect", "repair"),
        ("warranty", "shop", 0, date(2026, 11, 27)),
    ),
    "a repair, one parcel under warranty": (
        matter(*TWO, signed=(31, 3)),
        wanting("defect", "repair"),
        ("warranty", "shop", 0, date(2026, 11, 27)),
    ),
    "the wrong item exchanged": (
        matter(),
        wanting("wrong_item", "exchange"),
        ("defect_window", "shop", 0, date(2026, 11, 27)),
    ),
    "damaged, kept": (matter(), wanting("damage", "refund_only"), ("defect_window", "none", 1000, None)),
    "missing, sent again": (matter(), wanting("missing_item", "resend"), ("defect_window", "none", 0, None)),
    "missing, refunded": (matter(), wanting("missing_item", "refund_only"), ("defect_window", "none", 1000, None)),
    "spoiled fruit": (
        matter(item(1, "perishable")),
        wanting("spoiled", "refund_only"),
        ("defect_window", "none", 1000, None),
    ),
    "the arrived one of two parcels": (
        matter(*TWO, **HALF_WAY),
        wanting("no_reason", "return", (1, 1)),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "what was exchanged before": (
        matter(cases=(case("exchange", (1, 1), state="done"),)),
        wanting("no_reason"),
        ("no_reason_window", "customer", 1000, date(2026, 11, 27)),
    ),
    "an unpaid order cancelled": (
        matter(state="unpaid", signed=(), payments=()),
        plan_cancellation,
        ("cancel_unpaid", "none", 0, None),
    ),
    "a paid order cancelled": (
        matter(state="paid", signed=(), delivery=800),
        plan_cancellation,
        ("cancel_before_shipping", "none", 1800, None),
    ),
    "a packed order cancelled": (
        matter(state="picking", signed=()),
        plan_cancellation,
        ("cancel_before_shipping", "none", 1000, None),
    ),
    "a parcel stopped": (
        matter(item(1), item(2), delivery=800, **ON_ITS_WAY),
        plan_interception,
        ("intercept_underway", "customer", 2000, None),
    ),
    "the second parcel stopped": (
        matter(*TWO, **HALF_WAY),
        plan_interception,
        ("intercept_underway", "customer", 1000, None),
    ),
    "the parcel that is not stopped yet": (
        matter(*TWO, cases=(STOPPED,), signed=(1, 1), states=((1, "in_transit"), (2, "shipped"))),
        plan_interception,
        ("intercept_underway", "customer", 1000, None),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    case_in_hand, ask, refusal = REFUSED[name]
    assert ask(case_in_hand) == refusal


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed(name):
    case_in_hand, ask, expected = ALLOWED[name]
    plan = ask(case_in_hand)
    assert isinstance(plan, Plan), plan
    assert (plan.rule, plan.postage, plan.refund_cents, plan.send_by) == expected


def test_the_tables_reach_every_rule_and_no_other():
    reached = {refusal.rule for _, _, refusal in REFUSED.values()} | {plan[0] for _, _, plan in ALLOWED.values()}
    assert reached == set(RULES)
    assert len(RULES) == len(set(RULES))


def at(day, hour, minute=0, second=0):
    return datetime(2026, 11, day, hour, minute, second, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("level", "reason", "signed", "last_moment"),
    [
        ("silver", "no_reason", at(3, 10), at(10, 23, 59, 59)),
        ("silver", "no_reason", at(3, 0), at(10, 23, 59, 59)),
        ("silver", "no_reason", at(3, 23, 59, 59), at(10, 23, 59, 59)),
        ("silver", "no_reason", at(4, 0), at(11, 23, 59, 59)),
        # The carrier and the clock may tell the time elsewhere: 16:30 in London is half past midnight in China.
        ("silver", "no_reason", datetime(2026, 11, 3, 16, 30, tzinfo=timezone.utc), at(11, 23, 59, 59)),
        ("gold", "no_reason", at(3, 10), at(18, 23, 59, 59)),
        ("vip", "no_reason", at(1, 10), datetime(2026, 12, 1, 23, 59, 59, tzinfo=CHINA)),
        ("silver", "damage", at(1, 10), datetime(2026, 12, 1, 23, 59, 59, tzinfo=CHINA)),
    ],
)
@pytest.mark.parametrize("state", ["delivered", "locker"])
@pytest.mark.parametrize("clock", [CHINA, timezone.utc, ZoneInfo("America/New_York")])
def test_the_last_day_counts_until_midnight_in_china(level, reason, signed, last_moment, state, clock):
    made = matter(signed=(signed,), states=((1, state),), level=level, now=last_moment.astimezone(clock))
    assert isinstance(remedies(made, (Line(1, 1),), reason), Remedies)
    too_late = remedies(replace(made, now=made.now + timedelta(seconds=1)), (Line(1, 1),), reason)
    assert isinstance(too_late, Refusal)
    assert too_late.rule == ("no_reason_window_over" if reason == "no_reason" else "defect_window_over")
    assert too_late.facts["last_day"] == last_moment.date()


def test_a_defect_on_the_last_days_of_window_and_warranty():
    made = matter(signed=(datetime(2024, 2, 29, 9, tzinfo=CHINA),))
    offers = {
        day: remedies(replace(made, now=datetime(*day, 23, 59, tzinfo=CHINA)), (Line(1, 1),), "defect")
        for day in [(2024, 3, 30), (2024, 3, 31), (2025, 2, 28), (2025, 3, 1)]
    }
    assert [offer.rule for offer in offers.values()] == ["defect_window", "warranty", "warranty", "warranty_over"]
    assert offers[(2024, 3, 30)].kinds == ("return", "exchange", "repair")
    assert offers[(2024, 3, 31)].kinds == ("repair",)


def test_each_parcel_has_its_own_window():
    made = matter(*TWO, signed=(8, 3))
    first, second = (remedies(made, (Line(position, 1),), "no_reason") for position in (1, 2))
    assert isinstance(first, Refusal)
    assert isinstance(second, Remedies)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("reason", "category", "kinds", "postage"),
    [
        ("no_reason", "shoes", ("return", "exchange"), "customer"),
        ("defect", "shoes", ("return", "exchange", "repair"), "shop"),
        ("defect", "perishable", ("return", "exchange"), "shop"),
        ("damage", "perishable", ("return", "exchange", "refund_only"), "shop"),
        ("wrong_item", "custom_made", ("exchange", "return"), "shop"),
        ("missing_item", "shoes", ("resend", "refund_only"), "none"),
        ("spoiled", "perishable", ("refund_only", "resend"), "none"),
    ],
)
def test_what_a_reason_offers_the_usual_first(reason, category, kinds, postage):
    offer = remedies(matter(item(1, category)), (Line(1, 1),), reason)
    assert isinstance(offer, Remedies)
    assert (offer.kinds, offer.postage) == (kinds, postage)


def test_an_unknown_reason_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        remedies(matter(), (Line(1, 1),), "boredom")


@pytest.mark.parametrize(
    ("made", "lines", "expected"),
    [
        (matter(state="unpaid", signed=()), None, "unpaid"),
        (matter(state="paid", signed=()), None, "not_shipped"),
        (matter(state="picking", signed=()), (Line(1, 1),), "not_shipped"),
        (matter(state="cancelled", signed=()), None, "cancelled"),
        (matter(states=((1, "shipped"),)), None, "underway"),
        (matter(states=((1, "locker"),)), None, "delivered"),
        (matter(*TWO, **HALF_WAY), None, "mixed"),
        (matter(*TWO, **HALF_WAY), (Line(1, 1),), "delivered"),
        (matter(*TWO, **HALF_WAY), (Line(2, 1),), "underway"),
        (matter(*TWO, **HALF_WAY), (Line(2, 1), Line(9, 1)), "underway"),
        (matter(*TWO, **HALF_WAY), (Line(9, 1),), "mixed"),
    ],
)
def test_how_far_the_goods_are(made, lines, expected):
    assert stage(made, lines) == expected


@pytest.mark.parametrize(
    ("kind", "state", "left"),
    [
        ("return", "open", 1),
        ("return", "done", 1),
        ("return", "rejected", 3),
        ("return", "withdrawn", 3),
        ("refund_only", "done", 1),
        ("interception", "open", 1),
        ("cancellation", "done", 1),
        *[(kind, "open", 1) for kind in ("exchange", "resend", "repair")],
        *[(kind, "done", 3) for kind in ("exchange", "resend", "repair")],
    ],
)
def test_a_case_holds_its_pieces(kind, state, left):
    made = matter(item(2), item(1, quantity=3), cases=(case(kind, (1, 2), state=state),))
    assert open_lines(made) == (Line(1, left), Line(2, 1))


def test_what_is_all_held_is_no_open_line():
    made = matter(item(1, quantity=2), cases=(case("return", (1, 1)), case("exchange", (1, 1), number="R2")))
    assert open_lines(made) == ()
    assert remedies(made, (), "defect").facts["case"] == "R1"


GIVEN_BACK_FIRST = case("return", (1, 1), reason="defect", cents=1000)


@pytest.mark.parametrize(
    ("earlier", "reason", "lines", "delivery"),
    [
        ((), "defect", ((1, 1), (2, 1)), 800),
        ((), "no_reason", ((1, 1), (2, 1)), 0),
        ((), "defect", ((1, 1),), 0),
        ((GIVEN_BACK_FIRST,), "damage", ((2, 1),), 800),
        ((replace(GIVEN_BACK_FIRST, state="rejected"),), "damage", ((2, 1),), 0),
        # One part was given back without a reason: the delivery was needed for it, whichever part came last.
        ((GIVEN_BACK_FIRST,), "no_reason", ((2, 1),), 0),
        ((case("return", (1, 1), reason="no_reason", cents=1000),), "defect", ((2, 1),), 0),
        ((case("interception", (1, 1), cents=1000),), "defect", ((2, 1),), 0),
        ((case("exchange", (1, 1), reason="no_reason", state="done"),), "defect", ((1, 1), (2, 1)), 800),
    ],
)
def test_delivery_comes_back_only_if_the_shop_is_at_fault_for_all(earlier, reason, lines, delivery):
    made = matter(item(1), item(2), cases=earlier, delivery=800)
    plan = plan_remedy(made, tuple(Line(*line) for line in lines), reason, "return")
    assert isinstance(plan, Plan)
    assert plan.delivery_cents == delivery
    assert plan.refund_cents == 1000 * len(lines) + delivery


def test_a_plan_says_all_that_is_written():
    payments = (Payment("wechat", 1500), Payment("points", 500))
    made = matter(item(1, quantity=2), item(2), discount_cents=1000, payments=payments)
    assert plan_remedy(made, (Line(2, 1), Line(1, 1), Line(1, 1)), "defect", "return") == Plan(
        kind="return",
        order_number="SO1",
        lines=(Line(1, 2), Line(2, 1)),
        reason="defect",
        rule="defect_window",
        postage="shop",
        refund=(Share("wechat", 1500), Share("points", 500)),
        delivery_cents=0,
        send_by=date(2026, 11, 27),
    )


def test_a_cancellation_holds_every_piece_and_gives_back_every_way_of_payment():
    payments = (Payment("gift_card", 2000), Payment("card", 2800))
    made = matter(item(2, quantity=3), item(1), state="paid", signed=(), delivery=800, payments=payments)
    plan = plan_cancellation(made)
    assert isinstance(plan, Plan)
    assert plan.lines == (Line(1, 1), Line(2, 3))
    assert plan.refund == (Share("gift_card", 2000), Share("card", 2800))
    assert (plan.reason, plan.delivery_cents) == (None, 800)


def test_to_hand_over_within_days_from_the_day_it_is_in_china():
    late = datetime(2026, 11, 20, 17, tzinfo=timezone.utc)  # already the 21st there
    plan = plan_remedy(matter(now=late), (Line(1, 1),), "defect", "return")
    assert isinstance(plan, Plan)
    assert plan.send_by == date(2026, 11, 28)


def test_amounts_that_contradict_each_other_stop_a_refund_but_not_an_exchange():
    made = matter(payments=(Payment("card", 1),))
    with pytest.raises(DataError, match="SO1"):
        plan_remedy(made, (Line(1, 1),), "defect", "return")
    assert isinstance(plan_remedy(made, (Line(1, 1),), "defect", "exchange"), Plan)


@pytest.fixture
def changed(tmp_path):
    """Load the demo's policy with changes made to it."""

    def load(change):
        content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
        change(content)
        file = tmp_path / "policy.yml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return load_policy(file)

    return load


def test_a_shop_may_never_give_delivery_back(changed):
    policy = changed(lambda content: content.update(delivery_refunded=[]))
    returned = plan_remedy(matter(policy=policy, delivery=800), (Line(1, 1),), "defect", "return")
    cancelled = plan_cancellation(matter(policy=policy, delivery=800, state="paid", signed=()))
    assert [(plan.refund_cents, plan.delivery_cents) for plan in (returned, cancelled)] == [(1000, 0), (1000, 0)]


def test_a_shop_may_have_no_warranty(changed):
    policy = changed(lambda content: content.update(after_defect_window="none"))
    made = matter(policy=policy, signed=(31,))
    assert remedies(made, (Line(1, 1),), "defect").rule == "defect_window_over"
    assert remedies(made, (Line(1, 1),), "no_reason").instead == ()


def test_where_repair_was_the_only_remedy_a_person_helps(changed):
    policy = changed(lambda content: content["reasons"]["defect"].update(remedies=["repair"]))
    refusal = remedies(matter(item(1, "book"), policy=policy), (Line(1, 1),), "defect")
    assert refusal == Refusal("remedy_not_offered", ("person",), {"kinds": ()})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("no_warranty"), "lacks `no_warranty`"),
        (lambda c: c.update(delivery_refunded=["always"]), "it is 'always'"),
        (lambda c: c["policy"].update(warranty_months="a year"), "a whole number from 0; it is 'a year'"),
        (lambda c: c["policy"].pop("send_back_days"), "lacks `send_back_days`"),
        (lambda c: c["return_window_by_level"].pop("gold"), "lacks `gold`"),
        (
            lambda c: (c["policy"].pop("return_days_gold"), c["return_window_by_level"].update(gold=31)),
            "a higher level must not have fewer days",
        ),
    ],
)
def test_a_policy_that_the_rules_cannot_use_is_refused(changed, change, message):
    with pytest.raises(DataError, match=message):
        changed(change)
