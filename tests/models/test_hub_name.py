"""A name of the hub in the one line `model:`: what is asked of the hub's client, and what its failure looks like."""

import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import huggingface_hub
import numpy as np
import pytest

from kefu.cli.init import create_project
from kefu.errors import ModelError
from kefu.models import build_embedder
from kefu.settings import EmbeddingSettings

NAME = "Qwen/Qwen3-Embedding-0.6B"
TEXTS = ["我要退货", "where is my parcel"]
# What such a repository holds that no engine of ours reads.
UNREAD = ("README.md", "LICENSE", "pytorch_model.bin", "onnx/model.onnx_data", "training_args.bin")


class Hub:
    """Stands in for the client: copies what its patterns let through of one folder, and remembers what was asked."""

    def __init__(self, repository: Path, cache: Path) -> None:
        self.asked: list[str] = []
        self._repository, self._cache = repository, cache

    def snapshot_download(self, name: str, *, allow_patterns: list[str]) -> str:
        self.asked.append(name)
        snapshot = self._cache / name.replace("/", "--")
        for file in (path for path in self._repository.rglob("*") if path.is_file()):
            path = str(file.relative_to(self._repository))
            if any(fnmatch.fnmatch(path, pattern) for pattern in allow_patterns):
                (snapshot / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, snapshot / path)
        return str(snapshot)


@pytest.fixture
def hub(exported_qwen3: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The tiny model as a repository of the hub, beside files that are not wanted."""
    repository = tmp_path / "repository"
    shutil.copytree(exported_qwen3, repository)
    for name in UNREAD:
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_bytes(b"not wanted")
    stand_in = Hub(repository, tmp_path / "cache")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", stand_in.snapshot_download)
    return stand_in


@pytest.mark.parametrize("options", [{}, {"engine": "onnx"}], ids=["one line", "onnx"])
def test_a_name_of_the_hub_gives_the_vectors_of_its_files(
    hub: Hub, exported_qwen3: Path, options: dict[str, str]
) -> None:
    embedder = build_embedder(EmbeddingSettings(model=NAME, **options))  # type: ignore[arg-type]
    assert hub.asked == [], "nothing is downloaded before it is needed"
    found = embedder.embed(TEXTS, task="faq")
    local = build_embedder(EmbeddingSettings(model=str(exported_qwen3), device="cpu", engine="transformers"))
    np.testing.assert_allclose(found, local.embed(TEXTS, task="faq"), atol=1e-5)
    assert set(hub.asked) == {NAME}
    assert embedder.identity().name == NAME
    assert embedder.identity().fingerprint == local.identity().fingerprint


@pytest.mark.parametrize("options", [{}, {"engine": "onnx"}], ids=["one line", "onnx"])
def test_only_what_an_engine_reads_is_downloaded(hub: Hub, tmp_path: Path, options: dict[str, str]) -> None:
    build_embedder(EmbeddingSettings(model=NAME, **options)).warm_up()  # type: ignore[arg-type]
    snapshot = tmp_path / "cache" / NAME.replace("/", "--")
    names = {str(path.relative_to(snapshot)) for path in snapshot.rglob("*") if path.is_file()}
    assert names >= {"config.json", "model.safetensors", "tokenizer.json"}
    assert ("model.onnx" in names) == (options.get("engine") == "onnx")
    assert not names & ({*UNREAD} - ({"onnx/model.onnx_data"} if options else set()))


def test_a_repository_that_is_no_model_is_refused(hub: Hub) -> None:
    (hub._repository / "config.json").unlink()
    with pytest.raises(ModelError, match=r"no config\.json"):
        build_embedder(EmbeddingSettings(model=NAME)).warm_up()


def test_a_failed_download_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise ConnectionError("HTTPSConnectionPool: Max retries exceeded\nwith a page of reasons")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(ModelError) as refused:
        build_embedder(EmbeddingSettings(model=NAME)).embed(TEXTS)
    said = str(refused.value)
    assert NAME in said and "ConnectionError" in said and "give its folder" in said
    assert "\n" not in said and len(said) < 250


def test_without_a_network_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    """The hub's real client, sent to a port where nobody listens."""
    create_project(tmp_path / "shop")
    endpoints = tmp_path / "shop" / "endpoints.yml"
    content = endpoints.read_text(encoding="utf-8").replace("model: embedded", f"model: {NAME}")
    endpoints.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kefu.cli", "index", "--endpoints", str(endpoints)],
        env={**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("kefu: Cannot get the model"), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
