"""Matches over the socket."""

from __future__ import annotations

from supergame.base.errors import SupergameError
from supergame.features.matches.service import Joined, Matches
from supergame.realtime.frame import Frame
from supergame.realtime.tracker import Tracker
from supergame.routing.rt import SILENT, Call, Messages, error_code
from supergame.wire.rtapi import Error, Match, MatchCreate, MatchDataSend, MatchJoin, MatchLeave


def messages(matches: Matches, tracker: Tracker) -> Messages:
    messages = Messages()

    def reply(call: Call, joined: Joined) -> Match:
        for change in joined.changes:
            call.after_reply(tracker.announce, change)
        return joined.match

    @messages.on("match_create")
    def match_create(call: Call, request: MatchCreate) -> Match:
        return reply(call, matches.create_relayed(call.session, request.name))

    @messages.on("match_join")
    def match_join(call: Call, request: MatchJoin) -> Match:
        return reply(call, matches.join(call.session, request.match_id, request.token, request.metadata))

    @messages.on("match_leave")
    def match_leave(call: Call, request: MatchLeave) -> None:
        call.after_reply(tracker.announce, matches.leave(call.session, request.match_id))

    @messages.on("match_data_send")
    def match_data_send(call: Call, request: MatchDataSend) -> object:
        try:
            matches.send(call.session, request)
        except SupergameError as error:  # told without the cid: data has no reply
            code = error_code("match_data_send", error)
            call.session.send(Frame(Error(code=code, message=error.message)))
        return SILENT

    return messages
