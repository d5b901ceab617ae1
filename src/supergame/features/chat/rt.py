"""Chat over the socket."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from supergame.features.chat.model import acknowledged
from supergame.features.chat.service import Chat, Spoken
from supergame.routing.rt import Call, Messages
from supergame.wire.rtapi import (
    Channel,
    ChannelJoin,
    ChannelLeave,
    ChannelMessageAck,
    ChannelMessageRemove,
    ChannelMessageSend,
    ChannelMessageUpdate,
)


def messages(chat: Chat) -> Messages:
    messages = Messages()

    @messages.on("channel_join")
    async def channel_join(call: Call, request: ChannelJoin) -> Channel:
        persistence, hidden = request.persistence is not False, request.hidden is True
        reply, tell = await chat.join(call.session, request.type, request.target, persistence, hidden)
        call.after_reply(tell)
        return reply

    @messages.on("channel_leave")
    def channel_leave(call: Call, request: ChannelLeave) -> None:
        call.after_reply(chat.leave(call.session, request.channel_id))

    @messages.on("channel_message_send")
    def channel_message_send(call: Call, request: ChannelMessageSend) -> ChannelMessageAck | Coroutine[Any, Any, ChannelMessageAck]:
        spoken = chat.speak(call.session, request.channel_id, request.content)
        return keep_and_show(call, spoken) if spoken.persistent else show(call, spoken)

    async def keep_and_show(call: Call, spoken: Spoken) -> ChannelMessageAck:
        await chat.keep(spoken)
        return show(call, spoken)

    def show(call: Call, spoken: Spoken) -> ChannelMessageAck:
        message, tell = chat.show(spoken)
        call.after_reply(tell)
        return acknowledged(message)

    @messages.on("channel_message_update")
    async def channel_message_update(call: Call, request: ChannelMessageUpdate) -> ChannelMessageAck:
        message, tell = await chat.update(call.session, request.channel_id, request.message_id, request.content)
        call.after_reply(tell)
        return acknowledged(message)

    @messages.on("channel_message_remove")
    async def channel_message_remove(call: Call, request: ChannelMessageRemove) -> ChannelMessageAck:
        message, tell = await chat.remove(call.session, request.channel_id, request.message_id)
        call.after_reply(tell)
        return acknowledged(message)

    return messages
