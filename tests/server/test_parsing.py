"""One conversation's parse holds up no other."""

import asyncio
import threading

from rasa.engine.constants import PLACEHOLDER_MESSAGE


class HeldRunner:
    """The real graph, but parsing a text that says "slow" waits for an event."""

    def __init__(self, runner) -> None:
        self._runner = runner
        self.entered = threading.Event()
        self.released = threading.Event()
        self.parsed: list[str] = []

    def run(self, inputs, targets):
        messages = inputs.get(PLACEHOLDER_MESSAGE, [])
        self.parsed += [message.text for message in messages]
        if any("slow" in message.text for message in messages):
            self.entered.set()
            assert self.released.wait(60)
        return self._runner.run(inputs=inputs, targets=targets)


async def test_other_conversations_are_answered_while_one_is_parsed(make_agent, talk):
    agent = make_agent(parse_threads=2)
    held = agent.processor.graph_runner = HeldRunner(agent.processor.graph_runner)
    slow = asyncio.ensure_future(talk(agent, "slow hello", sender="A"))
    try:
        await asyncio.to_thread(held.entered.wait, 60)
        assert await talk(agent, "hello", sender="B") == ["hello"]
        assert not slow.done()
    finally:
        held.released.set()
    assert await slow == ["hello"]


async def test_threads_are_bounded(make_agent, talk):
    agent = make_agent(parse_threads=1)
    held = agent.processor.graph_runner = HeldRunner(agent.processor.graph_runner)
    slow = asyncio.ensure_future(talk(agent, "slow hello", sender="A"))
    await asyncio.to_thread(held.entered.wait, 60)
    other = asyncio.ensure_future(talk(agent, "hello", sender="B"))
    await asyncio.to_thread(lambda: None)
    assert not other.done()
    held.released.set()
    assert await other == ["hello"]
    assert await slow == ["hello"]
    assert agent._parsers._max_workers == 1


async def test_parse_does_not_outlive_the_turn(make_agent, talk):
    agent = make_agent(parse_threads=2, lock_lifetime=0.4)
    held = agent.processor.graph_runner = HeldRunner(agent.processor.graph_runner)
    try:
        assert await talk(agent, "slow hello") == ["we are busy"]
        tracker = await agent.tracker_store.retrieve("kim")
        assert tracker.latest_message.text == "slow hello"
        assert tracker.latest_action_name == "action_listen"
        assert agent.lock_store.get_lock("kim") is None
    finally:
        held.released.set()
    assert await talk(agent, "hello") == ["hello"]


async def test_message_that_waited_in_vain_for_a_thread_is_not_parsed_later(make_agent, talk):
    agent = make_agent(parse_threads=1, lock_lifetime=0.4)
    held = agent.processor.graph_runner = HeldRunner(agent.processor.graph_runner)
    try:
        assert await talk(agent, "slow hello", sender="A") == ["we are busy"]
        assert await talk(agent, "hello in vain", sender="B") == ["we are busy"]
    finally:
        held.released.set()
    assert await talk(agent, "hello", sender="C") == ["hello"]
    assert held.parsed == ["slow hello", "hello"]


async def test_service_for_understanding_does_not_outlive_the_turn(make_agent, talk):
    class Endless:
        async def parse(self, message):
            await asyncio.Event().wait()

    agent = make_agent(lock_lifetime=0.4)
    agent.processor.http_interpreter = Endless()
    assert await talk(agent, "hello") == ["we are busy"]


async def test_conversations_at_the_same_time_stay_apart(make_agent, talk):
    agent = make_agent(parse_threads=4)
    replies = await asyncio.gather(
        *(talk(agent, "hello" if number % 2 else "order", sender=f"s{number}") for number in range(20))
    )
    assert replies == [["hello"] if number % 2 else ["which colour"] for number in range(20)]
