"""The kernel's services as the actions use them, made once for the process."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kefu import clock
from kefu.actions.second_opinion import alarms_by_meaning, reasons_by_meaning
from kefu.database import Database
from kefu.desk.tickets import TicketDesk
from kefu.dialogue.turn import SecondOpinion
from kefu.errors import ModelError
from kefu.knowledge.asker import Asker
from kefu.knowledge.decision import Judged, Option, Origin
from kefu.knowledge.live.facts import open_facts
from kefu.knowledge.live.presale import PresaleDesk
from kefu.protocols import Clock, Message
from kefu.settings import GeneratorSettings, Settings, load_settings
from kefu.shop.case_changes import CaseChanges
from kefu.shop.case_store import CaseStore
from kefu.shop.identity import IdentityDesk
from kefu.shop.policy import Policy, load_policy
from kefu.shop.store import OrderStore
from kefu.text import Language

logger = logging.getLogger(__name__)


class Answer(Judged, Protocol):
    """What the knowledge base decided on a question; ``as_of`` is an ISO date."""

    @property
    def entry_id(self) -> str | None:
        """The entry that it comes from."""

    @property
    def title(self) -> str:
        """What the entry is called before a customer: the question it answers."""

    @property
    def text(self) -> str:
        """The approved text."""

    @property
    def as_of(self) -> str:
        """Since when it has been live."""

    @property
    def link(self) -> str:
        """The address of its page, or nothing."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The entries to choose from, where there is a choice."""

    @property
    def origin(self) -> Origin:
        """Whose words the text is."""


class Knowledge(Protocol):
    """What the actions need of the knowledge base."""

    def answer(
        self, question: str, *, language: Language | None, strict: bool = False, asker: Asker | None = None
    ) -> Answer:
        """Decide on a question."""

    def entry_answer(self, entry_id: str, language: Language) -> Answer:
        """Answer with an entry."""

    def worded(
        self,
        question: str,
        decision: Judged,
        language: Language,
        history: Sequence[Message],
        *,
        timeout: float | None,
        cancel: threading.Event | None,
    ) -> Answer | None:
        """Answer from several entries where no approved text was sure enough, within the time that the caller has."""

    def entry_text(self, entry_id: str, language: Language) -> str:
        """Give the approved text of an entry."""

    def entry_title(self, entry_id: str, language: Language) -> str:
        """Give the question that an entry answers."""


@dataclass(frozen=True)
class Services:
    """The kernel as the actions see it.

    ``knowledge`` opens the base when it is first needed; ``reasons`` is the second opinion on a customer's reason;
    ``goods`` answers questions about goods before they are bought. ``patience`` is how many seconds the server waits
    for an action.
    """

    policy: Policy
    orders: OrderStore
    cases: CaseStore
    changes: CaseChanges
    identity: IdentityDesk
    tickets: TicketDesk
    knowledge: Callable[[], Knowledge]
    reasons: SecondOpinion
    alarms: SecondOpinion
    goods: PresaleDesk
    clock: Clock
    patience: float


_lock = threading.Lock()
_services: Services | None = None


def services() -> Services:
    """Give the services of this process; blocks while the database is prepared, so call it in a thread.

    :raises KefuError: if a setting, a data file or the database is wrong; the next call tries again.
    """
    global _services
    with _lock:
        if _services is None:
            _services = open_services(load_settings())
        return _services


def use_services(replacement: Services | None) -> None:
    """Put other services in place (tests do), or have them made anew."""
    global _services
    with _lock:
        _services = replacement


def open_services(settings: Settings, now: Clock = clock.now) -> Services:
    """Make the services that the settings describe.

    :raises KefuError: if a setting, a data file or the database is wrong.
    """
    policy = load_policy(settings.path(settings.knowledge.policy))
    shop = Database(settings.database_url(settings.orders.url))
    orders = OrderStore(shop, now, settings.path(settings.orders.seed) if settings.orders.seed else None)
    tickets = TicketDesk(Database(settings.database_url(settings.handoff.url)), now, policy.timezone)
    orders.prepare()
    tickets.prepare()
    cases = CaseStore(shop, now, policy, settings.orders)
    changes = CaseChanges(shop, policy, settings.orders, now)
    identity = IdentityDesk(shop, now, settings.orders)
    reasons, alarms = reasons_by_meaning(settings, policy), alarms_by_meaning(settings)
    goods = PresaleDesk(open_facts(settings, policy, now))
    goods.warm_up()
    threading.Thread(target=load_generator, args=(settings.generator,), name="load-generator", daemon=True).start()
    return Services(
        policy=policy,
        orders=orders,
        cases=cases,
        changes=changes,
        identity=identity,
        tickets=tickets,
        knowledge=lambda: _knowledge(settings),
        reasons=reasons,
        alarms=alarms,
        goods=goods,
        clock=now,
        patience=settings.server.action_timeout,
    )


def load_generator(settings: GeneratorSettings) -> None:
    """Load the generator, if there is one: in this process a minute and more, which no customer should wait for.

    A fault is logged only: without it, sentences are quoted.
    """
    from kefu.models import shared_generator

    try:
        generator = shared_generator(settings)
        if generator is not None:
            generator.warm_up()
    except ModelError as error:
        logger.warning("The generator could not be loaded: %s", error)


def _knowledge(settings: Settings) -> Knowledge:
    from kefu.knowledge.shared import shared_base

    return shared_base(settings)
