"""What an answer changes in the sentences that it is worded after: each change that makes it wrong, and none that does
not."""

import pytest

from kefu.knowledge.grounding import Evidence
from kefu.knowledge.grounding.check import check
from kefu.knowledge.grounding.figures import addresses, figures
from kefu.knowledge.grounding.policy_words import is_negated

HELP = {
    "zh": (
        "可以，快递员上门时您直接拒收就行。没有质量问题的拒收，退回运费由您承担；如果是发错货，请拍照后拒收，运费由我们出。"
        "锂电池质保 24 个月，铅酸电池质保 12 个月。婚纱租期为 3 天，逾期归还每天收 150 元。"
        "超过 72 小时没有更新，请联系客服。如果连续 7 天没有消息，就按丢件处理。特价款改裤长每条收 25 元。"
        "定制款在 48 小时内可以取消。签收后 7 天内可以无理由退货。活动6月8日开始，7月18日结束。客服周一到周六在线。"
        "门店在文一西路 8 号。"
    ),
    "en": (
        "If the goods are faulty, we pay the postage; if you simply changed your mind, you pay to send it back. "
        "The bag still ships and is charged. Your paid benefits stay until the current period ends. "
        "Delivery takes 3 days. Refunds arrive within 9 days. You can return unopened boxes within 90 days. "
        "Opened boxes cannot be exchanged. The guarantee does not apply if nobody was there. "
        "The sale ends on 18 June. We are open Monday to Friday, and bulbs ship from mid-September. "
        "Our store is at 12 Nanjing Road. The trial runs until May 5."
    ),
}


def faults(language, answer):
    return check(f"{answer} [1]", [Evidence("help", "", HELP[language], language)], language).faults


@pytest.mark.parametrize(
    ("language", "answer", "fault"),
    [
        ("zh", "没有质量问题的拒收，退回运费由我们出。", "condition"),
        ("zh", "超过 72 小时没有更新，就按丢件处理。", "condition"),
        ("zh", "铅酸电池质保 24 个月。", "figure"),
        ("zh", "逾期归还每天收 25 元。", "figure"),
        ("zh", "特价款改裤长也不收费。", "policy"),
        ("zh", "定制款在 48 小时内不可以取消。", "policy"),
        ("zh", "所有定制款在 48 小时内可以取消。", "policy"),
        ("zh", "活动6月8日开始，6月18日结束。", "figure"),
        ("zh", "客服周一到周日在线。", "figure"),
        ("zh", "门店在文二西路 8 号。", "address"),
        ("en", "If you simply changed your mind, we pay the postage.", "condition"),
        ("en", "The bag still ships and is not charged.", "policy"),
        ("en", "Refunds arrive within 3 days.", "figure"),
        ("en", "You must return unopened boxes within 90 days.", "policy"),
        ("en", "Opened boxes can be exchanged.", "policy"),
        ("en", "The guarantee applies even if nobody was there.", "policy"),
        ("en", "The sale ends on 18 July.", "figure"),
        ("en", "We are open Monday to Sunday.", "figure"),
        ("en", "Bulbs ship from mid-August.", "figure"),
        ("en", "Our store is at 12 Beijing Road.", "unsupported"),
        ("en", "The trial runs until March 5.", "figure"),
    ],
)
def test_a_change_that_makes_it_wrong_is_found(language, answer, fault):
    assert fault in faults(language, answer)


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("zh", "没有质量问题的拒收，退回运费由您承担。"),
        ("zh", "发错货的话，请拍照后拒收，运费由我们出。"),
        ("zh", "如果连续 7 天没有消息，就按丢件处理。"),
        ("zh", "铅酸电池质保 12 个月，锂电池质保 24 个月。"),
        ("zh", "可以的，定制款在 48 小时内可以取消。"),
        ("zh", "签收后 7 天内可以无理由退货。"),
        ("zh", "活动从 6月8日 开始，7月18日结束。"),
        ("zh", "门店在文一西路 8 号，客服周一到周六在线。"),
        ("en", "If you simply changed your mind, you pay to send it back."),
        ("en", "The bag still ships and is charged."),
        ("en", "Refunds arrive within 9 days, delivery takes 3 days."),
        ("en", "No, opened boxes cannot be exchanged."),
        ("en", "Yes, you can return unopened boxes within 90 days."),
        ("en", "The sale ends on June 18th."),
        ("en", "We are open Monday to Friday."),
    ],
)
def test_what_only_shortens_joins_or_turns_it_holds(language, answer):
    assert faults(language, answer) == ()


@pytest.mark.parametrize(
    ("language", "evidence", "answer"),
    [
        ("zh", "有的，店里每天开门，欢迎来看看。", "有的，店里每天开门。"),
        ("zh", "不是会员的话，损坏不在保修范围内，可以付费维修。", "不是会员的话可以付费维修。"),
        ("zh", "报收件手机号就能取件。包裹会免费保留 3 天。", "不收钱，包裹会免费保留 3 天。"),
        ("zh", "邮费最多赔 12 元，超出的部分由您承担。", "不能全赔，最多赔 12 元。"),
        ("en", "We collect your sofa if booked at checkout.", "It must be booked at checkout."),
        (
            "en",
            'If it is not sent, just tell me "cancel my order" now.',
            'If it is not sent, tell me "cancel my order".',
        ),
        ("zh", "旧号已经停用也没关系，请找同事更换旧号。", "旧号停用了请找同事更换。"),
        ("zh", "关闭后，已付费的权益会保留到当期结束。", "还在，权益会保留到当期结束。"),
        (
            "en",
            "The frame has a guarantee, the glass has none after assembly.",
            "The glass has no guarantee after assembly.",
        ),
        ("en", "We e-mail a free proof within 1 day.", "You get a free proof by e-mail within 1 day."),
        ("en", "If you changed your mind or it doesn't fit, you pay.", "You pay if you changed your mind."),
        ("en", "Masks and hoses need no prescription. Masks may be returned.", "Masks need no prescription."),
    ],
)
def test_what_says_the_same_holds(language, evidence, answer):
    question = "要收钱吗，能全赔吗，权益还在吗？" if language == "zh" else ""
    assert check(f"{answer} [1]", [Evidence("help", "", evidence, language)], language, question).faults == ()


@pytest.mark.parametrize(
    ("clause", "is_so"), [("未付款的订单 30 分钟后关闭", False), ("已付款的订单不关闭", True), ("订单还未付款", True)]
)
def test_what_something_is_not_denies_nothing(clause, is_so):
    assert is_negated(clause) == is_so


@pytest.mark.parametrize(
    ("evidence", "answer", "fault"),
    [
        ("You may book at checkout.", "You must book at checkout.", "policy"),
        ("Just tell us when you cancel.", 'Tell me "I cancelled my order".', "promise"),
    ],
)
def test_what_does_not_is_withheld_still(evidence, answer, fault):
    assert fault in check(f"{answer} [1]", [Evidence("help", "", evidence, "en")], "en").faults


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ends on 18 June", [(618, "date")]),
        ("June 18th, 2026", [(618, "date")]),
        ("2026-06-18", [(618, "date")]),
        ("2026年6月18日", [(618, "date")]),
        ("6月18号", [(618, "date")]),
        ("from mid-September", [(9, "month of the year")]),
        ("3月底", [(3, "month of the year")]),
        ("Mondays", [(0, "weekday")]),
        ("星期天", [(6, "weekday")]),
        ("每周一", [(0, "weekday")]),
        ("一周一次", [(1, ""), (1, "week")]),
        ("we march on, you may go", []),
        ("3个月", [(3, "month")]),
    ],
)
def test_dates_are_figures_of_their_own_kind(text, read):
    assert sorted((figure.value, figure.unit) for figure in figures(text)) == sorted(
        read if text != "June 18th, 2026" else [*read, (2026, "")]
    )


def test_a_date_is_no_telephone_number():
    assert addresses("2026-06-18 起，电话 400-000-0199") == {"4000000199"}
