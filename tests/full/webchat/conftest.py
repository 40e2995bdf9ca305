"""The trained assistant behind its chat page, and headless Chromium to talk to it in."""

import contextlib
import json
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from kefu.ops.ports import local
from kefu.ops.services import Service, ended_together

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "webchat"
_START_SECONDS = 300.0
_PHONE_PX = 600
_ANSWER_MS = 60_000
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class ChatServer:
    """Both servers, over orders and conversations of their own."""

    rasa: Service
    actions: Service
    port: int
    shop_port: int  # of a page that may embed the chat's
    secret: str  # that the shop signs with

    @property
    def page(self) -> str:
        """The address of the chat page."""
        return local(self.port, "/chat")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    """Start both with this checkout's model and index (`make train`)."""
    folder = tmp_path_factory.mktemp("chat")
    port, action_port, shop_port = _free_port(), _free_port(), _free_port()
    secret = secrets.token_hex(32)
    credentials = folder / "credentials.yml"
    options = {"embed_in": [local(shop_port, "")]}
    credentials.write_text(yaml.safe_dump({"kefu.channels.webchat.WebChatChannel": options}))
    content = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    content["action_endpoint"]["url"] = local(action_port, "/webhook")
    content["orders"]["url"] = content["handoff"]["url"] = f"sqlite:///{folder}/shop.db"
    content["channels"] = {**content.get("channels", {}), "url": f"sqlite:///{folder}/channels.db"}
    content["tracker_store"]["db"] = str(folder / "tracker.db")
    endpoints = ROOT / ".endpoints-chat.yml"  # beside the original: paths in it start from there
    endpoints.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def service(name: str, command: list[str], health: str) -> Service:
        environment = {"KEFU_ENDPOINTS": str(endpoints), "KEFU_WEBCHAT_SECRET": secret, "USE_TF": "0"}
        python = str(ROOT / ".venv/bin/python")
        return Service(name, [python, *command], folder / f"{name}.log", health, ROOT, environment)

    act = ["-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(action_port)]
    actions = service("actions", act, local(action_port, "/health"))
    run = [
        "-m",
        "kefu.cli",
        "run",
        "--port",
        str(port),
        "--endpoints",
        str(endpoints),
        "--credentials",
        str(credentials),
    ]
    rasa = service("rasa", run, local(port, "/webhooks/webchat/"))
    try:
        with ended_together([actions, rasa]):
            for one in (actions, rasa):
                one.start()
            for one in (actions, rasa):
                one.wait_until_ready(_START_SECONDS)
            yield ChatServer(rasa, actions, port, shop_port, secret)
    finally:
        endpoints.unlink()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium: Playwright's own is not in any package registry."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    assert program, f"`make test-full` needs {' or '.join(_CHROMIUM)}"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


class Chat:
    """A chat page as a customer uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if "Content Security" in line.text else None)
        page.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))

    @property
    def bot(self) -> Any:
        """What the assistant has said."""
        return self.page.locator("li.bot .bubble")

    @property
    def user(self) -> Any:
        """What the customer has said."""
        return self.page.locator("li.user .bubble")

    def type(self, text: str) -> None:
        """Type a message and press Enter."""
        self.page.locator("#message").fill(text)
        self.page.keyboard.press("Enter")

    def press(self, title: str) -> None:
        """Press one of the choices."""
        self.page.locator(".choices").get_by_role("button", name=title, exact=True).click()

    def hears(self, *words: str) -> None:
        """Wait until the assistant's last messages say each of these."""
        for word in words:
            expect(self.bot.filter(has_text=word).last).to_be_visible(timeout=_ANSWER_MS)
        self.is_still()

    def is_still(self) -> None:
        """Wait until nobody types."""
        expect(self.page.locator(".typing")).to_have_count(0, timeout=_ANSWER_MS)

    def is_online(self, seconds: float = 30) -> None:
        """Wait for the connection."""
        expect(self.page.locator(".connection.online")).to_be_visible(timeout=seconds * 1000)

    def said(self) -> list[str]:
        """Give every message on the page."""
        return self.page.locator("li .bubble").all_inner_texts()


OpenChat = Callable[..., Chat]


@pytest.fixture
def open_chat(browser: Browser, server: ChatServer) -> Iterator[OpenChat]:
    """Give a function that opens the page as a new visitor; afterwards no page may have had a fault."""
    chats: list[Chat] = []
    with contextlib.ExitStack() as contexts:

        def open_one(viewport: dict[str, int], locale: str, url: str | None = None) -> Chat:
            is_phone = viewport["width"] < _PHONE_PX
            context = browser.new_context(viewport=viewport, locale=locale, has_touch=is_phone, is_mobile=is_phone)
            contexts.callback(context.close)
            chats.append(Chat(context.new_page()))
            chats[-1].page.goto(url or server.page)
            if url is None:
                chats[-1].is_online()
            return chats[-1]

        yield open_one
        assert [fault for chat in chats for fault in chat.faults] == []


@pytest.fixture
def open_scripted(open_chat: OpenChat, server: ChatServer) -> OpenChat:
    """Give a function that opens the page before a server which says just these messages."""

    def open_one(viewport: dict[str, int], locale: str, *said: dict[str, Any]) -> Chat:
        chat = open_chat(viewport, locale, "about:blank")
        polls = _polls(said)

        def play(route: Route) -> None:
            if route.request.method == "POST":
                route.fulfill(body="ok")
            elif polls:
                route.fulfill(body=polls.pop(0))

        chat.page.route("**/socket.io/**", play)
        chat.page.goto(server.page)
        chat.is_online()
        return chat

    return open_one


def _polls(said: Sequence[dict[str, Any]]) -> list[str]:
    """Write the answers to Engine.IO's first polls: the connection, the session, and what is said in it."""
    confirm = {"token": "t", "session_id": "s", "last_id": len(said), "typing": False, "reset": False}
    messages = [["bot_uttered", {"id": number, "time": 0, **one}] for number, one in enumerate(said, 1)]
    events = ["42" + json.dumps(event) for event in (["session_confirm", confirm], *messages)]
    return [
        '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}',
        '40{"sid":"b"}',
        "\x1e".join([*events, '430[{"ok":true}]']),
    ]


@pytest.fixture(scope="session")
def axe() -> str:
    """Give axe-core, which webchat/package-lock.json pins."""
    script = SOURCES / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=SOURCES, check=True, timeout=600)
    return script.read_text(encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
