"""`kefu train` trains when something changed, and only then. Rasa itself is replaced: its own tests train it."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from kefu.cli.train import command
from kefu.errors import SettingsError
from kefu.ops import training
from kefu.ops.project import Project, open_project
from kefu.ops.stamps import Stamp, embedding_facts, read_stamp, write_stamp
from kefu.ops.training import TrainingError, fresh_model, train
from kefu.settings import EmbeddingSettings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "config.yml").write_text("recipe: default.v1\npipeline:\n- name: KeywordIntentClassifier\n")
    (tmp_path / "domain.yml").write_text("intents: [greet]\n")
    (tmp_path / "endpoints.yml").write_text("embedding:\n  model: fake\n")
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "greet.yml").write_text("nlu:\n- intent: greet\n  examples: '- hi'\n")
    (tmp_path / "data" / "shop.yml").write_text("shop:\n  name: x\n")
    return open_project(tmp_path / "endpoints.yml")


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Stand in for `rasa train`: writes an archive, and keeps the commands."""
    calls: list[Sequence[str]] = []
    numbers = itertools.count()

    def run(command: Sequence[str], log: Path, *, folder: Path, environment: Mapping[str, str], show: object) -> int:
        calls.append(command)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("some words\nInvalidDomain: the reason\n")
        if "fail" in (folder / "domain.yml").read_text():
            return 1
        (Path(command[command.index("--out") + 1]) / f"model-{next(numbers)}.tar.gz").write_bytes(b"model")
        return 0

    monkeypatch.setattr(training, "run_logged", run)
    return calls


def test_the_second_run_does_nothing(project: Project, rasa: list[Sequence[str]]) -> None:
    first = train(project)
    second = train(project)
    assert first.is_new and not second.is_new
    assert first.model == second.model == project.models / "model-0.tar.gz"
    assert len(rasa) == 1


CHANGES: dict[str, Callable[[Project], object]] = {
    "config": lambda project: project.config.write_text("recipe: default.v1\n"),
    "domain": lambda project: project.domain.write_text("intents: [greet, bye]\n"),
    "utterances": lambda project: (project.root / "data/nlu/greet.yml").write_text("nlu:\n- intent: bye\n"),
    "a new file": lambda project: (project.root / "data/rules.yml").write_text("rules: []\n"),
    "a file less": lambda project: (project.root / "data/nlu/greet.yml").rename(project.root / "data/nlu/other.yml"),
    "embedding": lambda project: project.endpoints.write_text("embedding:\n  model: fake\n  dimension: 32\n"),
    "a newer model by hand": lambda project: (project.models / "zzz.tar.gz").write_bytes(b"other"),
    "the model gone": lambda project: (project.models / "model-0.tar.gz").unlink(),
    "a damaged stamp": lambda project: (project.models / training.STAMP_NAME).write_text("{"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_model_depends_on_trains_it_anew(change: str, project: Project, rasa: list[Sequence[str]]) -> None:
    train(project)
    CHANGES[change](project)
    changed = open_project(project.endpoints)
    assert fresh_model(changed, changed.models) is None
    assert train(changed).is_new


def test_a_changed_component_trains_anew(
    project: Project, rasa: list[Sequence[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(project)
    source = tmp_path / "component.py"
    source.write_text("x = 1\n")
    sources = training._sources()
    assert any(file.name == "intent_classifier.py" for file in sources)
    assert any(file.name == "text.py" for file in sources)
    monkeypatch.setattr(training, "_sources", lambda: [*sources, source])
    assert train(project).is_new


def test_a_model_folder_named_in_the_pipeline_counts(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    project.config.write_text(f"pipeline:\n- name: x\n  model: {folder}\n")
    before = training.inputs_digest(project)
    (folder / "model.safetensors").write_bytes(b"weights")
    assert training.inputs_digest(project) != before


@pytest.mark.parametrize(
    "options", [{"engine": "transformers"}, {"engine": "onnx"}, {"threads": 2, "batch_size": 8, "cache_size": 9}]
)
def test_options_that_change_no_vector_train_nothing(options: dict[str, object]) -> None:
    before = embedding_facts(EmbeddingSettings())
    assert embedding_facts(EmbeddingSettings(**options)) == before  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"dimension": 64}, {"max_length": 32}, {"device": "cuda"}, {"dtype": "bfloat16"}])
def test_options_that_change_vectors_train_anew(options: dict[str, object]) -> None:
    assert embedding_facts(EmbeddingSettings(**options)) != embedding_facts(EmbeddingSettings())  # type: ignore[arg-type]


@pytest.mark.parametrize("file", ["data/shop.yml", "README.md"])
def test_what_a_model_does_not_depend_on_leaves_it(file: str, project: Project, rasa: list[Sequence[str]]) -> None:
    train(project)
    (project.root / file).write_text("shop:\n  name: other\n")
    assert not train(project).is_new


def test_rasa_gets_training_data_only(project: Project, rasa: list[Sequence[str]]) -> None:
    train(project)
    assert any(argument.endswith("greet.yml") for argument in rasa[0])
    assert not any(argument.endswith("shop.yml") for argument in rasa[0])


def test_force_trains_without_rasas_cache(project: Project, rasa: list[Sequence[str]]) -> None:
    train(project)
    assert train(project, force=True).is_new
    assert "--force" in rasa[1] and "--force" not in rasa[0]


def test_a_failure_leaves_the_old_model_and_shows_the_reason(project: Project, rasa: list[Sequence[str]]) -> None:
    train(project)
    project.domain.write_text("fail\n")
    with pytest.raises(TrainingError, match=r"(?s)status 1.*InvalidDomain: the reason"):
        train(project)
    assert [model.name for model in project.models.glob("*.tar.gz")] == ["model-0.tar.gz"]


def test_no_training_data_is_said(project: Project, rasa: list[Sequence[str]]) -> None:
    (project.root / "data/nlu/greet.yml").unlink()
    with pytest.raises(TrainingError, match="no training data"):
        train(project)


def test_the_command_says_what_it_did(project: Project, rasa: list[Sequence[str]], tmp_path: Path) -> None:
    arguments = ["--endpoints", str(project.endpoints), "--out", str(tmp_path / "elsewhere")]
    assert "trained" in CliRunner().invoke(command, arguments).output
    assert "unchanged" in CliRunner().invoke(command, arguments).output
    assert len(list((tmp_path / "elsewhere").glob("*.tar.gz"))) == 1


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.yml, domain, endpoints\.yml is missing"):
        open_project(tmp_path / "endpoints.yml")


def test_a_stamp_comes_back_as_written(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "stamp"
    assert read_stamp(file) is None
    write_stamp(file, Stamp("digest", "product"))
    assert read_stamp(file) == Stamp("digest", "product")
    file.write_text('{"digest": 1}')
    assert read_stamp(file) is None
