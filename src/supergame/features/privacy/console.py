"""A person's rights: their data as a file, and its end."""

from __future__ import annotations

from typing import Annotated

from supergame.features.accounts.model import check_player
from supergame.features.privacy.service import Privacy
from supergame.features.sanctions.model import EVERYWHERE
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.api import Empty
from supergame.wire.message import Message, field

PERSON = "/sg/v1/console/persons/{user_id}"


class OnePerson(Message):
    user_id: Annotated[str, field(1)] = ""


class PersonFile(Message):
    """A file to save; `file` is JSON."""

    name: Annotated[str, field(1)] = ""
    file: Annotated[str, field(2)] = ""


def console_routes(privacy: Privacy) -> ConsoleRoutes:
    routes = ConsoleRoutes()

    @routes.act("POST", PERSON + "/export", Permission.PLAYERS_EXPORT, needs_reason=True)
    async def console_export_person(action: Action, request: OnePerson) -> PersonFile:
        _, user_id = check_player(EVERYWHERE, request.user_id)
        file = await privacy.export(user_id)
        action.changed(f"persons/{user_id}/export", None, {"bytes": len(file.encode())})
        return PersonFile(name=f"person-{user_id}.json", file=file)

    @routes.act("DELETE", PERSON, Permission.PLAYERS_ERASE, needs_reason=True)
    async def console_erase_person(action: Action, request: OnePerson) -> Empty:
        _, user_id = check_player(EVERYWHERE, request.user_id)
        titles = await privacy.erase(user_id)
        action.changed(f"persons/{user_id}", {"titles": titles}, None)
        return Empty()

    return routes
