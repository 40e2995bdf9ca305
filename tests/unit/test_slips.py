"""Which words are a name with a slip of the keyboard in it, and which are words of their own."""

import pytest

from kefu.dialogue.words.slips import is_slip


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("headphnes", "headphones"),
        ("snaeker", "sneaker"),
        ("botle", "bottle"),
        ("tabelt", "tablet"),
        ("keybord", "keyboard"),
        ("chargr", "charger"),
        ("blankett", "blanket"),
        ("jaket", "jacket"),
        ("sweatre", "sweater"),
    ],
)
def test_slips(word: str, name: str) -> None:
    assert is_slip(word, name)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("speaker", "sneaker"),
        ("battle", "bottle"),
        ("table", "tablet"),
        ("charge", "charger"),
        ("changes", "charges"),
        ("cooler", "cooker"),
        ("sweeter", "sweater"),
        ("market", "marker"),
        ("better", "butter"),
        ("bottle", "bottle"),
    ],
)
def test_words_of_their_own_are_no_slips(word: str, name: str) -> None:
    assert not is_slip(word, name)
