"""Several workers that share one Redis: the endpoints of docs/knowledge.md, against a server that speaks Redis."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fakeredis import TcpFakeServer
from rasa.core.lock_store import LockStore, RedisLockStore
from rasa.core.tracker_store import RedisTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from kefu.knowledge.cache import AnswerCache, build_cache
from kefu.knowledge.decision import Decision
from kefu.settings import load_settings

ROOT = Path(__file__).parents[2]
DOMAIN = Domain.from_dict({"slots": {"language": {"type": "text", "mappings": [{"type": "custom"}]}}})


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The example of the documentation, with the port of a server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = (ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(tracker_store:.*?)```", page, re.DOTALL)
    file = tmp_path_factory.mktemp("shop") / "endpoints.yml"
    file.write_text(example.replace("localhost", "127.0.0.1").replace("6379", str(port)), encoding="utf-8")
    server = TcpFakeServer(("127.0.0.1", port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield file
    server.shutdown()
    server.server_close()


def stores(endpoints: Path) -> tuple[TrackerStore, LockStore]:
    """Open both as a worker does when it starts."""
    read = AvailableEndpoints.read_endpoints(str(endpoints))
    return TrackerStore.create(read.tracker_store, DOMAIN), LockStore.create(read.lock_store)


async def test_a_conversation_goes_on_at_another_worker(endpoints: Path) -> None:
    (one, _), (other, _) = stores(endpoints), stores(endpoints)
    tracker = await one.get_or_create_tracker("kim")
    tracker.update_with_events(
        [UserUttered("怎么退货"), SlotSet("language", "zh"), BotUttered("七天内可以退。")], DOMAIN
    )
    await one.save(tracker)
    found = await other.retrieve("kim")
    assert found is not None and found.get_slot("language") == "zh"
    assert [event.text for event in found.events if isinstance(event, BotUttered)] == ["七天内可以退。"]
    assert await other.retrieve("lee") is None


async def test_a_conversation_that_one_worker_holds_is_waited_for_by_the_other(endpoints: Path) -> None:
    (_, one), (_, other) = stores(endpoints), stores(endpoints)
    async with one.lock("kim", lock_lifetime=5):
        ticket = other.issue_ticket("kim", 5)
        waiting = other.get_lock("kim")
        assert waiting is not None and waiting.now_serving != ticket
    freed = other.get_lock("kim")
    assert freed is not None and freed.now_serving == ticket


def test_the_three_stand_side_by_side(endpoints: Path) -> None:
    tracker_store, lock_store = stores(endpoints)
    assert isinstance(tracker_store, RedisTrackerStore) and isinstance(lock_store, RedisLockStore)
    settings = load_settings(endpoints)
    caches = [AnswerCache(build_cache(settings.cache), settings.cache.seconds) for _ in range(2)]
    caches[0].put("question", Decision("abstain", "zh", reason="not_sure"), None)
    assert caches[1].get("question") == Decision("abstain", "zh", reason="not_sure")
    numbers = [section["db"] for section in yaml.safe_load(endpoints.read_text()).values() if "db" in section]
    assert numbers == [0, 1] and settings.cache.url is not None and settings.cache.url.endswith("/2")
