"""Danger and fraud by meaning: fitted on the shop's examples, asked only where the words leave a message open."""

from pathlib import Path

import numpy as np
import pytest

from kefu.dialogue.alarms import alarm_opinion
from kefu.dialogue.alarms.alarm import heard_alarm
from kefu.dialogue.alarms.alarm_opinion import FAMILIES, GROUPS, AlarmModel, AlarmOpinion
from kefu.dialogue.words.examples import NONE, Examples, load_examples

SHIPPED = Path(__file__).parents[2] / "data/shop/alarm_examples.yml"


class Axes:
    """Embeds a text along the axis of its first letter; what begins with another letter lies between all."""

    LETTERS = "dftn"  # danger, fraud, takeover, none

    def identity(self):
        return "axes"

    def embed(self, texts, *, task=None):
        rows = [[4.0 * (text[0] == letter) + len(text) % 3 * 0.1 for letter in self.LETTERS] for text in texts]
        return np.array(
            [row / np.linalg.norm(row) if any(row) else np.full(4, 0.5) for row in np.array(rows)], "float32"
        )


def examples(each: int) -> Examples:
    named = dict(zip("dft", GROUPS, strict=True)) | {"n": NONE}
    pairs = [(letter + "x" * number, group) for letter, group in named.items() for number in range(each)]
    return Examples(tuple(text for text, _ in pairs), tuple(group for _, group in pairs))


def opinion(of: Examples) -> AlarmOpinion:
    return AlarmOpinion(AlarmModel.fit(Axes().embed(of.texts), of.groups), Axes())


def test_the_likeliest_group_is_given():
    assert opinion(examples(8))(["dab", "fab", "tab", "nab"]) == ["danger", "fraud", "takeover", None]


def test_what_lies_between_all_is_nothing():
    assert opinion(examples(8))(["ab"]) == [None]


def test_no_text_no_alarm():
    assert opinion(examples(8))([]) == []


def test_examples_too_few_to_be_judged_are_not_believed():
    assert opinion(examples(1))(["dab", "fab"]) == [None, None]


def test_examples_that_cannot_be_told_apart_are_not_believed():
    mixed = examples(8)
    shuffled = Examples(mixed.texts, tuple(np.random.default_rng(0).permutation(mixed.groups)))
    found = opinion(shuffled)
    assert sum(group is not None for group in found(["dab", "fab", "tab", "nab"])) <= 1


def test_it_is_as_sure_as_the_regression_that_was_fitted():
    of = examples(8)
    for groups in (of.groups, tuple("danger" if group == "danger" else NONE for group in of.groups)):
        vectors = Axes().embed(of.texts)
        regression = alarm_opinion._regression().fit(vectors, groups)
        found = AlarmModel.fit(vectors, groups)
        assert list(found.groups) == list(regression.classes_)
        np.testing.assert_allclose(found.probabilities(vectors), regression.predict_proba(vectors), atol=1e-6)


def test_what_was_fitted_is_kept_until_the_examples_change(tmp_path, monkeypatch):
    first = AlarmOpinion.open(examples(8), Axes(), tmp_path / "alarms.npz")
    fits = []
    fit = AlarmModel.fit
    monkeypatch.setattr(AlarmModel, "fit", lambda *given: fits.append(given) or fit(*given))
    again = AlarmOpinion.open(examples(8), Axes(), tmp_path / "alarms.npz")
    assert fits == []
    assert again.bars == first.bars
    assert again(["dab", "fab", "nab"]) == first(["dab", "fab", "nab"]) == ["danger", "fraud", None]
    AlarmOpinion.open(examples(9), Axes(), tmp_path / "alarms.npz")
    assert len(fits) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["alarms.npz"]


def test_a_torn_file_is_made_anew(tmp_path):
    (tmp_path / "alarms.npz").write_bytes(b"PK\x03\x04 torn")
    assert AlarmOpinion.open(examples(8), Axes(), tmp_path / "alarms.npz")(["dab"]) == ["danger"]


def test_the_shipped_examples_are_read_in_both_languages_and_none_twice():
    found = load_examples(SHIPPED, GROUPS)
    assert set(found.groups) == {*GROUPS, NONE}
    assert len(set(found.texts)) == len(found.texts)
    assert min(found.groups.count(group) for group in set(found.groups)) >= 30


def test_every_group_is_of_one_family():
    assert sorted(group for family in FAMILIES for group in family) == sorted(GROUPS)


def says(group):
    return lambda texts: [group for _ in texts]


@pytest.mark.parametrize("group", GROUPS)
def test_an_opinion_counts_where_the_words_are_open(group):
    assert heard_alarm("他要我念一串数字给他听来着", says(group)) == group


def test_without_an_opinion_there_is_no_alarm():
    assert heard_alarm("我想看看你们的新款水壶", says(None)) is None


def test_words_come_first():
    assert heard_alarm("充电宝冒烟了", says("fraud")) == "danger"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "好的",
        "SO20260016",
        "yes please",
        '/affirm{"summary": "1"}',
        "充电宝会不会爆炸啊，想问清楚再买",
        "can a power bank explode on a plane? thinking of buying one",
        "这款空气炸锅做鸡翅怎么样",
        "被你家音响的音质电到了，防火防爆的那种",
        "忘了密码，要怎么找回来",
        "my sister forgot the password of her account again",
    ],
)
def test_what_the_tables_know_to_be_harmless_or_tells_too_little_is_not_judged(text):
    asked = []
    heard_alarm(text, lambda texts: asked.append(texts) or ["danger"])
    assert asked == [], text


@pytest.mark.parametrize(
    "text",
    [
        "this is ridiculous, i want my money back",
        "you people are a joke, where is my money",
        "你们客服是猪吗，等了一个礼拜了",
        "你们是骗子吧，一直不发货",
    ],
)
@pytest.mark.parametrize("group", ["fraud", "takeover"])
def test_who_only_scolds_the_shop_is_not_warned_of_strangers(text, group):
    assert heard_alarm(text, says(group)) is None


@pytest.mark.parametrize(
    "text", ["what the hell, he talked me into reading my pin aloud to them", "气死我了，他让我把短信里的数字念给他听"]
)
def test_who_is_angry_at_a_stranger_is_warned(text):
    assert heard_alarm(text, says("fraud")) == "fraud"


def test_anger_hides_no_danger():
    assert heard_alarm("what a joke, the thing went up in my hands", says("danger")) == "danger"
