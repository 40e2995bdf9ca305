"""Whether a customer says that a parcel is not with him."""

import pytest

from kefu.dialogue.form.not_received import is_not_received


@pytest.mark.parametrize(
    "text",
    [
        "我没收到，邻居签的",
        "SO20260043 显示签收了但我没拿到",
        "谁签收的",
        "包裹丢了吧",
        "I never got it",
        "it says delivered but I haven't received anything",
        "my parcel never arrived",
        "who signed for it?",
        "I did not get the parcel, 8031",
    ],
)
def test_what_tells_it(text: str) -> None:
    assert is_not_received(text)


@pytest.mark.parametrize(
    "text",
    [
        "没收到验证码",
        "没收到退款",
        "SO20260043 到哪了",
        "昨天收到的，颜色不对",
        "I did not get a refund",
        "where is my parcel",
        "I haven't received an invoice",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not is_not_received(text)
