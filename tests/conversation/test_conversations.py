"""Plays the conversations that stand in the YAML files of this folder."""

import pytest


def test_conversation(case, play):
    """Type what the customer types, and compare what comes back."""
    play.run(case["steps"])


TOO_LONG = {
    "zh": ("退" * 10_000, "这条消息太长了"),
    "en": (("return " * 1_500)[:10_000], "That message is too long for me"),
    "neither": ("😀" * 10_000, "消息太长了，请用一两句话说。 / That message is too long"),
}


@pytest.mark.parametrize("spoken", TOO_LONG)
@pytest.mark.parametrize("before", [[], ["你好"], ["hello"]], ids=["at first", "after Chinese", "after English"])
def test_ten_thousand_characters(play, spoken, before):
    """Too long to stand in a YAML file. The reply is in the language of the message, else of the conversation."""
    text, reply = TOO_LONG[spoken]
    states = play.left.orders()
    for earlier in before:
        play.run([{"user": earlier}, {"utter": "utter_greet"}])
    if spoken == "neither" and before:
        reply = TOO_LONG["zh" if before == ["你好"] else "en"][1]
    play.run([{"user": text}, {"utter": "utter_too_long"}, {"bot": reply}])
    play.run([{"database": {"cases": 0, "tickets": 0, "proofs": 0, "failures": 0}}])
    assert play.left.orders() == states


def test_a_long_message_while_the_form_asks(play):
    """Long, but not too long to be read: the form asks again, kindly."""
    steps = [{"user": "查快递"}, {"utter": "utter_ask_order_number"}, {"user": "哈" * 1900}]
    play.run([*steps, {"utter": "utter_no_answer_in_form"}, {"utter": "utter_ask_order_number"}])
