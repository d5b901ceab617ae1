"""Chat as operators see it: channels, what was said there, messages to remove, players to mute."""

from __future__ import annotations

from typing import Annotated

from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.chat.model import check_page
from supergame.features.chat.service import Chat
from supergame.features.sanctions.model import SanctionEntry
from supergame.features.sanctions.service import Sanctions
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import ChannelMessageList, Empty
from supergame.wire.message import Int32, Message, field

PAGE = 50

CHAT = "/sg/v1/console/titles/{title_id}/chat"
MUTE = "/sg/v1/console/titles/{title_id}/players/{user_id}/mute"


class ListChannels(Message):
    title_id: Annotated[str, field(1)] = ""
    limit: Annotated[Int32, field(2)] = PAGE
    cursor: Annotated[str, field(3)] = ""


class ChannelIds(Message):
    """Ids of channels that have a history, such as `2...lobby`."""

    channel_ids: Annotated[list[str], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class ListHistory(Message):
    """The newest first, unless `forward`."""

    title_id: Annotated[str, field(1)] = ""
    channel_id: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = PAGE
    forward: Annotated[bool, field(4)] = False
    cursor: Annotated[str, field(5)] = ""


class MessageId(Message):
    title_id: Annotated[str, field(1)] = ""
    message_id: Annotated[str, field(2)] = ""


class MutePlayer(Message):
    """Without a duration until it is lifted. Its reason, which the player reads, is the operator's."""

    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    duration_s: Annotated[Int32, field(3)] = 0


class PlayerOfTitle(Message):
    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""


class MutedList(Message):
    muted: Annotated[list[SanctionEntry], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


def console_routes(chat: Chat, sanctions: Sanctions, limits: Limits) -> ConsoleRoutes:
    routes = ConsoleRoutes()
    _messages(routes, chat)
    _mutes(routes, chat, sanctions, limits)
    return routes


def _messages(routes: ConsoleRoutes, chat: Chat) -> None:
    @routes.read(CHAT + "/channels", Permission.CHAT_READ)
    async def console_list_channels(action: Action, request: ListChannels) -> ChannelIds:
        found, cursor = await chat.channels(TitleId(request.title_id), request.limit, request.cursor)
        return ChannelIds(channel_ids=found, cursor=cursor)

    @routes.read(CHAT + "/messages", Permission.CHAT_READ)
    async def console_list_channel_messages(action: Action, request: ListHistory) -> ChannelMessageList:
        title_id = TitleId(request.title_id)
        return await chat.history(title_id, None, request.channel_id, request.limit, request.forward, request.cursor)

    @routes.act("DELETE", CHAT + "/messages/{message_id}", Permission.CHAT_MODERATE, needs_reason=True)
    async def console_remove_message(action: Action, request: MessageId) -> Empty:
        removed = await chat.remove_any(TitleId(request.title_id), request.message_id)
        action.changed(f"messages/{removed.message_id}", {"channel_id": removed.channel_id, "sender_id": removed.sender_id}, None)
        return Empty()


def _mutes(routes: ConsoleRoutes, chat: Chat, sanctions: Sanctions, limits: Limits) -> None:
    @routes.read(CHAT + "/muted", Permission.CHAT_READ)
    async def console_list_muted(action: Action, request: ListChannels) -> MutedList:
        check_page(request.limit, limits)
        muted, cursor = await sanctions.muted(TitleId(request.title_id), request.limit, request.cursor)
        return MutedList(muted=muted, cursor=cursor)

    @routes.act("POST", MUTE, Permission.CHAT_MODERATE, needs_reason=True)
    async def console_mute_player(action: Action, request: MutePlayer) -> SanctionEntry:
        title_id, user_id = TitleId(request.title_id), UserId(request.user_id)
        made = sanctions.shown(await chat.mute(title_id, user_id, action.reason, action.operator, request.duration_s))
        action.changed(f"players/{user_id}/mute", None, made)
        return made

    @routes.act("DELETE", MUTE, Permission.CHAT_MODERATE, needs_reason=True)
    async def console_unmute_player(action: Action, request: PlayerOfTitle) -> Empty:
        title_id, user_id = TitleId(request.title_id), UserId(request.user_id)
        for lifted in await chat.unmute(title_id, user_id, action.reason, action.operator):
            action.changed(f"players/{user_id}/mute", lifted.sanction_id, None)
        return Empty()
