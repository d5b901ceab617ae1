"""Status over the socket."""

from __future__ import annotations

from supergame.features.status.service import StatusService
from supergame.realtime.session import Session
from supergame.routing.rt import Call, Messages
from supergame.wire.rtapi import Status, StatusFollow, StatusUnfollow, StatusUpdate

_TRUE = {"1", "t", "T", "true", "TRUE", "True"}  # Go's strconv.ParseBool, which Nakama uses


def messages(status: StatusService) -> Messages:
    messages = Messages()

    @messages.opened
    def opened(session: Session, query: dict[str, list[str]]) -> None:
        status.opened(session, query.get("status", [""])[-1] in _TRUE)

    @messages.on("status_follow")
    async def status_follow(call: Call, request: StatusFollow) -> Status:
        online = await status.follow(call.session, request.user_ids, request.usernames)
        return Status(presences=[presence.shown() for presence in online])

    @messages.on("status_unfollow")
    def status_unfollow(call: Call, request: StatusUnfollow) -> None:
        status.unfollow(call.session, request.user_ids)

    @messages.on("status_update")
    def status_update(call: Call, request: StatusUpdate) -> None:
        call.after_reply(status.update(call.session, request.status))

    return messages
