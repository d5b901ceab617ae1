"""Matches for operators: which run, who is in, what they cost, what they say; take somebody out, end one."""

from __future__ import annotations

import base64
from typing import Annotated

from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument
from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.matches.model import Watched
from supergame.features.matches.service import Matches
from supergame.features.matches.spectate import Seen
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty
from supergame.wire.message import Int32, Int64, Message, field

PAGE_MAX = 100
MATCHES = "/sg/v1/console/titles/{title_id}/matches"


class ListMatches(Message):
    """`label` is a part of the label, whatever its case."""

    title_id: Annotated[str, field(1)] = ""
    label: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = 50
    cursor: Annotated[str, field(4)] = ""


class MatchRow(Message):
    """`tick_ms` is what a tick takes, averaged over the last few dozen; relayed matches have no handler and no ticks."""

    match_id: Annotated[str, field(1)] = ""
    authoritative: Annotated[bool, field(2)] = False
    size: Annotated[Int32, field(3)] = 0
    label: Annotated[str, field(4)] = ""
    handler_name: Annotated[str, field(5)] = ""
    tick_rate_hz: Annotated[Int32, field(6)] = 0
    tick: Annotated[Int32, field(7)] = 0
    tick_ms: Annotated[float, field(8)] = 0.0
    ticks_missed: Annotated[Int32, field(9)] = 0


class ConsoleMatchList(Message):
    matches: Annotated[list[MatchRow], field(1)] = []
    cursor: Annotated[str, field(2)] = ""
    total: Annotated[Int32, field(3)] = 0


class OneMatch(Message):
    title_id: Annotated[str, field(1)] = ""
    match_id: Annotated[str, field(2)] = ""


class MatchPlayer(Message):
    user_id: Annotated[str, field(1)] = ""
    username: Annotated[str, field(2)] = ""
    session_id: Annotated[str, field(3)] = ""


class MatchDetail(Message):
    """`state` is what the match's handler keeps, as short texts by field."""

    match: Annotated[MatchRow | None, field(1)] = None
    players: Annotated[list[MatchPlayer], field(2)] = []
    state: Annotated[dict[str, str], field(3)] = {}


class KickFromMatch(Message):
    title_id: Annotated[str, field(1)] = ""
    match_id: Annotated[str, field(2)] = ""
    user_id: Annotated[str, field(3)] = ""


class SpectateMatch(Message):
    """`after` is what the look before has told as `last`; at the first it is 0."""

    title_id: Annotated[str, field(1)] = ""
    match_id: Annotated[str, field(2)] = ""
    after: Annotated[Int64, field(3)] = 0


class SpectatedMessage(Message):
    """What a match has sent (`way` is `sent`), what a player has sent to its handler (`received`) or to the others of a relayed match
    (`relayed`), whose server reads nothing and does not tick.

    `number` is the time, in microseconds since 1970, each later than the one before; `tick` how many ticks the match had done. The sender
    is a player, or empty for the match itself. `receivers` counts sockets, 0 for the handler. `text` is data that is JSON in UTF-8,
    `base64` all other; of data that `is_cut` the beginning, which is text if it begins like JSON. `data_bytes` is of all of it.
    """

    number: Annotated[Int64, field(1)] = 0
    tick: Annotated[Int32, field(2)] = 0
    way: Annotated[str, field(3)] = ""
    op_code: Annotated[Int64, field(4)] = 0
    sender_id: Annotated[str, field(5)] = ""
    sender_name: Annotated[str, field(6)] = ""
    receivers: Annotated[Int32, field(7)] = 0
    reliable: Annotated[bool, field(8)] = False
    text: Annotated[str, field(9)] = ""
    base64: Annotated[str, field(10)] = ""
    data_bytes: Annotated[Int32, field(11)] = 0
    is_cut: Annotated[bool, field(12)] = False


class Spectated(Message):
    """Messages, the oldest first. `last` is what to ask after next time; `skipped` says that some were forgotten since the look before.
    Data is cut at `data_bytes_max`, and messages are kept for `seconds` after this look."""

    messages: Annotated[list[SpectatedMessage], field(1)] = []
    last: Annotated[Int64, field(2)] = 0
    skipped: Annotated[bool, field(3)] = False
    data_bytes_max: Annotated[Int32, field(4)] = 0
    seconds: Annotated[float, field(5)] = 0.0


class MatchPageInvalid(InvalidArgument):
    """A page has 1 to 100 matches."""

    code = "match.page_invalid"


def console_routes(matches: Matches, limits: Limits) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.read(MATCHES, Permission.MATCHES_READ)
    async def console_list_matches(action: Action, request: ListMatches) -> ConsoleMatchList:
        if not 1 <= request.limit <= PAGE_MAX:
            raise MatchPageInvalid
        list_of = ("matches", request.title_id, request.label)
        after = str(decode_cursor(list_of, request.cursor, (str,))[0]) if request.cursor else ""
        found, total = matches.watch(TitleId(request.title_id), request.label, after, request.limit + 1)
        shown = found[: request.limit]
        cursor = encode_cursor(list_of, (shown[-1].match_id,)) if len(found) > request.limit else ""
        return ConsoleMatchList(matches=[_row(one) for one in shown], cursor=cursor, total=total)

    @routes.read(f"{MATCHES}/{{match_id}}", Permission.MATCHES_READ)
    async def console_get_match(action: Action, request: OneMatch) -> MatchDetail:
        watched, sessions = matches.look_into(TitleId(request.title_id), request.match_id)
        players = [MatchPlayer(user_id=one.user_id, username=one.username, session_id=one.session_id) for one in sessions]
        return MatchDetail(match=_row(watched), players=players, state=matches.state(TitleId(request.title_id), request.match_id))

    @routes.read(f"{MATCHES}/{{match_id}}/messages", Permission.MATCHES_READ)
    async def spectate_match(action: Action, request: SpectateMatch) -> Spectated:
        look = matches.spectate(TitleId(request.title_id), request.match_id, request.after)
        return Spectated(
            messages=[_shown(seen) for seen in look.messages],
            last=look.last,
            skipped=look.skipped,
            data_bytes_max=limits.spectated_data_bytes_max,
            seconds=limits.spectating_s,
        )

    @routes.act("POST", f"{MATCHES}/{{match_id}}/kick", Permission.MATCHES_WRITE, needs_reason=True)
    async def kick_from_match(action: Action, request: KickFromMatch) -> Empty:
        kicked = matches.kick(TitleId(request.title_id), request.match_id, UserId(request.user_id))
        target = f"players/{request.user_id}"
        action.changed(target, {"match": request.match_id, "sessions": [one.session_id for one in kicked]}, None)
        return Empty()

    @routes.act("DELETE", f"{MATCHES}/{{match_id}}", Permission.MATCHES_WRITE, needs_reason=True)
    async def end_match(action: Action, request: OneMatch) -> Empty:
        watched = matches.end(TitleId(request.title_id), request.match_id)
        action.changed(f"matches/{request.match_id}", _row(watched), None)
        return Empty()

    return routes


def _row(match: Watched) -> MatchRow:
    return MatchRow(**match._asdict())


def _shown(seen: Seen) -> SpectatedMessage:
    text = seen.text
    return SpectatedMessage(
        number=seen.number,
        tick=seen.tick,
        way=seen.way,
        op_code=seen.op_code,
        sender_id=seen.user_id,
        sender_name=seen.username,
        receivers=seen.receivers,
        reliable=seen.reliable,
        text=text or "",
        base64=base64.b64encode(seen.data).decode() if text is None else "",
        data_bytes=seen.data_bytes,
        is_cut=seen.is_cut,
    )
