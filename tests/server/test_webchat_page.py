"""The chat page and its files over HTTP, from Rasa's real Sanic app."""

import gzip
import re
from pathlib import Path

import aiohttp
import pytest
from rasa.core.run import create_http_input_channels

from kefu import channels
from kefu.channels.webchat import WebChatChannel, WebChatOptions
from kefu.channels.webchat_sessions import Sessions
from kefu.errors import SettingsError

ROOT = Path(__file__).parents[2]
FILES = {
    "/chat.js": "text/javascript; charset=utf-8",
    "/chat/chat-page.js": "text/javascript; charset=utf-8",
    "/chat/chat-page.css": "text/css; charset=utf-8",
    "/chat/embed.css": "text/css; charset=utf-8",
}


@pytest.fixture
def serve(serve_channels, channel_parts):
    async def start(**options):
        channel = WebChatChannel(channel_parts(), Sessions("x" * 40), WebChatOptions(**options))
        return (await serve_channels(channel)).url

    return start


async def get(address, **headers):
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        return response.status, response.headers, await response.text()


async def test_page_runs_its_own_files_only(serve):
    status, headers, body = await get(f"{await serve()}/chat")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "connect-src", "frame-ancestors")} == {"'self'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", body), "nothing inline"
    assert set(re.findall(r'(?:src|href)="([^"]+)"', body)) - {"data:,"} <= set(FILES)


async def test_the_credentials_of_this_assistant_serve_the_page(serve_channels, monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_ENDPOINTS", str(tmp_path / "endpoints.yml"))  # what channels keep stays in this folder
    channels_named = create_http_input_channels(None, str(ROOT / "credentials.yml"))
    url = (await serve_channels(*channels_named)).url
    status, _, body = await get(f"{url}/chat")
    assert status == 200 and "/chat/chat-page.js" in body
    assert (await get(f"{url}/chat.js"))[0] == 200
    assert (await get(f"{url}/webhooks/rest/"))[0] == 200
    assert (tmp_path / ".kefu" / "channels.db").exists()


async def test_page_knows_the_servers_settings(serve):
    _, _, body = await get(f"{await serve(socketio_path='/talk')}/chat")
    assert 'data-socketio-path="/talk"' in body and 'data-longest="2000"' in body


@pytest.mark.parametrize("address", FILES)
async def test_files_are_served_and_kept_by_the_browser(serve, address):
    url = await serve()
    status, headers, body = await get(url + address)
    assert (status, headers["Content-Type"]) == (200, FILES[address])
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-cache"
    assert body
    status, _, body = await get(url + address, **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, "")


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br", "gzip"), ("identity", None), ("gzip;q=0", None)]
)
async def test_files_travel_compressed_to_who_can_read_that(serve, accepted, encoding):
    url = f"{await serve()}/chat/chat-page.js"
    headers = {"Accept-Encoding": accepted}
    async with aiohttp.ClientSession(auto_decompress=False) as session, session.get(url, headers=headers) as response:
        body = await response.read()
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"
    content = (Path(channels.__file__).parent / "webchat_files" / "chat-page.js").read_bytes()
    assert (gzip.decompress(body) if encoding else body) == content


async def test_shops_may_show_it_in_a_frame(serve):
    shops = ["https://shop.example", "https://other.example:8443"]
    _, headers, _ = await get(f"{await serve(embed_in=shops)}/chat")
    assert headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {shops[0]} {shops[1]}")


@pytest.mark.parametrize("wrong", ["shop.example", "https://shop.example/x", "https://a.example;script-src"])
async def test_what_is_no_origin_is_refused(serve, wrong):
    with pytest.raises(SettingsError, match="must be a list of origins"):
        await serve(embed_in=[wrong])


async def test_shop_with_a_page_of_its_own_needs_none(serve):
    assert (await get(f"{await serve(page=False)}/chat"))[0] == 404


async def test_no_other_file_is_served(serve):
    url = await serve()
    for address in ("/chat/chat.html", "/chat/../webchat.py", "/chat/%2e%2e/webchat.py"):
        assert (await get(url + address))[0] == 404
