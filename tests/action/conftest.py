"""Actions under test: the real stores on a temporary database, a clock that stands still, a fake knowledge base."""

import copy
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu.actions import services as shop_services
from kefu.actions.after_sales import ValidateAfterSalesForm
from kefu.errors import DataError, KnowledgeIndexError
from kefu.knowledge.decision import Option
from kefu.settings import HandoffSettings, OrderSettings, Settings
from tests.clock import Clock

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Decision:
    kind: str
    entry_id: str | None = None
    title: str = ""
    text: str = ""
    as_of: str = ""
    link: str = ""
    options: tuple = ()
    origin: str = "approved"

    def to_json(self):
        return asdict(self)


POSTAGE = (Option("shipping_cost", "运费怎么算？"), Option("return_shipping_cost", "退货的运费由谁承担？"))


class FakeKnowledge:
    """Knows one thing, wavers about another ("邮费"), and remembers what it was asked, and by whom."""

    def __init__(self):
        self.asked = []
        self.askers = []
        self.deleted = set()
        self.is_broken = False
        self.knows_dangers = False
        self.worded_as = None  # what it makes of several entries
        self.told = []  # what it was told of the dialogue

    def worded(self, question, decision, language, history, *, timeout, cancel):
        self.told.append((question, language, list(history)))
        self.waited = (timeout, cancel)
        return self.worded_as

    def answer(self, question, *, language, strict=False, asker=None):
        if self.is_broken:
            raise KnowledgeIndexError("There is no index. Run: kefu index")
        self.asked.append((question, language, strict))
        self.askers.append(asker)
        if "运费" in question and not strict:
            text, link = "无理由退货运费由您承担。", "https://help.example/postage"
            return Decision("answer", "return_shipping_cost", "退货运费谁出？", text, "2026-11-20", link)
        if self.knows_dangers and "product_safety" in question:
            return Decision("answer", "product_safety", question, "请立刻停止使用。", "2026-11-20")
        if not strict and "邮费" in question:
            return Decision("ask_back", options=POSTAGE)
        return Decision("abstain")

    def entry_answer(self, entry_id, language):
        self._must_exist(entry_id)
        return Decision("answer", entry_id, f"title of {entry_id}", f"text of {entry_id} in {language}", "2026-11-20")

    def _must_exist(self, entry_id):
        if entry_id in self.deleted:
            raise DataError(f"There is no knowledge entry `{entry_id}`.")

    def entry_title(self, entry_id, language):
        self._must_exist(entry_id)
        titles = {option.entry_id: option.title for option in POSTAGE}
        if language == "zh" and entry_id in titles:
            return titles[entry_id]
        return f"title of {entry_id} in {language}"

    def entry_text(self, entry_id, language):
        if self.is_broken:
            raise KnowledgeIndexError("There is no index. Run: kefu index")
        return f"text of {entry_id} in {language}"


NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)  # in China: people are there


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def knowledge():
    return FakeKnowledge()


def hears_nothing(texts):
    """The second opinion of one that has none."""
    return [None for _ in texts]


@pytest.fixture
def shop(tmp_path, clock, knowledge):
    """The services that the actions under test use."""
    url = f"sqlite:///{tmp_path}/shop.db"
    settings = Settings(ROOT, orders=OrderSettings(url=url), handoff=HandoffSettings(url=url))
    opened = shop_services.open_services(settings, clock)
    services = replace(opened, knowledge=lambda: knowledge, reasons=hears_nothing, alarms=hears_nothing)
    shop_services.use_services(services)
    yield services
    shop_services.use_services(None)


class Conversation:
    """Runs single actions over one tracker, and applies the events that they return."""

    def __init__(self, conversation="c1", language="zh"):
        self.events = []
        self.slots = {"language": language}
        self.loop = {}
        self.conversation = conversation
        self.message = {}

    def says(self, text, intent="ask_question", entities=(), channel="rest", metadata=None):
        self.message = {"text": text, "intent": {"name": intent}, "entities": list(entities)}
        self.events.append({"event": "user", "text": text, "input_channel": channel, "metadata": metadata or {}})
        return self

    def in_form(self, requested_slot, form="track_order_form"):
        self.loop = {"name": form}
        self.slots["requested_slot"] = requested_slot
        return self

    async def run(self, action):
        """Run an action; give the names and variables of the responses that it uttered."""
        tracker = Tracker(
            self.conversation,
            copy.deepcopy(self.slots),
            self.message,
            copy.deepcopy(self.events),
            False,
            None,
            self.loop,
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        self.returned = await action.run(dispatcher, tracker, {})
        for event in self.returned:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = {"name": event["name"]} if event["name"] else {}
        for message in dispatcher.messages:
            self.events.append({"event": "bot", "text": message["response"], **self._shown(message["buttons"])})
        self.said = dispatcher.messages
        return [message["response"] for message in dispatcher.messages]

    def _shown(self, buttons):
        """Give what Rasa keeps of buttons: as such, or as the console's numbered choices."""
        is_console = self.events[0].get("input_channel") == "cmdline"
        return {"metadata": {"numbered": buttons}} if is_console else {"data": {"buttons": buttons}}

    def slot_events(self):
        """The slots that the last action set."""
        return {event["name"]: event["value"] for event in self.returned if event["event"] == "slot"}


@pytest.fixture
def conversation(shop):
    return Conversation()


@pytest.fixture
def another_conversation(shop):
    return Conversation("c2")


@pytest.fixture
async def confirmed(conversation):
    """A conversation right after the yes to a return of SO20260016, before anything was filed."""
    form = ValidateAfterSalesForm()
    said = "退 SO20260016，8063，不想要了"
    await conversation.says(said, "request_return").in_form(None, "after_sales_form").run(form)
    assert conversation.slots["requested_slot"] == "case_confirmed"
    await conversation.says("好的", "affirm").in_form("case_confirmed", "after_sales_form").run(form)
    assert conversation.slots["case_confirmed"] is True
    return conversation
