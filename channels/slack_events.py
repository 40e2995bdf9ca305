"""Slack's events and interactions as messages; pure functions over what Slack posts."""

import html
import re
from dataclasses import dataclass
from typing import Any

from kefu.channels.conversation_ids import SLACK
from kefu.channels.intake import Incoming

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_SPECIAL = re.compile(r"<!([a-z]+)[^>]*>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^>]*))?>")
_ADDRESS = re.compile(r"<(?:mailto|tel):([^|>]*)(?:\|([^>]*))?>")
_LINK = re.compile(r"<(https?://[^|>]*)(?:\|[^>]*)?>")
_DIRECT = "D"  # the first letter of a direct conversation's id
_TAKEN_SUBTYPES = (None, "file_share", "thread_broadcast")
_ID = re.compile(r"[A-Za-z0-9]{1,40}")
_STAMP = re.compile(r"\d{1,20}\.\d{1,10}")
_KEY_END = "|"  # in a button's value, between the choice's key, its thread and its team


@dataclass(frozen=True)
class Address:
    """Who speaks where: each person has a conversation of his own in each channel and thread."""

    team: str
    channel: str
    user: str
    thread: str | None = None

    @property
    def is_direct(self) -> bool:
        """Whether nobody else reads along."""
        return self.channel.startswith(_DIRECT)

    def conversation(self) -> str:
        """Give the conversation's id."""
        return SLACK + ":".join(part for part in (self.team, self.channel, self.user, self.thread) if part)

    def sender(self) -> str:
        """Name the person, wherever he speaks: each mention in a channel is a conversation of its own."""
        return f"{SLACK}{self.team}:{self.user}"

    @classmethod
    def of(cls, conversation: str) -> "Address":
        """Read a conversation's id."""
        _, team, channel, user, *thread = conversation.split(":")
        return cls(team, channel, user, thread[0] if thread else None)


def message_of(body: dict[str, Any]) -> Incoming | None:
    """Read the message of an event; None where it is none for the assistant: of a bot, an edit, a join, …"""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("bot_id") or event.get("subtype") not in _TAKEN_SUBTYPES:
        return None
    is_direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not is_direct and event.get("type") != "app_mention":
        return None
    thread = event.get("thread_ts") or (None if is_direct else event.get("ts"))
    address = _address(body.get("team_id"), event.get("channel"), event.get("user"), thread)
    if address is None:
        return None
    text = event.get("text")
    words = plain(text) if isinstance(text, str) else ""
    return Incoming(address.conversation(), words or None, metadata={"channel": "slack"}, sender=address.sender())


def press_of(body: dict[str, Any]) -> Incoming | None:
    """Read the pressed button of an interaction; None where there is none."""
    actions = body.get("actions")
    if body.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        return None
    value = actions[0].get("value") if isinstance(actions[0], dict) else None
    if not isinstance(value, str):
        return None
    key, thread, team = [*value.split(_KEY_END), "", ""][:3]
    address = _address(team or _id(body, "team"), _id(body, "channel"), _id(body, "user"), thread or None)
    if address is None:
        return None
    return Incoming(address.conversation(), choice=key[:64], metadata={"channel": "slack"}, sender=address.sender())


def button_value(key: str, address: Address) -> str:
    """Give what a button carries: its key, and the thread and team of its conversation.

    Slack does not always tell the thread, and as team none (Enterprise Grid) or the presser's own (Slack Connect).
    """
    return _KEY_END.join((key, address.thread or "", address.team))


def plain(text: str) -> str:
    """Give the words of Slack's markup: addresses and numbers as typed, links as such, no mentions."""
    text = _ADDRESS.sub(lambda match: match[2] or match[1], text)
    text = _LINK.sub(r"\1", text)
    text = _CHANNEL.sub(lambda match: f"#{match[1]}" if match[1] else "", text)
    text = _SPECIAL.sub(r"@\1", _MENTION.sub(" ", text))
    return html.unescape(text).strip()


def escaped(text: str) -> str:
    """Give words as Slack shows them unchanged."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _id(body: dict[str, Any], key: str) -> object:
    holder = body.get(key)
    return holder.get("id") if isinstance(holder, dict) else None


def _address(team: object, channel: object, user: object, thread: object) -> Address | None:
    """Make an address of what are ids."""
    if not (_is_id(team) and _is_id(channel) and _is_id(user)):
        return None
    if thread is not None and not (isinstance(thread, str) and _STAMP.fullmatch(thread)):
        return None
    return Address(str(team), str(channel), str(user), thread)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
