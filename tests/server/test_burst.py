"""A burst of short messages is answered once. Time is the test's own: nothing here waits."""

import asyncio

import pytest

from kefu.server.burst import MAX_PIECES, BurstJoiner, is_complete, join_pieces


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, sleeper))
        await sleeper

    async def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        for at, sleeper in self._sleepers:
            if at <= self.now + 1e-9 and not sleeper.done():
                sleeper.set_result(None)
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def joiner(clock):
    return BurstJoiner(1.0, sleep=clock.sleep, clock=clock)


@pytest.fixture
def say(joiner):
    async def start(text, sender="kim"):
        task = asyncio.ensure_future(joiner.join(sender, text))
        await settle()
        return task

    return start


async def test_three_pieces_are_one_message(joiner, clock, say):
    first = await say("我上周买的")
    second = await say("那个耳机")
    assert first.done()
    third = await say("坏了")
    assert second.done()
    assert not third.done()
    await clock.pass_seconds(1.0)
    assert [await first, await second, await third] == [None, None, "我上周买的，那个耳机，坏了"]
    assert len(joiner) == 0


async def test_english_pieces_are_joined_with_spaces(clock, say):
    await say("my headphones")
    last = await say("are broken")
    await clock.pass_seconds(1.0)
    assert await last == "my headphones are broken"


async def test_pieces_that_come_late_are_messages_of_their_own(clock, say):
    first = await say("你好")
    await clock.pass_seconds(1.0)
    second = await say("耳机坏了")
    await clock.pass_seconds(1.0)
    assert [await first, await second] == ["你好", "耳机坏了"]


async def test_senders_share_nothing(joiner, clock, say):
    kim = await say("耳机", sender="kim")
    lee = await say("杯子", sender="lee")
    assert len(joiner) == 2
    await clock.pass_seconds(1.0)
    assert [await kim, await lee] == ["耳机", "杯子"]


@pytest.mark.parametrize(
    "text",
    [
        "坏了。",
        "is it broken?",
        "订单SO20260001",
        "kim@example.com",
        "1234",
        "１２３４",
        "我上周在你们店里买的那个蓝牙耳机左边没有声音了",
    ],
)
async def test_complete_message_does_not_wait(joiner, say, text):
    first = await say("我上周买的")
    last = await say(text)
    assert await first is None
    assert await last == f"我上周买的，{text}"
    assert len(joiner) == 0


async def test_payload_is_no_piece_and_waits_for_what_was_being_said(joiner):
    order: list[str | None] = []

    async def turn(text: str) -> None:
        order.append(await joiner.join("kim", text))

    first = asyncio.ensure_future(turn("我上周买的"))
    await settle()
    await turn("/affirm")
    await first
    assert order == ["我上周买的", "/affirm"]
    assert len(joiner) == 0


async def test_number_of_pieces_is_bounded(say):
    tasks = [await say(f"第{number}") for number in "一二三四五六七八"]
    assert (await tasks[MAX_PIECES - 1]).count("，") == MAX_PIECES - 1
    assert not tasks[MAX_PIECES + 1].done()
    tasks[-1].cancel()


async def test_total_time_is_bounded(clock, say):
    tasks = []
    for number in "一二三四五":
        tasks.append(await say(f"第{number}"))
        await clock.pass_seconds(0.9)
    assert [task.done() for task in tasks] == [True] * 5
    assert await tasks[-1] == "第一，第二，第三，第四，第五"


async def test_message_that_comes_as_the_wait_ends_is_not_lost(joiner, clock, say):
    first = await say("我上周买的")
    clock.now += 1.0
    clock._sleepers[0][1].set_result(None)  # the wait is over, but nobody has run since
    second = asyncio.ensure_future(joiner.join("kim", "坏了。"))
    texts = await asyncio.gather(first, second)
    assert "，".join(text for text in texts if text) == "我上周买的，坏了。"


async def test_cancelled_request_leaves_nothing_behind(joiner, say):
    task = await say("我上周买的")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(joiner) == 0
    assert await joiner.join("kim", "耳机坏了。") == "耳机坏了。"


async def test_nothing_is_joined_when_off():
    assert await BurstJoiner(0).join("kim", "你好") == "你好"


def test_emoji_and_mixed_pieces():
    assert join_pieces(["耳机", "👂", "坏了"]) == "耳机，👂，坏了"
    assert join_pieces(["only one"]) == "only one"
    assert not is_complete("那个耳机")
    assert not is_complete("where is my order")


async def test_agent_answers_a_burst_once(make_agent, talk):
    agent = make_agent(burst_seconds=3600.0)
    first = asyncio.ensure_future(talk(agent, "hello"))
    await settle()
    second = asyncio.ensure_future(talk(agent, "there"))
    await settle()
    assert await first == []
    assert await talk(agent, "you.") == ["hello"]
    assert await second == []
    tracker = await agent.tracker_store.retrieve("kim")
    assert tracker.latest_message.text == "hello there you."
