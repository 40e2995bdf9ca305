"""An action whose failure the customer hears of, instead of silence."""

from rasa.core.actions.action import Action, ActionExecutionRejection, ActionSessionStart
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu.server.logs import log_failure
from kefu.server.replies import SERVICE_TROUBLE, compose, is_told, last_words


class GuardedAction(Action):
    """Runs the action it wraps. If that fails, ``failed`` is true and its events are the service message.

    Rasa swallows the exceptions of actions itself, with a log that quotes them; here they do not get that far.
    """

    def __init__(self, action: Action) -> None:
        self._action = action
        self.failed = False

    def name(self) -> str:
        """Give the name of the action."""
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        """Give the event that the action itself would log."""
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action.

        :raises ActionExecutionRejection: if the action declines to run; that is no failure.
        """
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:  # noqa: BLE001 – whatever an action fails with, the customer is told
            log_failure(self.name(), error, tracker.sender_id)
        if self.name() == ACTION_SESSION_START_NAME:  # a session begins all the same, in Rasa's own way
            return await ActionSessionStart().run(output_channel, nlg, tracker, domain)
        self.failed = True
        return [*self._withdrawals(tracker, domain), *await self._apology(output_channel, nlg, tracker, domain)]

    async def _apology(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        if is_told(tracker):
            return []
        return [await compose(SERVICE_TROUBLE, tracker, domain, nlg, output_channel, last_words(tracker))]

    def _withdrawals(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        """Take back what this message put into the form's slots: its validator never saw it."""
        if not isinstance(self._action, FormAction) or tracker.active_loop_name != self.name():
            return []
        required = set(self._action.required_slots(domain))
        now: set[str] = set()
        before: dict[str, object] = {}
        in_this_turn = True
        for event in reversed(tracker.applied_events()):
            if isinstance(event, UserUttered):
                in_this_turn = False
            elif isinstance(event, SlotSet) and event.key in required:
                if in_this_turn:
                    now.add(event.key)
                else:
                    before.setdefault(event.key, event.value)
        return [SlotSet(name, before.get(name, tracker.slots[name].initial_value)) for name in sorted(now)]
