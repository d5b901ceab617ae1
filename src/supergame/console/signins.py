"""How operators sign in and out, and prove who they are (rules CON2 to CON8)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

from supergame.base.clock import SECOND_US, Clock, WallMicros
from supergame.base.ids import Chance
from supergame.base.limits import Limits
from supergame.console import totp
from supergame.console.model import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_OPERATOR,
    FAILURES_WINDOW_S,
    NAME_LETTERS_MAX,
    SEEN_EVERY_S,
    CodeNeeded,
    CodeWrong,
    NotSignedIn,
    Operator,
    PasswordUnfit,
    SignedIn,
    SignInRefused,
    check_password,
)
from supergame.console.store import OperatorStore
from supergame.console.trail import REFUSED, Trail
from supergame.db.port import Database, Tx
from supergame.features.accounts.passwords import Passwords
from supergame.features.accounts.throttle import Throttle
from supergame.routing.console import Action


class Opened(NamedTuple):
    """A session that has just begun, and the secret that its browser keeps."""

    secret: str
    session: SignedIn


class SignIns:
    """Passwords, codes and sessions of operators."""

    def __init__(
        self, db: Database, clock: Clock, chance: Chance, passwords: Passwords, trail: Trail, limits: Limits, asks_for_totp: bool
    ) -> None:
        """`asks_for_totp`: nobody acts without a second factor."""
        self._db, self._clock, self._chance, self._passwords, self._trail = db, clock, chance, passwords, trail
        self._store = OperatorStore()
        self._asks_for_totp = asks_for_totp
        self._throttle = Throttle(clock, _strict(limits))
        self._nobodys_hash = ""

    async def sign_in(self, name: str, password: str, code: str, client_ip: str) -> Opened:
        """A new session. An attempt is counted before it is looked at; which of the three was wrong is not told.

        Raises:
            SignInRefused: unknown, disabled, or a wrong or ended password or a wrong or used code.
            CodeNeeded: the password is right and there is no code, which this operator has.
            TooManyAttempts: of this operator or from this address.
        """
        name = name[:NAME_LETTERS_MAX]  # a stranger's text is not kept whole
        self._throttle.begin(name, client_ip)
        operator = await self._db.read(self._store.by_name, name)
        now = self._clock.now()
        try:
            operator = await self._prove(operator, password, now)
            if operator.totp_secret and not code:
                self._throttle.withdraw(name, client_ip)
                raise CodeNeeded
            opened = await self._open(operator, code, client_ip, now)
        except SignInRefused:
            if operator is not None:  # a name that nobody has is not worth a line for ever
                await self._trail.note(_as(operator, client_ip), "sign_in", f"operators/{operator.operator_id}", REFUSED)
            raise
        self._throttle.succeeded(name, client_ip)
        await self._trail.note(_as(operator, client_ip), "sign_in", f"operators/{operator.operator_id}")
        return opened

    async def _prove(self, operator: Operator | None, password: str, now: WallMicros) -> Operator:
        """Takes as long for a name that nobody has."""
        if not self._nobodys_hash:
            self._nobodys_hash = await self._passwords.hash(self._chance.secret())
        fits = await self._passwords.fits(self._nobodys_hash if operator is None else operator.password_hash, password)
        if operator is None or not fits or not operator.has_live_password(now):
            raise SignInRefused
        return operator

    async def _open(self, operator: Operator, code: str, client_ip: str, now: WallMicros) -> Opened:
        step = totp.step_of(totp.read(operator.totp_secret), code, now, operator.totp_step) if operator.totp_secret else 0
        if step is None:
            raise SignInRefused
        secret = self._chance.secret()
        if not await self._db.write_durable(self._begin, operator.operator_id, step, digest_of(secret), client_ip, now):
            raise SignInRefused
        return Opened(secret, SignedIn(digest_of(secret), now, now, operator))

    def _begin(self, operator_id: str, step: int, digest: str, client_ip: str, now: WallMicros) -> Tx[bool]:
        if step and not (yield from self._store.use_step(operator_id, step)):
            return False  # of two at the same moment with one code, one comes in
        yield from self._store.open(digest, operator_id, client_ip, now)
        return True

    async def verify(self, secret: str) -> SignedIn:
        """The session of a cookie, read anew each time, so that what ends it takes effect at once on every node.

        Raises:
            NotSignedIn: there is none, or it is over.
        """
        now = self._clock.now()
        session = await self.session(digest_of(secret))
        if now - session.seen_at >= SEEN_EVERY_S * SECOND_US:
            await self._db.write(self._store.seen, session.session_digest, now)
        return session

    async def session(self, session_digest: str) -> SignedIn:
        """As it is now. Raises NotSignedIn."""
        session = await self._db.read(self._store.session, session_digest)
        if session is None or session.is_over(self._clock.now()):
            raise NotSignedIn
        return session

    def has_first_step(self, operator: Operator) -> bool:
        """Whether the operator has to do something about their sign-in before anything else."""
        return operator.must_change_password or self.must_add_totp(operator)

    def must_add_totp(self, operator: Operator) -> bool:
        return self._asks_for_totp and not operator.totp_secret

    async def sign_out(self, session_digest: str) -> None:
        await self._db.write_durable(self._store.close, session_digest)

    async def change_password(self, action: Action, password: str, new_password: str) -> Opened:
        """Ends all sessions of the operator, and begins one.

        Raises:
            SignInRefused, TooManyAttempts: the old password is wrong.
            PasswordUnfit: the new one is too short, too long, or no other.
        """
        operator = await self._prove_again(action, password)
        check_password(new_password, operator.name)
        if new_password == password:
            raise PasswordUnfit
        password_hash, secret, now = await self._passwords.hash(new_password), self._chance.secret(), self._clock.now()
        await self._db.write_durable(self._replace_password, operator.operator_id, password_hash, digest_of(secret), action.client_ip, now)
        action.changed(f"operators/{operator.operator_id}", None, "password changed, other sessions ended")
        return Opened(secret, await self.verify(secret))

    def _replace_password(self, operator_id: str, password_hash: str, digest: str, client_ip: str, now: WallMicros) -> Tx[None]:
        yield from self._store.set_password(operator_id, password_hash, None)
        yield from self._store.close_all(operator_id)
        yield from self._store.open(digest, operator_id, client_ip, now)

    async def offer_totp(self, action: Action, password: str) -> bytes:
        """A new secret for the operator's authenticator; the one in use, if any, stays until `confirm_totp`.

        Raises:
            SignInRefused, TooManyAttempts: the password is wrong.
        """
        operator = await self._prove_again(action, password)
        secret = bytes.fromhex(self._chance.secret())[: totp.SECRET_BYTES]
        await self._db.write_durable(self._store.offer_totp, operator.operator_id, totp.written(secret))
        action.changed(f"operators/{operator.operator_id}", None, "authenticator offered")
        return secret

    async def confirm_totp(self, action: Action, code: str) -> None:
        """Take the secret that was offered into use. Raises CodeWrong."""
        operator = await self._operator(action.operator_id)
        had_one = bool(operator.totp_secret)
        self._throttle.begin(operator.name, action.client_ip)
        pending, now = operator.totp_pending, self._clock.now()
        step = totp.step_of(totp.read(pending), code, now, 0) if pending else None
        if step is None or not await self._db.write_durable(self._store.confirm_totp, operator.operator_id, pending, step):
            raise CodeWrong
        self._throttle.succeeded(operator.name, action.client_ip)
        action.changed(f"operators/{operator.operator_id}", {"authenticator": had_one}, {"authenticator": True})

    async def _prove_again(self, action: Action, password: str) -> Operator:
        operator = await self._operator(action.operator_id)
        self._throttle.begin(operator.name, action.client_ip)
        await self._prove(operator, password, self._clock.now())
        self._throttle.succeeded(operator.name, action.client_ip)
        return operator

    async def _operator(self, operator_id: str) -> Operator:
        operator = await self._db.read(self._store.by_id, operator_id)
        assert operator is not None, "operators are never removed"
        return operator


def digest_of(secret: str) -> str:
    """What the database keeps of a session's secret, which has 256 random bits: no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _as(operator: Operator, client_ip: str) -> Action:
    return Action(operator.name, operator.operator_id, operator.role, client_ip)


def _strict(limits: Limits) -> Limits:
    return replace(
        limits,
        signin_failures_per_account=FAILURES_PER_OPERATOR,
        signin_failures_per_address=FAILURES_PER_ADDRESS,
        signin_window_s=FAILURES_WINDOW_S,
    )
