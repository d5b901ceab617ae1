"""The registry and its licences for operators: look, register, write terms, sign steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

import msgspec

from supergame.base.clock import exact_datetime
from supergame.base.ids import TitleId
from supergame.base.titles import title_of
from supergame.features.licences.model import Action as StepAction
from supergame.features.licences.model import Asset, Licence, LicenceNotFound, Owner, Property, RegistrationInvalid, Terms
from supergame.features.licences.service import PAGE_MAX, Licences
from supergame.routing.console import Action, ConsoleRoutes, Permission
from supergame.wire.message import Int32, Int64, Message, field

T = TypeVar("T", bound=msgspec.Struct)
CURRENCY = "EUR"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ListRegistered(Message):
    """By id, those behind `after`."""

    after: Annotated[str, field(1)] = ""
    limit: Annotated[Int32, field(2)] = 0


class OwnerMessage(Message):
    id: Annotated[str, field(1)] = ""
    name: Annotated[str, field(2)] = ""
    person_id: Annotated[str, field(3)] = ""


class OwnerList(Message):
    owners: Annotated[list[OwnerMessage], field(1)] = []


class PropertyMessage(Message):
    id: Annotated[str, field(1)] = ""
    owner_id: Annotated[str, field(2)] = ""
    name: Annotated[str, field(3)] = ""
    home_title: Annotated[str, field(4)] = ""


class PropertyList(Message):
    properties: Annotated[list[PropertyMessage], field(1)] = []


class FileMessage(Message):
    name: Annotated[str, field(1)] = ""
    sha256: Annotated[str, field(2)] = ""
    bytes: Annotated[Int64, field(3)] = 0


class CreditMessage(Message):
    owner_id: Annotated[str, field(1)] = ""
    share_bps: Annotated[Int32, field(2)] = 0
    role: Annotated[str, field(3)] = ""


class AssetMessage(Message):
    id: Annotated[str, field(1)] = ""
    kind: Annotated[str, field(2)] = ""
    name: Annotated[str, field(3)] = ""
    age_rating: Annotated[Int32, field(4)] = 0
    files: Annotated[list[FileMessage], field(5)] = []
    credits: Annotated[list[CreditMessage], field(6)] = []
    remix_of: Annotated[str, field(7)] = ""
    remix_bps: Annotated[Int32, field(8)] = 0


class AssetList(Message):
    assets: Annotated[list[AssetMessage], field(1)] = []


class TermsMessage(Message):
    """What `supergame.features.licences.model.Terms` says, with times as texts; a currency that is not named is EUR."""

    title: Annotated[str, field(1)] = ""
    property_id: Annotated[str, field(2)] = ""
    assets: Annotated[list[str], field(3)] = []
    currency: Annotated[str, field(4)] = ""
    regions: Annotated[list[str], field(5)] = []
    starts_at: Annotated[datetime | None, field(6)] = None
    ends_at: Annotated[datetime | None, field(7)] = None
    use_fee: Annotated[Int64, field(8)] = 0
    share_bps: Annotated[Int32, field(9)] = 0
    uses_max: Annotated[Int64, field(10)] = 0
    royalty_max: Annotated[Int64, field(11)] = 0
    minimum: Annotated[Int64, field(12)] = 0
    needs_approval: Annotated[bool, field(13)] = False
    conduct: Annotated[list[str], field(14)] = []


class WriteTerms(Message):
    licence_id: Annotated[str, field(1)] = ""
    terms: Annotated[TermsMessage, field(2)] = msgspec.field(default_factory=TermsMessage)


class GetLicence(Message):
    licence_id: Annotated[str, field(1)] = ""


class ListLicences(Message):
    """Those of a title, or in a state, if these are given."""

    after: Annotated[str, field(1)] = ""
    limit: Annotated[Int32, field(2)] = 0
    title: Annotated[str, field(3)] = ""
    state: Annotated[str, field(4)] = ""


class TakeStep(Message):
    """`action`: offer, withdraw, accept, approve, activate, suspend, restore or revoke."""

    licence_id: Annotated[str, field(1)] = ""
    action: Annotated[str, field(2)] = ""


class ListSteps(Message):
    licence_id: Annotated[str, field(1)] = ""
    after: Annotated[Int32, field(2)] = 0
    limit: Annotated[Int32, field(3)] = 0


class LicenceMessage(Message):
    """`standing` tells for each asset, in the order of the terms, what a use would be answered now."""

    id: Annotated[str, field(1)] = ""
    state: Annotated[str, field(2)] = ""
    approved: Annotated[bool, field(3)] = False
    terms: Annotated[TermsMessage, field(4)] = msgspec.field(default_factory=TermsMessage)
    standing: Annotated[list[str], field(5)] = []
    updated_at: Annotated[datetime | None, field(6)] = None


class LicenceList(Message):
    licences: Annotated[list[LicenceMessage], field(1)] = []
    after: Annotated[str, field(2)] = ""


class StepMessage(Message):
    number: Annotated[Int32, field(1)] = 0
    action: Annotated[str, field(2)] = ""
    before: Annotated[str, field(3)] = ""
    after: Annotated[str, field(4)] = ""
    signed_by: Annotated[str, field(5)] = ""
    reason: Annotated[str, field(6)] = ""
    terms_sha256: Annotated[str, field(7)] = ""
    at: Annotated[datetime | None, field(8)] = None


class StepList(Message):
    steps: Annotated[list[StepMessage], field(1)] = []


def console_routes(licences: Licences) -> ConsoleRoutes:
    routes = ConsoleRoutes()
    _registry(routes, licences)
    _licences(routes, licences)
    return routes


def _registry(routes: ConsoleRoutes, licences: Licences) -> None:
    @routes.read("/sg/v1/console/owners", Permission.LICENCES_READ, across_titles=True)
    async def list_owners(action: Action, request: ListRegistered) -> OwnerList:
        found = await licences.owners(request.after, request.limit or PAGE_MAX)
        return OwnerList(owners=[_shown(owner, OwnerMessage) for owner in found])

    @routes.act("POST", "/sg/v1/console/owners", Permission.LICENCES_WRITE)
    async def add_owner(action: Action, request: OwnerMessage) -> OwnerMessage:
        made = await licences.add_owner(_read(request, Owner))
        action.changed(f"owners/{made.id}", None, made)
        return _shown(made, OwnerMessage)

    @routes.read("/sg/v1/console/properties", Permission.LICENCES_READ, across_titles=True)
    async def list_properties(action: Action, request: ListRegistered) -> PropertyList:
        found = await licences.properties(request.after, request.limit or PAGE_MAX)
        return PropertyList(properties=[_shown(one, PropertyMessage) for one in found])

    @routes.act("POST", "/sg/v1/console/properties", Permission.LICENCES_WRITE)
    async def add_property(action: Action, request: PropertyMessage) -> PropertyMessage:
        made = await licences.add_property(_read(request, Property))
        action.changed(f"properties/{made.id}", None, made)
        return _shown(made, PropertyMessage)

    @routes.read("/sg/v1/console/assets", Permission.LICENCES_READ, across_titles=True)
    async def list_assets(action: Action, request: ListRegistered) -> AssetList:
        found = await licences.assets(request.after, request.limit or PAGE_MAX)
        return AssetList(assets=[_shown(asset, AssetMessage) for asset in found])

    @routes.act("POST", "/sg/v1/console/assets", Permission.LICENCES_WRITE)
    async def add_asset(action: Action, request: AssetMessage) -> AssetMessage:
        made = await licences.add_asset(_read(request, Asset))
        action.changed(f"assets/{made.id}", None, made)
        return _shown(made, AssetMessage)


def _licences(routes: ConsoleRoutes, licences: Licences) -> None:
    def shown(licence: Licence) -> LicenceMessage:
        return LicenceMessage(
            id=licence.id,
            state=licence.state,
            approved=licence.approved,
            terms=_shown_terms(licence.terms),
            standing=[use.reason for use in licences.rights(licence)],
            updated_at=exact_datetime(licence.updated_at),
        )

    @routes.read("/sg/v1/console/licences", Permission.LICENCES_READ, across_titles=True)
    async def list_licences(action: Action, request: ListLicences) -> LicenceList:
        limit = request.limit or PAGE_MAX
        if not 1 <= limit <= PAGE_MAX:
            raise RegistrationInvalid(f"A page has 1 to {PAGE_MAX} rows.")
        found = [one for one in licences.all_known() if one.id > request.after and _fits(one, request) and action.sees(one.terms.title)]
        page = found[:limit]
        return LicenceList(licences=[shown(one) for one in page], after=page[-1].id if len(found) > limit else "")

    @routes.read("/sg/v1/console/licences/{licence_id}", Permission.LICENCES_READ, across_titles=True)
    async def get_licence(action: Action, request: GetLicence) -> LicenceMessage:
        return shown(await seen(action, request.licence_id))

    @routes.read("/sg/v1/console/licences/{licence_id}/steps", Permission.LICENCES_READ, across_titles=True)
    async def list_licence_steps(action: Action, request: ListSteps) -> StepList:
        await seen(action, request.licence_id)
        found = await licences.steps(request.licence_id, request.after, request.limit or PAGE_MAX)
        return StepList(
            steps=[StepMessage(**step._asdict() | {"before": step.before or "", "at": exact_datetime(step.at)}) for step in found]
        )

    @routes.act("POST", "/sg/v1/console/licences", Permission.LICENCES_WRITE)
    async def draft_licence(action: Action, request: WriteTerms) -> LicenceMessage:
        made = await licences.draft(_read_terms(request.terms), action.operator, action.reason)
        action.changed(f"licences/{made.id}", None, made)
        return shown(made)

    @routes.act("PUT", "/sg/v1/console/licences/{licence_id}", Permission.LICENCES_WRITE)
    async def rewrite_licence(action: Action, request: WriteTerms) -> LicenceMessage:
        before = await licences.get(request.licence_id)
        made = await licences.rewrite(request.licence_id, _read_terms(request.terms), action.operator, action.reason)
        action.changed(f"licences/{made.id}", before, made)
        return shown(made)

    @routes.act("POST", "/sg/v1/console/licences/{licence_id}/steps", Permission.LICENCES_WRITE, needs_reason=True)
    async def take_licence_step(action: Action, request: TakeStep) -> LicenceMessage:
        before = await licences.get(request.licence_id)
        made = await licences.step(request.licence_id, _step_action(request.action), action.operator, action.reason)
        action.changed(f"licences/{made.id}", {"state": before.state}, {"state": made.state, "step": request.action})
        return shown(made)

    async def seen(action: Action, licence_id: str) -> Licence:
        licence = await licences.get(licence_id)
        if not action.sees(licence.terms.title):
            raise LicenceNotFound("There is no such licence.")
        return licence


def _fits(licence: Licence, request: ListLicences) -> bool:
    wanted = title_of(TitleId(request.title))
    return (not wanted or licence.terms.title == wanted) and (not request.state or licence.state == request.state)


def _step_action(text: str) -> StepAction:
    try:
        return StepAction(text)
    except ValueError:
        raise RegistrationInvalid(f"{text!r} is no step; there are {', '.join(StepAction)}.") from None


def _shown(thing: msgspec.Struct, kind: type[T]) -> T:
    """The fields that the message has too."""
    names = kind.__struct_fields__
    fields: dict[str, Any] = msgspec.to_builtins(thing)
    return msgspec.convert({name: value for name, value in fields.items() if name in names}, kind)


def _read(message: Message, kind: type[T]) -> T:
    """Raises RegistrationInvalid."""
    try:
        return msgspec.convert(msgspec.structs.asdict(message), kind, from_attributes=True)
    except msgspec.ValidationError as error:
        raise RegistrationInvalid(str(error)) from None


def _shown_terms(terms: Terms) -> TermsMessage:
    times = {name: exact_datetime(at) if (at := getattr(terms, name)) else None for name in ("starts_at", "ends_at")}
    return TermsMessage(**_texts(terms) | times)


def _texts(terms: Terms) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in msgspec.structs.asdict(terms).items()}


def _read_terms(message: TermsMessage) -> Terms:
    fields = msgspec.structs.asdict(message)
    times = {name: _micros(fields[name]) for name in ("starts_at", "ends_at")}
    return msgspec.convert(fields | times | {"currency": message.currency or CURRENCY}, Terms)


def _micros(at: datetime | None) -> int:
    return 0 if at is None else (at - _EPOCH) // _MICROSECOND
