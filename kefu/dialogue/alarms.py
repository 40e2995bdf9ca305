"""Messages that must be met with a warning at once, whatever else they are about: danger to people, and fraud."""

from typing import Literal

from kefu.dialogue.phrases import Phrases
from kefu.dialogue.wording import wording

Alarm = Literal["danger", "fraud"]

_DANGER = Phrases(
    "danger",
    zh=(
        "冒(?:黑|白|青)?烟|冒火|着火|起火|(?:差点|快要?|都)烧(?:着|起来)|燃烧|爆炸|炸了|鼓包|鼓起来|膨胀",
        "漏电|电(?:到|了)(?:我|手|一下|人)|触电|麻手|烫伤|烧伤|烫(?:到|了)(?:手|我|孩子)|[焦糊]味|烧焦",
    ),
    en=(
        "smok(?:e|es|ed|ing)(?! ?free)|(?:on|caught|catches|catching) fire|flames?|sparks?|sparking",
        "explod(?:e|es|ed|ing)",
        "swollen|swelling up|swelled|bulg(?:es|ed|ing)|electric shock|shocked me|(?:gave|gives) me a shock",
        "(?:burn(?:ed|t|s)?) (?:my|me|his|her|our)|smells? (?:like )?(?:burnt|burned|burning|of burning)",
        "burning smell",
    ),
)
# He says that it does not, or that the goods are swollen food.
_NO_DANGER = Phrases(
    "no_danger",
    zh=("(?:没有?|不会?|未|防)(?:冒烟|冒火|着火|漏电|鼓包|触电|爆炸)|会不会(?:漏电|爆炸|着火)|防(?:火|爆|触电)",),
    en=("(?:no|not|never|without|non) (?:smok\\w+|flames?|sparks?|swollen|bulging)|smoke (?:detector|alarm|machine)",),
)
_SECRET_ZH = "(?:验证码|密码|卡号|银行卡|身份证)"
_FRAUD = Phrases(
    "fraud",
    zh=(
        f"(?:他|她|对方|骗子|有人|客服|那人|电话里?)[^\\n]{{0,10}}(?:要|让我?给|让我?报|问|索要)[^\\n]{{0,6}}{_SECRET_ZH}",
        f"{_SECRET_ZH}[^\\n]{{0,8}}(?:给了|告诉了?(?:他|对方|人|别人)|报了|发给了?(?:他|对方)|说了出去|泄露)",
        "(?:有人|自称|冒充|陌生)[^\\n]{0,12}(?:电话|短信|客服|加微信|加qq|理赔|退款)[^\\n]{0,14}"
        "(?:退款|退钱|微信|转账|理赔|链接)",
        "(?:加|扫)(?:微信|qq|个?码)[^\\n]{0,4}(?:退款|退钱|理赔)|共享屏幕|安全账户",
        "骗子(?:电话|短信)|诈骗(?:电话|短信)|(?:是不是|算不算|是)诈骗吗?|被骗了|骗走了?",
    ),
    en=(
        "(?:he|she|they|caller|guy|dude|man|woman|someone|somebody)(?: \\w+)?"
        " (?:asked?|asking|asks|wants?|wanted|told)(?: \\w+){0,6} (?:code|pin|password|otp|card number|cvv)",
        "(?:gave|given|sent|told) (?:him|her|them|it|the caller|the guy)(?: \\w+){0,4}"
        " (?:code|pin|password|card|details|number)|gave (?:out )?my (?:pin|password|code|card)",
        "(?:someone|somebody|some (?:guy|dude|woman|man)|a (?:guy|man|woman|caller|stranger))(?: \\w+){0,4}"
        " (?:called|calls|phoned|texted|messaged|rang|claims?|pretend\\w*)(?: \\w+){0,10}"
        " (?:refund|money|link|whatsapp|wechat|account|compensation|pin|code)",
        "(?:got|been|was|being) scammed|scam (?:call|text|message|phone)",
        "is (?:this|it) (?:call |text |message )?a scam|share my screen|safe account|phishing",
    ),
)
_NO_FRAUD = Phrases(
    "no_fraud",
    zh=("(?:收不到|没收到|忘(?:记|了)|修改|重置|改)[^\\n]{0,4}(?:验证码|密码)|你们是不是骗子|(?:是|会)不会是?骗子",),
    en=("(?:forgot|reset|change|did not (?:get|receive))(?: \\w+){0,2} (?:code|password|pin)",),
)
# The help pages that say what to do.
ENTRIES: dict[Alarm, str] = {"danger": "product_safety", "fraud": "account_scam"}


def alarm(text: str) -> Alarm | None:
    """Say what a message must be warned of, None where of nothing."""
    read = wording(text).text
    if _DANGER.within(read) and not _NO_DANGER.within(read):
        return "danger"
    return "fraud" if _FRAUD.within(read) and not _NO_FRAUD.within(read) else None
