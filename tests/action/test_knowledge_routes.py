"""The routes `/knowledge/…` of the real action server, on the loopback interface."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
import yaml

from kefu.actions import knowledge_routes
from kefu.knowledge.api.openapi import document
from kefu.knowledge.api.operations import Operations
from kefu.knowledge.store.store import open_store
from kefu.settings import EmbeddingSettings, KnowledgeSettings, Settings, load_settings

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-that-nobody-guesses"
ENTRY = {"question": "Can you gift-wrap my order?", "answer": "Yes, <b>gladly</b>.", "tags": ["gift"]}
ENTRIES = """
entries:
  - id: invoice
    en: {question: How do I get an invoice?, answer: Tap it.}
"""


class Server:
    """The action server of a small shop, as `kefu up` starts it."""

    def __init__(self, folder: Path, token: str | None) -> None:
        (folder / "data" / "knowledge").mkdir(parents=True)
        (folder / "data" / "shop").mkdir()
        (folder / "data" / "knowledge" / "shop.yml").write_text(ENTRIES, encoding="utf-8")
        policy = ROOT / "data" / "shop" / "policy.yml"
        (folder / "data" / "shop" / "policy.yml").write_text(policy.read_text(encoding="utf-8"), encoding="utf-8")
        self.endpoints = folder / "endpoints.yml"
        self.endpoints.write_text(yaml.safe_dump({"embedding": {"model": "fake"}}), encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "KEFU_ENDPOINTS": str(self.endpoints), "SANIC_HOST": "127.0.0.1"}
        environment.pop("KEFU_KNOWLEDGE_TOKEN", None)
        if token is not None:
            environment["KEFU_KNOWLEDGE_TOKEN"] = token
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "kefu.actions", "--port", str(port)]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(1200):
            try:
                requests.get(f"{self.url}/health", timeout=5)
                return
            except requests.ConnectionError:
                assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
                time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def ask(self, method: str, path: str, token: str | None = TOKEN, **more) -> requests.Response:
        """Send a request below `/knowledge`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, f"{self.url}/knowledge{path}", headers=headers, timeout=180, **more)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """One server with a token, and one without."""
    both = [Server(tmp_path_factory.mktemp("shop"), token) for token in (TOKEN, None)]
    try:
        for server in both:
            server.wait()
        yield both
    finally:
        for server in both:
            server.stop()


@pytest.fixture
def server(servers):
    """The one with a token; the store is empty before and after each test."""
    server = servers[0]
    yield server
    for entry in server.ask("GET", "/entries").json()["entries"]:
        server.ask("DELETE", f"/entries/{entry['id']}")


# --- access


def test_without_a_token_the_routes_are_closed_and_say_how_to_open_them(servers):
    for method, path in (
        ("GET", "/entries"),
        ("PUT", "/entries/a"),
        ("PATCH", "/entries/a"),
        ("POST", "/build"),
        ("POST", "/import"),
        ("GET", "/sequence"),
    ):
        answer = servers[1].ask(method, path, data=b"x" * 100_000)
        assert answer.status_code == 403 and "export KEFU_KNOWLEDGE_TOKEN=" in answer.json()["error"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff"]
)
def test_a_wrong_token_is_refused(server, header):
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = requests.get(f"{server.url}/knowledge/entries", headers=headers, timeout=30)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert "KEFU_KNOWLEDGE_TOKEN" in answer.json()["error"] and TOKEN not in answer.text


def test_a_token_that_can_be_guessed_closes_the_routes(monkeypatch):
    from kefu.knowledge.api.access import require_token
    from kefu.knowledge.api.errors import ApiError

    monkeypatch.setenv("KEFU_KNOWLEDGE_TOKEN", "secret")
    with pytest.raises(ApiError, match="shorter than 16") as caught:
        require_token("Bearer secret")
    assert caught.value.status == 403


# --- entries


def test_an_entry_is_put_read_changed_and_deleted(server):
    created = server.ask("PUT", "/entries/wrap?author=ann", json=ENTRY)
    assert created.status_code == 201
    record = created.json()
    assert (record["id"], record["revision"], record["author"], record["source"]) == ("wrap", 1, "ann", "http")
    assert record["en"] == {"question": ENTRY["question"], "answer": ENTRY["answer"]} and record["tags"] == ["gift"]
    assert server.ask("GET", "/entries/wrap").json() == record
    changed = server.ask("PUT", "/entries/wrap", json={**ENTRY, "answer": "是的"})
    assert changed.status_code == 200 and changed.json()["revision"] == 2 and "是的" in changed.text
    assert server.ask("PUT", "/entries/wrap", json={**ENTRY, "answer": "是的"}).json()["revision"] == 2
    assert server.ask("DELETE", "/entries/wrap?author=bob").json()["deleted"] == ["wrap"]
    assert server.ask("GET", "/entries/wrap").status_code == 404
    history = server.ask("GET", "/entries/wrap/history").json()["revisions"]
    assert [past["kind"] for past in history] == ["upsert", "upsert", "delete"]
    assert [past["author"] for past in history] == ["ann", "http", "bob"]


def test_fields_are_changed_one_by_one(server):
    server.ask(
        "PUT", "/entries/box", json={**ENTRY, "alternatives": ["Gift paper?"], "link": "https://shop.example/w"}
    )
    changed = server.ask(
        "PATCH", "/entries/box?author=bob", json={"answer": "Yes, free.", "link": None, "tags": ["w"]}
    )
    assert changed.status_code == 200, changed.text
    record = changed.json()
    assert (record["revision"], record["author"], record["tags"]) == (2, "bob", ["w"]) and "link" not in record
    assert record["en"] == {"question": ENTRY["question"], "answer": "Yes, free.", "alternatives": ["Gift paper?"]}
    both = server.ask(
        "PATCH", "/entries/box", json={"zh": {"question": "能包装吗", "answer": "能。"}, "en": {"answer": "Yes."}}
    )
    assert both.json()["zh"]["answer"] == "能。" and both.json()["en"]["question"] == ENTRY["question"]
    assert "zh" not in server.ask("PATCH", "/entries/box", json={"zh": None}).json()


def test_vectors_are_stored_along(server):
    server.ask("PUT", "/entries/wrap", json=ENTRY)
    store = open_store(load_settings(server.endpoints))
    assert store.stats().vectors["fake"] >= 1


def test_what_is_listed_is_what_fits(server):
    for name in ("a1", "a2", "a3"):
        server.ask("PUT", f"/entries/{name}", json={**ENTRY, "category": name})
    page = server.ask("GET", "/entries", params={"limit": 2, "offset": 1, "tag": "gift", "text": "GIFT-wrap"}).json()
    assert (page["total"], [entry["id"] for entry in page["entries"]]) == (3, ["a2", "a3"])
    assert server.ask("GET", "/entries?category=a2").json()["total"] == 1


def test_changes_are_told_in_their_order(server):
    before = server.ask("GET", "/sequence").json()["sequence"]
    server.ask("PUT", "/entries/wrap", json=ENTRY)
    server.ask("DELETE", "/entries/wrap")
    changes = server.ask("GET", f"/changes?after={before}").json()["changes"]
    assert [(change["seq"], change["kind"]) for change in changes] == [(before + 1, "upsert"), (before + 2, "delete")]
    assert changes[0]["entry"]["en"]["question"] == ENTRY["question"] and changes[1]["entry"] is None
    assert server.ask("GET", "/stats").json()["sequence"] == before + 2


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("GET", "/entries/nobody", None, 404, None),
        ("DELETE", "/entries/nobody", None, 404, None),
        ("GET", "/entries/nobody/history", None, 404, None),
        ("GET", "/entries?limit=0", None, 400, "limit"),
        ("GET", "/entries?limit=many", None, 400, "limit"),
        ("GET", "/entries?limit=" + "0" * 19 + "1" * 3000, None, 400, "limit"),
        ("GET", "/entries?colour=red", None, 400, "colour"),
        ("GET", "/entries?lang=fr", None, 400, "lang"),
        ("GET", "/entries?valid_at=now", None, 400, "valid_at"),
        ("GET", "/export?format=docx", None, 400, "format"),
        ("PUT", "/entries/a", b"{", 400, None),
        ("PUT", "/entries/a", b"[]", 422, None),
        ("PUT", "/entries/a", b"\xff\xfe", 400, None),
        ("PUT", "/entries/a", b"[" * 100_000, 400, None),
        ("PUT", "/entries/a", {**ENTRY, "id": "b"}, 400, "id"),
        ("PUT", "/entries/a", {"question": "Can I?"}, 422, "answer_en"),
        ("PUT", "/entries/a", {"zh": "文字"}, 422, None),
        ("PUT", "/entries/a", {**ENTRY, "answer": "x" * 100_000}, 422, "answer_en"),
        ("PUT", "/entries/a", {**ENTRY, "answer": "{policy.nonsense}"}, 422, "answer_en"),
        ("PUT", "/entries/a", {**ENTRY, "popularity": 7}, 422, "popularity"),
        ("PUT", "/entries/a", {**ENTRY, "answer": "\ud800"}, 422, "answer_en"),
        ("PUT", "/entries/a%20b", ENTRY, 422, "id"),
        ("PUT", "/entries/a?author=" + "x" * 200, ENTRY, 400, "author"),
        ("PUT", "/entries/a", b" " * 1_100_000, 413, None),
        ("POST", "/import?name=a.csv", b" " * 17_000_000, 413, None),
        ("POST", "/import?name=a.docx", b"x", 400, "format"),
        ("POST", "/import?name=a.csv&strict=maybe", b"x", 400, "strict"),
        ("POST", "/import?name=../a.csv", b"x", 400, "name"),
        ("POST", "/import?name=a.csv", b"frage,antwort\n1,2\n", 422, None),
        ("PATCH", "/entries/nobody", {"answer": "Yes."}, 404, None),
        ("POST", "/build?force=maybe", None, 400, "force"),
        ("POST", "/compact?days=-1", None, 400, "days"),
        ("GET", "/duplicates?meaning=1.5", None, 400, "meaning"),
        ("GET", "/duplicates?letters=near", None, 400, "letters"),
        ("GET", "/nothing", None, 404, None),
        ("POST", "/entries", b"x", 405, None),
    ],
)
def test_what_is_wrong_is_named_in_json(server, method, path, body, status, field):
    more = {"data": body} if isinstance(body, bytes) else {"json": body} if body else {}
    answer = server.ask(method, path, **more)
    assert answer.status_code == status, answer.text
    content = answer.json()
    assert content["error"] and set(content) <= {"error", "errors"}
    assert [error["field"] for error in content.get("errors", [])] == ([field] if field else []) or field is None
    assert server.ask("GET", "/entries").json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        ({"id": "other"}, 400, "id"),
        ({"colour": "red"}, 422, None),
        ({"answer": ""}, 422, "answer_en"),
        ({"answer": "x" * 9000}, 422, "answer_en"),
        ({"lang": "fr", "answer": "Oui."}, 422, "lang"),
        ({"popularity": 7}, 422, "popularity"),
        ({"en": None}, 422, None),
    ],
)
def test_a_change_that_cannot_be_is_named_and_leaves_the_entry_as_it_is(server, body, status, field):
    before = server.ask("PUT", "/entries/wrap", json=ENTRY).json()
    answer = server.ask("PATCH", "/entries/wrap", **({"data": body} if isinstance(body, bytes) else {"json": body}))
    assert answer.status_code == status and answer.json()["error"], answer.text
    assert field is None or [error["field"] for error in answer.json()["errors"]] == [field]
    assert server.ask("GET", "/entries/wrap").json() == before


# --- upkeep


def test_the_index_is_built_and_a_second_time_nothing_has_changed(server):
    server.ask("PUT", "/entries/wrap", json=ENTRY)
    built = server.ask("POST", "/build")
    assert built.status_code == 200, built.text
    assert built.json()["changed"] and built.json()["entries"] == 2  # with that of the project's file
    assert server.ask("POST", "/build").json()["changed"] is False
    assert server.ask("POST", "/build?force=true").json()["embedded"] > 0


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (KnowledgeSettings(index="taken/index"), "Nothing can be written to"),  # as on a full disk
        (KnowledgeSettings(vectors="milvus"), "knowledge.milvus"),
        (KnowledgeSettings(vectors="milvus", milvus="http://127.0.0.1:1"), "127.0.0.1:1"),
    ],
)
async def test_an_index_that_cannot_be_built_is_said_with_the_reason(tmp_path, monkeypatch, settings, named):
    monkeypatch.setenv("KEFU_KNOWLEDGE_TOKEN", TOKEN)
    (tmp_path / "taken").write_text("", encoding="utf-8")
    (tmp_path / "data" / "knowledge").mkdir(parents=True)
    (tmp_path / "data" / "knowledge" / "shop.yml").write_text(ENTRIES, encoding="utf-8")
    routes = knowledge_routes.Routes()
    routes._operations = Operations(Settings(tmp_path, embedding=EmbeddingSettings(model="fake"), knowledge=settings))
    request = SimpleNamespace(headers={"authorization": f"Bearer {TOKEN}"}, args={})
    answer = await knowledge_routes._guarded(routes.build)(request)
    assert answer.status == 503 and named in json.loads(answer.body)["error"]


def test_what_was_deleted_is_forgotten(server):
    server.ask("PUT", "/entries/wrap", json=ENTRY)
    server.ask("DELETE", "/entries/wrap")
    assert server.ask("POST", "/compact").json()["changes"] == 0  # it is younger than thirty days
    done = server.ask("POST", "/compact?days=0").json()
    assert done["changes"] >= 2 and done["compacted"] == server.ask("GET", "/sequence").json()["sequence"]
    revisions = server.ask("GET", "/entries/wrap/history").json()["revisions"]
    assert all(revision["entry"] is None for revision in revisions)
    assert server.ask("GET", "/changes?after=0").status_code == 410


def test_what_stands_twice_is_found(server):
    server.ask("PUT", "/entries/wrap", json=ENTRY)
    server.ask("PUT", "/entries/wrap_again", json={**ENTRY, "question": "Can you giftwrap my order?"})
    server.ask("PUT", "/entries/hours", json={"question": "When do you open?", "answer": "At nine."})
    found = server.ask("GET", "/duplicates").json()
    assert [(pair["first"], pair["second"]) for pair in found["pairs"]] == [("wrap", "wrap_again")] and found[
        "total"
    ] == 1
    assert server.ask("GET", "/duplicates?meaning=0&letters=0&limit=2").json()["total"] == 3


# --- files


def test_what_a_file_has_no_more_is_named_and_pruned_where_that_is_asked_for(server):
    old, new = b"# Opening\n\nAt nine.\n\n# Parking\n\nBehind it.\n", b"# Opening\n\nAt ten.\n"
    server.ask("POST", "/import?name=house.md", data=old)
    report = server.ask("POST", "/import?name=house.md", data=new).json()
    assert [one["question"] for one in report["gone"]] == ["Parking"] and report["deleted"] == 0
    assert server.ask("GET", "/entries").json()["total"] == 2
    report = server.ask("POST", "/import?name=house.md&prune=true", data=new).json()
    assert report["deleted"] == 1 and server.ask("GET", "/entries").json()["total"] == 1


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "yaml"])
def test_a_file_goes_out_and_comes_in(server, kind):
    server.ask("PUT", "/entries/wrap", json={**ENTRY, "alternatives": ["=1+1", "包起来"]})
    answer = server.ask("GET", f"/export?format={kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="knowledge.{kind}"'
    server.ask("DELETE", "/entries/wrap")
    report = server.ask("POST", f"/import?name=all.{kind}", data=answer.content).json()
    assert (report["added"], report["errors"], report["stored"]) == (1, [], True)
    assert server.ask("GET", "/entries/wrap").json()["en"]["alternatives"] == ["=1+1", "包起来"]


def test_bad_rows_are_named_and_the_good_ones_go_in_or_strictly_nothing(server):
    rows = "id,question,answer\na,可以退吗,可以\nb,Can I?,\n".encode("gb18030")
    strict = server.ask("POST", "/import?name=faq.csv&strict=true", data=rows)
    assert strict.status_code == 422 and server.ask("GET", "/entries").json()["total"] == 0
    dry = server.ask("POST", "/import?name=faq.csv&dry_run=1", data=rows).json()
    assert (dry["added"], dry["stored"]) == (1, False) and server.ask("GET", "/entries").json()["total"] == 0
    report = server.ask("POST", "/import?name=faq.csv&author=ann", data=rows).json()
    assert (report["added"], report["encoding"]) == (1, "gb18030")
    for errors in (strict.json()["errors"], report["errors"]):
        assert [(error["row"], error["field"]) for error in errors] == [("row 3", "answer_en")]
    assert server.ask("GET", "/entries/a").json()["source"] == "import:faq.csv"


# --- the rest of the server


def test_actions_go_on_beside_a_long_import(server):
    """A webhook call is answered while thousands of rows are embedded and stored."""
    rows = "question,answer\n" + "".join(f"Is number {n} in stock at the shop?,Yes.\n" for n in range(4000))
    done = []
    thread = threading.Thread(
        target=lambda: done.append(server.ask("POST", "/import?name=many.csv&dry_run=0", data=rows.encode()))
    )
    thread.start()
    call = {"next_action": "action_nobody", "tracker": {}, "version": "3.6.2"}
    waits = []
    while thread.is_alive():
        started = time.monotonic()
        answer = requests.post(f"{server.url}/webhook", json=call, timeout=30)
        waits.append(time.monotonic() - started)
        assert answer.status_code == 404 and answer.json()["action_name"] == "action_nobody"
        time.sleep(0.05)
    assert done[0].json()["added"] == 4000
    assert sorted(waits)[len(waits) // 2] < 1 and len(waits) > 2
    store = open_store(load_settings(server.endpoints))
    store.delete([record.entry.id for record in store.find().records], author="test")


def test_the_server_answers_as_before_outside_of_the_routes(server):
    assert requests.get(f"{server.url}/health", timeout=30).json() == {"status": "ok"}
    names = [action["name"] for action in requests.get(f"{server.url}/actions", timeout=30).json()]
    assert "action_answer_question" in names
    unknown = requests.post(f"{server.url}/nothing", json={"a": 1}, timeout=30)
    assert unknown.status_code == 500 and "not found" in unknown.json()["error"]  # rasa-sdk's own way


# --- the description


def test_the_description_and_its_page_are_open_and_need_nobody_else(servers):
    for server in servers:
        assert server.ask("GET", "/openapi.json", token=None).json() == json.loads(json.dumps(document()))
        page = server.ask("GET", "/docs", token=None)
        assert page.status_code == 200 and "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert not re.search(r"https?://|innerHTML", page.text)


def test_the_description_has_every_route_and_no_other():
    blueprint = knowledge_routes.make_blueprint()
    routes = {
        (re.sub(r"<(\w+):str>", "{id}", f"/knowledge{route.uri}"), method.lower())
        for route in blueprint._future_routes
        for method in route.methods
    }
    described = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    assert routes - described == {("/knowledge/openapi.json", "get"), ("/knowledge/docs", "get")}
    assert described <= routes


def test_every_reference_of_the_description_leads_somewhere():
    text = json.dumps(document())
    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) == set(document()["components"]["schemas"])
