"""A game's access to chat: as the server, which may speak anywhere and for anybody."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from supergame.base.ids import TitleId, UserId
from supergame.features.chat.model import Channel
from supergame.features.chat.service import Chat, Sender
from supergame.features.sanctions.model import BY_THE_GAME, SanctionNotFound
from supergame.wire.api import ChannelMessage, ChannelMessageList


class ChatAccess:
    """`ctx.chat`. A channel is named by its id: of a room `2...lobby`, or what `direct` and `group` give."""

    __slots__ = ("_caller", "_chat", "_title_id")

    def __init__(self, chat: Chat, title_id: TitleId, caller: Sender) -> None:
        self._chat, self._title_id, self._caller = chat, title_id, caller

    def room(self, name: str) -> str:
        """The id of a room's channel."""
        return f"2...{name}"

    def direct(self, one: str, other: str) -> str:
        """The id of the channel of two people. Raises ChannelInvalid for anything but user ids."""
        return Channel.direct(self._title_id, one, other).id

    def group(self, group_id: str) -> str:
        """The id of a group's channel. Raises ChannelInvalid."""
        return Channel.group(self._title_id, group_id).id

    async def send(
        self, channel_id: str, content: Any, *, sender_id: str | None = None, username: str | None = None, persist: bool = True
    ) -> ChannelMessage:
        """Say something (a dict, or a dataclass or struct that becomes a JSON object) to all in a channel.

        Args:
            sender_id, username: who speaks; the caller when not given, nobody when empty.
            persist: keep it in the history.

        Raises:
            ChannelInvalid, ContentInvalid.
        """
        sender = self._sender(sender_id, username)
        return await self._chat.send_as_server(self._title_id, channel_id, sender, msgspec.json.encode(content).decode(), persist)

    async def update(
        self, channel_id: str, message_id: str, content: Any, *, sender_id: str | None = None, username: str | None = None
    ) -> ChannelMessage:
        """Change a stored message of this sender. Raises MessageNotFound, and as `send`."""
        sender, text = self._sender(sender_id, username), msgspec.json.encode(content).decode()
        return await self._chat.change_as_server(self._title_id, channel_id, sender, message_id, text)

    async def remove(
        self, channel_id: str, message_id: str, *, sender_id: str | None = None, username: str | None = None
    ) -> ChannelMessage:
        """Take a stored message of this sender out of the history. Raises MessageNotFound, ChannelInvalid."""
        return await self._chat.change_as_server(self._title_id, channel_id, self._sender(sender_id, username), message_id, None)

    async def history(self, channel_id: str, *, limit: int = 100, forward: bool = True, cursor: str = "") -> ChannelMessageList:
        """A page of what was said, and the cursors of its neighbours. Raises ChannelInvalid, PageInvalid, MalformedCursor."""
        return await self._chat.history(self._title_id, None, channel_id, limit, forward, cursor)

    async def mute(self, user_id: str, *, reason: str = "", duration_s: int = 0) -> None:
        """Keep somebody from speaking in this title's chat, for some seconds or until it is lifted.

        They hear everything, and read the reason when they try to speak. Raises AccountNotFound, SanctionInvalid.
        """
        await self._chat.mute(self._title_id, UserId(user_id), reason, BY_THE_GAME, duration_s)

    async def unmute(self, user_id: str) -> None:
        """Let somebody speak again."""
        with suppress(SanctionNotFound):
            await self._chat.unmute(self._title_id, UserId(user_id), "", BY_THE_GAME)

    def _sender(self, sender_id: str | None, username: str | None) -> Sender:
        if sender_id is None:
            return self._caller
        return Sender(sender_id, username or "")
