"""Plain `rasa shell`: Rasa's own agent, with the generator that endpoints.yml names; choices are picked by number."""

from asyncio import Queue
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def stock_agent(model: Path, action_server: str, endpoints: Path) -> Any:
    """Rasa's own agent, as `rasa shell` makes it."""
    from rasa.core.agent import Agent
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    named = AvailableEndpoints.read_endpoints(str(endpoints)).nlg
    return Agent.load(str(model), generator=named, action_endpoint=EndpointConfig(action_server))


@pytest.fixture
def console(loop: Any, stock_agent: Any, play: Any) -> Any:
    """Give a function that types a line into a conversation, and gives what the console prints."""
    from rasa.core.channels.channel import UserMessage
    from rasa.core.channels.rest import QueueOutputChannel

    def types(text: str, sender: str) -> list[dict[str, Any]]:
        queue: Any = Queue()
        message = UserMessage(text, QueueOutputChannel(queue), sender, input_channel="cmdline")
        loop.run(stock_agent.handle_message(message))
        return [queue.get_nowait() for _ in range(queue.qsize())]

    return types


def test_two_picks_the_second_choice_and_one_the_first(console: Any) -> None:
    asked = "what do you think of my neighbour's haircut"
    for number, answer in (("2", "no hand-over"), ("1", "ticket|colleague|person")):
        (offer,) = console(asked, f"console {number}")
        assert offer["text"].endswith("\n  1. Yes, please\n  2. No, thanks") and "buttons" not in offer
        said = " ".join(reply["text"] for reply in console(number, f"console {number}"))
        assert any(word in said for word in answer.split("|")), said


def test_a_reason_is_picked_by_its_number(console: Any) -> None:
    *_, asked = console("我想退 SO20260016 的东西，8063", "console reason")
    assert "\n  1. " in asked["text"] and "buttons" not in asked
    *_, summary = console("1", "console reason")
    assert "\n  1. 确认提交\n  2. 不，要修改" in summary["text"]
    *_, changed = console("2", "console reason")
    assert "要改哪里" in changed["text"]
