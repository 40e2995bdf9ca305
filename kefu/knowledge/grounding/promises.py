"""Speech that acts: something was done, will be done, or is granted. Only forms and rules do that, never an answer."""

import re

_QUOTED_ZH = re.compile(
    r"(?:对|跟|和)我说|告诉我|问我|找我|「我的[^」]*」|我的(?:订单|优惠券|积分|评价)|“我[^”]*”|「我[^」]*」"
)
# What a customer is told to say, in the evidence's own words: tell me "cancel my order".
_QUOTED_EN = re.compile(r"[\"“][^\"”]+[\"”]")
_FIRST_PERSON_ZH = re.compile(r"我(?!们|的|这边(?:看|查)不|不|没|无法|建议|理解|明白)")
_DONE_ZH = re.compile(
    r"已(?:经)?[^，。；]{0,4}(?:为|给|替|帮|到|把)[^，。；]{0,3}(?:您|你|账)|(?:已(?:经)?|现在|马上|立刻"
    r"|这就)[^，。；]{0,10}(?:给|为|替|帮)(?:您|你)"
    r"|您的[^，。；]{0,12}已(?:经)?(?!满|过|抵扣)|(?:会|来|现在)[^，。；]{0,4}(?:帮|替)(?:您|你)|(?:同意|批准"
    r"|授权)[^，。；]{0,6}(?:退款|免单)|(?:退款|取消)成功"
    r"|破例|承诺|已(?:经)?(?:答应|同意|批准|通过|授权)|我们会送|(?:^|[，。])好的，已"
)
_FIRST_PERSON_EN = re.compile(
    r"\bI\b(?!'m (?:sorry|afraid)| (?:can't|cannot|don't|couldn't|understand|hope|suggest|recommend))|\blet me\b"
    r"|\bmy\b(?! orders| account)",
    re.IGNORECASE,
)
# What only says when something else holds: "once your device has been sent back".
_CONDITIONAL = re.compile(r"\b(?:once|after|when|if|until|as soon as)\b[^,.;:]*", re.IGNORECASE)
_DONE_EN = re.compile(
    r"\bwe(?:'ve| have) (?:\w+ )?(?:arranged|booked|refunded|sent|shipped|cancell?ed|approved|upgraded|credited"
    r"|issued|added"
    r"|registered|waived|applied|changed|updated|resent|extended|reserved|put|removed|released)\b"
    r"|\bwe'?(?:re| are) (?:going|sending|now)"
    r"|\b(?:somebody|someone|they|a colleague|an agent)(?:'ll| will)\b|\byou(?:'ve| have) been\b"
    r"|\bwe (?:guarantee|promise|agree)"
    r"|\byour [\w ]{0,25}(?:has|have) been\b|\byour [\w ]{0,25}\b(?:is|are|was) (?:on (?:its|the) way|approved"
    r"|cancell?ed|done|issued)"
    r"|\b(?:refunds?|refund is|order|return) (?:is |was |were |are )?(?:approved|completed|granted)\b"
    r"|\bhas been (?:credited|sent|issued)"
    r"|\b(?:were|was) refunded\b",
    re.IGNORECASE,
)


def promise_in(text: str, evidence: str) -> str | None:
    """Give the words of a text that act or promise; None if there are none.

    What the help pages say of themselves ("we'll look into it") may be said again word for word. "I" may never: the
    assistant that words an answer does nothing.
    """
    told = _squeezed(evidence)
    plain = _QUOTED_EN.sub(lambda quote: "" if _squeezed(quote.group()) in told else quote.group(), text)
    plain = _CONDITIONAL.sub(" ", plain.replace("’", "'"))
    without_quotes = _QUOTED_ZH.sub("", plain)
    for pattern in (_FIRST_PERSON_ZH, _FIRST_PERSON_EN):
        if found := pattern.search(without_quotes):
            return found.group()
    for pattern in (_DONE_ZH, _DONE_EN):
        for found in pattern.finditer(without_quotes):
            if _squeezed(found.group()) not in told:
                return found.group()
    return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").lower())
