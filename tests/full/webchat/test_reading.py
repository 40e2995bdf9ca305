"""What is said can be read: long answers from their beginning, sources behind their links, and all of it enlarged."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.full

PHONE, DESKTOP = {"width": 390, "height": 500}, {"width": 1280, "height": 800}
ENLARGED = {"width": 195, "height": 422}  # what a phone's page has at 200 %
SHORT, LONG = {"text": "您好"}, {"text": "第一行\n" + "又一行\n" * 40}
PAGE = "https://help.example/returns"


def test_a_source_is_a_link_to_its_page_with_its_date(open_scripted: Any) -> None:
    chat = open_scripted(
        DESKTOP, "en-GB", {"text": "7 days", "source": "Returns", "as_of": "2026-11-20", "link": PAGE}
    )
    expect(chat.page.locator(".source")).to_have_text("Source: Returns as of 2026-11-20")
    link = chat.page.get_by_role("link", name="Returns")
    expect(link).to_have_attribute("href", PAGE)
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_source_without_a_page_is_words(open_scripted: Any) -> None:
    chat = open_scripted(DESKTOP, "en-GB", {"text": "7 days", "source": "the shop's catalogue", "as_of": "2026-11-20"})
    expect(chat.page.locator(".source")).to_have_text("Source: the shop's catalogue as of 2026-11-20")
    assert chat.page.get_by_role("link").count() == 0


def test_a_long_answer_is_shown_from_its_beginning(open_scripted: Any) -> None:
    chat = open_scripted(PHONE, "zh-CN", SHORT, LONG)
    chat.page.wait_for_function("log => log.scrollTop > 0", arg=chat.page.locator(".log").element_handle())
    chat.page.wait_for_timeout(500)  # whatever else scrolls has done so
    top = chat.page.locator("li").last.evaluate("li => li.offsetTop - li.closest('.log').scrollTop")
    assert 0 <= top < PHONE["height"] / 4
    chat.page.get_by_role("button", name="看最新消息").click()
    expect(chat.page.locator(".log")).to_be_focused()
    expect(chat.page.get_by_role("button", name="看最新消息")).to_be_hidden()


def test_the_end_is_followed_where_everything_fits(open_scripted: Any) -> None:
    chat = open_scripted(PHONE, "zh-CN", LONG, SHORT)
    expect(chat.bot.last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_is_out_of_sight_when_it_is_enlarged(open_scripted: Any, locale: str) -> None:
    buttons = [{"title": f"leather loafers, size {size} (EU)", "payload": str(size)} for size in range(36, 44)]
    chat = open_scripted(ENLARGED, locale, {"text": "Which one?", "buttons": buttons})
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= ENLARGED["width"]
    for one in (chat.page.locator(".person"), chat.page.locator(".connection"), chat.page.locator("#message")):
        expect(one).to_be_in_viewport(ratio=1)


def test_own_words_are_not_read_out_and_the_assistants_are(open_chat: Any) -> None:
    chat = open_chat(DESKTOP, "en-GB")
    expect(chat.page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    chat.type("hello")
    expect(chat.user).to_have_attribute("aria-live", "off")
    assert chat.bot.first.get_attribute("aria-live") is None
