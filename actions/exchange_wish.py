"""What is wanted in exchange, beside what the shop has: what is not made, or sold out, is said and asked anew."""

from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from kefu.actions.case_view import CaseView
from kefu.actions.wording import joined
from kefu.dialogue.goods.made_in import NotToBeHad, names_neither, not_to_be_had, step_taken
from kefu.shop.catalogue import Article
from kefu.text import Language


def without_impossible_wish(dispatcher: CollectingDispatcher, view: CaseView, language: Language) -> CaseView:
    """Say what stands against the wish of an exchange that is about to be summed up, and take it out; blocks.

    A size that is told by its distance ("one size up") is put down as what it is.

    Only where one article is exchanged: which of several the words are about, they seldom say.
    """
    draft, step = view.draft, view.step
    if view.matter is None or step is None or step.plan is None or not draft.exchange_for:
        return view
    lines = step.draft.lines or ()
    if step.plan.kind != "exchange" or not lines:
        return view
    skus = {item.sku for item in view.matter.order.items if item.position in {line.position for line in lines}}
    found = {sku: view.shop.goods.in_store(sku) for sku in skus}
    known = [(sku, *one) for sku, one in found.items() if one is not None]
    if len(known) != len(skus) or len({article.id for _, article, _ in known}) != 1:
        return view
    for sku, article, stock in known:
        if (against := not_to_be_had(draft.exchange_for, article, sku, stock)) is not None:
            _say(dispatcher, draft.exchange_for, article, against, language)
            return replace(view, draft=replace(draft, exchange_for=None))
    sku, article, _ = known[0]
    if draft.reason == "no_reason" and names_neither(draft.exchange_for, article):
        dispatcher.utter_message(response="utter_unclear_exchange_for")
        return replace(view, draft=replace(draft, exchange_for=None))
    # "One size up" is written down as the size that it is: whoever packs it must not have to work it out.
    meant = step_taken(draft.exchange_for, article, sku) if len(known) == 1 else None
    return replace(view, draft=replace(draft, exchange_for=meant.said(language))) if meant else view


def _say(
    dispatcher: CollectingDispatcher, wanted: str, article: Article, against: NotToBeHad, language: Language
) -> None:
    words: dict[str, Any] = {
        "goods": article.name.in_language(language),
        "wanted": wanted,
        "instead": joined((variant.said(language) for variant in against.instead), language),
    }
    name = against.why if against.instead else "nothing_else"
    dispatcher.utter_message(response=f"utter_exchange_{name}", **words)
