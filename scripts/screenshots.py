"""Take README.md's pictures of the chat page from the running system.

`make serve`, then `.venv/bin/python scripts/screenshots.py [http://127.0.0.1:5005]`. Needs Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
_PATIENCE_MS = 60_000


def say(page: Page, text: str, answer: str) -> None:
    """Say something, and wait for the answer."""
    page.locator("#message").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("li.bot").filter(has_text=answer).last).to_be_visible(timeout=_PATIENCE_MS)
    expect(page.locator(".typing")).to_have_count(0, timeout=_PATIENCE_MS)


def opened(browser: Browser, address: str, locale: str, width: int, height: int) -> Page:
    """Open the chat page as a new visitor."""
    page = browser.new_context(locale=locale, viewport={"width": width, "height": height}).new_page()
    page.goto(f"{address}/chat")
    expect(page.locator(".connection.online")).to_be_visible(timeout=_PATIENCE_MS)
    return page


def taken(page: Page, name: str) -> None:
    """Keep a picture."""
    page.locator("#message").blur()
    page.wait_for_timeout(300)  # scrolling comes to an end
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file)
    print(f"{file.name}: {file.stat().st_size:,} bytes")


def main(address: str) -> None:
    """Take all of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        phone = opened(browser, address, "zh-CN", 390, 760)
        say(phone, "发票怎么开", "申请发票")
        say(phone, "退 SO20260003 里的电饭锅，坏了，手机尾号8019", "459")
        taken(phone, "chat-phone-zh")
        desktop = opened(browser, address, "en-GB", 1000, 760)
        say(desktop, "How many days do I have to return something?", "30 days")
        say(desktop, "I want to return the loafers from SO20260024, too tight, phone ends in 8091", "307.1")
        taken(desktop, "chat-desktop-en")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5005")
