"""Session and refresh tokens: JSON Web Tokens (RFC 7519), HS256, with exactly the claims that Nakama's clients read.

The title stands in the header as key id: each title and each kind of token has a key of its own, derived from the
deployment's secret, so a token of one title, or a refresh token shown as a session token, has a wrong signature. Only headers
that this server writes are accepted, hence no choice of algorithm is left to the sender.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple, TypeVar

import msgspec

from supergame.base.errors import Unauthenticated
from supergame.base.ids import TitleId, TokenId, UserId

HEADERS_CACHED_MAX = 4_096  # beyond: the cache starts anew
TOKENS_CACHED_MAX = 16_384  # genuine tokens, each checked once; some 20 MB; beyond: the cache starts anew

T = TypeVar("T")


class InvalidToken(Unauthenticated):
    """The token is invalid or has expired."""

    code = "session.invalid_token"


class Claims(msgspec.Struct, omit_defaults=True, frozen=True):
    """Who signed in, and until when. `vrs` are the session variables; times are seconds since 1970."""

    tid: TokenId
    uid: UserId
    usn: str
    exp: int
    iat: int
    vrs: dict[str, str] = {}


class Header(msgspec.Struct, omit_defaults=True, frozen=True):
    """`gen` counts the rotations of a refresh token's family."""

    alg: str
    typ: str
    kid: TitleId
    gen: int = 0


class Verified(NamedTuple):
    title_id: TitleId
    claims: Claims
    generation: int


_HEADER = msgspec.json.Decoder(Header)
_CLAIMS = msgspec.json.Decoder(Claims)
_ENCODER = msgspec.json.Encoder()


class Signer:
    """One title's key, and the header that its new sign-ins carry."""

    def __init__(self, head: str, key: bytes) -> None:
        self.head = head
        self._keyed = hmac.new(key, digestmod="sha256")

    def signature(self, signed: str) -> str:
        mac = self._keyed.copy()  # hmac.digest lets other threads in: each time a turn of the interpreter's lock, dearer than the digest
        mac.update(signed.encode())
        return _base64(mac.digest())


class Tokens:
    """Signs and verifies one kind of token for all titles of the deployment."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._secret, self._purpose = secret, purpose
        self._signers: dict[TitleId, Signer] = {}
        self._verified: dict[str, Verified] = {}
        self._headers: dict[str, tuple[Header, Signer]] = {}  # by segment, only of tokens that were genuine

    def sign(self, title_id: TitleId, claims: Claims, generation: int = 0) -> str:
        signer = self._signers.get(title_id) or self._signers.setdefault(title_id, self._signer(title_id))
        head = _head(title_id, generation) if generation else signer.head
        signed = f"{head}.{_base64(_ENCODER.encode(claims))}"
        return f"{signed}.{signer.signature(signed)}"

    def verify(self, token: str, now_s: int) -> Verified:
        """What a token says, if it is genuine and has not expired.

        Raises:
            InvalidToken: anything else; the sentence does not say what, for only forgers would learn from it.
        """
        verified = self._verified.get(token) or self._verify(token)
        if verified.claims.exp <= now_s:
            raise InvalidToken
        return verified

    def _verify(self, token: str) -> Verified:
        signed, _, signature = token.rpartition(".")
        head, _, body = signed.partition(".")
        try:
            header, signer = self._headers.get(head) or self._read_header(head)
            if not hmac.compare_digest(signer.signature(signed), signature):
                raise InvalidToken
            claims = _CLAIMS.decode(urlsafe_b64decode(body + "=="))
        except (ValueError, TypeError, binascii.Error, msgspec.DecodeError, RecursionError):
            raise InvalidToken from None
        _keep(self._headers, head, (header, signer), HEADERS_CACHED_MAX)
        verified = Verified(header.kid, claims, header.gen)
        _keep(self._verified, token, verified, TOKENS_CACHED_MAX)
        return verified

    def _read_header(self, segment: str) -> tuple[Header, Signer]:
        header = _HEADER.decode(urlsafe_b64decode(segment + "=="))
        if header.alg != "HS256" or header.typ != "JWT":
            raise InvalidToken
        return header, self._signer(header.kid)

    def _signer(self, title_id: TitleId) -> Signer:
        key = hmac.digest(self._secret, f"{self._purpose}:{title_id}".encode(), "sha256")
        return Signer(_head(title_id, 0), key)


def _keep(cache: dict[str, T], key: str, value: T, entries_max: int) -> None:
    if len(cache) >= entries_max:
        cache.clear()
    cache[key] = value


def _head(title_id: TitleId, generation: int) -> str:
    return _base64(_ENCODER.encode(Header("HS256", "JWT", title_id, generation)))


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
