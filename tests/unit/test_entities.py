"""What a message names, beside Chinese characters and in full width too."""

import pytest

from kefu.entities import EMAIL, MOBILE, ORDER_NUMBER, TRACKING_NUMBER, extract_entities, generalise


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("订单SO20260001还没到", ORDER_NUMBER, "SO20260001"),
        ("订单so 20260001还没到", ORDER_NUMBER, "SO20260001"),
        ("订单号是ＳＯ２０２６０００１。", ORDER_NUMBER, "SO20260001"),
        ("my order is SO-20260001, thanks", ORDER_NUMBER, "SO20260001"),
        ("邮箱Mei.Lin+shop@Example.com谢谢", EMAIL, "mei.lin+shop@example.com"),
        ("电话13800138000找我", MOBILE, "13800138000"),
        ("+86 138-0013-8000", MOBILE, "13800138000"),
        ("１３８００１３８０００", MOBILE, "13800138000"),
        ("单号SF1234567890123到哪了", TRACKING_NUMBER, "SF1234567890123"),
        ("jd0012345678901", TRACKING_NUMBER, "JD0012345678901"),
    ],
)
def test_one_thing_is_found(text: str, kind: str, value: str) -> None:
    (entity,) = extract_entities(text)
    assert (entity.kind, entity.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "ISO20260001",  # inside another word
        "SO202600012",  # a digit too many
        "SO2026000",  # one too few
        "23800138000",  # no mobile number begins with 23
        "138001380001",  # twelve digits
        "a@b",
        "@example.com",
        "1234",
        "",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert extract_entities(text) == []


def test_offsets_are_those_of_the_text_given_in_its_order() -> None:
    text = "手机13800138000，订单ＳＯ２０２６０００１，a@b.cn"
    found = extract_entities(text)
    assert [entity.kind for entity in found] == [MOBILE, ORDER_NUMBER, EMAIL]
    assert [text[entity.start : entity.end] for entity in found] == ["13800138000", "ＳＯ２０２６０００１", "a@b.cn"]


def test_a_mobile_number_inside_an_address_belongs_to_the_address() -> None:
    (entity,) = extract_entities("13800138000@example.com")
    assert entity.kind == EMAIL


@pytest.mark.parametrize("text", ["a" * 20000, "a." * 10000 + "@", "@" * 20000, "1" * 20000, "SO" * 10000])
def test_long_nonsense_names_nothing(text: str) -> None:
    """A pattern that backtracks catastrophically would not come back from these."""
    assert extract_entities(text) == []


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("查so20260017，邮箱zhao.min@example.com", "查SO20260001，邮箱 "),
        ("where is SO 2026 0008? call 13800138034", "where is SO20260001? call  "),
        ("lin.xiao@example.com", "lin.xiao@example.com"),
        ("运费谁出", "运费谁出"),
        ("", ""),
    ],
)
def test_what_is_meant_does_not_depend_on_numbers(text, gist):
    assert generalise(text) == gist
