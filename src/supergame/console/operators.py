"""Who has access to the console (rules CON1, CON13 to CON16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from supergame.base.clock import SECOND_US, Clock, WallMicros
from supergame.base.errors import SupergameError
from supergame.base.ids import Chance
from supergame.console.model import (
    FIRST_OPERATOR,
    IDLE_S,
    LIFE_S,
    ONE_TIME_S,
    OPERATORS_MAX,
    LastOwner,
    Operator,
    OperatorExists,
    OperatorNotFound,
    TooManyOperators,
    check_name,
    check_rights,
)
from supergame.console.store import OperatorStore
from supergame.console.trail import DONE, REFUSED, Trail
from supergame.db.port import Database, Tx, UniqueViolation
from supergame.features.accounts.passwords import Passwords
from supergame.routing.console import Action, Role

ONE_TIME_LETTERS = 24  # of 52: 136 bits


class Invited(NamedTuple):
    """An operator, and the password that they choose another for at their first sign-in. Nobody can read it again."""

    operator: Operator
    one_time_password: str


class Access(NamedTuple):
    """An operator, how many sessions they have open, and when one was last used."""

    operator: Operator
    sessions: int
    seen_at: WallMicros | None


class Operators:
    """Operators are added, changed and disabled, and never removed: the audit trail names them."""

    def __init__(self, db: Database, clock: Clock, chance: Chance, passwords: Passwords, trail: Trail) -> None:
        self._db, self._clock, self._chance, self._passwords, self._trail = db, clock, chance, passwords, trail
        self._store = OperatorStore()

    async def first(self) -> Invited | None:
        """The owner `admin`, made now if there is no operator yet."""
        if await self._db.read(self._store.all):
            return None
        try:
            return await self.at_machine("add_operator", lambda action: self.add(action, FIRST_OPERATOR, Role.OWNER, []))
        except OperatorExists:  # another node was faster
            return None

    async def at_machine(self, name: str, work: Callable[[Action], Awaitable[Invited]]) -> Invited:
        """Do something from the shell of the machine, where nobody signs in; the audit trail tells of it all the same."""
        action = machine()
        intent = await self._trail.intend(action, name, "", "operators", None)
        try:
            invited = await work(action)
        except SupergameError as error:
            await self._trail.conclude(action, intent, REFUSED, error.code)
            raise
        await self._trail.conclude(action, intent, DONE)
        return invited

    async def all(self) -> list[Access]:
        """All of them, by name."""
        now = self._clock.now()
        live = await self._db.read(self._store.live_sessions, WallMicros(now - IDLE_S * SECOND_US), WallMicros(now - LIFE_S * SECOND_US))
        return [Access(one, *live.get(one.operator_id, (0, None))) for one in await self._db.read(self._store.all)]

    async def find(self, name: str) -> Operator:
        """Raises OperatorNotFound."""
        operator = await self._db.read(self._store.by_name, name)
        if operator is None:
            raise OperatorNotFound
        return operator

    async def add(self, action: Action, name: str, role: str, titles: list[str]) -> Invited:
        """A new operator with a one-time password.

        Raises:
            OperatorInvalid, OperatorExists, TooManyOperators.
        """
        check_name(name)
        of_role, of_titles = check_rights(role, titles)
        password, now = self._chance.letters(ONE_TIME_LETTERS), self._clock.now()
        hashed, ends_at = await self._passwords.hash(password), WallMicros(now + ONE_TIME_S * SECOND_US)
        operator = Operator(self._chance.uuid7(now), name, of_role, of_titles, hashed, ends_at, "", "", 0, None, now, None)
        await self._db.write_durable(self._add, operator)
        action.changed(f"operators/{operator.operator_id}", None, shown(operator))
        return Invited(operator, password)

    def _add(self, operator: Operator) -> Tx[None]:
        if (yield from self._store.count()) >= OPERATORS_MAX:
            raise TooManyOperators
        try:
            yield from self._store.insert(operator)
        except UniqueViolation:
            raise OperatorExists from None

    async def change(self, action: Action, operator_id: str, role: str, titles: list[str], disabled: bool) -> Operator:
        """Give an operator other rights. Their sessions end.

        Raises:
            OperatorInvalid, OperatorNotFound.
            LastOwner: nobody could give access any more.
        """
        of_role, of_titles = check_rights(role, titles)
        before, after = await self._db.write_durable(self._change, operator_id, of_role, of_titles, disabled, self._clock.now())
        action.changed(f"operators/{operator_id}", shown(before), shown(after))
        return after

    def _change(
        self, operator_id: str, role: Role, titles: frozenset[str], disabled: bool, now: WallMicros
    ) -> Tx[tuple[Operator, Operator]]:
        owners = yield from self._store.owners()
        before = yield from self._get(operator_id)
        if owners == {operator_id} and (role != Role.OWNER or disabled):
            raise LastOwner
        disabled_at = (before.disabled_at or now) if disabled else None
        yield from self._store.set_rights(operator_id, role, titles, disabled_at)
        yield from self._store.close_all(operator_id)
        return before, replace(before, role=role, titles=titles, disabled_at=disabled_at)

    async def reset(self, action: Action, operator_id: str) -> Invited:
        """A new one-time password and no authenticator, for somebody who has lost theirs. Their sessions end. Raises OperatorNotFound."""
        password, now = self._chance.letters(ONE_TIME_LETTERS), self._clock.now()
        hashed, ends_at = await self._passwords.hash(password), WallMicros(now + ONE_TIME_S * SECOND_US)
        before = await self._db.write_durable(self._reset, operator_id, hashed, ends_at)
        after = replace(before, password_hash=hashed, password_ends_at=ends_at, totp_secret="", totp_pending="")
        action.changed(f"operators/{operator_id}", shown(before), shown(after))
        return Invited(after, password)

    def _reset(self, operator_id: str, password_hash: str, ends_at: WallMicros) -> Tx[Operator]:
        before = yield from self._get(operator_id)
        yield from self._store.set_password(operator_id, password_hash, ends_at)
        yield from self._store.forget_totp(operator_id)
        yield from self._store.close_all(operator_id)
        return before

    async def sign_out(self, action: Action, operator_id: str) -> None:
        """End all sessions of somebody. Raises OperatorNotFound."""
        await self._db.write_durable(self._sign_out, operator_id)
        action.changed(f"operators/{operator_id}", None, "all sessions ended")

    def _sign_out(self, operator_id: str) -> Tx[None]:
        yield from self._get(operator_id)
        yield from self._store.close_all(operator_id)

    def _get(self, operator_id: str) -> Tx[Operator]:
        operator = yield from self._store.by_id(operator_id)
        if operator is None:
            raise OperatorNotFound
        return operator


def shown(operator: Operator) -> dict[str, Any]:
    """What the audit trail says of an operator."""
    return {
        "name": operator.name,
        "role": operator.role,
        "titles": sorted(operator.titles),
        "disabled": operator.disabled_at is not None,
        "authenticator": bool(operator.totp_secret),
        "must_choose_password": operator.must_change_password,
    }


def machine() -> Action:
    """Who acts from the shell of the machine: whoever can write the database needs no password."""
    return Action("(machine)", "", Role.OWNER)
