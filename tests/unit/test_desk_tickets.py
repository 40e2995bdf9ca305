"""Tickets: numbers, one open ticket for each conversation, and what a second request adds."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from kefu.database import Database
from kefu.desk.tickets import Line, Request, TicketDesk
from kefu.errors import StoreError
from tests.clock import Clock

ASKED = Request("conversation", "zh", "no_answer", messages=(Line("customer", "你们老板是谁"),))


NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # in China: people are there


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def desk(database_url, clock):
    desk = TicketDesk(Database(database_url), clock, ZoneInfo("Asia/Shanghai"))
    desk.prepare()
    desk.prepare()
    return desk


def test_a_ticket_is_read_back_as_it_was_opened(desk, clock):
    ticket = desk.open(ASKED)
    assert ticket.number == "T20261120-0001"
    assert ticket.created == clock.now
    assert desk.of_conversation("conversation") == [ticket]


def test_the_draft_of_a_form_goes_with_it_and_is_kept(desk):
    draft = {"lines": [[1, 2]], "reason": "defect"}
    assert desk.open(replace(ASKED, draft=draft)).request.draft == draft
    desk.open(ASKED)
    assert desk.of_conversation("conversation")[0].request.draft == draft


def test_asking_twice_gives_one_number(desk):
    assert desk.open(ASKED).number == desk.open(ASKED).number
    assert len(desk.of_conversation("conversation")) == 1


def test_numbers_count_through_the_day_of_the_shop(desk, clock):
    assert desk.open(replace(ASKED, conversation="a")).number == "T20261120-0001"
    clock.now = datetime(2026, 11, 20, 15, 59, tzinfo=timezone.utc)  # 23:59 in Shanghai
    assert desk.open(replace(ASKED, conversation="b")).number == "T20261120-0002"
    clock.now += timedelta(minutes=1)
    assert desk.open(replace(ASKED, conversation="c")).number == "T20261121-0001"


def test_after_it_is_closed_a_conversation_gets_a_new_one(desk):
    first = desk.open(ASKED)
    desk.close(first.number)
    second = desk.open(ASKED)
    assert second.number != first.number
    assert [ticket.is_open for ticket in desk.of_conversation("conversation")] == [False, True]


def test_a_second_request_brings_the_newer_lines_and_the_order(desk):
    desk.open(ASKED)
    later = replace(ASKED, reason="return", order_number="SO20260001", messages=(Line("customer", "我要退货"),))
    request = desk.open(later).request
    assert request.messages == later.messages
    assert request.order_number == "SO20260001"
    assert request.reason == "no_answer"  # why it was opened


def test_a_plain_wish_for_a_person_takes_the_later_reason(desk):
    desk.open(replace(ASKED, reason="human"))
    assert desk.open(replace(ASKED, reason="return")).request.reason == "return"


def test_a_named_order_does_not_replace_a_proven_one(desk):
    desk.open(replace(ASKED, order_number="SO20260001", order_proven=True))
    request = desk.open(replace(ASKED, order_number="SO20260004")).request
    assert (request.order_number, request.order_proven) == ("SO20260001", True)


@pytest.mark.parametrize("conversations", [4, 12])
def test_requests_at_once_get_one_ticket_for_each_conversation_and_no_number_twice(desk, conversations):
    numbers = []
    barrier = threading.Barrier(2 * conversations)

    def ask(position):
        barrier.wait()
        numbers.append(desk.open(replace(ASKED, conversation=f"c{position % conversations}")).number)

    threads = [threading.Thread(target=ask, args=(position,)) for position in range(2 * conversations)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == sorted([f"T20261120-{serial:04d}" for serial in range(1, conversations + 1)] * 2)


@pytest.mark.parametrize("number", ["", "T20261120", "T2026-1", "x-y"])
def test_a_number_that_is_none_is_refused(desk, number):
    with pytest.raises(StoreError, match="T20261120-0007"):
        desk.close(number)
