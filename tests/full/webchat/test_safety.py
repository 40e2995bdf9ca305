"""What is said is shown as text; the page passes axe; a shop's page opens it in a frame."""

import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import pytest
from playwright.sync_api import expect

from kefu.channels.webchat_sessions import AUDIENCE

pytestmark = pytest.mark.full

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
HTML = '<img src=x onerror="alert(1)"><b>bold</b> **stars** [link](javascript:alert(2))'


def test_customers_html_is_text_also_after_a_reload(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "zh-CN")
    chat.type(HTML)
    for _ in range(2):
        expect(chat.user).to_contain_text(HTML)
        assert chat.page.locator(".log").locator("b, script, iframe, a, img").count() == 0
        chat.page.reload()
        chat.is_online()


def test_bots_html_is_text(open_scripted: Any) -> None:
    """It is said wherever a message holds words or an address."""
    script = "javascript:alert(3)"
    said = {"text": HTML, "source": HTML, "as_of": HTML, "link": script, "image": script}
    chat = open_scripted(DESKTOP, "en-GB", {**said, "buttons": [{"title": HTML, "payload": "key"}]})
    expect(chat.bot.last).to_contain_text(HTML)
    expect(chat.page.locator(".choices button")).to_have_text(HTML)
    expect(chat.page.locator(".source")).to_contain_text(HTML)
    assert chat.page.locator(".log").locator("b, script, iframe, a, img").count() == 0


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
@pytest.mark.parametrize(
    ("locale", "asked", "answered", "too_long"),
    [
        ("zh-CN", "发票怎么开", "申请发票", "超出 1 个字"),
        ("en-GB", "How do I get an invoice?", "invoice", "1 character too long"),
    ],
)
def test_axe_finds_nothing(
    open_chat: Any,
    axe: str,
    viewport: dict[str, int],
    scheme: str,
    locale: str,
    asked: str,
    answered: str,
    too_long: str,
) -> None:
    chat = open_chat(viewport, locale)
    expect(chat.page.locator("html")).to_have_attribute("lang", locale if locale == "zh-CN" else "en")
    chat.page.emulate_media(color_scheme=scheme)
    _scan(chat.page, axe)
    chat.type(asked)
    chat.hears(answered)
    chat.page.context.set_offline(True)
    chat.page.locator("#message").fill("长" * 2001)
    expect(chat.page.locator(".room")).to_have_text(too_long)
    _scan(chat.page, axe)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_axe_finds_nothing_in_a_shop(
    open_chat: Any, shop: str, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    chat = open_chat(viewport, "zh-CN", shop)
    chat.page.emulate_media(color_scheme=scheme)
    expect(chat.page.get_by_role("button", name="Ask us")).to_be_visible()
    _scan(chat.page, axe)
    frame = _opened_frame(chat)
    frame.locator("#message").fill("hello")
    frame.locator("#message").press("Enter")
    expect(frame.locator("li.bot")).to_have_count(2, timeout=60_000)
    _scan(chat.page, axe)
    (inner,) = chat.page.frames[1:]
    _scan(inner, axe)


def _scan(page: Any, axe: str) -> None:
    """Let axe look over a page or what a frame shows; of another address's frame a page sees its outside only."""
    page.evaluate(axe)  # past the page's policy, which forbids foreign scripts
    found = page.evaluate("axe.run().then(({violations}) => violations.map(one => [one.id, one.nodes[0].html]))")
    assert found == []


def test_too_long_a_message_is_not_sent(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "en-GB")
    chat.type("x" * 2001)
    expect(chat.page.locator(".room")).to_have_text("1 character too long")
    expect(chat.page.get_by_role("button", name="Send", exact=True)).to_have_attribute("aria-disabled", "true")
    expect(chat.user).to_have_count(0)


@pytest.fixture
def shop(tmp_path: Path, server: Any) -> Iterator[str]:
    """Serve a shop's page with the script tag, from another address than the chat's."""
    script = f"""
      const tag = document.createElement("script")
      Object.assign(tag.dataset, {{lang: "en", label: "Ask us"}})
      const token = new URLSearchParams(location.search).get("token")
      if (token) tag.dataset.token = token
      tag.src = "{server.page}.js"
      document.body.append(tag)"""
    head = "<!doctype html><html lang=en><title>Shop</title>"  # nothing that axe would find in the shop's own part
    body = f"{head}<body><main><h1>Shop</h1></main><script>{script}</script>"
    (tmp_path / "index.html").write_text(body)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", server.shop_port), handler) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_one_tag_puts_it_into_a_shop(open_chat: Any, shop: str, viewport: dict[str, int]) -> None:
    chat = open_chat(viewport, "zh-CN", shop)
    button = chat.page.get_by_role("button", name="Ask us")
    expect(button).to_have_attribute("aria-expanded", "false")
    frame = _opened_frame(chat)
    expect(button).to_have_attribute("aria-expanded", "true")
    frame.locator("#message").fill("hello")
    frame.locator("#message").press("Enter")
    expect(frame.locator("li.bot")).to_have_count(2, timeout=60_000)
    frame.get_by_role("button", name="Close the chat window").click()
    expect(chat.page.locator("iframe")).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(frame.locator("li.bot")).to_have_count(2)


def test_other_pages_cannot_show_it_in_a_frame(open_chat: Any, shop: str) -> None:
    chat = open_chat(DESKTOP, "en-GB", shop.replace("127.0.0.1", "localhost"))  # another origin than `embed_in` has
    chat.page.get_by_role("button", name="Ask us").click()
    chat.page.wait_for_function("document.querySelector('kefu-chat').shadowRoot.querySelector('iframe')")
    chat.page.wait_for_timeout(1_000)
    assert [frame.url for frame in chat.page.frames[1:]] == ["chrome-error://chromewebdata/"]
    chat.faults.clear()


def test_customer_who_has_signed_in_finds_his_conversation_on_another_device(
    open_chat: Any, shop: str, server: Any
) -> None:
    claims = {"iss": "shop", "aud": AUDIENCE, "sub": uuid4().hex, "exp": time.time() + 600}
    tag = {"token": jwt.encode(claims, server.secret, "HS256")}
    phone = _opened_frame(open_chat(PHONE, "zh-CN", f"{shop}?{urlencode(tag)}"))
    phone.locator("#message").fill("said on the phone")
    phone.locator("#message").press("Enter")
    expect(phone.locator("li.bot")).to_have_count(2, timeout=60_000)
    desktop = _opened_frame(open_chat(DESKTOP, "zh-CN", f"{shop}?{urlencode(tag)}"))
    expect(desktop.locator("li.user")).to_contain_text("said on the phone")
    assert desktop.locator("main").evaluate("() => localStorage.getItem('kefu.token')") is None
    visitor = _opened_frame(open_chat(DESKTOP, "zh-CN", shop))
    expect(visitor.locator("li.user")).to_have_count(0)


def _opened_frame(chat: Any) -> Any:
    chat.page.get_by_role("button", name="Ask us").click()
    frame = chat.page.frame_locator("iframe[title='Ask us']")
    expect(frame.locator(".connection.online")).to_be_visible(timeout=30_000)
    return frame
