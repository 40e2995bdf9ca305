"""Conversations are in the SQL store that the project's own endpoints.yml names, and outlive the server."""

import shutil
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from kefu.cli.init import create_project
from kefu.server.run import prepare
from kefu.server.tracker_store import careful

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["repository", "kefu init"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's endpoints.yml, or that of a new shop, in a folder where nothing was ever started."""
    folder = tmp_path / "shop"
    if request.param == "kefu init":
        create_project(folder)
    else:
        folder.mkdir()
        for name in ("endpoints.yml", "domain.yml"):
            shutil.copy2(ROOT / name, folder / name)
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models" / "20260101.tar.gz").touch()
    monkeypatch.setenv("KEFU_ENDPOINTS", "")  # so that what a start sets is taken back
    monkeypatch.setenv("TICKET_LOCK_LIFETIME", "60")
    monkeypatch.chdir(folder)
    return folder


def store_as_rasa_reads_it(domain: Domain) -> TrackerStore:
    """Do as `rasa run` does with its option --endpoints."""
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    return TrackerStore.create(endpoints.tracker_store, domain)


async def test_the_store_is_sql_in_a_file_of_the_project(project: Path) -> None:
    prepare([])
    store = careful(store_as_rasa_reads_it(Domain.empty()), Domain.empty())._tracker_store
    assert isinstance(store, SQLTrackerStore)
    assert store.engine.dialect.name == "sqlite"
    assert (project / ".kefu" / "tracker.db").is_file()


async def test_a_conversation_is_there_after_a_new_start(project: Path) -> None:
    prepare([])
    domain = Domain.load("domain.yml")
    store = careful(store_as_rasa_reads_it(domain), domain)
    said = await store.get_or_create_tracker("kim")
    heard = UserUttered("我要退货，SO20260016", {"name": "request_return", "confidence": 1.0}, [])
    said.update_with_events([ActionExecuted("action_listen"), heard], domain)
    said.update_with_events([SlotSet("order_number", "SO20260016"), BotUttered("手机号后四位？")], domain)
    await store.save(said)

    store = careful(store_as_rasa_reads_it(domain), domain)
    found = await store.retrieve("kim")
    assert found is not None
    assert found.get_slot("order_number") == "SO20260016"
    assert found.latest_message is not None and found.latest_message.text == "我要退货，SO20260016"
    assert [event.text for event in found.events if isinstance(event, BotUttered)] == ["手机号后四位？"]
    assert await store.retrieve("lee") is None
