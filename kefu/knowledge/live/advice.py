"""Which article to take: two compared, or some recommended, each with the reason."""

from dataclasses import dataclass
from decimal import Decimal

from kefu.dialogue.presale.query import Presale
from kefu.errors import LiveFactError
from kefu.knowledge.live.goods_answers import Gathered
from kefu.knowledge.live.source import Price
from kefu.knowledge.live.texts import money_text, shelves_text, value_text
from kefu.shop.catalogue import Article, Attribute
from kefu.shop.orders import Bilingual

_MOST_SHOWN = 3


@dataclass(frozen=True)
class _Choice:
    article: Article
    price: Price
    pieces: int
    fulfilled: tuple[Attribute, ...]  # the wishes that it fulfils


def comparison(query: Presale, gathered: Gathered) -> str | None:
    """Set articles side by side: price and what is known of all of them, and which is ahead in what was asked."""
    articles = gathered.articles(query)
    lines = [_ahead(articles, gathered.catalogue.attributes[query.attribute], gathered)] if query.attribute else []
    prices = [f"{gathered.name(each)} {money_text(gathered.price(each), gathered.language)}" for each in articles]
    lines.append(
        gathered.said("compared", what=gathered.said("price_word"), values=gathered.said("set_off").join(prices))
    )
    for asked in gathered.catalogue.attributes.values():
        if asked.key != query.attribute and all(asked.key in each.attributes for each in articles):
            lines.append(_side_by_side(articles, asked, gathered))
    return "\n".join(line for line in lines if line)


def all_shelves(_query: Presale, gathered: Gathered) -> str | None:
    """Name what is sold, by shelf."""
    return gathered.said("range", shelves=shelves_text(gathered.catalogue, gathered.language))


def shown(query: Presale, gathered: Gathered) -> tuple[str, ...]:
    """Give the ids of what a recommendation names, in its order; nothing where that is not known."""
    choices = _choices(query, gathered)
    named = _fitting(query, choices)[:_MOST_SHOWN] or _nearest(query, choices)
    return tuple(choice.article.id for choice in named)


def recommendation(query: Presale, gathered: Gathered) -> str | None:
    """Name what fits, the best first, or say that nothing does and what comes nearest.

    :raises LiveFactError: if nothing fits of what is known, and an article might whose price or stock is not.
    """
    shelf = gathered.catalogue.kinds[query.shelf or ""]
    known = _choices(query, gathered)
    name = shelf.name.in_language(gathered.language)
    not_this = gathered.said("not_this_device", shelf=name) + "\n" if query.system else ""
    if fitting := _fitting(query, known):
        lines = [_line(choice, gathered) for choice in fitting[:_MOST_SHOWN]]
        return (not_this or gathered.said("recommended") + "\n") + "\n".join(lines)
    nearest = _nearest(query, known)
    might_fit = [
        article.id
        for article in gathered.catalogue.articles.values()
        if article.is_on(shelf.key)
        and all(choice.article is not article for choice in known)
        and (not nearest or len(_fulfilled(article, query, gathered)) == len(query.wishes))
    ]
    if might_fit:
        raise LiveFactError(f"Price or stock of {', '.join(might_fit)} is not known, and nothing else fits.")
    if not nearest:
        return gathered.said("shelf_empty", shelf=name)
    return gathered.said("nothing_fits", shelf=name) + "\n" + _line(nearest[0], gathered)


def _choices(query: Presale, gathered: Gathered) -> list[_Choice]:
    """Give what of a shelf has a price and a stock that are known."""
    on_shelf = [article for article in gathered.catalogue.articles.values() if article.is_on(query.shelf)]
    offered = gathered.offered(on_shelf)
    return [
        _Choice(article, *offered[article.id], _fulfilled(article, query, gathered))
        for article in on_shelf
        if article.id in offered
    ]


def _fitting(query: Presale, choices: list[_Choice]) -> list[_Choice]:
    """Give what is in stock and all that is looked for, the best first."""
    fitting = [
        choice
        for choice in choices
        if choice.pieces and query.budget.holds(choice.price.cents) and len(choice.fulfilled) == len(query.wishes)
    ]
    return sorted(fitting, key=lambda choice: _order(choice, query))


def _nearest(query: Presale, choices: list[_Choice]) -> list[_Choice]:
    """Give the one in stock that lacks least of what is looked for; none where nothing is in stock."""
    there = [choice for choice in choices if choice.pieces]
    there.sort(key=lambda choice: (len(query.wishes) - len(choice.fulfilled), _too_much(choice, query)))
    return there[:1]


def _fulfilled(article: Article, query: Presale, gathered: Gathered) -> tuple[Attribute, ...]:
    wishes = [gathered.catalogue.attributes[key] for key in query.wishes]
    return tuple(
        asked
        for asked in wishes
        if asked.wish and asked.key in article.attributes and asked.wish.is_fulfilled(article.attributes[asked.key])
    )


def _order(choice: _Choice, query: Presale) -> tuple[tuple[Decimal, ...], int]:
    """Sort by the first numbers wished for, best first, then by price; whoever asks for cheap ones, by price."""
    if query.is_cheap:
        return (), choice.price.cents
    return tuple(_badness(choice.article, asked) for asked in choice.fulfilled), choice.price.cents


def _badness(article: Article, asked: Attribute) -> Decimal:
    value = article.attributes[asked.key]
    if isinstance(value, Bilingual):
        return Decimal(0)
    return Decimal(value) if asked.better == "lower" else -Decimal(value)


def _too_much(choice: _Choice, query: Presale) -> int:
    over = choice.price.cents - (query.budget.at_most or choice.price.cents)
    under = (query.budget.at_least or 0) - choice.price.cents
    return max(0, over, under)


def _line(choice: _Choice, gathered: Gathered) -> str:
    language = gathered.language
    reasons = [
        gathered.said(
            "reason",
            attribute=asked.name.in_language(language),
            value=value_text(asked, choice.article.attributes[asked.key], language),
        )
        for asked in choice.fulfilled
    ]
    parts = [money_text(choice.price, language), *reasons, gathered.said("in_stock", count=choice.pieces)]
    return gathered.said("choice", goods=gathered.name(choice.article), reasons=gathered.said("and").join(parts))


def _ahead(articles: list[Article], asked: Attribute, gathered: Gathered) -> str:
    """Say which article is ahead in an attribute; all that is known where none is."""
    known = [article for article in articles if asked.key in article.attributes]
    if len(known) < len(articles):
        return ""
    if asked.better is None:
        return _side_by_side(articles, asked, gathered)
    best = min(known, key=lambda article: _badness(article, asked))
    if sum(_badness(article, asked) == _badness(best, asked) for article in known) > 1:
        return _side_by_side(articles, asked, gathered)
    return gathered.said(
        "ahead",
        goods=gathered.name(best),
        attribute=asked.name.in_language(gathered.language),
        values=_values(articles, asked, gathered),
    )


def _side_by_side(articles: list[Article], asked: Attribute, gathered: Gathered) -> str:
    return gathered.said(
        "compared", what=asked.name.in_language(gathered.language), values=_values(articles, asked, gathered)
    )


def _values(articles: list[Article], asked: Attribute, gathered: Gathered) -> str:
    return gathered.said("set_off").join(
        f"{gathered.name(each)} {value_text(asked, each.attributes[asked.key], gathered.language)}"
        for each in articles
    )
