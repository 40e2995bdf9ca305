"""The wishes of a draft, written down with its case and read again."""

import pytest

from kefu.dialogue.form.case_draft import CaseDraft, with_wishes


@pytest.mark.parametrize(
    "draft",
    [
        CaseDraft(),
        CaseDraft(exchange_for="43码"),
        CaseDraft(exchange_for="the black one, size L"),
        CaseDraft(pickup="下班后上门取件"),
        CaseDraft(pickup="pick it up after 6 pm"),
        CaseDraft(exchange_for="大一码", pickup="放门卫"),
    ],
)
def test_wishes_are_read_as_they_were_written(draft: CaseDraft) -> None:
    assert with_wishes(draft.wishes) == draft


def test_a_semicolon_of_his_own_parts_nothing() -> None:
    read = with_wishes(CaseDraft(exchange_for="43码; 黑色", pickup="明天来取").wishes)
    assert (read.exchange_for, read.pickup) == ("43码, 黑色", "明天来取")
