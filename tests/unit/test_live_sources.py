"""One contract for every source of live facts: the shop's files, a fake, and a service over real HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from kefu.errors import KefuError, LiveFactError
from kefu.knowledge.live.facts import open_facts
from kefu.knowledge.live.remote_source import RemoteSource
from kefu.knowledge.live.source import FileSource, Price
from kefu.settings import CatalogueSettings, Settings, load_settings
from kefu.shop.catalogue_reader import load_catalogue
from kefu.shop.logistics import load_logistics
from kefu.shop.policy import load_policy
from kefu.shop.promotion_reader import load_promotions
from tests.fake_source import FakeSource

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "data" / "shop"
POLICY = load_policy(SHOP / "policy.yml")
TOKEN = "a-token"
CATALOGUE = load_catalogue(SHOP / "catalogue.yml")
FILES = {
    name: json.dumps(yaml.safe_load((SHOP / f"{name}.yml").read_text(encoding="utf-8")), default=str).encode()
    for name in ("catalogue", "promotions", "logistics")
}


class ShopService:
    """A shop's own service on the loopback, over the demo shop's files; ``answers`` overrule it by path."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.statuses: list[int] = []  # of the next answers, before the right one
        self.seconds = 0.0
        self.asked: list[tuple[str, str | None]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, self.headers.get("Authorization")))
                time.sleep(service.seconds)
                status, body = service.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/shop"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> tuple[int, bytes]:
        if self.statuses:
            return self.statuses.pop(0), b"{}"
        if path in self.answers:
            return self.answers[path]
        _, _, what, *key = path.split("/")
        if what in FILES:
            return 200, FILES[what]
        found = CATALOGUE.find(key[0])
        if found is None:
            return 404, b"{}"
        if what == "stock":
            return 200, json.dumps({"stock": {each.sku: each.stock for each in found[1]}}).encode()
        return 200, json.dumps(
            {"price": found[0].price_cents / 100, "list": found[0].list_cents and found[0].list_cents / 100}
        ).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service(monkeypatch) -> Iterator[ShopService]:
    monkeypatch.setenv("KEFU_CATALOGUE_KEY", TOKEN)
    found = ShopService()
    yield found
    found.close()


def remote(service, **options):
    return RemoteSource(CatalogueSettings(**{"url": service.url, "timeout": 30.0, **options}), POLICY)


def files():
    return FileSource(SHOP / "catalogue.yml", SHOP / "promotions.yml", SHOP / "logistics.yml", POLICY)


@pytest.fixture(params=["files", "fake", "remote"])
def source(request, service):
    if request.param == "files":
        return files()
    if request.param == "remote":
        return remote(service)
    promotions = load_promotions(SHOP / "promotions.yml", POLICY)
    return FakeSource(CATALOGUE, promotions, load_logistics(SHOP / "logistics.yml"))


def test_all_sources_say_the_same(source):
    same = files()
    assert source.catalogue() == same.catalogue()
    assert source.promotions() == same.promotions()
    assert source.carriers() == same.carriers()


def test_stock_of_an_article_is_that_of_all_its_variants(source):
    assert source.stock("HM-TS") == {"HM-TS-S": 14, "HM-TS-M": 20, "HM-TS-L": 3, "HM-TS-XL": 0}
    assert source.stock("HM-TS-M") == {"HM-TS-M": 20}
    assert source.stock("HM-KB-87") == {"HM-KB-87": 17}


def test_prices_are_exact(source):
    assert source.price("HM-LF-38") == Price(32950)
    assert source.price("HM-PB-10") == Price(12990)
    assert source.price("HM-EP-210") == Price(39900, 44900)


def test_an_unknown_sku_is_none(source):
    assert source.stock("HM-XX") is None and source.price("HM-XX") is None


def test_a_changed_file_is_read_anew(tmp_path):
    for name in ("catalogue", "promotions", "logistics"):
        (tmp_path / f"{name}.yml").write_text((SHOP / f"{name}.yml").read_text(encoding="utf-8"), encoding="utf-8")
    source = FileSource(*(tmp_path / f"{name}.yml" for name in ("catalogue", "promotions", "logistics")), POLICY)
    assert source.stock("HM-KB-87") == {"HM-KB-87": 17}
    text = (tmp_path / "catalogue.yml").read_text(encoding="utf-8")
    (tmp_path / "catalogue.yml").write_text(text.replace("stock: 17", "stock: 9"), encoding="utf-8")
    assert source.stock("HM-KB-87") == {"HM-KB-87": 9}
    (tmp_path / "catalogue.yml").unlink()
    with pytest.raises(KefuError, match="cannot be read"):
        source.stock("HM-KB-87")


# The service ---------------------------------------------------------------------------------------------------------


def test_the_token_comes_from_the_environment(service, monkeypatch):
    remote(service).stock("HM-KB-87")
    monkeypatch.delenv("KEFU_CATALOGUE_KEY")
    remote(service).stock("HM-KB-87")
    assert service.asked == [("/shop/stock/HM-KB-87", f"Bearer {TOKEN}"), ("/shop/stock/HM-KB-87", None)]


def test_what_passes_is_tried_again_within_bounds(service):
    service.statuses = [503]
    assert remote(service, retries=1).stock("HM-KB-87") == {"HM-KB-87": 17}
    service.statuses = [503, 503, 503]
    with pytest.raises(LiveFactError, match="answered 503"):
        remote(service, retries=1).stock("HM-KB-87")
    assert len(service.asked) == 4


def test_a_service_that_is_away_is_left_alone_for_a_while(service):
    now = [0.0]
    source = RemoteSource(CatalogueSettings(url=service.url, timeout=30.0, retries=0), POLICY, clock=lambda: now[0])
    service.statuses = [500]
    with pytest.raises(LiveFactError, match="answered 500"):
        source.stock("HM-KB-87")
    with pytest.raises(LiveFactError, match="a moment ago"):
        source.stock("HM-KB-87")
    assert len(service.asked) == 1
    now[0] = 60.0
    assert source.stock("HM-KB-87") == {"HM-KB-87": 17}


def test_a_late_service_is_refused(service):
    service.seconds = 1.0
    with pytest.raises(LiveFactError, match=r"cannot be reached within 0\.1 s"):
        remote(service, timeout=0.1, retries=0).stock("HM-KB-87")


@pytest.mark.parametrize(
    ("path", "status", "body", "message"),
    [
        ("stock/HM-KB-87", 200, b"<html>", "something that is not JSON"),
        ("stock/HM-KB-87", 200, b"[]", "must be a mapping"),
        ("stock/HM-KB-87", 200, b'{"stock": {"HM-KB-87": -1}}', "must be a whole number from 0"),
        ("stock/HM-KB-87", 200, b'{"stock": {"HM-KB-87": "many"}}', "must be a whole number from 0"),
        ("stock/HM-KB-87", 302, b"", "answered 302"),
        ("stock/HM-KB-87", 401, b"", "answered 401"),
        ("price/HM-KB-87", 200, b'{"price": -5}', "must be a whole number from 0"),
        ("price/HM-KB-87", 200, b'{"price": 1.999}', "must be yuan with at most two decimals"),
        ("price/HM-KB-87", 200, b"{}", "lacks `price`"),
        ("catalogue", 404, b"", "answered 404"),
        ("promotions", 200, b'{"offers": {"A": {}}}', "lacks `kind`"),
    ],
)
def test_nothing_is_believed_unchecked(service, path, status, body, message):
    service.answers[f"/shop/{path}"] = (status, body)
    source = remote(service)
    ask = {"stock": source.stock, "price": source.price}.get(path.split("/")[0])
    with pytest.raises(KefuError) as error:
        ask("HM-KB-87") if ask else {"catalogue": source.catalogue, "promotions": source.promotions}[path]()
    assert message in str(error.value) and TOKEN not in str(error.value)


def test_a_sku_stays_one_part_of_the_address(service):
    assert remote(service).stock("../price/HM-KB-87?x") is None
    assert service.asked[0][0] == "/shop/stock/..%2Fprice%2FHM-KB-87%3Fx"


# The settings --------------------------------------------------------------------------------------------------------


def test_the_settings_choose_the_source(service):
    settings = Settings(ROOT, catalogue=CatalogueSettings(url=service.url, timeout=30.0, deadline=60.0))
    assert open_facts(settings).stock("HM-KB-87").value == {"HM-KB-87": 17}
    assert service.asked
    files = replace(load_settings(ROOT / "endpoints.yml").catalogue, deadline=60.0)
    assert open_facts(Settings(ROOT, catalogue=files)).stock("HM-KB-87").value == {"HM-KB-87": 17}


def test_a_shop_without_a_catalogue_has_no_live_facts(tmp_path):
    settings = Settings(tmp_path)
    with pytest.raises(LiveFactError, match="cannot be looked up"):
        open_facts(replace(settings, catalogue=CatalogueSettings(deadline=60.0)), POLICY).stock("HM-KB-87")
