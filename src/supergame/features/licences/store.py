"""The registry in the database. Only a licence's own row changes; its history, and all else, is added to."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec

from supergame.base.clock import WallMicros
from supergame.db.port import Rows, Statement, Tx, UniqueViolation
from supergame.features.licences.model import (
    ASSETS_MAX,
    ERASED,
    LICENCES_MAX,
    REMIX_DEPTH_MAX,
    Action,
    Asset,
    IdTaken,
    Licence,
    LicenceNotFound,
    Owner,
    Property,
    RegistrationInvalid,
    RegistryFull,
    State,
    Step,
)
from supergame.features.licences.shares import Link

T = TypeVar("T")

_ADD_OWNER = Statement("licences.add_owner", "INSERT INTO licence_owners (owner_id, body, created_at) VALUES (?, ?, ?)")
_OWNER = Statement("licences.owner", "SELECT body FROM licence_owners WHERE owner_id = ?")
_OWNERS_OF = Statement("licences.owners_of", "SELECT body FROM licence_owners WHERE body LIKE ? ORDER BY owner_id")
_CHANGE_OWNER = Statement("licences.change_owner", "UPDATE licence_owners SET body = ? WHERE owner_id = ?")
_OWNERS = Statement("licences.owners", "SELECT body FROM licence_owners WHERE owner_id > ? ORDER BY owner_id LIMIT ?")
_ADD_PROPERTY = Statement(
    "licences.add_property", "INSERT INTO licence_properties (property_id, owner_id, body, created_at) VALUES (?, ?, ?, ?)"
)
_PROPERTY = Statement("licences.property", "SELECT body FROM licence_properties WHERE property_id = ?")
_PROPERTIES = Statement("licences.properties", "SELECT body FROM licence_properties WHERE property_id > ? ORDER BY property_id LIMIT ?")
_PROPERTIES_SINCE = Statement("licences.properties_since", "SELECT body FROM licence_properties WHERE created_at >= ?")
_ADD_ASSET = Statement(
    "licences.add_asset", "INSERT INTO licence_assets (asset_id, property_id, remix_of, body, created_at) VALUES (?, ?, ?, ?, ?)"
)
_ASSET = Statement("licences.asset", "SELECT body FROM licence_assets WHERE asset_id = ?")
_ASSETS = Statement("licences.assets", "SELECT body FROM licence_assets WHERE asset_id > ? ORDER BY asset_id LIMIT ?")
_ASSETS_SINCE = Statement("licences.assets_since", "SELECT body FROM licence_assets WHERE created_at >= ?")
_COUNTS = Statement("licences.counts", "SELECT (SELECT COUNT(*) FROM licence_assets), (SELECT COUNT(*) FROM licences)")
_REVISION = Statement("licences.revision", "SELECT COALESCE(MAX(revision), 0) FROM licences")
_ADD = Statement("licences.add", "INSERT INTO licences (licence_id, title, property_id, state, revision, body) VALUES (?, ?, ?, ?, ?, ?)")
_PUT = Statement(
    "licences.put",
    "UPDATE licences SET title = ?, property_id = ?, state = ?, revision = ?, body = ? WHERE licence_id = ? AND revision = ? "
    "RETURNING licence_id",
)
_GET = Statement("licences.get", "SELECT body FROM licences WHERE licence_id = ?")
_SINCE = Statement("licences.since", "SELECT body FROM licences WHERE revision > ? ORDER BY revision LIMIT ?")
_ADD_STEP = Statement(
    "licences.add_step",
    "INSERT INTO licence_steps (licence_id, number, action, state_before, state_after, signed_by, reason, terms_sha256, terms, made_at) "
    "SELECT ?, (SELECT COUNT(*) + 1 FROM licence_steps WHERE licence_id = ?), ?, ?, ?, ?, ?, ?, ?, ?",
    postgres="INSERT INTO licence_steps (licence_id, number, action, state_before, state_after, signed_by, reason, terms_sha256, terms, "
    "made_at) SELECT ?::text, (SELECT COUNT(*) + 1 FROM licence_steps WHERE licence_id = ?), ?::text, ?::text, ?::text, ?::text, ?::text, "
    "?::text, ?::text, ?::bigint",
)
_STEPS = Statement(
    "licences.steps",
    "SELECT number, action, state_before, state_after, signed_by, reason, terms_sha256, made_at FROM licence_steps "
    "WHERE licence_id = ? AND number > ? ORDER BY number LIMIT ?",
)


def _text(thing: msgspec.Struct) -> str:
    return msgspec.json.encode(thing).decode()


def _read(rows: Rows, kind: type[T]) -> list[T]:
    return [msgspec.json.decode(row[0], type=kind) for row in rows]


class LicenceStore:
    def add_owner(self, owner: Owner) -> Tx[None]:
        """Raises IdTaken."""
        try:
            yield _ADD_OWNER(owner.id, _text(owner), owner.created_at)
        except UniqueViolation:
            raise IdTaken from None

    def add_property(self, made: Property) -> Tx[None]:
        """Raises IdTaken, LicenceNotFound."""
        yield from self._owners_exist([made.owner_id])
        try:
            yield _ADD_PROPERTY(made.id, made.owner_id, _text(made), made.created_at)
        except UniqueViolation:
            raise IdTaken from None

    def add_asset(self, asset: Asset) -> Tx[None]:
        """Raises IdTaken, LicenceNotFound, RegistrationInvalid (a chain of remixes that is too long), RegistryFull."""
        yield from self._check_room()
        if not (yield _PROPERTY(asset.property_id)):
            raise LicenceNotFound(f"There is no property {asset.property_id}.")
        yield from self._owners_exist([credit.owner_id for credit in asset.credits])
        if asset.remix_of:
            above = yield from self.chain(asset.remix_of)
            if len(above) >= REMIX_DEPTH_MAX:
                raise RegistrationInvalid(f"A chain of remixes has at most {REMIX_DEPTH_MAX} assets.")
        try:
            yield _ADD_ASSET(asset.id, asset.property_id, asset.remix_of or None, _text(asset), asset.created_at)
        except UniqueViolation:
            raise IdTaken from None

    def _owners_exist(self, owner_ids: list[str]) -> Tx[None]:
        for owner_id in owner_ids:
            if not (yield _OWNER(owner_id)):
                raise LicenceNotFound(f"There is no owner {owner_id}.")

    def _check_room(self) -> Tx[None]:
        assets, licences = (yield _COUNTS())[0]
        if assets >= ASSETS_MAX or licences >= LICENCES_MAX:
            raise RegistryFull

    def owners(self, after: str, count: int) -> Tx[list[Owner]]:
        return _read((yield _OWNERS(after, count)), Owner)

    def forget_person(self, person_id: str) -> Tx[None]:
        """Take the name and the id of a person from the owners that are theirs."""
        for owner in (yield from self.owners_of(person_id)):
            yield _CHANGE_OWNER(_text(msgspec.structs.replace(owner, person_id="", name=ERASED)), owner.id)

    def owners_of(self, person_id: str) -> Tx[list[Owner]]:
        found = _read((yield _OWNERS_OF(f"%{person_id}%")), Owner)
        return [owner for owner in found if owner.person_id == person_id]

    def owner(self, owner_id: str) -> Tx[Owner]:
        """Raises LicenceNotFound."""
        found = _read((yield _OWNER(owner_id)), Owner)
        if not found:
            raise LicenceNotFound(f"There is no owner {owner_id}.")
        return found[0]

    def properties(self, after: str, count: int) -> Tx[list[Property]]:
        return _read((yield _PROPERTIES(after, count)), Property)

    def assets(self, after: str, count: int) -> Tx[list[Asset]]:
        return _read((yield _ASSETS(after, count)), Asset)

    def chain(self, asset_id: str) -> Tx[list[Link]]:
        """An asset and what it was made from, up to the first. Raises LicenceNotFound."""
        links: list[Link] = []
        while asset_id:
            found = _read((yield _ASSET(asset_id)), Asset)
            if not found:
                raise LicenceNotFound(f"There is no asset {asset_id}.")
            owners = _read((yield _PROPERTY(found[0].property_id)), Property)
            links.append(Link(found[0], owners[0].owner_id))
            asset_id = found[0].remix_of
        return links

    def add(self, licence: Licence, signed_by: str, reason: str) -> Tx[Licence]:
        """Raises LicenceNotFound: an asset is not there; RegistryFull."""
        yield from self._check_room()
        yield from self._assets_exist(licence)
        made = msgspec.structs.replace(licence, revision=(yield from self._next_revision()))
        yield _ADD(made.id, made.terms.title, made.terms.property_id, made.state, made.revision, _text(made))
        yield from self._sign(made, Action.WRITE, None, signed_by, reason)
        return made

    def put(self, before: Licence, after: Licence, action: Action, signed_by: str, reason: str) -> Tx[Licence]:
        """Raises LicenceNotFound: an asset is not there."""
        yield from self._assets_exist(after)
        made = msgspec.structs.replace(after, revision=(yield from self._next_revision()))
        body = (made.terms.title, made.terms.property_id, made.state, made.revision, _text(made))
        rows = yield _PUT(*body, made.id, before.revision)
        assert rows, "it was read in this transaction"
        yield from self._sign(made, action, before.state, signed_by, reason)
        return made

    def _assets_exist(self, licence: Licence) -> Tx[None]:
        for asset_id in licence.terms.assets:
            if not (yield _ASSET(asset_id)):
                raise LicenceNotFound(f"There is no asset {asset_id}.")

    def _next_revision(self) -> Tx[int]:
        """Two nodes at the same moment draw the same one, and one of them starts again."""
        return int((yield _REVISION())[0][0]) + 1

    def _sign(self, licence: Licence, action: Action, before: State | None, signed_by: str, reason: str) -> Tx[None]:
        terms = _text(licence.terms)
        digest = hashlib.sha256(terms.encode()).hexdigest()
        step = (action, before, licence.state, signed_by, reason, digest, terms, licence.updated_at)
        yield _ADD_STEP(licence.id, licence.id, *step)

    def get(self, licence_id: str) -> Tx[Licence]:
        """Raises LicenceNotFound."""
        found = _read((yield _GET(licence_id)), Licence)
        if not found:
            raise LicenceNotFound("There is no such licence.")
        return found[0]

    def since(self, revision: int, count: int) -> Tx[list[Licence]]:
        """Licences that have changed after a revision, in that order."""
        return _read((yield _SINCE(revision, count)), Licence)

    def registered_since(self, at: int) -> Tx[tuple[list[Property], list[Asset]]]:
        properties = _read((yield _PROPERTIES_SINCE(at)), Property)
        return properties, _read((yield _ASSETS_SINCE(at)), Asset)

    def steps(self, licence_id: str, after: int, count: int) -> Tx[list[Step]]:
        rows = yield _STEPS(licence_id, after, count)
        return [
            Step(number, Action(action), State(before) if before else None, State(state), signed_by, reason, digest, WallMicros(at))
            for number, action, before, state, signed_by, reason, digest, at in rows
        ]
