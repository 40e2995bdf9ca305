"""What a customer's words name: orders and contacts."""

import pytest

from kefu.shop.identity import Contact
from kefu.shop.named import has_words_beside, looks_like_a_number, named_contact, named_contacts, named_order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("SO20260001到哪了", "SO20260001"),
        ("so20260001", "SO20260001"),
        ("ＳＯ２０２６０００１", "SO20260001"),
        ("SO 2026 0001", "SO20260001"),
        ("不是SO20260001，是SO20260002", "SO20260002"),
        ("是SO20260002，不是SO20260001", "SO20260002"),
        ("SO20260002, not SO20260001", "SO20260002"),
        ("不是SO20260001", "SO20260001"),
        ("s o 2 0 2 6 0 0 0 1", "SO20260001"),
        ("运单号SF1390284750001帮忙查下", "SF1390284750001"),
        ("SF1390284750001 是 SO20260001 的", "SO20260001"),
        ("20260001", None),
        ('/track_order{"order_number":"SO20260001"}', None),
        ("我的快递到哪了", None),
        ("", None),
    ],
)
def test_orders(text, order):
    assert named_order(text) == order


def test_bare_digits_are_an_order_only_where_one_was_asked_for():
    assert named_order("20260001", asked=True) == "SO20260001"
    assert named_order("13800138019", asked=True) is None
    assert named_order("2026", asked=True) is None


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("lin.xiao@example.com", Contact("email", "lin.xiao@example.com")),
        ("邮箱是LIN.XIAO@example.com哦", Contact("email", "lin.xiao@example.com")),
        ("13800138019", Contact("phone", "13800138019")),
        ("+86 138-0013-8019", Contact("phone", "13800138019")),
        ("尾号8019", Contact("phone_tail", "8019")),
        ("手机后四位是 8019", Contact("phone_tail", "8019")),
        ("SO20260001 尾号8019", Contact("phone_tail", "8019")),
        ("SO20260001 8019", Contact("phone_tail", "8019")),
        ("track SO20260001 phone 8019", Contact("phone_tail", "8019")),
        ("SO20260001 我2026年买的", None),
        ("the last four digits are 8019", Contact("phone_tail", "8019")),
        ("phone ending in 8019", Contact("phone_tail", "8019")),
        ("8019", None),
        ("我2026年买的", None),
        ('/x{"email":"lin.xiao@example.com"}', None),
    ],
)
def test_contacts(text, contact):
    assert named_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("8019", "8019"),
        ("８０１９", "8019"),
        ("是8019。", "8019"),
        ("0019", "0019"),
        ("it's 8019", "8019"),
        ("SO20260001 8019", "8019"),
        ("2026年买的", None),
        ("花了1999元", None),
        ("8019 还是 8020", None),  # two guesses in one message
        ("不是8020，是8019", "8019"),
        ("8019, not 8020", "8019"),
        ("尾号不是8020是8019", "8019"),
        ("八零一九", "8019"),
        ("8 0 1 9", "8019"),
        ("80190", None),
        ("A8019", None),
        ("12.8019", None),
        ("2026-11-20", None),
        ("SO20260001", None),
    ],
)
def test_four_bare_digits_count_where_they_were_asked_for(text, tail):
    assert named_contact(text, asked=True) == (Contact("phone_tail", tail) if tail else None)


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("lin.xiao@example.com 8019", ["lin.xiao@example.com", "8019"]),
        ("8019, lin.xiao@example.com", ["lin.xiao@example.com", "8019"]),
        ("13800138019 lin.xiao@example.com", ["lin.xiao@example.com", "13800138019"]),
        ("一三八零零一三八零一九", ["13800138019"]),
        ("不是a@example.com，是b@example.com", ["b@example.com"]),
        ("SO20260001 8019", ["8019"]),
        ("8019", []),
        ("lin.xiao@example.com 我2026年买的", ["lin.xiao@example.com"]),
        ('/x{"email":"lin.xiao@example.com"}', []),
    ],
)
def test_several_contacts_the_strongest_first(text, contacts):
    assert [contact.value for contact in named_contacts(text)] == contacts


@pytest.mark.parametrize(
    "text", ["8" * 10_000, "a" * 10_000, "'; DROP TABLE orders; --", "😀😀😀", "\u200b", "@" * 5000]
)
def test_absurd_messages_name_nothing(text):
    assert named_order(text, asked=True) is None
    assert named_contact(text, asked=True) is None


@pytest.mark.parametrize(("text", "has"), [("SO20260001", False), ("8019", False), ("转人工 SO20260001", True)])
def test_words_beside_what_is_named(text, has):
    assert has_words_beside(text) is has


@pytest.mark.parametrize(
    ("text", "looks"), [("SO2026", True), ("12345", True), ("几天能到", False), ("买了3个", False), ("7", False)]
)
def test_failed_numbers(text, looks):
    assert looks_like_a_number(text) is looks
