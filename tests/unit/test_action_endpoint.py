"""Where the action server is, and endpoints in which it is elsewhere."""

from pathlib import Path

import pytest
import yaml

from kefu.ops.action_endpoint import action_url, endpoints_copy


@pytest.fixture
def endpoints(tmp_path: Path) -> Path:
    file = tmp_path / "endpoints.yml"
    file.write_text(
        "action_endpoint: {url: 'http://localhost:5055/webhook', token: t}\nembedding: {model: m, engine: onnx}\n",
        encoding="utf-8",
    )
    return file


def test_a_copy_differs_in_what_was_asked_for_and_is_gone_afterwards(endpoints: Path) -> None:
    before = endpoints.read_text(encoding="utf-8")
    with endpoints_copy(endpoints, 6066, embedding={"engine": "transformers"}) as copy:
        assert copy.parent == endpoints.parent
        assert action_url(copy) == "http://127.0.0.1:6066/webhook"
        assert yaml.safe_load(copy.read_text(encoding="utf-8")) == {
            "action_endpoint": {"url": "http://127.0.0.1:6066/webhook", "token": "t"},
            "embedding": {"model": "m", "engine": "transformers"},
        }
    assert not copy.exists()
    assert endpoints.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("content", ["", "action_endpoint:\n", "embedding: {model: m}\n"])
def test_no_address_is_an_empty_one(endpoints: Path, content: str) -> None:
    endpoints.write_text(content, encoding="utf-8")
    assert action_url(endpoints) == ""
    endpoints.unlink()
    assert action_url(endpoints) == ""
