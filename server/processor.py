"""Rasa's message processor with what a customer may rely on: no waiting behind others, and always a reply."""

import asyncio
from collections.abc import Awaitable
from concurrent.futures import Executor
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.data import TrainingType
from rasa.utils.endpoints import EndpointConfig

from kefu.errors import ModelError
from kefu.server.action_endpoint import WatchedEndpoint
from kefu.server.deadline import seconds_left, within_turn
from kefu.server.guarded_action import GuardedAction
from kefu.server.logs import log_failure
from kefu.server.payloads import admit
from kefu.server.replies import SERVICE_TROUBLE, compose, is_apology, is_told, last_words, open_question, send


class KefuMessageProcessor(MessageProcessor):
    """Parses in threads, obeys offered payloads only, and ends a turn that fails with a service message.

    :param parsers: the bounded pool of threads that messages are parsed in.
    :param action_timeout: seconds that one call to the action server may take.
    """

    def __init__(
        self,
        *args: Any,
        action_endpoint: EndpointConfig | None,
        parsers: Executor,
        action_timeout: float,
        **kwargs: Any,
    ) -> None:
        watched = WatchedEndpoint(action_endpoint, action_timeout) if action_endpoint else None
        super().__init__(*args, action_endpoint=watched, **kwargs)
        self._parsers = parsers

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Understand a message in a thread of the pool, so that other conversations go on.

        The tracker may be handed over as it is: it was made for this turn from the store, its conversation is locked,
        and the turn does nothing until the thread is done with it, or is given up; then nobody wants what it reads.

        :raises ModelError: if it takes longer than what is left of the turn.
        """
        seconds = seconds_left()
        try:
            parse_data: dict[str, Any] = await within_turn(self._parsed(message, tracker, only_output_properties))
        except asyncio.TimeoutError:
            raise ModelError(f"understanding took longer than the {seconds:.1f} s left to the turn") from None
        self._update_full_retrieval_intent(parse_data)
        self._check_for_unseen_features(parse_data)
        return parse_data

    def _parsed(
        self, message: UserMessage, tracker: DialogueStateTracker | None, only_output_properties: bool
    ) -> Awaitable[dict[str, Any]]:
        if self.http_interpreter:
            return self.http_interpreter.parse(message)
        tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        return asyncio.get_running_loop().run_in_executor(
            self._parsers, self._parse_message_with_graph, message, tracker, only_output_properties
        )

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Take one customer's turn; whatever fails in it, he gets a reply and the conversation stays usable."""
        channel = message.output_channel
        tracker = await self.fetch_tracker_and_update_session(message.sender_id, channel, message.metadata)
        try:
            await self._handle_message_with_tracker(message, tracker)
            if self.model_metadata.training_type == TrainingType.NLU:
                raise ModelError("the model has no rules or stories; train a whole one with `kefu train`")
            tracker = await self.run_action_extract_slots(channel, tracker)
            await self._run_prediction_loop(channel, tracker)
        except Exception as error:  # noqa: BLE001 – a customer waits for a reply, whatever it was
            log_failure("turn", error, tracker.sender_id)
            await self._apologise(tracker, channel)
        await self._keep(tracker)
        return channel.messages if isinstance(channel, CollectingOutputChannel) else None

    async def trigger_external_user_uttered(
        self,
        intent_name: str,
        entities: list[dict[str, Any]] | dict[str, str] | None,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
    ) -> None:
        """Take a turn that a reminder or another program begins; it ends as well as a customer's does."""
        try:
            await super().trigger_external_user_uttered(intent_name, entities, tracker, output_channel)
        except Exception as error:  # noqa: BLE001 – the scheduler that called would drop it
            log_failure("triggered turn", error, tracker.sender_id)
            await self._apologise(tracker, output_channel)
            await self._keep(tracker)

    async def reply(self, name: str, message: UserMessage) -> None:
        """Answer a message that is not even parsed, and note the answer on the tracker; an open form asks again."""
        channel = message.output_channel
        tracker = await self.fetch_tracker_and_update_session(message.sender_id, channel, message.metadata)
        asked = open_question(tracker)
        await self._say(name, tracker, channel, message.text)
        if asked is not None:
            tracker.update(asked, self.domain)
            await send(asked, tracker.sender_id, channel)
        await self._keep(tracker)

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        if not message.parse_data:
            message.text = admit(message.text or "", tracker)
        try:
            await super()._handle_message_with_tracker(message, tracker)
        except Exception:
            self._note_unread(message, tracker)
            raise

    def _note_unread(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Note what a customer said although it could not be understood: a person may read it later."""
        if tracker.latest_message and tracker.latest_message.message_id == message.message_id:
            return
        nothing = {"text": message.text, "intent": {"name": None, "confidence": 0.0}, "entities": []}
        event = UserUttered(
            message.text,
            nothing["intent"],
            [],
            nothing,
            input_channel=message.input_channel,
            message_id=message.message_id,
            metadata=message.metadata,
        )
        tracker.update(event, self.domain)

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        """Take actions until the bot listens; actions that go round in circles end in a service message."""
        await super()._run_prediction_loop(output_channel, tracker)
        if self._should_handle_message(tracker) and self.should_predict_another_action(tracker.latest_action_name):
            log_failure("turn", RuntimeError("too many actions in one turn"), tracker.sender_id)
            await self._apologise(tracker, output_channel)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action; one that fails ends the turn, so that nothing is said that would rest on its success."""
        guarded = GuardedAction(action)
        goes_on = await super()._run_action(guarded, tracker, output_channel, nlg, prediction)
        if not guarded.failed:
            return goes_on
        self._listen(tracker)
        return False

    @staticmethod
    async def _send_bot_messages(
        events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
    ) -> None:
        """Send what actions say; a reply that cannot be sent fails the turn, the service message is tried again."""
        for event in events:
            if is_apology(event):
                await send(event, tracker.sender_id, output_channel)
            elif isinstance(event, BotUttered):
                await output_channel.send_response(tracker.sender_id, event.message())

    async def _apologise(self, tracker: DialogueStateTracker, channel: OutputChannel) -> None:
        if not is_told(tracker):
            await self._say(SERVICE_TROUBLE, tracker, channel, last_words(tracker))
        self._listen(tracker)

    async def _say(self, name: str, tracker: DialogueStateTracker, channel: OutputChannel, text: str | None) -> None:
        said = await compose(name, tracker, self.domain, self.nlg, channel, text)
        tracker.update(said, self.domain)
        await send(said, tracker.sender_id, channel)

    def _listen(self, tracker: DialogueStateTracker) -> None:
        tracker.clear_followup_action()
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)

    async def _keep(self, tracker: DialogueStateTracker) -> None:
        """Save the tracker; if that fails, the customer has had his reply and must not get a second one."""
        try:
            await self.run_anonymization_pipeline(tracker)
            await self.save_tracker(tracker)
        except Exception as error:  # noqa: BLE001 – stores and brokers raise whatever their drivers do
            log_failure("saving the conversation", error, tracker.sender_id)
