"""What every featurizer of Kefu promises, one set of tests for all, and what each adds of its own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

from kefu.components.char_ngrams import CharNgramFeaturizer
from kefu.components.featurizer import EmbeddingModelError, Qwen3Featurizer
from kefu.components.messages import READ_AT_MOST
from kefu.errors import ModelError
from kefu.models import loader
from kefu.models.fake_embedder import FakeEmbedder
from kefu.models.ngram_counts import ngrams
from kefu.ops import progress
from kefu.settings import EmbeddingSettings

TEXTS = ["我要退货", "where is my parcel", "运费多少钱？", "我要换一个大一点的尺码，蓝色的", "hi"]

FEATURIZERS = {
    "dense": (Qwen3Featurizer, {"model": "fake"}, 64),
    "dense, shortened": (Qwen3Featurizer, {"model": "fake", "dimension": 32}, 32),
    "dense, small batches": (Qwen3Featurizer, {"model": "fake", "batch_size": 2}, 64),
    "dense, without cache": (Qwen3Featurizer, {"model": "fake", "cache_size": 0}, 64),
    "dense, from a server": (Qwen3Featurizer, {"model": "fake"}, 64),
    "sparse": (CharNgramFeaturizer, {}, 2**18),
    "sparse, few columns": (CharNgramFeaturizer, {"n_features": 512, "max_ngram": 2}, 512),
}


@pytest.fixture(params=FEATURIZERS)
def case(request: pytest.FixtureRequest) -> tuple[type, dict[str, Any], int]:
    kind, options, width = FEATURIZERS[request.param]
    if request.param == "dense, from a server":
        options = {**options, "url": request.getfixturevalue("embedding_server").url}
    return kind, options, width


def sentence(message: Message) -> np.ndarray | None:
    """Give a message's one row of sentence features."""
    found = [feature for feature in message.features if feature.type == FEATURE_TYPE_SENTENCE]
    if not found:
        return None
    assert len(found) == 1
    assert found[0].attribute == TEXT
    rows = found[0].features
    assert rows.shape[0] == 1
    return np.asarray(rows.todense())[0] if sp.issparse(rows) else rows[0]


class TestContract:
    def test_shape_and_content(self, case: Any, make: Any, tokenized: Any) -> None:
        kind, options, width = case
        for message in make(kind, **options).process([tokenized(text) for text in TEXTS]):
            row = sentence(message)
            assert row is not None
            assert row.shape == (width,)
            assert np.isfinite(row).all()
            assert row.any()

    def test_same_row_alone_and_in_a_batch_in_any_order(self, case: Any, make: Any, tokenized: Any) -> None:
        kind, options, _ = case
        part = make(kind, **options)
        alone = {text: sentence(part.process([tokenized(text)])[0]) for text in TEXTS}
        for message in make(kind, **options).process([tokenized(text) for text in reversed(TEXTS)]):
            np.testing.assert_allclose(sentence(message), alone[message.get(TEXT)], atol=1e-6)

    def test_training_and_parsing_give_the_same(
        self, case: Any, make: Any, tokenized: Any, training_data: Any
    ) -> None:
        kind, options, _ = case
        part = make(kind, **options)
        data = part.process_training_data(training_data({"any": TEXTS}))
        for example in data.training_examples:
            (message,) = part.process([tokenized(example.get(TEXT))])
            np.testing.assert_allclose(sentence(message), sentence(example), atol=1e-6)

    def test_payloads_have_an_empty_row(self, case: Any, make: Any, tokenized: Any) -> None:
        kind, options, width = case
        (message,) = make(kind, **options).process([tokenized('/affirm{"email":"a@b.cn"}')])
        row = sentence(message)
        assert row is not None
        assert row.shape == (width,)
        assert not row.any()

    @pytest.mark.parametrize("text", ["", "   ", "\u200b"])
    def test_messages_without_tokens_have_no_features(self, case: Any, make: Any, tokenized: Any, text: str) -> None:
        kind, options, _ = case
        (message,) = make(kind, **options).process([tokenized(text)])
        assert message.features == []

    def test_messages_without_text_pass(self, case: Any, make: Any) -> None:
        kind, options, _ = case
        (message,) = make(kind, **options).process([Message({})])
        assert message.features == []

    def test_stored_and_loaded_it_gives_the_same(
        self, case: Any, make: Any, tokenized: Any, training_data: Any
    ) -> None:
        kind, options, _ = case
        trained = make(kind, **options)
        if hasattr(trained, "train"):
            trained.train(training_data({"any": TEXTS}))
        before, after = (
            part.process([tokenized("我要退货")])[0] for part in (trained, make(kind, load=True, **options))
        )
        np.testing.assert_allclose(sentence(before), sentence(after), atol=1e-6)

    def test_an_endless_message_is_read_only_so_far(self, case: Any, make: Any, tokenized: Any) -> None:
        kind, options, _ = case
        rows = [
            sentence(make(kind, **options).process([tokenized("退换" * READ_AT_MOST + end)])[0]) for end in ("", "货")
        ]
        np.testing.assert_array_equal(*rows)

    def test_fingerprint_holds_between_calls(self, case: Any) -> None:
        kind, options, _ = case
        config = {**kind.get_default_config(), **options}
        assert kind.fingerprint_addon(config)
        assert kind.fingerprint_addon(config) == kind.fingerprint_addon(dict(config))


def endpoints(tmp_path: Path, content: str) -> None:
    (tmp_path / "endpoints.yml").write_text(content, encoding="utf-8")


class TestQwen3Featurizer:
    def test_rows_have_length_one(self, make: Any, tokenized: Any) -> None:
        (message,) = make(Qwen3Featurizer, model="fake").process([tokenized("我要退货")])
        assert np.linalg.norm(sentence(message)) == pytest.approx(1, abs=1e-5)

    def test_the_instruction_is_part_of_what_is_embedded(self, make: Any, tokenized: Any) -> None:
        rows = [
            sentence(make(Qwen3Featurizer, model="fake", instruction=words).process([tokenized("我要退货")])[0])
            for words in ("intent", "Say what the customer feels")
        ]
        assert not np.allclose(*rows)

    @pytest.mark.parametrize("text", ["……", "/greet", ""])
    def test_what_has_no_words_never_reaches_the_model(self, make: Any, tokenized: Any, text: str) -> None:
        make(Qwen3Featurizer, model="fake").process([tokenized(text)])
        (embedder,) = loader._shared.values()
        assert isinstance(embedder, FakeEmbedder)
        assert embedder.batches == []

    def test_training_data_goes_to_the_model_in_batches_and_each_text_once(
        self, make: Any, training_data: Any
    ) -> None:
        make(Qwen3Featurizer, model="fake", batch_size=4).process_training_data(training_data({"any": TEXTS * 3}))
        (embedder,) = loader._shared.values()
        assert isinstance(embedder, FakeEmbedder)
        assert embedder.batches == [4, 1]

    def test_two_components_share_one_model(self, make: Any) -> None:
        make(Qwen3Featurizer, model="fake", alias="one")
        make(Qwen3Featurizer, model="fake", alias="two")
        assert len(loader._shared) == 1

    def test_left_open_options_come_from_endpoints(self, make: Any, tokenized: Any, tmp_path: Path) -> None:
        endpoints(tmp_path, "embedding: {model: fake, dimension: 48}")
        (message,) = make(Qwen3Featurizer).process([tokenized("我要退货")])
        assert sentence(message).shape == (48,)

    def test_named_options_win_and_a_named_model_takes_no_address_from_endpoints(
        self, make: Any, tokenized: Any, tmp_path: Path
    ) -> None:
        endpoints(tmp_path, "embedding: {model: other, url: 'http://127.0.0.1:9', dimension: 48, batch_size: 7}")
        (message,) = make(Qwen3Featurizer, model="fake").process([tokenized("我要退货")])
        assert sentence(message).shape == (64,)
        assert [settings.batch_size for settings in loader._shared] == [7]

    @pytest.mark.parametrize(
        "change", ["dimension: 64", "model: fake\n  instruction: other"], ids=["dimension", "instruction"]
    )
    def test_another_model_than_the_trained_one_is_refused(
        self, make: Any, training_data: Any, tmp_path: Path, change: str
    ) -> None:
        endpoints(tmp_path, "embedding: {model: fake, dimension: 48}")
        make(Qwen3Featurizer).train(training_data({"any": TEXTS}))
        options: dict[str, Any] = {"instruction": "other"} if "instruction" in change else {}
        if not options:
            endpoints(tmp_path, "embedding: {model: fake, dimension: 64}")
        with pytest.raises(EmbeddingModelError, match="kefu train --force") as refusal:
            make(Qwen3Featurizer, load=True, **options)
        # Kefu's callers and Rasa's command line both know what to do with it.
        assert isinstance(refusal.value, ModelError)
        assert isinstance(refusal.value, RasaException)

    def test_other_weights_under_the_same_name_are_refused(
        self, make: Any, training_data: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(Qwen3Featurizer, model="fake").train(training_data({"any": TEXTS}))
        loader._shared.clear()
        identity = FakeEmbedder().identity()
        monkeypatch.setattr(
            FakeEmbedder, "_load", lambda self: type(identity)(identity.name, "new weights", identity.dim)
        )
        with pytest.raises(EmbeddingModelError, match="new weights"):
            make(Qwen3Featurizer, load=True, model="fake")

    def test_a_model_never_trained_is_refused(self, make: Any) -> None:
        with pytest.raises(EmbeddingModelError, match="kefu train --force"):
            make(Qwen3Featurizer, load=True, model="fake")

    def test_another_model_or_dimension_gives_another_fingerprint(self, tmp_path: Path) -> None:
        config = Qwen3Featurizer.get_default_config()
        addons = set()
        for content in ("{model: fake}", "{model: fake, dimension: 48}", "{model: a, url: 'http://x'}"):
            endpoints(tmp_path, f"embedding: {content}")
            addons.add(Qwen3Featurizer.fingerprint_addon(config))
        assert len(addons) == 3

    def test_while_the_server_is_away_messages_have_an_empty_row(
        self, make: Any, tokenized: Any, embedding_server: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        part = make(Qwen3Featurizer, model="fake", url=embedding_server.url, retries=0)
        part.process([tokenized("warm")])
        embedding_server.faults.append(lambda body: (500, b"{}"))
        (message,) = part.process([tokenized("我要退货")])
        assert not sentence(message).any()
        assert "/v1/embeddings answered 500" in caplog.text and "退货" not in caplog.text
        (message,) = part.process([tokenized("我要退货")])
        assert sentence(message).any(), "once it is back, it is asked again"

    def test_training_says_how_far_it_is_to_the_command_that_started_it(
        self, make: Any, training_data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        said = progress.ChildProgress(str(tmp_path), seen.append)
        for name, value in said.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(progress, "_SECONDS_BETWEEN_NOTES", 0.0)
        real = FakeEmbedder._embed_batch

        def look_and_embed(embedder: FakeEmbedder, texts: list[str]) -> np.ndarray:
            said.pass_on()
            return real(embedder, texts)

        monkeypatch.setattr(FakeEmbedder, "_embed_batch", look_and_embed)
        make(Qwen3Featurizer, model="fake", batch_size=2).process_training_data(training_data({"any": TEXTS}))
        assert seen == ["Embedding the training data 2/5", "Embedding the training data 4/5"]

    def test_training_without_the_server_fails(self, make: Any, training_data: Any, embedding_server: Any) -> None:
        part = make(Qwen3Featurizer, model="fake", url=embedding_server.url, retries=0)
        part.process([])
        embedding_server.faults.append(lambda body: (500, b"{}"))
        with pytest.raises(EmbeddingModelError, match="/v1/embeddings"):
            part.process_training_data(training_data({"a": ["我要退货"]}))

    @pytest.mark.parametrize(
        "options",
        [
            {"model": 3},
            {"model": "fake", "batch_size": "many"},
            {"model": "fake", "timeout": -1.0},
            {"model": "fake", "token_features": True},
            {"model": "fake", "url": "http://127.0.0.1:9", "token_features": True},
        ],
    )
    def test_options_that_make_no_sense_are_refused(self, make: Any, options: dict[str, Any]) -> None:
        with pytest.raises(InvalidConfigException):
            make(Qwen3Featurizer, **options)

    def test_an_unknown_model_is_refused_with_what_to_give(self) -> None:
        config = {**Qwen3Featurizer.get_default_config(), "model": "./no/such/folder"}
        with pytest.raises(EmbeddingModelError, match="hub name"):
            Qwen3Featurizer.fingerprint_addon(config)


class _WithTokens(FakeEmbedder):
    """One row for each two characters, so that model tokens and Rasa's differ."""

    def embed_tokens(self, text: str) -> tuple[np.ndarray, list[tuple[int, int]]]:
        spans = [(start, min(start + 2, len(text))) for start in range(0, len(text), 2)]
        return self.embed([text[start:end] for start, end in spans]), spans


class TestTokenFeatures:
    @pytest.fixture(autouse=True)
    def _model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            loader, "shared_embedder", lambda settings: _WithTokens(EmbeddingSettings(model="fake", dimension=32))
        )

    def test_one_row_for_each_token(self, make: Any, tokenized: Any) -> None:
        (message,) = make(Qwen3Featurizer, model="fake", token_features=True).process([tokenized("我要退货ok")])
        sequence, row = message.get_dense_features(TEXT, [])
        assert sequence.features.shape == (5, 32)
        assert row.features.shape == (1, 32)
        rows = sequence.features
        np.testing.assert_allclose(rows[0], rows[1], atol=1e-6)  # one model token covers both
        assert not np.allclose(rows[1], rows[2])
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)

    def test_a_payload_has_empty_rows(self, make: Any, tokenized: Any) -> None:
        (message,) = make(Qwen3Featurizer, model="fake", token_features=True).process([tokenized("/affirm")])
        sequence, _ = message.get_dense_features(TEXT, [])
        assert sequence.features.shape == (2, 32)
        assert not sequence.features.any()


class TestCharNgrams:
    def test_ngrams_span_chinese_characters_and_edges(self) -> None:
        assert set(ngrams("退货", 1, 3)) == {"退", "货", " 退", "退货", "货 ", " 退货", "退货 "}

    def test_full_width_and_case_do_not_matter(self) -> None:
        assert ngrams("ＶＩＰ会员", 1, 4) == ngrams("vip会员", 1, 4)

    def test_nothing_readable_has_none(self) -> None:
        assert ngrams("\u200b\ufe0f ", 1, 4) == []

    def test_emoji_do_not_share_their_joiners(self) -> None:
        assert not set(ngrams("❤\ufe0f", 1, 1)) & set(ngrams("✈\ufe0f", 1, 1))

    @pytest.mark.parametrize("options", [{"min_ngram": 0}, {"min_ngram": 3, "max_ngram": 2}, {"n_features": 0}])
    def test_options_that_make_no_sense_are_refused(self, make: Any, options: dict[str, int]) -> None:
        with pytest.raises(InvalidConfigException):
            make(CharNgramFeaturizer, **options)
