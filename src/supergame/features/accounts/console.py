"""Players as operators see them: find, look at, ban, sign out, note."""

from __future__ import annotations

from typing import Annotated

import msgspec

from supergame.base.ids import TitleId, UserId
from supergame.base.limits import Limits
from supergame.features.accounts.model import check_page, check_player
from supergame.features.accounts.service import Accounts
from supergame.features.sanctions.model import EVERYWHERE, NoteEntry, SanctionEntry
from supergame.features.sanctions.service import Sanctions
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Account, Empty, User
from supergame.wire.message import Int32, Message, field

PAGE = 50

TITLE = "/sg/v1/console/titles/{title_id}/players"
PLAYER = TITLE + "/{user_id}"
PERSON = "/sg/v1/console/persons/{user_id}"


class ListPlayers(Message):
    """With a text: by any identity, or the beginning of a user name. Without: the newest first. Online is who has a socket open."""

    title_id: Annotated[str, field(1)] = ""
    text: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = PAGE
    cursor: Annotated[str, field(4)] = ""


class PlayerList(Message):
    players: Annotated[list[User], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class PlayerId(Message):
    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""


class SocketEntry(Message):
    """An open socket. Those of one sign-in share its token id."""

    session_id: Annotated[str, field(1)] = ""
    token_id: Annotated[str, field(2)] = ""


class Player(Message):
    """All that a title knows of somebody; `titles` are the others that they play, as far as the operator sees those."""

    account: Annotated[Account, field(1)] = msgspec.field(default_factory=Account)
    titles: Annotated[list[str], field(2)] = []
    sockets: Annotated[list[SocketEntry], field(3)] = []
    sanctions: Annotated[list[SanctionEntry], field(4)] = []


class BanPlayer(Message):
    """A ban; without a duration until it is lifted. Its reason, which the player reads, is the operator's."""

    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    duration_s: Annotated[Int32, field(3)] = 0


class PersonId(Message):
    user_id: Annotated[str, field(1)] = ""


class ListNotes(Message):
    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    limit: Annotated[Int32, field(3)] = PAGE
    cursor: Annotated[str, field(4)] = ""


class NoteList(Message):
    notes: Annotated[list[NoteEntry], field(1)] = []
    cursor: Annotated[str, field(2)] = ""


class WriteNote(Message):
    """The audit trail keeps that a note was written, and not its text."""

    title_id: Annotated[str, field(1)] = ""
    user_id: Annotated[str, field(2)] = ""
    note_text: Annotated[str, field(3)] = ""


def console_routes(accounts: Accounts, sanctions: Sanctions, limits: Limits) -> ConsoleRoutes:
    routes = ConsoleRoutes()
    _look(routes, accounts, sanctions, limits)
    _bans(routes, accounts, sanctions)
    _notes(routes, accounts, sanctions, limits)
    return routes


def _look(routes: ConsoleRoutes, accounts: Accounts, sanctions: Sanctions, limits: Limits) -> None:
    @routes.read(TITLE, Permission.PLAYERS_READ)
    async def console_list_players(action: Action, request: ListPlayers) -> PlayerList:
        check_page(request.limit, limits)
        title_id = TitleId(request.title_id)
        if request.text:
            players, cursor = await accounts.search(title_id, request.text, request.limit), ""
        else:
            players, cursor = await accounts.newest(title_id, request.limit, request.cursor)
        for player in players:
            player.online = bool(accounts.sockets(title_id, UserId(player.id)))
        return PlayerList(players=players, cursor=cursor)

    @routes.read(PLAYER, Permission.PLAYERS_READ)
    async def console_get_player(action: Action, request: PlayerId) -> Player:
        title_id, user_id = check_player(request.title_id, request.user_id)
        account = await accounts.account_as_server(title_id, user_id)
        others = [str(title) for title in await accounts.titles(user_id) if title != title_id and action.sees(title)]
        sockets = [SocketEntry(session_id=one.session_id, token_id=one.token_id) for one in accounts.sockets(title_id, user_id)]
        return Player(account=account, titles=others, sockets=sockets, sanctions=await sanctions.history(title_id, user_id))

    @routes.act("POST", PLAYER + "/sign-out", Permission.PLAYERS_BAN)
    async def console_sign_out_player(action: Action, request: PlayerId) -> Empty:
        title_id, user_id = check_player(request.title_id, request.user_id)
        sockets = len(accounts.sockets(title_id, user_id))
        await accounts.sign_out(title_id, user_id)
        action.changed(f"players/{user_id}/sockets", sockets, 0)
        return Empty()


def _bans(routes: ConsoleRoutes, accounts: Accounts, sanctions: Sanctions) -> None:
    async def ban(action: Action, request: BanPlayer) -> SanctionEntry:
        title_id, user_id = check_player(request.title_id, request.user_id)
        made = sanctions.shown(await accounts.ban(title_id, user_id, action.reason, action.operator, request.duration_s))
        action.changed(f"players/{user_id}/ban", None, made)
        return made

    async def unban(action: Action, request: PlayerId) -> Empty:
        title_id, user_id = check_player(request.title_id, request.user_id)
        for lifted in await accounts.unban(title_id, user_id, action.reason, action.operator):
            action.changed(f"players/{user_id}/ban", lifted.sanction_id, None)
        return Empty()

    @routes.act("POST", PLAYER + "/ban", Permission.PLAYERS_BAN, needs_reason=True)
    async def console_ban_player(action: Action, request: BanPlayer) -> SanctionEntry:
        return await ban(action, request)

    @routes.act("DELETE", PLAYER + "/ban", Permission.PLAYERS_BAN, needs_reason=True)
    async def console_unban_player(action: Action, request: PlayerId) -> Empty:
        return await unban(action, request)

    @routes.act("POST", PERSON + "/ban", Permission.PLAYERS_BAN, needs_reason=True)
    async def console_ban_person(action: Action, request: BanPlayer) -> SanctionEntry:
        request.title_id = EVERYWHERE
        return await ban(action, request)

    @routes.act("DELETE", PERSON + "/ban", Permission.PLAYERS_BAN, needs_reason=True)
    async def console_unban_person(action: Action, request: PersonId) -> Empty:
        return await unban(action, PlayerId(title_id=EVERYWHERE, user_id=request.user_id))


def _notes(routes: ConsoleRoutes, accounts: Accounts, sanctions: Sanctions, limits: Limits) -> None:
    @routes.read(PLAYER + "/notes", Permission.PLAYERS_READ)
    async def console_list_notes(action: Action, request: ListNotes) -> NoteList:
        check_page(request.limit, limits)
        title_id, user_id = check_player(request.title_id, request.user_id)
        notes, cursor = await sanctions.notes(title_id, user_id, request.limit, request.cursor)
        return NoteList(notes=[note.shown() for note in notes], cursor=cursor)

    @routes.act("POST", PLAYER + "/notes", Permission.PLAYERS_WRITE)
    async def console_write_note(action: Action, request: WriteNote) -> NoteEntry:
        title_id, user_id = check_player(request.title_id, request.user_id)
        await accounts.account(title_id, user_id)
        note = await sanctions.write_note(title_id, user_id, request.note_text, action.operator)
        action.changed(f"players/{user_id}/notes/{note.note_id}", None, {"bytes": len(note.text.encode())})
        return note.shown()
