"""The demo shop's data: complete, consistent, and nothing that is measured with was trained on."""

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

from kefu.knowledge.entries import Knowledge
from kefu.knowledge.evaluation.questions import read_questions
from kefu.knowledge.files.project import load_knowledge
from kefu.knowledge.recall.unanswerable import SENTENCES
from kefu.text import LANGUAGES, detect_language, is_payload, normalise

DATA = Path(__file__).parents[2] / "data"
MEASURED = ("dev", "test", "dev_intents", "test_intents")
INTENTS = frozenset(
    "greet are_you_there thanks goodbye what_can_you_do are_you_robot affirm deny stop ask_question request_return "
    "request_exchange track_order cancel_order talk_to_human feedback out_of_scope".split()
)
FEWEST_UTTERANCES = 25
FEWEST_ALTERNATIVES = 4
FEWEST_QUESTIONS = 3


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The demo shop's entries; that they load shows that every placeholder resolves."""
    return load_knowledge(DATA / "knowledge", DATA / "shop" / "policy.yml")


def utterances() -> list[tuple[str, str]]:
    """Give (intent, text) of all training utterances, annotations taken off."""
    found = []
    for file in sorted((DATA / "nlu").glob("*.yml")):
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in item:
                lines = item["examples"].splitlines()
                found += [(item["intent"], line.strip()[2:].strip()) for line in lines if line.strip()]
    return found


def measured(name: str) -> list[dict[str, str]]:
    """Give the rows of a file under data/eval."""
    with (DATA / "eval" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def key(text: str) -> str:
    """Reduce a text to what makes two the same: letters and digits, case aside."""
    return "".join(character for character in normalise(text).lower() if character.isalnum())


def test_training_and_measuring_share_no_sentence(knowledge: Knowledge) -> None:
    trained = {key(text) for _, text in utterances()}
    for entry in knowledge.entries.values():
        trained |= {key(text) for wording in entry.wordings.values() for text in wording.questions}
    trained |= {key(text) for sentences in SENTENCES.values() for text in sentences}
    shared = [
        (name, number)
        for name in MEASURED
        for number, row in enumerate(measured(name), start=2)
        for text in [row.get("query") or row.get("text") or ""]
        if key(text) in trained
    ]
    assert shared == [], "rows of data/eval (by file and line) that stand in the training data"


@pytest.mark.parametrize(("fitting", "measuring"), [("dev", "test"), ("dev_intents", "test_intents")])
def test_what_is_fitted_on_and_what_is_measured_with_share_no_sentence(fitting: str, measuring: str) -> None:
    column = "query" if fitting == "dev" else "text"
    seen = {key(row[column]) for row in measured(fitting)}
    shared = [number for number, row in enumerate(measured(measuring), start=2) if key(row[column]) in seen]
    assert shared == [], f"lines of {measuring}.tsv that stand in {fitting}.tsv"


@pytest.mark.parametrize("name", MEASURED)
def test_no_sentence_is_measured_twice(name: str) -> None:
    texts = Counter(key(row.get("query") or row.get("text") or "") for row in measured(name))
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", ["dev", "test"])
def test_every_entry_is_asked_for_and_something_is_not_answerable(knowledge: Knowledge, name: str) -> None:
    questions = read_questions(DATA / "eval" / f"{name}.tsv", knowledge.entries)
    asked = Counter(entry_id for question in questions for entry_id in question.ids)
    assert {entry for entry in knowledge.entries if asked[entry] < FEWEST_QUESTIONS} == set()
    for language in LANGUAGES:
        refused = [question for question in questions if not question.ids and question.language == language]
        assert len(refused) >= 10
    assert {question.kind for question in questions} == {"standard", "colloquial", "typo", "mixed", "unanswerable"}


@pytest.mark.parametrize("name", ["dev_intents", "test_intents"])
def test_every_intent_is_measured_in_both_languages(name: str) -> None:
    counts = Counter((row["intent"], row["lang"]) for row in measured(name))
    assert {intent for intent, _ in counts} == INTENTS
    assert {pair for pair, count in counts.items() if count < FEWEST_QUESTIONS} == set()
    assert {language for _, language in counts} == set(LANGUAGES)


def test_every_intent_has_enough_utterances_in_each_language() -> None:
    found = utterances()
    assert not [text for _, text in found if is_payload(text)]
    # Emoji, "OK" and numbers are of no language.
    counts = Counter((intent, detect_language(text)) for intent, text in found)
    assert {intent for intent, _ in found} == INTENTS
    pairs = [(intent, language) for intent in sorted(INTENTS) for language in LANGUAGES]
    assert {pair: counts[pair] for pair in pairs if counts[pair] < FEWEST_UTTERANCES} == {}


def test_no_utterance_belongs_to_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in utterances():
        intents.setdefault(key(text) or text, set()).add(intent)
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def test_every_entry_is_complete_in_both_languages(knowledge: Knowledge) -> None:
    lacking = [
        (entry.id, language)
        for entry in knowledge.entries.values()
        for language in LANGUAGES
        if language not in entry.wordings or len(entry.wordings[language].alternatives) < FEWEST_ALTERNATIVES
    ]
    assert lacking == []


def test_no_question_belongs_to_two_entries(knowledge: Knowledge) -> None:
    owners: dict[str, set[str]] = {}
    for entry in knowledge.entries.values():
        for wording in entry.wordings.values():
            for text in wording.questions:
                owners.setdefault(key(text), set()).add(entry.id)
    assert {text: ids for text, ids in owners.items() if len(ids) > 1} == {}


def test_each_wording_is_in_its_language(knowledge: Knowledge) -> None:
    wrong = [
        (entry.id, language)
        for entry in knowledge.entries.values()
        for language, wording in entry.wordings.items()
        if detect_language(wording.answer) != language
    ]
    assert wrong == []
