"""What a player's client may ask: may it show this character now, and what is to be said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from supergame.base.clock import as_datetime
from supergame.features.licences.service import Licences
from supergame.routing.auth import Auth
from supergame.routing.context import Context
from supergame.routing.http import Routes
from supergame.wire.message import Int32, Message, field


class AskLicence(Message):
    """`region` is a country's two capitals; without it the answer is for wherever the licence holds."""

    property: Annotated[str, field(1)] = ""
    asset: Annotated[str, field(2)] = ""
    region: Annotated[str, field(3)] = ""


class LicenceAnswer(Message):
    """`reason` is one of licensed, own, no_licence, not_started, ended, suspended, revoked, region, used_up."""

    asset: Annotated[str, field(1)] = ""
    name: Annotated[str, field(2)] = ""
    kind: Annotated[str, field(3)] = ""
    age_rating: Annotated[Int32, field(4)] = 0
    allowed: Annotated[bool, field(5)] = False
    reason: Annotated[str, field(6)] = ""
    conduct: Annotated[list[str], field(7)] = []
    credits: Annotated[list[str], field(8)] = []
    ends_at: Annotated[datetime | None, field(9)] = None


def routes(licences: Licences) -> Routes:
    routes = Routes()

    @routes.get("/sg/v1/licences/{property}/{asset}", auth=Auth.SESSION)
    async def get_licence(ctx: Context, request: AskLicence) -> LicenceAnswer:
        asset = licences.asset(f"{request.property}/{request.asset}")
        use = licences.look(ctx.title_id, asset.id, request.region or None)
        answer = LicenceAnswer(
            asset=asset.id,
            name=asset.name,
            kind=asset.kind,
            age_rating=asset.age_rating,
            allowed=use.allowed,
            reason=use.reason,
            credits=[f"{credit.owner_id}: {credit.role}" if credit.role else credit.owner_id for credit in asset.credits],
        )
        if use.licence_id:
            terms = licences.known(use.licence_id).terms
            answer.conduct, answer.ends_at = list(terms.conduct), as_datetime(terms.ends_at) if terms.ends_at else None
        return answer

    return routes
