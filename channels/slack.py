"""Slack by its Events API: ``credentials.yml`` names ``kefu.channels.slack.SlackChannel``.

    POST /webhooks/slack/webhook   events and interactivity, both signed by Slack

Rasa's own takes an event again whenever Slack repeats it for another reason than a timeout, leaves ``<mailto:…>``
around what customers type, and lets everybody in a channel share one conversation. Here every event is taken once and
acknowledged at once; people speak in direct messages, or by mentioning the bot in a channel, each in a conversation of
his own.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint
from sanic import response as responses
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from kefu.channels.intake import Handler, Intake, Shared, shared
from kefu.channels.options import metadata_of, options_of, secret_from_environment
from kefu.channels.slack_events import message_of, press_of
from kefu.channels.slack_output import API, SlackOutput, slack_client
from kefu.channels.webhook import BadEvent, Deliveries, agent_of, checked_size, json_object, refusal

TOKEN_VARIABLE = "KEFU_SLACK_TOKEN"
SECRET_VARIABLE = "KEFU_SLACK_SIGNING_SECRET"
_FORM = "application/x-www-form-urlencoded"
_NO_RETRY = {"X-Slack-No-Retry": "1"}


@dataclass(frozen=True)
class SlackOptions:
    """Options in credentials.yml.

    ``visible_in_channels``: everybody in a channel sees answers, not only who asked. ``tier``: of everybody who writes
    here and of whom no more is known.
    """

    visible_in_channels: bool = False
    tier: str | None = None
    api: str = API


class SlackChannel(InputChannel):
    """Slack; ``token`` is the bot's (xoxb-…), ``signing_secret`` the app's."""

    @classmethod
    def name(cls) -> str:
        """Give the channel's name, which is also its address below /webhooks."""
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "SlackChannel":
        """Make the channel from credentials.yml, endpoints.yml and the environment; it needs no network.

        :raises SettingsError: if an option is wrong or a secret is missing.
        """
        options = options_of(SlackOptions, credentials, cls.name())
        token = secret_from_environment(TOKEN_VARIABLE, "Slack", "the bot's token (xoxb-…)")
        secret = secret_from_environment(SECRET_VARIABLE, "Slack", "the app's signing secret")
        return cls(shared(), token, secret, options)

    def __init__(self, parts: Shared, token: str, signing_secret: str, options: SlackOptions | None = None) -> None:
        options = options or SlackOptions()
        self._parts = parts
        self._metadata = metadata_of(options.tier, self.name())
        self._verifier = SignatureVerifier(signing_secret)
        self._output = SlackOutput(slack_client(token, options.api), parts.store, options.visible_in_channels)

    def get_output_channel(self) -> OutputChannel:
        """Give what sends to conversations from outside of a turn."""
        return self._output

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Give the webhook, with a health check beside it."""
        slack = Blueprint("kefu_slack", __name__)
        intake = Intake(self.name(), self._parts, on_new_message, self._output, agent_of(slack), self._metadata)
        deliveries = Deliveries(self.name(), self._parts.store, intake)
        deliveries.finish_with(slack)

        @slack.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return responses.json({"status": "ok"})

        @slack.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = checked_size(request.body)
                if not self._is_signed(body, request):
                    raise BadEvent(401, "the request is not signed by Slack, or not of the last five minutes")
                if (request.headers.get("content-type") or "").startswith(_FORM):
                    return await _interaction(body, deliveries)
                return await _event(json_object(body), deliveries)
            except BadEvent as error:
                return refusal(error)

        return slack

    def _is_signed(self, body: bytes, request: Request) -> bool:
        stamp = request.headers.get("x-slack-request-timestamp")
        signature = request.headers.get("x-slack-signature")
        try:
            return bool(self._verifier.is_valid(body, stamp, signature))
        except (ValueError, TypeError):  # a stamp that is no number, a body that is no text
            return False


async def _event(body: dict[str, Any], deliveries: Deliveries) -> HTTPResponse:
    if body.get("type") == "url_verification":
        return responses.text(str(body.get("challenge", "")))
    event_id = body.get("event_id")
    if body.get("type") != "event_callback":
        return responses.empty(status=200)  # of a kind that is not for us
    if not isinstance(event_id, str) or not event_id:
        raise BadEvent(400, "the event has no id")
    incoming = message_of(body)
    if incoming is not None and await deliveries.is_new(event_id):
        deliveries.take(incoming)
    return responses.empty(status=200, headers=_NO_RETRY)


async def _interaction(body: bytes, deliveries: Deliveries) -> HTTPResponse:
    try:
        fields = parse_qs(body.decode("utf-8"))
    except ValueError:
        raise BadEvent(400, "the body must be a form") from None
    content = json_object(fields.get("payload", [""])[0])
    incoming, trigger = press_of(content), content.get("trigger_id")
    if incoming is not None and isinstance(trigger, str) and await deliveries.is_new(f"press {trigger}"):
        deliveries.take(incoming)
    return responses.empty(status=200)
