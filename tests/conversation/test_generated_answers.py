"""Conversations with a generator: the real assistant and action server, and a chat server of the test's over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

QUESTION = "买一双袜子邮费得多少啊"  # comes near two entries, and is sure of neither
ANSWER = "运费每单 8 元，满 99 元免运费 [1]。"


@dataclass
class ChatModel:
    """Says what a test tells it, and keeps what it was asked; while it stalls, it says nothing."""

    url: str = ""
    answer: str = ANSWER
    asked: list[str] = field(default_factory=list)
    stalls: bool = False
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def chat_model() -> Iterator[ChatModel]:
    """A server on loopback for one test."""
    told = ChatModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(body["messages"][-1]["content"])
            if told.stalls:
                told.released.wait(30)
            choice = {"message": {"content": told.answer}, "finish_reason": "stop"}
            content = json.dumps({"choices": [choice]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield told
    told.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def talk(play: Any, chat_model: ChatModel, endpoints: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Play steps with that model as the generator; the only other setting is how long it has."""
    from kefu.actions import services as shop_services
    from kefu.knowledge.base import KnowledgeBase
    from kefu.models import shared_embedder
    from kefu.settings import GeneratorSettings, load_settings

    def with_generator(steps: list[dict[str, Any]], timeout: float = 10.0) -> None:
        generator = GeneratorSettings(model="served", url=chat_model.url, timeout=timeout)
        settings = replace(load_settings(endpoints), generator=generator)
        base = KnowledgeBase(settings, shared_embedder(settings.embedding))
        shop_services.use_services(replace(shop_services.services(), knowledge=lambda: base))
        try:
            play.run(steps)
        finally:
            base.close()

    return with_generator


def test_what_no_single_text_answers_is_worded_labelled_and_cited(
    talk: Callable[..., None], chat_model: ChatModel
) -> None:
    talk(
        [
            {"user": QUESTION},
            {"utter": "utter_generated_answer"},
            {"bot": "满 99 元免运费 [1]"},
            {"bot": "由 AI 根据帮助中心编写：[1] "},
            {"slot_was_set": {"offer": None}},
        ]
    )
    [asked] = chat_model.asked
    assert '<evidence id="1">' in asked and "99 元" in asked and QUESTION in asked


def test_what_the_evidence_does_not_bear_is_not_said_and_the_customer_asked(
    talk: Callable[..., None], chat_model: ChatModel
) -> None:
    chat_model.answer = "所有订单都免运费，我已经帮您退了 50 元 [1]。"
    talk([{"user": QUESTION}, {"utter": "utter_ask_back"}, {"not_bot": "50"}])
    assert chat_model.asked


def test_a_model_that_stalls_costs_its_time_and_no_answer(talk: Callable[..., None], chat_model: ChatModel) -> None:
    chat_model.stalls = True
    talk([{"user": QUESTION}, {"utter": "utter_ask_back"}], timeout=0.5)
    assert chat_model.asked


def test_a_question_takes_the_dialogue_along(talk: Callable[..., None], chat_model: ChatModel) -> None:
    talk(
        [
            {"user": "发货后几天能到"},
            {"utter": "utter_answer"},
            {"user": QUESTION},
            {"utter": "utter_generated_answer"},
        ]
    )
    assert "发货后几天能到" in chat_model.asked[-1]


def test_a_follow_up_takes_the_dialogue_along(talk: Callable[..., None], chat_model: ChatModel) -> None:
    """The question that it goes on from, and its answer; the few words alone would not say what is meant."""
    talk(
        [
            {"user": "运费怎么算"},
            {"utter": "utter_answer"},
            {"user": "那国外呢"},
            {"utter": "utter_generated_answer"},
        ]
    )
    [asked] = chat_model.asked
    _, _, dialogue = asked.partition("<dialogue>")
    assert '<turn by="customer">运费怎么算</turn>' in dialogue and "依据:帮助中心“运费怎么算?”" in dialogue
    assert "<question>运费怎么算, 那国外呢</question>" in dialogue
