"""What a customer wants with a case that exists: how far it is, that he has sent it, to take it back."""

import re
from typing import Literal

from kefu.entities import TRACKING_NUMBER, extract_entities

Request = Literal["status", "sent", "withdraw"]

_CASE_NUMBER = re.compile(r"(?<![A-Za-z0-9])R\d{8}-\d{4}(?!\d)", re.IGNORECASE)
_ORDER = re.compile(r"SO ?\d{8}", re.IGNORECASE)
_KINDS_ZH = "退款|退货|换货|补发|维修|售后|拦截|申请|取消|退|换"
# "The return label" and "my phone case" are none.
_NO_CASE = (
    r"(?! (?:labels?|polic(?:y|ies)|address|forms?|rules?|window|pages?|cent(?:er|re)|rates?|kits?|shop|parts?"
    r"|(?:for|of) (?:the|my) phone)\b)"
)
_KINDS_EN = (
    r"(?:returns?|refund|exchange|replacement|repair|request|(?<!phone )(?<!laptop )(?<!pillow )case(?! for\b)|claim"
    rf"|cancellation)\b{_NO_CASE}"
)
_STATUS = re.compile(
    rf"(?:{_KINDS_ZH})[^,，。!！?？\n]{{0,6}}(?:进度|进展|到哪(?!里(?:查|看)|[个张种])|怎么样了|处理(?:到|得|好|完))"
    rf"|(?:{_KINDS_ZH})[^,，。!！?？\n]{{0,6}}(?:(?:好|成功|完成|通过)了?(?:没|吗)|了没|了吗)"
    r"|(?:钱|退款)[^,，。\n]{0,4}(?:退|到账|打)[^,，。\n]{0,3}(?:没|吗)|(?:退款|退的钱|我的钱|换的货)(?:呢|怎么还没|还没)"
    rf"|\bwhere(?:'?s| is| are| r)? (?:my|the) (?:\w+ )?(?:{_KINDS_EN}|money\b)"
    r"|\b(?:did|have) (?:you|u|ya|they) (?:already |manage to |actually )*(?:refund|cancel|stop|process|approve)"
    rf"|\b(?:status|progress|update|news|question) (?:of|on|about|for) (?:my |the )?(?:\w+ )?{_KINDS_EN}"
    r"|\b(?:has|was|is) (?:my|the|it)(?: \w+)?(?: been)? "
    r"(?:refunded|cancell?ed|processed(?! (?:food|meat|cheese))|approved|paid back)\b",
    re.IGNORECASE,
)
# These ask how it is done or how long it takes: the help pages know.
_GENERAL = re.compile(
    r"怎么(?:查|看|取消|撤|退|申请)|哪里?(?:查|看|找)|如何|多久|几天|多长时间|一般|能不能|(?:能|可以).*吗|会不会"
    r"|\bhow (?:do|can|long|to|many)\b|\bwhere (?:can|do) i\b|\bcan i\b|\busually\b",
    re.IGNORECASE,
)
# "Can I cancel that return?" wants this one taken back, and asks no page how such things go.
_THIS_ONE = re.compile(
    r"(?:刚才|刚刚|刚|这个|这次|那个|我的)[^,，。\n]{0,6}(?:申请|退货|换货|退款|售后|维修|拦截)"
    r"|(?:后悔了|订单|单子)[^。\n]{0,4}(?:能|可以|还能)[^,，。\n]{0,3}恢复"
    r"|\bcan (?:i|you|we) (?:still |please |just |actually |also )*"
    r"(?:cancel|withdraw|undo|revoke|take back|restore|un-?cancel|reinstate) (?:that|this|my|it|the order)\b",
    re.IGNORECASE,
)
# Whatever he calls the goods; papers, words and money are sent, too, and are none.
_NO_GOODS = (
    r"e-?mails?|mails?|messages?|texts?|photos?|pictures?|pics?|videos?|screenshots?|forms?|documents?|papers?|letters?|"
    r"invoices?|receipts?|requests?|claims?|complaints?|reviews?|feedback|money|payments?|cash|details|numbers?|codes?|"
    r"links?|info\w*|address|questions?|files?|proofs?|labels?|cards?|vouchers?|gifts?|presents?|calls?|favou?rs?|order"
)
_GOODS_EN = (
    r"(?:it|them|this|these|everything|both|one of (?:them|the \w+)|(?:the|my|those|these|all|both)(?: of the)?"
    rf"(?! (?:[a-z-]+ ){{0,2}}(?:{_NO_GOODS})\b) \w+)"
)
_SENT = re.compile(
    r"(?:已经?|刚刚?|都)[^,，。\n不没要]{0,8}寄(?:出|走|回)?去?(?=\W*$|[,，。!！])"
    r"|(?:今[天早]|[昨前]天|昨晚|早上|上午|下午)[^,，。\n]{0,4}寄的(?=\W*$|[,，。!！])"
    r"|寄回?(?:到|给)(?:你们|店|仓|商家)[^,，。]{0,6}了|(?<!款)(?<!钱)(?<!款已经)(?<!钱已经)退回去了"
    r"|[交给拿]给?了?(?:快递|顺丰|京东|小哥|驿站)(?:员|小哥)?了|(?:快递|小哥|上门)[^,，。\n被]{0,4}[取拿收]走了"
    r"|寄(?:出|走|回)?去?了|我[^,，。]{0,6}寄回来了|(?:东西|货|包裹|快递)[^,，。]{0,3}发(?:出|走)?(?:去)?了"
    r"|\bon (?:its|it's|their|the) way back\b|\bdropped (?:it|them|the \w+) off\b"
    r"|\bhanded (?:it|them|the \w+) (?:in|over)\b"
    r"|\b(?:gave|handed|given)(?: \w+){1,3} to the (?:courier|driver|carrier|post office)\b"
    r"|(?<!\bhas the )(?<!\bdid the )\b(?:courier|driver)(?: has| have| just| already)*"
    r" (?:picked|collected|took) (?:it|them|up)\b"
    rf"|^\W*(?:just |already |finally |yes |ok )*(?:returned|mailed|posted|dropped off|handed in) {_GOODS_EN}\b"
    r"|(?<!\bif )\b(?:i|we)(?:'ve| have)? (?:already |just |now )?"
    r"(?:sent|shipped|posted|mailed|returned|dropped off|handed in)"
    rf"(?: {_GOODS_EN}\b| (?:\w+ ){{0,2}}(?:back|off)\b| ?,)",
    re.IGNORECASE,
)
_NO_GOODS_ZH = "封信|贺卡|发票|礼[品物]|行李|文件|合同|证件|照片|明信片"
# Asked rather than told, or sent to somebody else.
_NOT_SENT = re.compile(
    r"你们[^,，。我]{0,5}(?:寄|发)(?!的|来的|错)|你们[^,，。我]{0,8}寄的(?=\W*$)|(?:寄|发)[^,，。]{0,4}了(?:没有?|吗|么)(?=\W*$|[,，。?？!！])"
    rf"|(?:{_NO_GOODS_ZH})[^,，。]{{0,4}}寄(?!回)|寄(?!回)[^,，。]{{0,4}}(?:{_NO_GOODS_ZH})"
    r"|寄[^,，。]{0,3}给(?!你们|店|仓|商家)|给(?!你们|店|仓|商家)[^,，。]{1,4}寄"
    r"|\b(?:sent|posted|mailed|shipped)\b[^.,!?\n]{0,30} (?:to|for) (?:my|a|an|his|her|our)\b"
    r"|\bsent\b[^.,!?\n]{0,40}\be-?mail",
    re.IGNORECASE,
)
_WITHDRAW = re.compile(
    r"后悔了(?!没|当初|买)|(?:申请|退货|换货|退款|售后|维修)[^,，。\n]{0,8}(?:不退了|不换了|不要了|撤|取消(?!了))"
    r"|撤[销回]?(?:掉|一下)?[^,，。\n]{0,6}(?:申请|退|换|售后|维修)"
    r"|取消[^,，。\n]{0,5}(?:退货|换货|退款|售后|维修|申请)(?![^,，。\n]{0,2}(?:提醒|短信|通知|订阅|消息))"
    r"|(?:换货|退货|退款|维修)[^,，。\n]{0,4}我?不要了"
    r"|^\W*(?:算了|唉|哎|那|还是)*\W*(?:我)?(?:不退了|不换了|不想退了|不想换了)(?!话题|号|客服|人|手机|地址)"
    r"|撤[销回][^,，。\n]{0,4}(?:拦截|补发|取消)|(?:别|不用|不要|不)拦(?:截)?了?"
    r"|(?:还是|继续|照常)(?:派?送|配送|发)(?:过来|来|给我|吧|货|到家)(?![吗么?？])"
    r"|恢复[^,，。\n]{0,4}(?:订单|单子|回来|吗|不|一下)|(?:订单|单子|它)[^,，。\n]{0,6}恢复"
    r"|\b(?:deliver|send) it (?:after all|anyway)\b|\bchanged my mind\W+(?:please )?(?:do )?deliver\b"
    r"|\blet it come (?:after all|anyway)\b"
    r"|\b(?:un-?cancel|restore|reinstate|undo)\b[^.!?\n]{0,12}\b(?:order|it|cancell?ation)\b"
    rf"|\b(?:cancel|withdraw|undo|revoke|call off|take back)(?: my| the| this| that)(?: \w+)? {_KINDS_EN}"
    r"|\b(?:don'?t|no longer|not) want to (?:return|exchange|send)(?! home| e-?mails?| gifts?| numbers)[^.!?\n]{0,20}"
    r"|\bkeep (?:it|them) after all\b|changed my mind about (?:the|my) (?:return|exchange)",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(r"撤|取消(?!了)|不(?:办|退|换|要)了|\b(?:cancel|withdraw|undo|revoke)\b", re.IGNORECASE)
# Names the case itself, so that it is meant even where nobody has shown yet whose it is.
_NAMES_IT = re.compile(
    rf"申请|退货|换货|退款|售后|维修|拦截|\b(?:{_KINDS_EN}|refunded\b)|寄回|单号|快递|顺丰|中通|京东|圆通|韵达|申通"
    r"|\btracking\b|\b(?:it|them) back\b",
    re.IGNORECASE,
)
_PARCEL = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,4}\d)[A-Za-z]{0,4}\d{6,18}(?![A-Za-z0-9])")


def wanted(text: str) -> Request | None:
    """Say what a message wants with a case, None if with none; one that asks how such things go wants nothing."""
    text = _ORDER.sub("", text)
    is_of_this = _WITHDRAW.search(text) and _THIS_ONE.search(text)
    if _GENERAL.search(text) and not is_of_this:
        return None
    if _WITHDRAW.search(text) or (_CASE_NUMBER.search(text) and _TAKES_BACK.search(text)):
        return "withdraw"
    if _SENT.search(text) and not _NOT_SENT.search(text):
        return "sent"
    return "status" if _CASE_NUMBER.search(text) or _STATUS.search(text) else None


def names_a_case(text: str) -> bool:
    """Say whether a message speaks of a return, a refund or the like by name, so that nothing else can be meant."""
    return case_number(text) is not None or _NAMES_IT.search(text) is not None


def case_number(text: str) -> str | None:
    """Give the number of the case that a message names."""
    found = _CASE_NUMBER.search(text)
    return found.group().upper() if found else None


def parcel_number(text: str) -> str | None:
    """Give the number of the parcel that a customer says he has sent."""
    for entity in extract_entities(text):
        if entity.kind == TRACKING_NUMBER:
            return entity.value
    bare = _CASE_NUMBER.sub(" ", _ORDER.sub(" ", text))
    found = _PARCEL.search(bare)
    return found.group().upper() if found else None
