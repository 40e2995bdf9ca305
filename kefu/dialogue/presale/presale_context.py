"""A question about goods that leaves out which, or what it asks: the question before it says so.

Shy, too: whatever a message says beside what can be asked of goods makes it a matter of its own.
"""

import re

from kefu.dialogue.goods.goods_names import Found, GoodsNames, sure_ones
from kefu.dialogue.presale.asked import asked_words, sizes_and_colours
from kefu.dialogue.presale.goods_spoken_of import COUNTS, asks_again, in_words, one_of, with_goods, with_the_other
from kefu.dialogue.presale.presale_words import (
    CHEAP,
    COMPARE,
    COMPATIBLE,
    COUPON,
    DEAL,
    HAS,
    HOW_GOOD,
    MOST,
    PRICE,
    SIZES,
    STOCK,
    SUM,
)
from kefu.dialogue.presale.price_terms import codes
from kefu.dialogue.presale.query import Kind, Presale
from kefu.dialogue.presale.read_presale import may_be_presale, read_presale
from kefu.dialogue.words.wording import Span, without, wording

_MOST_SPOKEN_OF = 3  # articles that a question without a name may mean
_A_LOOK = 12  # characters of "size 42?" and "黑色的？", which ask again by themselves
_LONGEST = 60  # characters of such a question
# What is asked again by "and 3?" and "in L?", in words.
_SEVERAL = ("一共多少钱", "in total")
_AGAIN = {"price": _SEVERAL, "sum": _SEVERAL, "stock": ("有货吗", "in stock"), "recommend": ("有货吗", "in stock")}
_OF_EACH = ("stock", "price", "sizes", "attribute", "compatible", "sum")
_ASKING = (PRICE, SUM, STOCK, SIZES, HAS, COMPATIBLE, COMPARE, COUPON, CHEAP, MOST, HOW_GOOD)
# What says nothing of its own beside a question.
_FILLERS = re.compile(
    r"好的|谢谢|请问|现在|目前|一共|总共|如果|要是|那么|别的|其[他它]|可以|会不会|是不是|有没有|多大|多少"
    r"|[的了吗么呢啊呀吧嘛哦噢嗯那这就要买拿用再加是它还有没会不能可和跟几什么哪个款种你请问好码号色长大高重轻久]"
    r"|(?<![a-z])(?:how|much|many|is|are|it|its|they|them|the|a|an|in|for|of|with|any|and|or|do|does|you|have|has|get|can"
    r"|could|would|will|be|i|we|if|me|please|pls|total|pay|what|which|about|to|buy|take|want|use|using|on|at|one|ones"
    r"|this|that|these|those|there|still|too|also|then|so|ok|okay|thanks|great|cool|hi|hello|second|first|former|latter"
    r"|come|comes|by|coupon|code|apply|altogether|together|w)(?![a-z])"
)
# "Which one is better for running?": of several goods all that is known may help to choose.
_WHICH_FOR = re.compile(
    r"^\W*(?:那么?|所以|请问)*哪[一]?[个款种双条台副](?:更|比较|最)?(?:适合|合适|推荐|好用?)[\u4e00-\u9fff]{0,8}\W*$"
    r"|^\W*(?:那么?|所以|请问)*(?![^\n]{0,6}(?:支付|付款|方式|颜色|尺码|活动|会员|券))[\u4e00-\u9fff]{1,6}"
    r"(?:用|选|买|戴|穿)?哪[一]?[个款种双条台副](?:更|比较|最)?(?:适合|合适|好用?)"
    r"[一点些呢啊呀吧]*\W*$"
    r"|^\W*(?:(?:so|and|but|ok|okay|then)\W+)*which(?: one)?(?: of (?:them|these|those|the (?:two|three)))?"
    r"(?: (?:is|are|would be|should i (?:get|take|buy|choose)|do you (?:recommend|suggest)))?"
    r"(?: (?:the )?(?:better|best|good|right))?(?: (?:for|to|when|if)(?: [a-z']+){1,5})?\W*$"
)
_WORD = re.compile("[\u4e00-\u9fff]|[a-z]+|[0-9]+")


def read_in_context(question: str, names: GoodsNames, before: Presale | None) -> Presale | None:
    """Read a question about goods as :func:`read_presale` does; what it leaves out, the one ``before`` says."""
    query = read_presale(question, names)
    if before is None or (query is not None and not query.is_to_pay):
        return query
    text = wording(question).text
    mentioned = sure_ones(names.mentions(text))
    if len(text) > _LONGEST:
        return query
    articles = before.articles or _on_shelf(names, before.shelf)
    if query is None and not mentioned and _asks_which(text, names) and 2 <= len(articles) <= _MOST_SPOKEN_OF:
        return Presale("compare", articles)
    if _says_more(text, mentioned, names):
        return query
    if mentioned:
        return query or _of_others(text, mentioned, before)
    if query is None and CHEAP.within(text):
        return _cheapest(names, before)
    if (other := _the_other(text, names, before)) is not None:
        return other
    if not 1 <= len(articles) <= _MOST_SPOKEN_OF and one_of(text, articles) is None:
        return query
    named = with_goods(text, articles)
    return read_presale(named, names) or _again(text, named, names, before) or query


def _again(text: str, named: str, names: GoodsNames, before: Presale) -> Presale | None:
    """Read "and 3?" and "L 码的呢" as what was asked before, of so many or of such a look."""
    if before.kind not in _AGAIN or not (asks_again(text) or len(text) <= _A_LOOK):
        return None
    read = read_presale(in_words(named, *_AGAIN[before.kind]), names)
    tells = read is not None and (read.size or read.colour or any(pieces > 1 for _, pieces in read.basket))
    return read if tells else None


def _on_shelf(names: GoodsNames, shelf: str | None) -> tuple[str, ...]:
    return tuple(key for key, article in names.catalogue.articles.items() if article.is_on(shelf))


def _cheapest(names: GoodsNames, before: Presale) -> Presale | None:
    """Read "which is the cheapest?" of the shelf that was spoken of."""
    kinds: set[str | None] = {names.catalogue.articles[key].kind for key in before.articles}
    shelves = {before.shelf} if before.shelf else kinds
    shelf = shelves.pop() if len(shelves) == 1 else None
    return (
        Presale("recommend", shelf=shelf, budget=before.budget, wishes=before.wishes, is_cheap=True) if shelf else None
    )


def _asks_which(text: str, names: GoodsNames) -> bool:
    """Say whether it is asked which of the goods in talk is good for something, of which the data need not know."""
    return _WHICH_FOR.search(text) is not None and may_be_presale(text, names)


def _the_other(text: str, names: GoodsNames, before: Presale) -> Presale | None:
    """Read "and the other one?" of the only other article on the shelf of the one that was spoken of."""
    if len(before.articles) != 1:
        return None
    others = list(_on_shelf(names, names.catalogue.articles[before.articles[0]].kind))
    others.remove(before.articles[0])
    if len(others) != 1 or (named := with_the_other(text, others[0])) is None:
        return None
    return read_presale(named, names) or _of_others(text, names.mentions(named), before)


def _of_others(text: str, mentioned: list[Found], before: Presale) -> Presale | None:
    """Read "and the kettle?" as what was asked before, of other goods."""
    if len(mentioned) != 1 or not asks_again(text) or before.kind not in _OF_EACH:
        return None
    kind: Kind = "price" if before.kind == "sum" else before.kind
    return Presale(kind, tuple(sorted(mentioned[0].keys)), attribute=before.attribute, system=before.system)


def _says_more(text: str, mentioned: list[Found], names: GoodsNames) -> bool:
    """Say whether anything is left of a text beside what can be asked of goods."""
    named: list[Span] = [one.span for one in (*mentioned, *names.systems(text))]
    spans = [*named, *(span for _, span in codes(text, names)), *sizes_and_colours(text, named)]
    spans += [span for phrases in _ASKING for span in phrases.spans(text)]
    spans += [match.span() for pattern in (DEAL, *COUNTS) for match in pattern.finditer(text)]
    how_good = HOW_GOOD.within(text)
    for attribute in names.catalogue.attributes.values():
        spans += _said(text, asked_words(attribute, how_good=how_good))
    rest = _FILLERS.sub(" ", without(text, spans, " "))
    return _WORD.search(rest) is not None


def _said(text: str, words: tuple[str, ...]) -> list[Span]:
    return [match.span() for word in words for match in re.finditer(re.escape(word.lower()), text)]
