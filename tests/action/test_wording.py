"""What replies are filled with where the shop's own policy decides it."""

from dataclasses import replace

import pytest

from kefu.actions.wording import soundness
from kefu.shop.policy import Condition


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (
            Condition(("intact", "accessories", "gifts"), ("opened_to_inspect",), ("tags_cut", "activated")),
            "商品完好、没有穿过洗过用过、配件齐全、赠品齐全、吊牌没有剪、设备没有激活",
            "intact and unused (not worn or washed), complete with accessories, complete with gifts, still tagged, "
            "not activated",
        ),
        (Condition(("accessories",), (), ()), "配件齐全", "complete with accessories"),
        # A shop's own names have no words of ours.
        (Condition((), (), ("cut_to_size",)), "没有 cut to size", "not cut to size"),
    ],
)
def test_the_state_of_goods_is_told_as_the_policy_has_it(shop, condition, zh, en):
    policy = replace(shop.policy, condition=condition)
    assert (soundness(policy, "zh"), soundness(policy, "en")) == (zh, en)
