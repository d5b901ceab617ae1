"""Sessions: issue, verify, refresh and end them (rules SES1 to SES9 in docs/spec/sessions.md)."""

from __future__ import annotations

from supergame.base.clock import SECOND_US, Clock, WallMicros, whole_seconds
from supergame.base.ids import Chance, TitleId, TokenId, UserId
from supergame.base.limits import Limits
from supergame.db.port import Database, Tx
from supergame.features.sessions.model import (
    GRACE_S,
    Lifetimes,
    NotYourToken,
    RefreshTokenMissing,
    RefreshTokenReused,
    Revocation,
    Revocations,
    Scope,
    SessionRevoked,
    VarsTooLarge,
)
from supergame.features.sessions.store import SessionStore
from supergame.realtime.session import Session as Socket
from supergame.realtime.session import SessionRegistry
from supergame.wire.api import Session
from supergame.wire.token import Claims, InvalidToken, Tokens


class Sessions:
    """A sign-in gives a short-lived session token and a refresh token; both end with it."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        chance: Chance,
        secret: bytes,
        lifetimes: Lifetimes,
        registry: SessionRegistry,
        limits: Limits,
    ) -> None:
        self._db, self._clock, self._chance, self._lifetimes, self._limits = db, clock, chance, lifetimes, limits
        self._registry = registry
        self._store = SessionStore()
        self._tokens = Tokens(secret, "session")
        self._refresh_tokens = Tokens(secret, "refresh")
        self._revocations = Revocations()

    async def load(self) -> None:
        """Read what was revoked before a restart. Before the first request."""
        for revocation in await self._db.read(self._store.revoked, self._clock.now()):
            self._revocations.add(revocation)

    async def forget_expired(self) -> None:
        """Drop revocations and families whose tokens have all expired. From time to time."""
        now = self._clock.now()
        self._revocations.forget_expired(now)
        await self._db.write(self._store.forget_expired, now)

    def check_vars(self, variables: dict[str, str]) -> None:
        """Raises VarsTooLarge when they would not fit into a token."""
        size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
        if len(variables) > self._limits.vars_max or size > self._limits.vars_bytes_max:
            raise VarsTooLarge

    def issue(self, title_id: TitleId, user_id: UserId, username: str, variables: dict[str, str], created: bool = False) -> Session:
        """The token pair of a new sign-in."""
        now_s = whole_seconds(self._clock.now())
        issued_at_s = self._revocations.first_valid_iat(title_id, user_id, now_s)
        claims = Claims(TokenId(self._chance.uuid4()), user_id, username, 0, issued_at_s, variables)
        return self._pair(title_id, claims, now_s, 0, created)

    def verify(self, token: str) -> tuple[TitleId, Claims]:
        """Whose session token this is.

        Raises:
            InvalidToken: forged, expired, or no session token.
            SessionRevoked: its sign-in was logged out, or its account banned or deleted.
        """
        verified = self._tokens.verify(token, whole_seconds(self._clock.now()))
        if self._revocations.covers(verified.title_id, verified.claims):
            raise SessionRevoked
        return verified.title_id, verified.claims

    async def refresh(self, title_id: TitleId, token: str, variables: dict[str, str]) -> Session:
        """A new pair for the same sign-in; variables, if any, replace the old ones.

        Raises:
            InvalidToken, SessionRevoked: as in `verify`, for refresh tokens of this title.
            RefreshTokenReused: it had been rotated more than ten seconds ago, so two parties hold it; the sign-in has ended.
        """
        if not token:
            raise RefreshTokenMissing
        self.check_vars(variables)
        now = self._clock.now()
        title, claims, generation = self._refresh_tokens.verify(token, whole_seconds(now))
        if title != title_id:
            raise InvalidToken
        if self._revocations.covers(title_id, claims):
            raise SessionRevoked
        following = await self._db.write(self._rotate, title_id, claims.tid, generation, now)
        if following is None:
            await self._revoke(title_id, "sign_in", claims.tid)
            raise RefreshTokenReused
        kept = Claims(claims.tid, claims.uid, claims.usn, 0, claims.iat, variables or claims.vrs)
        return self._pair(title_id, kept, whole_seconds(now), following)

    async def log_out(self, title_id: TitleId, user_id: UserId, token: str, refresh_token: str) -> None:
        """End the sign-ins that the tokens belong to; with none, all of the person in this title. Their sockets close.

        Raises:
            NotYourToken: a token is invalid or somebody else's; nothing was ended.
        """
        if not token and not refresh_token:
            await self.revoke_user(title_id, user_id)
            return
        shown = [(self._tokens, token), (self._refresh_tokens, refresh_token)]
        ended = {self._own(title_id, user_id, tokens, text) for tokens, text in shown if text}
        for token_id in ended:
            await self._revoke(title_id, "sign_in", token_id)

    async def revoke_user(self, title_id: TitleId, user_id: UserId) -> None:
        """End all sessions that a person has in a title, on the disk before this returns."""
        await self._revoke(title_id, "user", user_id)

    def sockets(self, title_id: TitleId, user_id: UserId) -> list[Socket]:
        """What a person has open in a title now."""
        return list(self._registry.of_user(title_id, user_id))

    def revoke_user_in(self, title_id: TitleId, user_id: UserId) -> Tx[Revocation]:
        """The same as part of a larger transaction; `apply` the result after its COMMIT."""
        revocation = self._revocation(title_id, "user", user_id)
        yield from self._store.revoke(revocation)
        return revocation

    def apply(self, revocation: Revocation) -> None:
        """Let a stored revocation take effect: tokens are refused, sockets close."""
        self._revocations.add(revocation)
        if revocation.scope == "user":
            self._registry.close_user(revocation.title_id, UserId(revocation.subject), "signed out")
        else:
            self._registry.close_token(revocation.title_id, TokenId(revocation.subject), "signed out")

    async def _revoke(self, title_id: TitleId, scope: Scope, subject: str) -> None:
        revocation = self._revocation(title_id, scope, subject)
        await self._db.write_durable(self._store.revoke, revocation)
        self.apply(revocation)

    def _revocation(self, title_id: TitleId, scope: Scope, subject: str) -> Revocation:
        now = self._clock.now()
        last_expiry = now + (self._lifetimes.refresh_s + 1) * SECOND_US  # one more: tokens may be dated a second ahead
        return Revocation(title_id, scope, subject, now, WallMicros(last_expiry))

    def _own(self, title_id: TitleId, user_id: UserId, tokens: Tokens, token: str) -> TokenId:
        try:
            title, claims, _ = tokens.verify(token, whole_seconds(self._clock.now()))
        except InvalidToken:
            raise NotYourToken from None
        if (title, claims.uid) != (title_id, user_id):
            raise NotYourToken
        return claims.tid

    def _rotate(self, title_id: TitleId, token_id: TokenId, generation: int, now: WallMicros) -> Tx[int | None]:
        """The generation to issue next, or None when this one was rotated too long ago."""
        family = yield from self._store.family(title_id, token_id)
        if family is not None and generation < family.generation:
            is_last = generation == family.generation - 1
            return family.generation if is_last and now - family.rotated_at <= GRACE_S * SECOND_US else None
        expires_at = WallMicros(now + self._lifetimes.refresh_s * SECOND_US)
        yield from self._store.rotate(title_id, token_id, generation + 1, now, expires_at)
        return generation + 1

    def _pair(self, title_id: TitleId, claims: Claims, now_s: int, generation: int, created: bool = False) -> Session:
        session_claims = Claims(claims.tid, claims.uid, claims.usn, now_s + self._lifetimes.session_s, claims.iat, claims.vrs)
        refresh_claims = Claims(claims.tid, claims.uid, claims.usn, now_s + self._lifetimes.refresh_s, claims.iat, claims.vrs)
        return Session(
            created=created,
            token=self._tokens.sign(title_id, session_claims),
            refresh_token=self._refresh_tokens.sign(title_id, refresh_claims, generation),
        )
