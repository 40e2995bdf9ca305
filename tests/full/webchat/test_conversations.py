"""A return in the chat page, in both languages, over a reload and a lost connection, and without a mouse."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.full

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def test_return_in_chinese_at_phone_width_with_a_reload_in_the_middle(open_chat: Any) -> None:
    chat = open_chat(PHONE, "zh-CN")
    chat.press("我要退货")
    chat.hears("订单号")
    chat.type("SO20260016")
    chat.hears("后四位")
    chat.type("8063")
    chat.hears("原因")
    before = chat.said()
    chat.page.reload()
    chat.is_online()
    expect(chat.bot).to_have_count(4)
    assert chat.said() == before
    chat.type("买错了，不想要了，还没拆")
    chat.hears("预计退款 159 元")
    width = chat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing sticks out"
    chat.press("确认提交")
    chat.hears("退货单号 R2")
    expect(chat.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_return_in_english_at_desktop_width(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "en-GB")
    chat.press("I want to return something")
    chat.hears("order number")
    chat.type("SO20260024")
    chat.hears("last four")
    chat.type("8091")
    chat.hears("Which item")
    chat.press("leather loafers, size 38 (EU)")
    chat.hears("reason")
    chat.type("a bit too tight")
    chat.hears("307.1")
    chat.press("Yes, submit")
    chat.hears("R2", "Returns Warehouse")


def test_answer_names_its_source_with_the_date(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "zh-CN")
    chat.type("发票怎么开")
    chat.hears("申请发票")
    expect(chat.page.locator(".source")).to_contain_text("截至 20")


def test_keyboard_alone_asks_for_a_person(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "en-GB")
    keys = chat.page.keyboard
    order = []
    for _ in range(8):
        keys.press("Tab")
        order.append(chat.page.evaluate("document.activeElement.innerText || document.activeElement.tagName"))
    assert order[:2] == ["中文", "Talk to a person"] and order[-2:] == ["TEXTAREA", "Send"], order
    keys.press("Shift+Tab")
    keys.type("hello")
    keys.press("Shift+Enter")
    keys.type("is anybody there")
    expect(chat.page.locator("#message")).to_have_value("hello\nis anybody there")
    keys.press("Enter")
    expect(chat.user).to_have_count(1)
    expect(chat.bot.nth(1)).to_be_visible(timeout=60_000)
    chat.is_still()
    chat.page.get_by_role("button", name="Talk to a person").focus()
    keys.press("Enter")
    chat.hears("T2")
    expect(chat.page.locator("#message")).to_be_focused()


def test_keyboard_alone_presses_choices(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "en-GB")
    keys = chat.page.keyboard
    _tab_to(chat, "I want to return something")
    keys.press("Enter")
    chat.hears("order number")
    for said, heard in (("SO20260055", "last four"), ("8007", "Which item")):
        expect(chat.page.locator("#message")).to_be_focused()  # where the choices were, nothing is left to stand on
        keys.type(said)
        keys.press("Enter")
        chat.hears(heard)
    _tab_to(chat, "running shoes, size 42 (EU)", back=True)
    keys.press("Space")
    chat.hears("reason")
    expect(chat.page.locator("#message")).to_be_focused()


def _tab_to(chat: Any, title: str, *, back: bool = False) -> None:
    """Go from one thing to the next until the focus, which has to be seen, is on a choice."""
    choice = chat.page.locator(".choices").get_by_role("button", name=title, exact=True)
    for _ in range(20):
        chat.page.keyboard.press("Shift+Tab" if back else "Tab")
        if choice.evaluate("one => one === document.activeElement"):
            assert choice.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
            return
    raise AssertionError(f"the keyboard never comes to {title!r}")


def test_switch_of_language_is_kept(open_chat: Any) -> None:
    chat = open_chat(PHONE, "zh-CN")
    chat.page.get_by_role("button", name="English").click()
    expect(chat.page.get_by_role("heading")).to_have_text("Customer service")
    chat.page.reload()
    expect(chat.page.get_by_role("button", name="Talk to a person")).to_be_visible()
    expect(chat.page.locator("html")).to_have_attribute("lang", "en")


def test_what_is_said_while_the_server_is_away_arrives_once(open_chat: Any, server: Any) -> None:
    chat = open_chat(DESKTOP, "zh-CN")
    chat.type("你好")
    expect(chat.bot).to_have_count(2, timeout=60_000)
    server.rasa.stop()
    expect(chat.page.locator(".connection.offline")).to_be_visible(timeout=30_000)
    chat.type("转人工")
    expect(chat.page.locator(".status")).to_have_text("等待发送")
    server.rasa.start()
    server.rasa.wait_until_ready(300)
    chat.is_online(60)
    chat.hears("T2")
    expect(chat.page.locator(".status")).to_have_count(0)
    said = chat.said()
    assert sum("转人工" in one and one.startswith("您") for one in said) == 1
    assert sum("工单号" in one for one in said) == 1
    chat.page.reload()
    chat.is_online()
    expect(chat.page.locator("li .bubble")).to_have_count(len(said))
