"""What every generator keeps to: the scripted one, one in a server, one in this process."""

import importlib.util
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kefu.errors import GenerationStopped, ModelError
from kefu.models import build_generator, shared_generator, transformers_engine
from kefu.models.fake_generator import ScriptedGenerator
from kefu.models.generator_base import BoundedGenerator
from kefu.models.thinking import without_thinking
from kefu.models.transformers_generator import TransformersGenerator
from kefu.protocols import Generator, Message
from kefu.settings import OFF, GeneratorSettings, load_settings

ASKED = [Message("system", "Answer briefly."), Message("user", "运费多少钱 where is my parcel")]


@pytest.fixture(params=["scripted", "remote", "transformers"])
def generator(request: pytest.FixtureRequest) -> BoundedGenerator:
    if request.param == "scripted":
        return ScriptedGenerator()
    if request.param == "remote":
        server = request.getfixturevalue("chat_server")
        made = build_generator(GeneratorSettings(model="served", url=server.url))
    else:
        folder = request.getfixturevalue("generator_folder")
        made = build_generator(GeneratorSettings(model=str(folder), max_tokens=12))
    assert made is not None
    return made


def test_it_is_one(generator: BoundedGenerator) -> None:
    assert isinstance(generator, Generator)
    assert generator.identity().name == generator.settings.model


def test_the_same_chat_has_the_same_answer(generator: BoundedGenerator) -> None:
    first, second = generator.complete(ASKED), generator.complete(ASKED)
    assert first.text and first == second


def test_a_time_of_nothing_is_over_at_once(generator: BoundedGenerator) -> None:
    generator.warm_up()
    started = time.monotonic()
    with pytest.raises(GenerationStopped, match="in time"):
        generator.complete(ASKED, timeout=0.0)
    assert time.monotonic() - started < 1


def test_who_has_gone_gets_no_answer(generator: BoundedGenerator) -> None:
    gone = threading.Event()
    gone.set()
    with pytest.raises(GenerationStopped, match="not waited for"):
        generator.complete(ASKED, cancel=gone)
    assert generator.complete(ASKED).text, "the next caller has a turn"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<think>hm</think>Yes.", "Yes."),
        ("<think>\n\n</think>\n\nYes.", "Yes."),
        ("<THINK>a</THINK>Yes.<think>or no", "Yes."),
        ("left over</think>Yes.", "Yes."),
        ("<think>it never ends", ""),
        ("Yes.<thi", "Yes."),
        ("< think >a</ think >Yes.", "Yes."),
        ("3 < 5", "3 < 5"),
    ],
)
def test_thinking_is_left_out(said: str, meant: str) -> None:
    assert without_thinking(said) == meant


def test_only_thinking_is_no_answer() -> None:
    with pytest.raises(ModelError, match="only its thinking"):
        ScriptedGenerator(lambda _: "<think>for ever").complete(ASKED)


def test_more_is_never_written_than_the_settings_allow() -> None:
    generator = ScriptedGenerator(lambda _: "a " * 50_000, GeneratorSettings(model="fake", max_tokens=5))
    written = generator.complete(ASKED, max_tokens=1000)
    assert (written.text, written.finish) == ("a a a a a", "length")


def test_a_real_model_is_asked_by_its_template_without_thinking(generator_folder: Path) -> None:
    generator = TransformersGenerator(GeneratorSettings(model=str(generator_folder), max_tokens=7))
    written = generator.complete(ASKED)
    assert written.finish == "length"
    assert generator.complete(ASKED, max_tokens=3).text != written.text
    assert generator._loaded is not None
    task: Any = type("Task", (), {"messages": ASKED})
    prompt = generator._loaded.tokenizer.decode(generator._prompt(task)["input_ids"][0])
    assert prompt.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


def test_a_real_model_samples_when_asked_to(generator_folder: Path) -> None:
    generator = TransformersGenerator(GeneratorSettings(model=str(generator_folder), max_tokens=12))
    assert len({generator.complete(ASKED, temperature=1.5).text for _ in range(4)}) > 1


def test_a_real_model_stops_at_the_deadline(generator_folder: Path) -> None:
    generator = TransformersGenerator(GeneratorSettings(model=str(generator_folder), max_tokens=100_000))
    generator.warm_up()
    started = time.monotonic()
    with pytest.raises(GenerationStopped):
        generator.complete(ASKED, timeout=0.3)
    assert time.monotonic() - started < 2
    assert generator.complete(ASKED, max_tokens=2, timeout=10).text, "the model is free again"


def test_a_longer_prompt_than_allowed_is_refused(generator_folder: Path) -> None:
    generator = TransformersGenerator(GeneratorSettings(model=str(generator_folder), max_length=4))
    with pytest.raises(ModelError, match="`max_length` allows 4"):
        generator.complete(ASKED)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"model": "embedded"}, "No generator ships with Kefu"),
        ({"model": "fake", "max_tokens": 0}, "1 or more"),
        ({"model": "./nowhere"}, r"Qwen/Qwen3-8B"),
        ({"model": "fake", "quantisation": "2bit"}, "must be one of none, 4bit"),
        ({"model": "fake", "url": "http://127.0.0.1:9", "concurrency": 0}, "1 or more"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        made = build_generator(GeneratorSettings(**options))
        assert made is not None
        made.warm_up()


def test_a_real_model_computes_in_the_type_that_is_asked_for(generator_folder: Path) -> None:
    import torch

    settings = GeneratorSettings(model=str(generator_folder), max_tokens=12, dtype="bfloat16", device="cpu")
    generator = TransformersGenerator(settings)
    assert generator.complete(ASKED).text
    assert generator._loaded is not None
    assert {weights.dtype for weights in generator._loaded.model.parameters()} == {torch.bfloat16}


def test_four_bits_need_the_extra(generator_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    settings = GeneratorSettings(model=str(generator_folder), quantisation="4bit", device="cpu")
    with pytest.raises(ModelError, match=r"needs bitsandbytes and accelerate: pip install 'kefu\[4bit\]'"):
        TransformersGenerator(settings).warm_up()


def test_four_bits_are_asked_for_as_transformers_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    # The real one looks up which bitsandbytes is installed; scripts/interop loads weights by it.
    monkeypatch.setattr("transformers.BitsAndBytesConfig", dict)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    options = transformers_engine._four_bit(torch.device("cpu"), torch.bfloat16)
    asked = options["quantization_config"]
    assert (asked["load_in_4bit"], asked["bnb_4bit_quant_type"]) == (True, "nf4")
    assert asked["bnb_4bit_compute_dtype"] == torch.bfloat16
    assert options["device_map"] == {"": torch.device("cpu")}, "four-bit weights are placed as they load"


def test_four_bits_are_for_devices_that_bitsandbytes_knows() -> None:
    import torch

    with pytest.raises(ModelError, match="an NVIDIA GPU or a CPU; the device is mps"):
        transformers_engine._four_bit(torch.device("mps"), torch.float32)


def test_a_model_without_a_chat_template_is_refused(tiny_qwen3: Path) -> None:
    with pytest.raises(ModelError, match="no chat template"):
        TransformersGenerator(GeneratorSettings(model=str(tiny_qwen3))).warm_up()


def test_it_is_off_by_default(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("generator:\n  model: off\n", encoding="utf-8")
    assert load_settings(tmp_path / "endpoints.yml").generator == GeneratorSettings(model=OFF)
    assert build_generator(GeneratorSettings()) is None
    assert shared_generator(GeneratorSettings()) is None


def test_one_generator_per_process() -> None:
    assert shared_generator(GeneratorSettings(model="fake")) is shared_generator(GeneratorSettings(model="fake"))
