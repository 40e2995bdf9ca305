"""Both servers, or one, end in the middle of a return and start again: nothing is lost, nothing is written twice."""

import pytest

ORDER = "SO20260016"


@pytest.mark.parametrize(
    "anew", [{}, {"actions": False}, {"rasa": False}], ids=["both", "the Rasa server", "the action server"]
)
def test_a_return_goes_on_after_a_restart(restarted, anew):
    customer, _ = restarted()
    customer.type(f"我要退货，{ORDER}，不想要了")
    assert customer.said == ["utter_ask_identity_proof"]
    customer.type("8063")
    assert customer.said == ["utter_summary_return"]

    customer, shop = restarted(customer.sender, **anew)
    customer.type("运费谁出？")
    assert customer.said == ["utter_topic_postage", "utter_confirm_again"]
    customer.type("好的")
    assert customer.said == ["utter_filed_return"]

    customer, shop = restarted(customer.sender, **anew)
    customer.type("好的")
    assert customer.said == ["utter_filed_return"]
    assert shop.cases.of_order(ORDER)[0].number in customer.messages[0]["text"]
    assert len(shop.cases.of_order(ORDER)) == 1
