"""What holds for after-sales whatever the order, the cases so far and the moment are."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kefu.shop.after_sales import (
    RULES,
    Instead,
    Matter,
    Refusal,
    Remedies,
    open_lines,
    plan_cancellation,
    plan_interception,
    plan_remedy,
    remedies,
)
from kefu.shop.amounts import paid_for_pieces
from kefu.shop.cases import CASE_STATES, HOLDING, REMEDIES, Case, Line, Plan, Share
from kefu.shop.orders import (
    ARRIVED,
    LEVELS,
    ORDER_STATES,
    PARCEL_STATES,
    Bilingual,
    Item,
    Order,
    Parcel,
    ParcelEvent,
    Payment,
)
from kefu.shop.policy import load_policy

POLICY = load_policy(Path(__file__).parents[2] / "data/shop/policy.yml")
NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
REASONS = sorted(POLICY.reasons)
SHOP_REASONS = [reason for reason in REASONS if POLICY.reasons[reason].postage == "shop" and reason != "spoiled"]
# Most orders are of goods that have arrived and may go back, so that not nearly everything is refused.
STATES = ["shipped"] * 9 + list(ORDER_STATES)
PARCELS = ["delivered"] * 6 + list(PARCEL_STATES)
CATEGORIES = ["shoes", "shoes", "electronics", "book", "perishable", "custom_made", "gift_card", "opened_underwear"]
GRANTED = [(reason, remedy) for reason, rule in POLICY.reasons.items() for remedy in rule.remedies]
CONDITIONS = [*POLICY.condition.refused, *POLICY.condition.allowed, *POLICY.condition.required]
ALLOWING = set(RULES[:6])
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)

words = st.sampled_from(
    ["", "退货", "全额退款", "broken", "refund_only", "'; DROP TABLE orders", "{policy.return_days}"]
)


@st.composite
def orders(draw, states=STATES, parcel_states=PARCELS, categories=CATEGORIES, oldest=450):
    """An order as a shop may have it: a discount, several parcels, several ways of payment."""
    shipped = (state := draw(st.sampled_from(states))) == "shipped"
    parcels = tuple(
        Parcel(at, Bilingual("运", "C"), f"SF{at}", draw(st.sampled_from(parcel_states)), (_event(draw, oldest),))
        for at in range(1, draw(st.integers(1, 3)) + 1)
    )
    items = tuple(
        Item(
            position,
            f"SKU{position}",
            Bilingual("物", "thing"),
            draw(st.sampled_from(categories)),
            draw(st.integers(0, 3000)),
            draw(st.integers(1, 3)),
            draw(st.integers(1, len(parcels))) if shipped else None,
            return_excluded=draw(st.booleans()),
        )
        for position in range(1, draw(st.integers(1, 4)) + 1)
    )
    goods = sum(item.price_cents * item.quantity for item in items)
    discount, delivery = draw(st.integers(0, goods)), draw(st.sampled_from([0, 800]))
    cuts = sorted(draw(st.lists(st.integers(0, goods - discount + delivery), max_size=2)))
    ends = [0, *cuts, goods - discount + delivery]
    methods = draw(st.permutations(["wechat", "gift_card", "points"]))
    payments = tuple(
        Payment(method, more - less) for method, (less, more) in zip(methods, pairwise(ends), strict=False)
    )
    return Order("SO1", "c", state, NOW, NOW, None, delivery, items, parcels if shipped else (), discount, payments)


def _event(draw, oldest):
    hours = draw(st.integers(0, oldest * 24))
    return ParcelEvent(NOW - timedelta(hours=hours), Bilingual("已签收", "Signed for"))


def matters(**more):
    return st.builds(Matter, orders(**more), st.just(()), st.sampled_from(LEVELS), st.just(NOW), st.just(POLICY))


fresh = matters(states=["shipped"], parcel_states=["delivered", "locker"], categories=["shoes"], oldest=6)
lively = matters(
    states=["shipped", "shipped", "shipped", "paid"],
    parcel_states=["delivered", "delivered", "locker", "in_transit"],
    categories=["shoes"],
    oldest=6,
)
any_lines = st.lists(st.builds(Line, st.integers(-1, 6), st.integers(-1, 5)), max_size=4).map(tuple)
conditions = st.frozensets(st.sampled_from([*CONDITIONS, "unheard_of"]), max_size=2)


@st.composite
def lines_of(draw, order):
    """Some pieces that were bought, in any order."""
    items = draw(st.lists(st.sampled_from(order.items), min_size=1, max_size=3, unique_by=lambda item: item.position))
    return tuple(Line(item.position, draw(st.integers(1, item.quantity))) for item in items)


def wishes(order):
    """What a customer may ask for: a remedy, the cancellation, or that parcels are stopped."""
    return st.one_of(
        st.builds(lambda lines, pair: ("remedy", lines, *pair), lines_of(order), st.sampled_from(GRANTED)),
        st.tuples(st.just("remedy"), lines_of(order), st.sampled_from(REASONS), st.sampled_from(REMEDIES)),
        st.just(("cancel",)),
        st.just(("stop",)),
        st.tuples(st.just("stop"), lines_of(order)),
    )


def possible_wishes(matter):
    """What is likely to be granted: open pieces with a remedy of their reason, and parcels stopped where some move."""
    left = open_lines(matter)
    if matter.order.state == "paid" or not left:
        return st.just(("cancel",))
    chosen = st.lists(st.sampled_from(left), min_size=1, unique=True).map(tuple)
    asked = st.builds(lambda lines, pair: ("remedy", lines, *pair), chosen, st.sampled_from(GRANTED))
    one_each = asked.map(lambda wish: ("remedy", tuple(Line(line.position, 1) for line in wish[1]), *wish[2:]))
    is_moving = any(parcel.state not in ARRIVED for parcel in matter.order.parcels)
    return st.one_of(asked, one_each, *[st.just(("stop",))] * is_moving)


def answer(matter, wish):
    if wish[0] == "remedy":
        return plan_remedy(matter, *wish[1:])
    return plan_cancellation(matter) if wish[0] == "cancel" else plan_interception(matter, *wish[1:])


def filed(matter, plan):
    return replace(matter, cases=(*matter.cases, Case(f"R{len(matter.cases)}", plan, "open", NOW)))


def settled(matter, index, state):
    """The matter after its case at the index was done, rejected or withdrawn; what has ended stays as it is."""
    cases = list(matter.cases)
    if index < len(cases) and cases[index].state == "open":
        cases[index] = replace(cases[index], state=state)
    return replace(matter, cases=tuple(cases))


def given_back(cases):
    back = Counter()
    for case in cases:
        if case.state in HOLDING:
            back.update({share.method: share.cents for share in case.plan.refund})
    return back


def by_method(order):
    return Counter({payment.method: payment.cents for payment in order.payments})


def as_one_by_one(wanted):
    return [Line(line.position, 1) for line in wanted for _ in range(line.quantity)]


@EXAMPLES
@given(lively, st.data())
def test_never_more_is_refunded_than_was_paid(matter, data):
    order = matter.order
    paid, worth = by_method(order), paid_for_pieces(order)
    for _ in range(data.draw(st.integers(1, 6))):
        plan = answer(matter, data.draw(possible_wishes(matter)))
        if isinstance(plan, Plan):
            assert all(share.cents > 0 for share in plan.refund)
            dearest = sum(sum(sorted(worth[line.position])[-line.quantity :]) for line in plan.lines)
            assert 0 <= plan.refund_cents - plan.delivery_cents <= dearest
            matter = filed(matter, plan)
        matter = settled(matter, data.draw(st.integers(0, 5)), data.draw(st.sampled_from(CASE_STATES)))
        back = given_back(matter.cases)
        assert all(back[method] <= paid[method] for method in back)
        fees = [case.plan.delivery_cents for case in matter.cases if case.state in HOLDING]
        assert sum(fees) <= order.delivery_cents


@EXAMPLES
@given(fresh, st.sampled_from(["no_reason", *SHOP_REASONS]), st.data())
def test_no_piece_is_refunded_for_more_than_it_cost(matter, reason, data):
    """Cases for one item at a time: together never more than those pieces cost, even after withdrawals."""
    worth = paid_for_pieces(matter.order)
    for _ in range(data.draw(st.integers(1, 6))):
        left = open_lines(matter)
        if not left:
            break
        line = data.draw(st.sampled_from(left))
        chosen = Line(line.position, data.draw(st.integers(1, line.quantity)))
        plan = plan_remedy(matter, (chosen,), reason, _refunding(reason))
        assert isinstance(plan, Plan)
        matter = settled(filed(matter, plan), data.draw(st.integers(0, 5)), data.draw(st.sampled_from(CASE_STATES)))
        live = [case.plan for case in matter.cases if case.state in HOLDING]
        for position, pieces in worth.items():
            mine = [plan for plan in live if plan.lines[0].position == position]
            count = sum(plan.lines[0].quantity for plan in mine)
            refunded = sum(plan.refund_cents - plan.delivery_cents for plan in mine)
            assert refunded <= sum(sorted(pieces)[len(pieces) - count :])


def _refunding(reason):
    return next(kind for kind in ("return", "refund_only") if kind in POLICY.reasons[reason].remedies)


@EXAMPLES
@given(fresh, st.sampled_from(["no_reason", *SHOP_REASONS]), st.data())
def test_piece_by_piece_comes_to_what_all_at_once_does(matter, reason, data):
    remedy = _refunding(reason)
    every = open_lines(matter)
    once = plan_remedy(matter, every, reason, remedy)
    assert isinstance(once, Plan)
    for line in data.draw(st.permutations(as_one_by_one(every))):
        plan = plan_remedy(matter, (line,), reason, remedy)
        assert isinstance(plan, Plan)
        matter = filed(matter, plan)
    assert given_back(matter.cases) == +Counter({share.method: share.cents for share in once.refund})
    assert sum(case.plan.delivery_cents for case in matter.cases) == once.delivery_cents
    order = matter.order
    at_fault = reason != "no_reason"
    assert once.refund_cents == order.total_cents - (0 if at_fault else order.delivery_cents)
    if at_fault:
        assert given_back(matter.cases) == +by_method(order)


@EXAMPLES
@given(fresh, st.data())
def test_what_pieces_are_worth_does_not_hang_on_what_else_went_back(matter, data):
    assume(len(matter.order.items) > 1)
    wanted, *others = data.draw(st.permutations(open_lines(matter)))
    alone = plan_remedy(matter, (wanted,), "no_reason", "return")
    earlier = plan_remedy(matter, tuple(others), "no_reason", "return")
    afterwards = plan_remedy(filed(matter, earlier), (wanted,), "no_reason", "return")
    assert alone.refund_cents == afterwards.refund_cents


@EXAMPLES
@given(matters(states=["paid", "picking", "unpaid"]))
def test_a_cancellation_gives_back_exactly_what_was_paid(matter):
    plan = plan_cancellation(matter)
    assert isinstance(plan, Plan)
    expected = Counter() if matter.order.state == "unpaid" else +by_method(matter.order)
    assert {share.method: share.cents for share in plan.refund} == expected


def offered(matter, wanted, reason, condition=frozenset()):
    outcome = remedies(matter, wanted, reason, condition)
    return set(outcome.kinds) if isinstance(outcome, Remedies) else set()


@EXAMPLES
@given(matters(states=["shipped"], parcel_states=sorted(ARRIVED), oldest=400), conditions, st.data())
def test_a_later_moment_never_widens_a_window(matter, condition, data):
    wanted = data.draw(lines_of(matter.order))
    hours = sorted(data.draw(st.lists(st.integers(0, 500 * 24), min_size=2, max_size=2)))
    first, second = (replace(matter, now=NOW + timedelta(hours=after)) for after in hours)
    for reason in REASONS:
        assert offered(second, wanted, reason, condition) <= offered(first, wanted, reason, condition)


@EXAMPLES
@given(matters(oldest=40), st.data())
def test_a_later_moment_never_lets_more_be_cancelled_or_stopped(matter, data):
    """Whether parcels lie in a locker, are on their way or have not left: time opens nothing and pays no more."""
    wanted = data.draw(st.none() | lines_of(matter.order))
    hours = sorted(data.draw(st.lists(st.integers(0, 500 * 24), min_size=2, max_size=2)))
    first, second = (replace(matter, now=NOW + timedelta(hours=after)) for after in hours)
    for plan in (plan_cancellation, lambda asked: plan_interception(asked, wanted)):
        sooner, later = plan(first), plan(second)
        if isinstance(later, Plan):
            assert isinstance(sooner, Plan)
            assert later.refund_cents <= sooner.refund_cents


@EXAMPLES
@given(matters(states=["shipped"], parcel_states=["delivered"], categories=["shoes"], oldest=40), st.data())
def test_a_higher_level_never_has_fewer_days(matter, data):
    wanted = data.draw(lines_of(matter.order))
    for reason in REASONS:
        kinds = [offered(replace(matter, level=level), wanted, reason) for level in LEVELS]
        assert all(fewer <= more for fewer, more in pairwise(kinds))


@EXAMPLES
@given(matters(oldest=10), words, words, st.data())
def test_wording_never_matters(matter, zh, en, data):
    order, name, wish = matter.order, Bilingual(zh, en), data.draw(wishes(matter.order))
    items = tuple(replace(item, name=name, also=(zh, en)) for item in order.items)
    parcels = tuple(
        replace(parcel, carrier=name, events=tuple(replace(event, text=name) for event in parcel.events))
        for parcel in order.parcels
    )
    renamed = replace(matter, order=replace(order, items=items, parcels=parcels))
    assert answer(renamed, wish) == answer(matter, wish)


@EXAMPLES
@given(matters(oldest=10), st.sampled_from(GRANTED), st.data())
def test_the_order_of_lines_and_parcels_does_not_matter(matter, pair, data):
    reason, remedy = pair
    wanted = data.draw(lines_of(matter.order) | any_lines)
    outcome = plan_remedy(matter, wanted, reason, remedy)
    assert plan_remedy(matter, tuple(data.draw(st.permutations(wanted))), reason, remedy) == outcome
    if all(line.quantity > 0 for line in wanted):
        assert plan_remedy(matter, tuple(as_one_by_one(wanted)), reason, remedy) == outcome
    turned = replace(matter, order=replace(matter.order, parcels=matter.order.parcels[::-1]))
    assert plan_remedy(turned, wanted, reason, remedy) == outcome


@EXAMPLES
@given(matters(oldest=420), st.sampled_from(REASONS), st.sampled_from(REMEDIES), conditions, st.data())
def test_every_answer_is_a_plan_or_a_refusal_by_a_known_rule(matter, reason, remedy, condition, data):
    wanted = data.draw(lines_of(matter.order) | any_lines)
    offer = remedies(matter, wanted, reason, condition)
    plan = plan_remedy(matter, wanted, reason, remedy, condition)
    for outcome in (plan, plan_cancellation(matter), plan_interception(matter), plan_interception(matter, wanted)):
        if isinstance(outcome, Plan):
            assert outcome.rule in ALLOWING
            continue
        assert isinstance(outcome, Refusal)
        assert outcome.rule in RULES
        assert outcome.rule not in ALLOWING
        assert set(outcome.instead) <= set(get_args(Instead))
        assert not any(isinstance(fact, Plan | Share | Case) for fact in outcome.facts.values())
    # A plan comes only of an offer, under its rule; where the offer was refused, for the same reason.
    if isinstance(offer, Refusal):
        assert plan == offer
    else:
        assert isinstance(plan, Plan) == (remedy in offer.kinds)
        assert plan.rule in {offer.rule, "remedy_not_offered"}
