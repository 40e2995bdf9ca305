"""Whether a customer says that goods have not reached him, whatever the carrier's record says."""

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import wording

_NOT_RECEIVED = Phrases(
    "not_received",
    zh=(
        "(?:没有?|未|没能)(?:收到(?!短信|验证码|邮件|通知|退款|钱|回复|发票)|拿到(?!钱|退款|发票)|见到|看到(?:货|包裹|东西|快递))",
        "不是我(?:本人)?签|谁签(?:收)?的|(?:邻居|门卫|物业|别人|他人)(?:代)?签|冒领|(?:包裹|快递|货)(?:不见|丢|没)了",
        "送错(?:地址|人|门)",
    ),
    en=(
        "(?:did not|have not|has not|never|not)(?: \\w+)? (?:get|got|received?|see|seen)"
        "(?= (?:it|them|anything|the (?:parcel|package|box|goods)|my (?:parcel|package|order))|\\W*$)",
        "(?:it|they|the (?:parcel|package)|my (?:parcel|package|order)) (?:never|did not|has not) "
        "(?:come|came|arrived?|turn(?:ed)? up|show(?:ed)? up)",
        "not (?:here|at my door|in my mailbox)|who signed",
        "(?:neighbou?r|(?:someone|somebody) else)(?: \\w+){0,2} (?:signed|took it|got it)",
    ),
)


def is_not_received(text: str) -> bool:
    """Say whether a message tells that a parcel is not with its customer."""
    return _NOT_RECEIVED.within(wording(text).text)
