"""What a caller has of a generator whose weights take minutes to load: no more waiting than of any other."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from kefu.errors import GenerationStopped, ModelBusy, ModelError
from kefu.models.fake_generator import ScriptedGenerator
from kefu.protocols import GeneratorIdentity, Message
from kefu.settings import GeneratorSettings

ASKED = [Message("user", "运费多少钱")]
PATIENCE = 10.0  # seconds after which a test has hung


class SlowToLoad(ScriptedGenerator):
    """Loads only when a test lets it, as often as it is asked to; the first so many times in vain."""

    def __init__(self, settings: GeneratorSettings, failures: int = 0) -> None:
        super().__init__(settings=settings)
        self.loads = 0
        self.is_loading, self.may_load = threading.Event(), threading.Event()
        self._failures = failures

    def _load(self) -> GeneratorIdentity:
        self.loads += 1
        self.is_loading.set()
        assert self.may_load.wait(PATIENCE)
        if self.loads <= self._failures:
            raise ModelError("The weights are not there.")
        return super()._load()


Make = Callable[..., SlowToLoad]


@pytest.fixture
def make() -> Iterator[Make]:
    """Give a maker of generators; whatever still waits to load at the end is let go."""
    made: list[SlowToLoad] = []

    def one(failures: int = 0, **options: float) -> SlowToLoad:
        made.append(SlowToLoad(GeneratorSettings(model="fake", **options), failures))  # type: ignore[arg-type]
        return made[-1]

    yield one
    for generator in made:
        generator.may_load.set()


def test_the_first_question_waits_no_longer_than_its_deadline(make: Make) -> None:
    generator = make()
    with pytest.raises(GenerationStopped, match="in time"):
        generator.complete(ASKED, timeout=0.2)
    assert generator.is_loading.is_set(), "it goes on behind the caller's back"
    with pytest.raises(GenerationStopped, match="in time"):
        generator.complete(ASKED, timeout=0.1)


def test_what_was_loaded_for_the_first_question_serves_the_next(make: Make) -> None:
    generator = make()
    with pytest.raises(GenerationStopped):
        generator.complete(ASKED, timeout=0.2)
    generator.may_load.set()
    assert generator.complete(ASKED, timeout=PATIENCE).text == "运费多少钱"
    assert generator.loads == 1
    assert len(generator.asked) == 1, "the first one had gone"


def test_who_goes_while_it_loads_is_let_go(make: Make) -> None:
    generator, gone = make(), threading.Event()
    with ThreadPoolExecutor(1) as callers:
        waits = callers.submit(generator.complete, ASKED, timeout=PATIENCE, cancel=gone)
        assert generator.is_loading.wait(PATIENCE)
        gone.set()
        with pytest.raises(GenerationStopped, match="not waited for"):
            waits.result(PATIENCE)
    assert not generator.may_load.is_set()


def test_no_more_wait_for_it_to_load_than_for_an_answer(make: Make) -> None:
    generator = make(queue=0)
    with ThreadPoolExecutor(1) as callers:
        waits = callers.submit(generator.complete, ASKED, timeout=PATIENCE)
        assert generator.is_loading.wait(PATIENCE)
        with pytest.raises(ModelBusy, match="`queue` allows no more"):
            generator.complete(ASKED)
        generator.may_load.set()
        assert waits.result(PATIENCE).text


def test_what_fails_when_nobody_waits_is_logged_and_tried_again(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    generator = make(failures=1)
    with pytest.raises(GenerationStopped):
        generator.complete(ASKED, timeout=0.2)
    generator.may_load.set()
    assert generator.complete(ASKED, timeout=PATIENCE).text
    assert generator.loads == 2
    assert "The weights are not there." in caplog.text


def test_who_still_waits_hears_why_it_cannot_be_loaded(make: Make) -> None:
    generator = make(failures=1)
    generator.may_load.set()
    with pytest.raises(ModelError, match="The weights are not there"):
        generator.complete(ASKED, timeout=PATIENCE)
