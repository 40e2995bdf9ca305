"""What `rasa shell` is told: choices as numbered lines; ``endpoints.yml`` names it under ``nlg``.

Rasa's console puts buttons in place of the line that is typed on: Enter presses the first, and words are not taken.
And it gets its replies over a channel called ``queue``, so that what a domain words for ``cmdline`` never reaches it.
"""

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from kefu.dialogue.form.pressed import NUMBERED

CONSOLE = "cmdline"


class NumberedChoices(TemplatedNaturalLanguageGenerator):
    """Rasa's own responses; in the console, with their choices as lines, and kept to be picked by number."""

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        """Take what Rasa hands to a generator that ``endpoints.yml`` names."""
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Word a response; None where the domain has none that fits.

        :param kwargs: what an action gave; Rasa adds its ``buttons`` to the message after this, unless they are gone.
        """
        if tracker.get_latest_input_channel() != CONSOLE:
            return await super().generate(utter_action, tracker, output_channel, **kwargs)
        message = await super().generate(utter_action, tracker, CONSOLE, **kwargs)
        return None if message is None else _numbered(message, kwargs.get("buttons") or [])


def _numbered(message: dict[str, Any], added: list[dict[str, Any]]) -> dict[str, Any]:
    """Make lines of a message's buttons and of those that an action adds, which are taken out of the list."""
    choices = [*(message.pop("buttons", None) or []), *added]
    added.clear()
    if not choices:
        return message
    lines = [f"  {place}. {choice['title']}" for place, choice in enumerate(choices, start=1)]
    return {**message, "text": "\n".join([message.get("text") or "", *lines]), NUMBERED: choices}
