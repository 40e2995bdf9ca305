"""Which other one a customer wants in exchange, in his own words: "43", "大一码", "the black one"."""

import re
from collections.abc import Mapping
from typing import Any

from kefu.dialogue.form.details import Details
from kefu.dialogue.form.move_words import EXCHANGE
from kefu.dialogue.form.pickup import read_in_words
from kefu.dialogue.hearing import Heard
from kefu.dialogue.turn import Draft
from kefu.dialogue.wishes.remedy_words import CHANGES_IN_PLACE
from kefu.dialogue.words.colours import colours
from kefu.dialogue.words.wording import Wording, folded, without
from kefu.dialogue.words.yes_no import asks_for_time, is_nothing_but_agreement, is_nothing_but_filler
from kefu.entities import only_words
from kefu.text import is_program

# A size, a colour, a number: which other one is wanted, not only that another is.
_SAYS_WHICH = re.compile(
    r"(?<!\d)\d{1,3}(?!\d)|[大小][一1两半]?[点码号]"
    r"|(?<![a-z'’])(?<!too )(?:x{0,3}[sl]|m|small|medium|large|size (?:up|down|larger|bigger|smaller))(?![a-z])"
    r"|[\u4e00-\u9fff][色轴味]"
    r"|(?<![a-z])(?:black|white|grey|gray|blue|navy|red|pink|green|brown|beige|yellow|gold|silver|purple|orange)(?![a-z])",
    re.IGNORECASE,
)
_IS_A_SIZE = re.compile(
    r"\W*(?:in |to |for )?(?:a )?(?:size )?(?:\d{2,3}|x{0,3}[sl]|m|small|medium|large)(?: please)?\W*"
    r"|\W*[\u4e00-\u9fff]?\d{0,3}[\u4e00-\u9fff]?[码号色]的?\W*"
)
# What is said around it: "我要[43码]的，改一下", "make it [43] please".
_BEFORE = re.compile(
    r"^(?:(?:能不能|可不可以|可否|能否|可以|能|我|帮我?|给我?|请|麻烦|那就?|就|还是|想要?|要|希望|换成|改成|换为|改为|换个|换(?=[^\n]{0,4}[\d码号色轴味])|来个?)\s*)+"
    r"|^(?:(?:please|just|ok(?:ay)?|then|actually|rather|make it|can i (?:have|get)|could i (?:have|get)"
    r"|i(?: would|['’]d|d)? (?:like|want|need|prefer)(?: it in)?|(?:change|exchange|swap) (?:it|them) (?:for|to|into)"
    r"|(?:exchange|swap|change|replace)(?: [\w'’-]+){0,6}? (?:for|to|into)(?= an?| the| \d| size)"
    r"|give me|to|for|in|an?|the)[\s,]+)+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:(?<=[码号色])的)?(?:[\s,，]*(?:改一?下|换一?下|谢谢|就行了?|就好了?|就可以了?|可以吗?|行吗|行不行|可不可以|好吗|好不好|成吗|成不|吧|哈|哦"
    r"|please|instead|thanks?|thank you|then|(?:is |would be )?(?:fine|ok|okay)))+$"
    r"|(?<=[码号色])的$",
    re.IGNORECASE,
)

_IDENTITY = ("order_number", "contact", "second_contact")
# Of two figures at least: a single one picks from a list, or counts.
_SIZES = re.compile(
    r"(?<![0-9.])[0-9]{2,3}(?![0-9.])|(?<![a-z0-9'])(?:x{0,4}[sl]|m|small|medium|large|extra large)(?![a-z0-9'])"
    r"|(?<![a-z])(?:(?:one|a|two) )?sizes? (?:up|down|larger|bigger|smaller)(?![a-z])"
    r"|[加大小中均][一1两]?[码号]"
)
# Goods of which a larger or smaller one is wanted do not fit.
_BY_THE_FIT = re.compile(
    r"[大小][一1两半]?[码号]|[大小]一?[点些]的?|(?<![a-z])(?:bigger|larger|smaller|sizes? up|sizes? down)(?![a-z])"
)
_AROUND = re.compile(r"(?<![a-z])(?:one|in|for|size|eu|the|an?|rose|dark|light)(?![a-z])|[码号色款的]")
# That it shall differ, not how: "another colour" is asked about once more.
_SAYS_IN_WHAT = re.compile(
    r"(?:别的|其[他它]的?|另外的?|另一?[种个]|不同的?|一?[种个])?(?:颜色|色|尺码|码数?|尺寸|大小|型号|款式?|规格)的?"
    r"|(?:(?:an?other|a different|different|other|the|a|some)\s+)*(?:colou?rs?|sizes?|models?|styles?)",
    re.IGNORECASE,
)


def another_one(words: Wording, heard: Heard, details: Details, draft: Draft) -> str | None:
    """Give what is wanted in place of the goods, None where the message does not say it.

    Where it was asked for, whatever is said answers, unless it only agrees, asks for time, or is no words at all.
    """
    spans = [details.in_place] if details.in_place else []
    if spans and draft.asked == "exchange_for":  # "a bigger size, XL"
        sizes = [clause.span for clause in heard.telling if _IS_A_SIZE.fullmatch(words.text[slice(*clause.span)])]
        spans += [span for span in sizes if span[0] >= spans[0][1]]
    # "The same one, but in grey": what is said of a size or a colour asks for no time.
    waits = asks_for_time(words.text) and not _SAYS_WHICH.search(words.text)
    is_answer = details.values.get("remedy") in (None, "exchange") and not waits
    is_answer = is_answer and not is_nothing_but_agreement(words.text)
    corrects = draft.known.get("exchange_for") is not None and CHANGES_IN_PLACE.within(heard.said)
    if (draft.asked == "exchange_for" or corrects) and not spans and is_answer:
        said = [clause.span for clause in heard.telling]
        spans = [span for span in said if not is_nothing_but_filler(words.text[slice(*span)])]
    if not spans and _is_exchanged(draft) and names_one(words.source):
        spans = [clause.span for clause in heard.telling]
    if not spans and details.values.get("remedy") == "exchange":
        spans = [clause.span for clause in heard.telling if _IS_A_SIZE.fullmatch(words.text[slice(*clause.span)])]
    wanted = read_in_words(words, spans) if spans else None
    if wanted is None or is_program(words.source):
        return None
    named = only_words(wanted)
    if _SAYS_IN_WHAT.fullmatch(tidied(named)):
        return None
    # "换个码" says that he wants another one, not which.
    is_said = _SAYS_WHICH.search(named) or (draft.asked == "exchange_for" and any(map(str.isalpha, named)))
    return (
        None
        if is_nothing_but_filler(without(words.text, EXCHANGE.spans(words.text))) or not is_said
        else tidied(wanted)
    )


def _is_exchanged(draft: Draft) -> bool:
    """Say whether something is to be exchanged, and what is said now may say for which other one."""
    return draft.asked not in _IDENTITY and "exchange" in (draft.known.get("remedy"), draft.known.get("wish"))


def fits_not(said: str, values: Mapping[str, Any], draft: Draft) -> bool:
    """Say whether a folded text gives the reason of an exchange by what is wanted instead: "for a bigger one"."""
    is_exchange = "exchange" in (values.get("remedy"), draft.known.get("remedy"), draft.known.get("wish"))
    is_open = "reason" in draft.fills and values.get("reason") is None and draft.known.get("reason") is None
    return is_exchange and is_open and _BY_THE_FIT.search(said) is not None


def names_one(said: str) -> bool:
    """Say whether a message is nothing but a size or a colour: "39码", "XL", "in green", "for the black one"."""
    text = folded(tidied(said.strip()))
    named = [*(match.span() for match in _SIZES.finditer(text)), *colours(text, [])]
    return bool(named) and is_nothing_but_filler(_AROUND.sub(" ", without(text, named, " ")))


def tidied(wanted: str) -> str:
    """Leave out the wish around what is wanted; what is left of nothing else stays as it is."""
    kept = wanted
    while (shorter := _BEHIND.sub("", _BEFORE.sub("", kept)).strip(" ,，")) not in ("", kept):
        kept = shorter
    return kept
