"""A share: what a link opens, and for how long. The relay knows the digest of its secret, not what lies behind it."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

import msgspec

from supergame.base.errors import InvalidArgument, NotFound, ResourceExhausted

COOKIE: Final = "sg_share"
HEADER: Final = b"x-supergame-share"
LINK_PATH: Final = "/p/"
TUNNEL_PATH: Final = "/sg/v1/relay/tunnel"
PROTOCOL: Final = "supergame-tunnel"
CONNECTIONS_MAX: Final = 256
LIFETIME_S_MAX: Final = 30 * 86_400


class ShareInvalid(InvalidArgument):
    """What the relay was told of this share is malformed, ends too late or has ended already."""

    code = "relay.share_invalid"


class ShareNotFound(NotFound):
    """This link has ended, or there never was one."""

    code = "relay.share_not_found"


class ShareFull(ResourceExhausted):
    """Everybody whom this link has room for is there already, or the relay is full."""

    code = "relay.share_full"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent tells a relay.

    `connections_max` is at one moment; a browser opens some six while a page loads. `landing` is the path that the link leads to.
    """

    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    expires_at_s: int
    connections_max: Annotated[int, msgspec.Meta(ge=1, le=CONNECTIONS_MAX)] = 64
    landing: Annotated[str, msgspec.Meta(pattern=r"^/(?![/\\])[!-~]{0,200}$")] = "/"


class Arrival(msgspec.Struct, frozen=True):
    """A guest's connection, as the relay tells it to the agent: the share, and the guest's address."""

    digest: str
    client_ip: str
    proto: str


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def read_share(payload: bytes, now_s: int) -> Share:
    """Raises ShareInvalid."""
    try:
        share = msgspec.json.decode(payload, type=Share)
    except msgspec.DecodeError as error:
        raise ShareInvalid(f"The share is malformed: {error}.") from None
    if not now_s < share.expires_at_s <= now_s + LIFETIME_S_MAX:
        raise ShareInvalid
    return share
