"""Owners, properties, assets and licences, and what can be wrong with them (rules LIC1 to LIC14 in docs/spec/licences.md)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from supergame.base.clock import WallMicros
from supergame.base.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from supergame.base.names import has_control
from supergame.base.titles import is_title
from supergame.features.ledger.model import AMOUNT_MAX

WHOLE_BPS: Final = 10_000
"""All of it, in basis points: hundredths of a percent."""
LICENCES_MAX = 10_000
ASSETS_MAX = 50_000  # and as many properties and owners
ASSETS_PER_LICENCE_MAX = 64
CREDITS_MAX = 15
FILES_MAX = 256  # of one asset
REMIX_DEPTH_MAX = 4  # so that an income is divided among at most 64, which one transaction holds
REGIONS_MAX = 250
CONDUCT_MAX = 32
NAME_BYTES_MAX = 128
TEXT_BYTES_MAX = 500
FEE_MAX = 10**9
"""Of one use, in smallest units."""
AGE_RATINGS = (0, 3, 7, 12, 16, 18)

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REGION = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class RegistrationInvalid(InvalidArgument):
    """A part of this owner, property or asset does not have the required form."""

    code = "licence.registration_invalid"


class TermsInvalid(InvalidArgument):
    """A part of these terms does not have the required form, or two contradict each other."""

    code = "licence.terms_invalid"


class IdTaken(AlreadyExists):
    """This id belongs to another owner, property or asset."""

    code = "licence.id_taken"


class LicenceNotFound(NotFound):
    """There is no such owner, property, asset or licence."""

    code = "licence.not_found"


class StepRefused(FailedPrecondition):
    """A licence in this state cannot take this step."""

    code = "licence.step_refused"


class SignerRefused(PermissionDenied):
    """This step has to be signed by somebody else."""

    code = "licence.signer_refused"


class RegistryFull(ResourceExhausted):
    """The registry holds as much as it can."""

    code = "licence.registry_full"


class AssetKind(StrEnum):
    CHARACTER = "character"
    ITEM = "item"
    MUSIC = "music"
    STAGE_THEME = "stage_theme"
    STAGE = "stage"


ERASED: Final = "somebody who was erased"
"""In place of an owner's name."""


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A studio, or a creator: somebody to whom royalties are owed. `person_id` when it is a player of this deployment."""

    id: str
    name: str
    person_id: str = ""
    created_at: int = 0


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """A body of work, such as a game's world. Its home title uses it without a licence."""

    id: str
    owner_id: str
    name: str
    home_title: str = ""
    created_at: int = 0


class ContentFile(msgspec.Struct, frozen=True):
    name: str
    sha256: str
    bytes: int


class Credit(msgspec.Struct, frozen=True):
    """Who made it, as what, and how much of its income is theirs. What credits leave belongs to the property's owner."""

    owner_id: str
    share_bps: int
    role: str = ""


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One character, item, piece of music, theme or stage; `id` is `<property>/<name>`.

    Attributes:
        remix_of: the asset that this one was made from, of whichever property.
        remix_bps: how much of this one's income goes on to that one's owners, and so on up the chain.
    """

    id: str
    kind: AssetKind
    name: str
    age_rating: int = 0
    files: tuple[ContentFile, ...] = ()
    credits: tuple[Credit, ...] = ()
    remix_of: str = ""
    remix_bps: int = 0
    created_at: int = 0

    @property
    def property_id(self) -> str:
        return self.id.partition("/")[0]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What the two sides agree on. Amounts are in the currency's smallest unit; 0 means none.

    Attributes:
        title: who may use it, in all of its environments.
        regions: countries (ISO 3166-1, two capitals); empty means everywhere.
        starts_at, ends_at: microseconds since 1970; until `ends_at` 0 it has no end.
        use_fee: owed for each use.
        share_bps: of what is sold with it.
        uses_max: over its life; beyond, a use is refused.
        royalty_max: of one month; beyond, uses and sales are free.
        minimum: of one month; what royalties leave of it is owed at its end.
        needs_approval: somebody other than who accepted it approves before it starts.
        conduct: rules that the title keeps, shown to its makers and players.
    """

    title: str
    property_id: str
    assets: tuple[str, ...]
    currency: str = "EUR"
    regions: tuple[str, ...] = ()
    starts_at: int = 0
    ends_at: int = 0
    use_fee: int = 0
    share_bps: int = 0
    uses_max: int = 0
    royalty_max: int = 0
    minimum: int = 0
    needs_approval: bool = False
    conduct: tuple[str, ...] = ()


class State(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Action(StrEnum):
    WRITE = "write"
    OFFER = "offer"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    APPROVE = "approve"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESTORE = "restore"
    REVOKE = "revoke"
    EXPIRE = "expire"


class Move(NamedTuple):
    before: frozenset[State]
    after: State | None
    """None: the state stays."""


STEPS: Final[dict[Action, Move]] = {
    Action.WRITE: Move(frozenset({State.DRAFT}), None),
    Action.OFFER: Move(frozenset({State.DRAFT}), State.OFFERED),
    Action.WITHDRAW: Move(frozenset({State.OFFERED}), State.DRAFT),
    Action.ACCEPT: Move(frozenset({State.OFFERED}), State.ACCEPTED),
    Action.APPROVE: Move(frozenset({State.ACCEPTED}), None),
    Action.ACTIVATE: Move(frozenset({State.ACCEPTED}), State.ACTIVE),
    Action.SUSPEND: Move(frozenset({State.ACTIVE}), State.SUSPENDED),
    Action.RESTORE: Move(frozenset({State.SUSPENDED}), State.ACTIVE),
    Action.REVOKE: Move(frozenset(State) - {State.REVOKED, State.EXPIRED}, State.REVOKED),
    Action.EXPIRE: Move(frozenset({State.ACCEPTED, State.ACTIVE, State.SUSPENDED}), State.EXPIRED),
}
"""All steps that there are. Revoked and expired licences stay so."""


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    terms: Terms
    state: State = State.DRAFT
    approved: bool = False
    accepted_by: str = ""
    revision: int = 0
    """Counts the steps of all licences: who has seen this one has seen all before it."""
    created_at: int = 0
    updated_at: int = 0


class Step(NamedTuple):
    """One line of a licence's history, kept for ever."""

    number: int
    action: Action
    before: State | None
    after: State
    signed_by: str
    reason: str
    terms_sha256: str
    at: WallMicros


class Reason(StrEnum):
    """Why an asset may be used, or not."""

    LICENSED = "licensed"
    OWN = "own"
    NO_LICENCE = "no_licence"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REGION = "region"
    USED_UP = "used_up"


ALLOWED: Final = frozenset({Reason.LICENSED, Reason.OWN})


class Use(NamedTuple):
    """The answer to a use: `if (await ctx.licences.use("kitewind/pip", player)).allowed: ...`"""

    allowed: bool
    reason: Reason
    licence_id: str = ""


class LicenceChange(NamedTuple):
    """Whether a title may use an asset has changed, wherever the player is."""

    title: str
    asset: str
    allowed: bool
    reason: Reason


def next_state(licence: Licence, action: Action, signed_by: str) -> State:
    """Where a step leads.

    Raises:
        StepRefused: not from this state, or without the approval that it needs.
        SignerRefused: who accepted cannot approve.
    """
    before, after = STEPS[action]
    if licence.state not in before:
        raise StepRefused(f"A licence that is {licence.state} cannot take the step {action}.")
    if action is Action.APPROVE and licence.accepted_by == signed_by:
        raise SignerRefused("Who has accepted a licence cannot approve it too.")
    if action is Action.ACTIVATE and licence.terms.needs_approval and not licence.approved:
        raise StepRefused("This licence starts when it has been approved.")
    return licence.state if after is None else after


def check_owner(owner: Owner) -> None:
    """Raises RegistrationInvalid."""
    _check_slug(owner.id)
    _check_name(owner.name)


def check_property(made: Property) -> None:
    """Raises RegistrationInvalid."""
    _check_slug(made.id)
    _check_slug(made.owner_id)
    _check_name(made.name)
    if made.home_title and not is_title(made.home_title):
        raise RegistrationInvalid("The home of a property is a title, without an environment.")


def check_asset(asset: Asset) -> None:
    """Raises RegistrationInvalid."""
    property_id, slash, name = asset.id.partition("/")
    if not slash or not _SLUG.fullmatch(property_id) or not _SLUG.fullmatch(name):
        raise RegistrationInvalid("An asset's id is property/name, both in lower-case letters, digits and hyphens.")
    _check_name(asset.name)
    if asset.age_rating not in AGE_RATINGS:
        raise RegistrationInvalid(f"An age rating is one of {', '.join(map(str, AGE_RATINGS))}.")
    if len(asset.files) > FILES_MAX or not all(_is_file(file) for file in asset.files):
        raise RegistrationInvalid(f"An asset has at most {FILES_MAX} files, each with a name, a SHA-256 and a size.")
    _check_credits(asset.credits)
    if bool(asset.remix_of) != bool(asset.remix_bps) or not 0 <= asset.remix_bps <= WHOLE_BPS:
        raise RegistrationInvalid("A remix names what it was made from, and the 1 to 10,000 basis points that go there.")


def _check_credits(credits: tuple[Credit, ...]) -> None:
    if len(credits) > CREDITS_MAX:
        raise RegistrationInvalid(f"An asset has at most {CREDITS_MAX} credits.")
    for credit in credits:
        _check_slug(credit.owner_id)
        if not 0 <= credit.share_bps <= WHOLE_BPS or len(credit.role.encode()) > NAME_BYTES_MAX or has_control(credit.role):
            raise RegistrationInvalid("A credit has 0 to 10,000 basis points and a role of at most 128 bytes.")
    if sum(credit.share_bps for credit in credits) > WHOLE_BPS:
        raise RegistrationInvalid("Credits share at most 10,000 basis points.")


def check_terms(terms: Terms) -> None:
    """Raises TermsInvalid."""
    if not is_title(terms.title):
        raise TermsInvalid("A licence is for a title, without an environment: it holds in all of them.")
    if not 1 <= len(terms.assets) <= ASSETS_PER_LICENCE_MAX or len(set(terms.assets)) < len(terms.assets):
        raise TermsInvalid(f"A licence has 1 to {ASSETS_PER_LICENCE_MAX} different assets.")
    if not all(asset.startswith(f"{terms.property_id}/") for asset in terms.assets):
        raise TermsInvalid("All assets of a licence are of its property.")
    if not _CURRENCY.fullmatch(terms.currency):
        raise TermsInvalid("A currency is three capitals, such as EUR.")
    if len(terms.regions) > REGIONS_MAX or not all(_REGION.fullmatch(region) for region in terms.regions):
        raise TermsInvalid("A region is a country's two capitals, such as DE.")
    if not 0 <= terms.starts_at < 2**62 or not 0 <= terms.ends_at < 2**62 or (terms.ends_at and terms.ends_at <= terms.starts_at):
        raise TermsInvalid("A licence ends after it starts.")
    amounts = (terms.uses_max, terms.royalty_max, terms.minimum)
    if not 0 <= terms.share_bps <= WHOLE_BPS or not 0 <= terms.use_fee <= FEE_MAX or not all(0 <= one <= AMOUNT_MAX for one in amounts):
        raise TermsInvalid(f"A share has 0 to 10,000 basis points, a fee 0 to {FEE_MAX} smallest units, other amounts 0 to {AMOUNT_MAX}.")
    if terms.royalty_max and terms.minimum > terms.royalty_max:
        raise TermsInvalid("A month's minimum is at most its maximum.")
    if len(terms.conduct) > CONDUCT_MAX or not all(1 <= len(rule.encode()) <= TEXT_BYTES_MAX for rule in terms.conduct):
        raise TermsInvalid(f"A licence has at most {CONDUCT_MAX} rules of conduct of 1 to {TEXT_BYTES_MAX} bytes.")


def _is_file(file: ContentFile) -> bool:
    named = 1 <= len(file.name.encode()) <= NAME_BYTES_MAX and not has_control(file.name)
    return named and _SHA256.fullmatch(file.sha256) is not None and 0 <= file.bytes < 2**53


def _check_slug(text: str) -> None:
    if not _SLUG.fullmatch(text):
        raise RegistrationInvalid("An id has 1 to 63 lower-case letters, digits and hyphens.")


def _check_name(name: str) -> None:
    if not 1 <= len(name.encode()) <= NAME_BYTES_MAX or has_control(name):
        raise RegistrationInvalid(f"A name has 1 to {NAME_BYTES_MAX} bytes and no control characters.")
