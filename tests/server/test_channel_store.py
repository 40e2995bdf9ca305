"""What channels share: events and choices in the store, the rate of a sender, notices, secrets."""

import stat

import pytest
from rasa.shared.core.domain import Domain

from kefu.channels.backlog import KEPT, Backlog
from kefu.channels.intake import as_words
from kefu.channels.notices import TOO_FAST, WORDS_ONLY, notice
from kefu.channels.rate_limit import RateLimiter
from kefu.channels.secret_file import secret_of
from kefu.channels.store import ChannelStore
from kefu.database import Database
from kefu.errors import SettingsError


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path):
    return Database(f"sqlite:///{tmp_path}/channels.db")


def test_event_is_new_once_also_for_another_process(database, tmp_path):
    store = ChannelStore(database)
    other = ChannelStore(Database(f"sqlite:///{tmp_path}/channels.db"))
    assert store.is_new("slack", "Ev1")
    assert not store.is_new("slack", "Ev1")
    assert not other.is_new("slack", "Ev1")
    assert store.is_new("telegram", "Ev1")
    store.forget("slack", "Ev1")
    assert other.is_new("slack", "Ev1")


def test_events_of_yesterday_are_swept(database, clock):
    store = ChannelStore(database, clock)
    store.is_new("slack", "old")
    clock.now += 25 * 3600
    for number in range(250):
        store.is_new("slack", f"n{number}")
    assert store.is_new("slack", "old")


def test_choice_is_good_once_and_in_its_conversation(database):
    store = ChannelStore(database)
    yes, no = store.offer("kim", ["/affirm", "/deny"])
    assert yes != no and len(yes) <= 64
    assert store.choose("eve", yes) is None
    assert store.choose("kim", "made-up") is None
    assert store.choose("kim", yes) == "/affirm"
    assert store.choose("kim", yes) is None
    assert store.choose("kim", no) is None


def test_choices_close_when_the_customer_says_something_else(database):
    store = ChannelStore(database)
    (key,) = store.offer("kim", ["/affirm"])
    store.close_choices("kim")
    assert store.choose("kim", key) is None


def test_sender_is_told_once_and_passes_again_when_there_is_room(clock):
    limiter = RateLimiter(per_minute=60, burst=4, clock=clock)
    assert [limiter.ask("kim") for _ in range(7)] == ["pass"] * 4 + ["tell", "ignore", "ignore"]
    assert limiter.ask("eve") == "pass"
    assert 0 < limiter.seconds_to_wait("kim") <= 1
    clock.now += 1
    assert [limiter.ask("kim"), limiter.ask("kim")] == ["pass", "ignore"]
    clock.now += 60
    assert [limiter.ask("kim") for _ in range(5)][-1] == "tell"


def test_limiter_keeps_a_bounded_number_of_senders(clock):
    limiter = RateLimiter(per_minute=60, burst=4, clock=clock)
    for number in range(10_050):
        limiter.ask(str(number))
    assert len(limiter) == 10_000


def test_no_limit(clock):
    limiter = RateLimiter(per_minute=0, burst=1, clock=clock)
    assert {limiter.ask("kim") for _ in range(100)} == {"pass"}


def test_backlog_numbers_go_on_over_a_restart_and_are_bounded(database, clock):
    backlog = Backlog(database, 24, clock)
    for number in range(KEPT + 5):
        backlog.add("s", "bot", {"text": str(number)})
    again = Backlog(database, 24, clock)
    assert again.add("s", "user", {"text": "hi"}, "c1").id == KEPT + 6
    assert again.known("s", "c1") == KEPT + 6
    assert again.known("other", "c1") is None
    kept = again.after("s", 0)
    assert [message.id for message in kept] == list(range(7, KEPT + 7))
    assert again.after("other", 0) == []


def test_backlog_forgets_after_its_time(database, clock):
    backlog = Backlog(database, 24, clock)
    backlog.add("s", "bot", {"text": "1"})
    clock.now += 25 * 3600
    assert backlog.after("s", 0) == []
    assert backlog.add("s", "bot", {"text": "2"}).id == 2


def test_acknowledged_number_only_grows_and_is_one_that_was_given(database):
    backlog = Backlog(database, 24)
    backlog.add("s", "bot", {})
    backlog.add("s", "bot", {})
    for number in (2, 1, 99):
        backlog.acknowledge("s", number)
    assert backlog.state("s") == (2, 2)
    assert backlog.state("nobody") == (0, 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/affirm", "affirm"),
        (' / affirm{"a": 1}', 'affirm{"a": 1}'),
        ("//restart", "restart"),
        ("hello / there", "hello / there"),
        ("/", ""),
        ("\u200b/affirm", "affirm"),
        ("\ufeff /\u200b/restart", "restart"),
        ("\u200bhello", "\u200bhello"),
    ],
)
def test_what_is_typed_is_no_payload(typed, words):
    assert as_words(typed) == words


class _Agent:
    tracker_store = None
    domain = Domain.from_yaml(
        """
        version: "3.1"
        slots: {language: {type: text, mappings: [{type: custom}]}}
        responses:
          utter_too_fast:
          - {text: 慢点, condition: [{type: slot, name: language, value: zh}]}
          - {text: slow, condition: [{type: slot, name: language, value: en}]}
          - {text: both}
        """
    )


@pytest.mark.parametrize(
    ("text", "hint", "said"),
    [
        ("你好", "en", "慢点"),
        ("hello", "zh", "slow"),
        (None, "zh-hans", "慢点"),
        (None, "de", "slow"),
        (None, None, "both"),
    ],
)
async def test_notice_is_in_the_customers_language(text, hint, said):
    assert await notice(TOO_FAST, _Agent, "kim", text, hint) == said


async def test_notice_without_a_domain_is_built_in():
    assert "文字" in await notice(WORDS_ONLY, None, "kim", None, "zh")
    assert "text" in await notice(WORDS_ONLY, None, "kim", None, "en")


def test_secret_is_made_once_and_read_by_nobody_else(tmp_path, monkeypatch):
    monkeypatch.delenv("SOME_SECRET", raising=False)
    file = tmp_path / "new" / "secret"
    secret = secret_of("SOME_SECRET", file)
    assert secret_of("SOME_SECRET", file) == secret and len(secret) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret"]
    monkeypatch.setenv("SOME_SECRET", "x" * 32)
    assert secret_of("SOME_SECRET", file) == "x" * 32
    monkeypatch.setenv("SOME_SECRET", "short")
    with pytest.raises(SettingsError, match="at least 32"):
        secret_of("SOME_SECRET", file)
