"""What begins when the action server opens its services: the generator loads, and nobody waits for it."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from kefu import models
from kefu.actions.services import load_generator, open_services
from kefu.models.fake_generator import ScriptedGenerator
from kefu.protocols import GeneratorIdentity
from kefu.settings import GeneratorSettings, HandoffSettings, OrderSettings, Settings

ROOT = Path(__file__).parents[2]


class SlowToLoad(ScriptedGenerator):
    """Loads when a test lets it."""

    def __init__(self):
        super().__init__()
        self.may_load, self.is_loaded = threading.Event(), threading.Event()

    def _load(self) -> GeneratorIdentity:
        assert self.may_load.wait(10)
        self.is_loaded.set()
        return super()._load()


@pytest.fixture
def settings(tmp_path):
    url = f"sqlite:///{tmp_path}/shop.db"
    return Settings(ROOT, orders=OrderSettings(url=url), handoff=HandoffSettings(url=url))


def test_the_generator_loads_with_the_services_and_they_do_not_wait(settings, clock, monkeypatch):
    generator, asked = SlowToLoad(), []
    monkeypatch.setattr(models, "shared_generator", lambda of: asked.append(of) or generator)
    configured = GeneratorSettings(model="fake")
    open_services(replace(settings, generator=configured), clock)
    assert not generator.is_loaded.is_set()
    generator.may_load.set()
    assert generator.is_loaded.wait(10)
    assert asked == [configured]


def test_without_a_generator_nothing_loads(caplog):
    with caplog.at_level(logging.WARNING):
        load_generator(GeneratorSettings())
    assert caplog.text == ""


@pytest.mark.parametrize("options", [{"model": "./nowhere"}, {"model": "fake", "max_tokens": 0}])
def test_a_generator_that_cannot_be_loaded_is_logged_only(caplog, options):
    with caplog.at_level(logging.WARNING):
        load_generator(GeneratorSettings(**options))
    assert "The generator could not be loaded" in caplog.text
