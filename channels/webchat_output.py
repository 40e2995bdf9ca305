"""What the web chat sends: each message is numbered and kept first, and then sent to every tab of its session."""

import asyncio
from collections import Counter
from typing import Any

from socketio import AsyncServer

from kefu.channels.backlog import Backlog, Kept
from kefu.channels.locks import Locks
from kefu.channels.replies import Reply, ReplyChannel
from kefu.channels.store import ChannelStore

BOT_UTTERED, USER_ECHO, TYPING = "bot_uttered", "user_echo", "typing"
_EVENTS = {"bot": BOT_UTTERED, "user": USER_ECHO}


class WebChatOutput(ReplyChannel):
    """Sends to a session, whether somebody is connected or not: who comes later gets it then."""

    @classmethod
    def name(cls) -> str:
        """Give the name that responses of the domain have for it."""
        return "webchat"

    def __init__(self, server: AsyncServer, backlog: Backlog, store: ChannelStore) -> None:
        self._server = server
        self._backlog = backlog
        self._store = store
        self._locks = Locks()  # keep what is sent in the order of its numbers, also beside a replay
        self._turns: Counter[str] = Counter()

    async def send_reply(self, conversation: str, reply: Reply) -> None:
        """Number, keep and send a reply; its buttons carry keys, not payloads."""
        payloads = [button.payload for button in reply.buttons]
        keys = await asyncio.to_thread(self._store.offer, conversation, payloads)
        buttons = [{"title": button.title, "payload": key} for button, key in zip(reply.buttons, keys, strict=True)]
        content = {
            "text": reply.text,
            "buttons": buttons,
            "source": reply.source,
            "as_of": reply.as_of,
            "link": reply.link,
            "image": reply.image,
            "attachment": reply.attachment,
            "custom": reply.custom,
        }
        async with self._locks.of(conversation):
            kept = await asyncio.to_thread(self._backlog.add, conversation, "bot", content)
            await self._emit(kept, conversation)

    async def echo(self, conversation: str, text: str, client_id: str | None, sent_by: str) -> int:
        """Number and keep what the customer said, show it in his other tabs, and give its number."""
        async with self._locks.of(conversation):
            content = {"text": text, "client_id": client_id}
            kept = await asyncio.to_thread(self._backlog.add, conversation, "user", content, client_id)
            await self._emit(kept, conversation, skip_sid=sent_by)
        return kept.id

    async def join(self, conversation: str, sid: str, last_id: int, confirm: dict[str, Any]) -> bool:
        """Let a connection into its session: confirm, then send what it has missed, then whatever comes.

        :return: whether it is in; not if it has ended meanwhile.
        """
        async with self._locks.of(conversation):
            newest, acked = await asyncio.to_thread(self._backlog.state, conversation)
            is_ahead = last_id > newest  # the client knows numbers that this database never gave
            missed = await asyncio.to_thread(self._backlog.after, conversation, 0 if is_ahead else last_id)
            state = {"last_id": newest, "acked": acked, "reset": is_ahead, "typing": self._turns[conversation] > 0}
            await self._server.emit("session_confirm", {**confirm, **state}, to=sid)
            for kept in missed:
                await self._emit(kept, sid)
            try:
                await self._server.enter_room(sid, conversation)
            except (KeyError, ValueError):  # the library's words for a connection that is gone
                return False
        return True

    async def typing(self, conversation: str, change: int) -> None:
        """Count the turns that are under way, and show whether there are any."""
        before = self._turns[conversation]
        self._turns[conversation] += change
        if self._turns[conversation] <= 0:
            del self._turns[conversation]
        is_on = conversation in self._turns
        if is_on != (before > 0):
            await self._server.emit(TYPING, {"on": is_on}, room=conversation)

    async def _emit(self, kept: Kept, to: str, **options: Any) -> None:
        await self._server.emit(_EVENTS[kept.kind], {"id": kept.id, **kept.content}, room=to, **options)
