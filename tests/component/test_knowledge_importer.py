"""The knowledge base's questions as training examples."""

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from kefu.components.knowledge_importer import KnowledgeImporter

ENTRIES = """
entries:
  - id: gift_wrap
    category: product
    zh: {question: 可以礼品包装吗？, answer: 可以。, alternatives: [能包成礼物吗]}
    en: {question: Can you gift-wrap it?, answer: Yes.}
  - id: order_cancel_how
    category: order
    en: {question: How do I cancel?, answer: Like this., alternatives: [cancel my order]}
"""
POLICY = Path(__file__).parents[2] / "data" / "shop" / "policy.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data" / "knowledge").mkdir(parents=True)
    (tmp_path / "data" / "knowledge" / "all.yml").write_text(ENTRIES, encoding="utf-8")
    (tmp_path / "endpoints.yml").write_text(f"knowledge: {{policy: {POLICY}}}\n", encoding="utf-8")
    return tmp_path


def texts(importer: Any) -> set[str]:
    return {example.get("text") for example in importer.get_nlu_data().intent_examples}


def test_questions_and_alternatives_become_examples_of_the_intent(project: Path) -> None:
    data = KnowledgeImporter(intent="faq", without=["order_cancel_how"]).get_nlu_data()
    assert {(example.get("text"), example.get("intent")) for example in data.intent_examples} == {
        ("可以礼品包装吗？", "faq"),
        ("能包成礼物吗", "faq"),
        ("Can you gift-wrap it?", "faq"),
    }


def test_a_project_without_knowledge_has_no_examples(tmp_path: Path) -> None:
    assert texts(KnowledgeImporter()) == set()


def test_rasa_finds_it_through_the_configuration_beside_its_own_importer(project: Path, tmp_path: Path) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text('version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n', encoding="utf-8")
    config = {
        "importers": [
            {"name": "RasaFileImporter"},
            {"name": "kefu.components.knowledge_importer.KnowledgeImporter", "without": ["order_cancel_how"]},
        ]
    }
    importer = TrainingDataImporter.load_from_dict(config, None, None, [str(nlu)])
    assert texts(importer) == {"hello", "可以礼品包装吗？", "能包成礼物吗", "Can you gift-wrap it?"}
