"""Plays the conversations that stand in the YAML files of this folder."""


def test_conversation(case, play):
    """Type what the customer types, and compare what comes back."""
    play.run(case["steps"])


def test_ten_thousand_characters(play):
    """Too long to stand in a YAML file."""
    play.run([{"user": "退" * 10_000}, {"utter": "utter_too_long"}, {"database": {"tickets": 0}}])


def test_a_long_message_while_the_form_asks(play):
    """Long, but not too long to be read: the form asks again, kindly."""
    steps = [{"user": "查快递"}, {"utter": "utter_ask_order_number"}, {"user": "哈" * 1900}]
    play.run([*steps, {"utter": "utter_no_answer_in_form"}, {"utter": "utter_ask_order_number"}])
