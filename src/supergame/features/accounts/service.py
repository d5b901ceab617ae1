"""Accounts: sign in, link, change, ban, delete (rules ACC1 to ACC12 in docs/spec/accounts.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import msgspec

from supergame.base.clock import Clock, as_datetime
from supergame.base.cursor import decode_cursor, encode_cursor
from supergame.base.errors import InvalidArgument, Overloaded
from supergame.base.events import Notices
from supergame.base.ids import Chance, TitleId, UserId, is_uuid
from supergame.base.limits import Limits
from supergame.base.names import name_key
from supergame.db.port import Database, Tx
from supergame.features.accounts.model import (
    AccountBanned,
    AccountDeleted,
    AccountNotFound,
    Ban,
    Banned,
    Found,
    Identity,
    IdentityTaken,
    Person,
    PersonErased,
    UsernameInvalid,
    UsernameTaken,
    Wallet,
    WrongPassword,
    check_custom,
    check_device,
    check_email,
    check_password,
    check_update,
    check_username,
)
from supergame.features.accounts.passwords import Passwords
from supergame.features.accounts.store import AccountStore
from supergame.features.accounts.throttle import Throttle
from supergame.features.sanctions.model import EVERYWHERE, Kind, Sanction, told
from supergame.features.sanctions.service import Sanctions
from supergame.features.sessions.model import Revocation
from supergame.features.sessions.service import Sessions
from supergame.realtime.session import Session as Socket
from supergame.routing.context import Context
from supergame.runtime.outbox import Outbox
from supergame.wire.api import Account, Session, UpdateAccountRequest, User

GENERATED_NAME_LETTERS = 10  # as Nakama makes them
CREATE_TRIES = 3  # against somebody who creates the same account, or has the same made-up name, at the same moment


class Accounts:
    """A person signs in with a device, a custom id or an e-mail address, and has one profile in each title."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        chance: Chance,
        sessions: Sessions,
        sanctions: Sanctions,
        passwords: Passwords,
        outbox: Outbox,
        notices: Notices,
        limits: Limits,
    ) -> None:
        self._db, self._clock, self._chance, self._limits = db, clock, chance, limits
        self._sessions, self._sanctions, self._passwords = sessions, sanctions, passwords
        self._outbox, self._notices = outbox, notices
        self._store = AccountStore()
        self._throttle = Throttle(clock, limits)

    # --- signing in

    async def authenticate_device(self, ctx: Context, device_id: str, create: bool, username: str, variables: dict[str, str]) -> Session:
        """Sign in with a device id, making the account when it is new.

        Raises:
            IdentityInvalid, UsernameInvalid, VarsTooLarge: malformed.
            AccountNotFound: unknown, and `create` is false.
            UsernameTaken: new, and the name belongs to somebody.
            AccountBanned: banned in this title.
        """
        return await self._authenticate(ctx, check_device(device_id, self._limits), create, username, variables)

    async def authenticate_custom(self, ctx: Context, custom_id: str, create: bool, username: str, variables: dict[str, str]) -> Session:
        """The same with an id of the studio's own system."""
        return await self._authenticate(ctx, check_custom(custom_id, self._limits), create, username, variables)

    async def authenticate_email(
        self, ctx: Context, email: str, password: str, create: bool, username: str, variables: dict[str, str]
    ) -> Session:
        """The same with an e-mail address and a password; without an address by user name, which never makes an account.

        Raises:
            WrongPassword: also when the account has none.
            TooManyAttempts: too many wrong ones for this account or from this address.
        """
        check_password(password, self._limits)
        by_name = not email and bool(username)
        if by_name:
            check_username(username, self._limits)
        identity = Identity("username", name_key(username)) if by_name else check_email(email, self._limits)
        self._sessions.check_vars(variables)
        found = await self._db.read(self._find_in, ctx.title_id, identity)
        self._throttle.check("" if found is None else found.user_id, ctx.client_ip)
        if found is None:
            if by_name or not create:
                raise AccountNotFound
            return await self._sign_up(ctx, identity, username, variables, await self._passwords.hash(password))
        await self._check_password(ctx, found.user_id, password)
        found = await self._db.read(self._find_in, ctx.title_id, identity) or found  # looking took its time: a ban may have come
        return await self._sign_in(ctx, found, create, username, variables)

    def _find_in(self, title_id: TitleId, identity: Identity) -> Tx[Found | None]:
        found = yield from self._store.find(title_id, identity)
        return found and found._replace(ban=(yield from self._sanctions.ban_in(title_id, found.user_id)))

    async def _authenticate(self, ctx: Context, identity: Identity, create: bool, username: str, variables: dict[str, str]) -> Session:
        self._sessions.check_vars(variables)
        found = await self._db.read(self._find_in, ctx.title_id, identity)
        if found is not None:
            return await self._sign_in(ctx, found, create, username, variables)
        if not create:
            raise AccountNotFound
        return await self._sign_up(ctx, identity, username, variables, None)

    async def _check_password(self, ctx: Context, user_id: UserId, password: str) -> None:
        password_hash = await self._db.read(self._store.password_hash, user_id)
        self._throttle.begin(user_id, ctx.client_ip)
        try:
            fits = password_hash is not None and await self._passwords.fits(password_hash, password)
        except Overloaded:
            self._throttle.withdraw(user_id, ctx.client_ip)
            raise
        if not fits:
            raise WrongPassword
        self._throttle.succeeded(user_id, ctx.client_ip)

    async def _sign_in(self, ctx: Context, found: Found, create: bool, username: str, variables: dict[str, str]) -> Session:
        if found.ban is not None:
            raise AccountBanned(told("This account is banned", found.ban))
        if found.username is not None:
            return self._sessions.issue(ctx.title_id, found.user_id, found.username, variables)
        if not create:
            raise AccountNotFound
        name = await self._create(ctx.title_id, username, found.user_id, None, None)
        return self._sessions.issue(ctx.title_id, found.user_id, name, variables, created=True)

    async def _sign_up(
        self, ctx: Context, identity: Identity, username: str, variables: dict[str, str], password_hash: str | None
    ) -> Session:
        user_id = UserId(self._chance.uuid7(self._clock.now()))  # sorts by time, so new rows lie together: decision 10
        try:
            name = await self._create(ctx.title_id, username, user_id, identity, password_hash)
        except IdentityTaken:  # somebody was faster with the same identity: it exists now, so sign in, unless a password guards it
            if password_hash is not None:
                raise
            found = await self._db.read(self._find_in, ctx.title_id, identity)
            if found is None:
                raise
            return await self._sign_in(ctx, found, True, username, variables)
        return self._sessions.issue(ctx.title_id, user_id, name, variables, created=True)

    async def _create(self, title_id: TitleId, username: str, user_id: UserId, identity: Identity | None, password_hash: str | None) -> str:
        """Make the profile, and the person when an identity is given; returns the user name."""
        if username:
            check_username(username, self._limits)
        for last_try in (False,) * (CREATE_TRIES - 1) + (True,):
            name = username or self._chance.letters(GENERATED_NAME_LETTERS)
            try:
                await self._db.write(self._create_in, title_id, name, user_id, identity, password_hash)
            except UsernameTaken:
                if username or last_try:
                    raise
            else:
                break
        return name

    def _create_in(
        self, title_id: TitleId, username: str, user_id: UserId, identity: Identity | None, password_hash: str | None
    ) -> Tx[None]:
        now = self._clock.now()
        if identity is not None:
            yield from self._store.create_person(user_id, identity, password_hash, now)
        yield from self._store.create_profile(title_id, user_id, username, now)

    # --- identities

    async def link_device(self, user_id: UserId, device_id: str) -> None:
        """Raises IdentityTaken, IdentityInvalid, TooManyDevices."""
        identity = check_device(device_id, self._limits)
        await self._db.write(self._store.link_device, user_id, identity.key, self._limits.devices_per_account_max, self._clock.now())

    async def link_custom(self, user_id: UserId, custom_id: str) -> None:
        """Raises IdentityTaken, IdentityInvalid. Replaces an older custom id."""
        await self._db.write(self._store.link_custom, user_id, check_custom(custom_id, self._limits).key)

    async def link_email(self, user_id: UserId, email: str, password: str) -> None:
        """Raises IdentityTaken, IdentityInvalid. Replaces an older address and its password."""
        identity = check_email(email, self._limits)
        check_password(password, self._limits)
        await self._db.write(self._store.link_email, user_id, identity.key, await self._passwords.hash(password))

    async def unlink(self, user_id: UserId, kind: str, key: str) -> None:
        """Take away the way to sign in `kind` ("device", "custom" or "email"). Raises LastIdentity."""
        await self._db.write(self._store.unlink, user_id, kind, key.lower() if kind == "email" else key)

    # --- profiles

    async def account(self, title_id: TitleId, user_id: UserId) -> Account:
        """The owner's own view. Raises AccountNotFound."""
        account = await self._db.read(self._store.account, title_id, user_id)
        if account is None:
            raise AccountNotFound
        return account

    async def account_as_server(self, title_id: TitleId, user_id: UserId) -> Account:
        """The same, and since when it is banned. Raises AccountNotFound."""
        account = await self.account(title_id, user_id)
        ban = await self._db.read(self._sanctions.ban_in, title_id, user_id)
        account.disable_time = None if ban is None else as_datetime(ban.imposed_at)
        return account

    async def users(self, title_id: TitleId, ids: list[str], usernames: list[str]) -> list[User]:
        """Others' view of some accounts, each once; unknown ones are left out. Raises InvalidArgument for malformed ids or too many."""
        if not ids and not usernames:
            return []
        if len(ids) + len(usernames) > self._limits.users_per_request_max:
            raise InvalidArgument(f"At most {self._limits.users_per_request_max} users can be asked for at once.")
        if not all(is_uuid(user_id) for user_id in ids):
            raise InvalidArgument("A user id has the wrong form.")
        possible = [name for name in usernames if "\0" not in name]  # which nobody has, and PostgreSQL would not look for
        return await self._db.read(self._store.users, title_id, ids, possible)

    async def people(self, title_id: TitleId, ids: list[UserId]) -> dict[UserId, Person]:
        """People of the deployment by their profiles in a title, those who have none there by their oldest. Strangers are left out."""
        return await self._db.read(self._store.people, title_id, ids) if ids else {}

    def set_edge_count_in(self, user_id: UserId, count: int) -> Tx[None]:
        """Part of a transaction that changes how many friends somebody has."""
        yield from self._store.set_edge_count(user_id, count)

    def wallet_in(self, title_id: TitleId, user_id: UserId) -> Tx[Wallet]:
        """Part of a transaction that reads a wallet. Raises AccountNotFound."""
        return (yield from self._store.wallet(title_id, user_id))

    def lock_wallet_in(self, title_id: TitleId, user_id: UserId) -> Tx[Wallet]:
        """Part of a transaction that changes a wallet: others wait. Raises AccountNotFound."""
        return (yield from self._store.wallet(title_id, user_id, lock=True))

    def set_wallet_in(self, title_id: TitleId, user_id: UserId, wallet: Wallet) -> Tx[None]:
        """What `account.wallet` says from now on; part of the transaction that books it in the ledger."""
        yield from self._store.set_wallet(title_id, user_id, wallet)

    async def update(self, title_id: TitleId, user_id: UserId, change: UpdateAccountRequest) -> None:
        """Change what is given. Raises ProfileInvalid, UsernameInvalid; a taken name is invalid too, as in Nakama."""
        check_update(change, self._limits)
        try:
            await self._db.write(self._store.update, title_id, user_id, change, self._clock.now())
        except UsernameTaken as taken:
            raise UsernameInvalid(taken.message) from None

    # --- as operators see them

    async def newest(self, title_id: TitleId, limit: int, cursor: str) -> tuple[list[User], str]:
        """A page of a title's players, the newest people first, and the cursor of the next. Raises MalformedCursor."""
        list_of = ("players", title_id)
        before = str(decode_cursor(list_of, cursor, (str,))[0]) if cursor else ""
        found = await self._db.read(self._store.newest, title_id, before, limit + 1)
        page = found[:limit]
        return page, encode_cursor(list_of, (page[-1].id,)) if len(found) > limit else ""

    async def search(self, title_id: TitleId, text: str, limit: int) -> list[User]:
        """Players of a title by any identity - id, device, custom id, e-mail address - or by the beginning of their user name."""
        return await self._db.read(self._store.search, title_id, text, limit) if text and "\0" not in text else []

    async def titles(self, user_id: UserId) -> list[TitleId]:
        """Where somebody has a profile."""
        return await self._db.read(self._store.titles, user_id)

    def sockets(self, title_id: TitleId, user_id: UserId) -> list[Socket]:
        """What somebody has open in a title now."""
        return self._sessions.sockets(title_id, user_id)

    def rename_in(self, title_id: TitleId, user_id: UserId, username: str, display_name: str) -> Tx[None]:
        """Change both names, as part of a larger transaction; without a user name it is ten random letters. Raises UsernameTaken."""
        name = username or self._chance.letters(GENERATED_NAME_LETTERS)
        change = UpdateAccountRequest(username=name, display_name=display_name)
        yield from self._store.update(title_id, user_id, change, self._clock.now())

    async def held_of(self, title_id: TitleId, user_id: UserId) -> AsyncIterator[Mapping[str, object]]:
        """Somebody's account in a title, with all identities, for an export."""
        if title_id:
            yield msgspec.structs.asdict(await self.account_as_server(title_id, user_id))

    # --- ending

    async def ban(self, title_id: TitleId, user_id: UserId, reason: str = "", by: str = "", duration_s: int = 0) -> Sanction:
        """Close a title to a person: no sign-in, no session, no socket. On the disk before this returns.

        With `EVERYWHERE` it closes every title, those that the person has not been in too. Without a duration it holds until it is
        lifted. The person reads the reason.

        Raises:
            AccountNotFound: there is no such person there.
            SanctionInvalid: malformed.
        """
        banned = await self._db.write_durable(self.ban_in, title_id, user_id, reason, by, duration_s)
        self.apply_ban(banned)
        return banned.sanction

    def ban_in(self, title_id: TitleId, user_id: UserId, reason: str, by: str, duration_s: int) -> Tx[Ban]:
        """The same as part of a larger transaction; `apply_ban` the result after its COMMIT."""
        closed = [title_id] if title_id else (yield from self._store.titles(user_id))
        if not closed:
            raise AccountNotFound
        sanction = yield from self._sanctions.impose_in(title_id, user_id, Kind.BAN, reason, by, duration_s)
        revocations = []
        for title in closed:
            yield from self._store.check_exists(title, user_id)
            revocation = yield from self._sessions.revoke_user_in(title, user_id)
            revocations.append(revocation)
        return Ban(sanction, revocations)

    def apply_ban(self, ban: Ban) -> None:
        """Tell the player, then end tokens and sockets."""
        for revocation in ban.revocations:
            self._notices.publish(Banned(revocation.title_id, ban.sanction.user_id))
            self._sessions.apply(revocation)

    async def unban(self, title_id: TitleId, user_id: UserId, reason: str = "", by: str = "") -> list[Sanction]:
        """Lift the bans of this place before their time. Raises SanctionNotFound when there is none."""
        return await self._sanctions.lift(title_id, user_id, Kind.BAN, reason, by)

    async def sign_out(self, title_id: TitleId, user_id: UserId) -> None:
        """End all sessions and sockets of a person in a title. Raises AccountNotFound."""
        await self._db.read(self._store.check_exists, title_id, user_id)
        await self._sessions.revoke_user(title_id, user_id)

    async def delete(self, title_id: TitleId, user_id: UserId) -> None:
        """Erase a person from a title, and from the deployment when it was their last. Other features erase theirs on `AccountDeleted`."""
        revocation = await self._db.write_durable(self._delete_in, title_id, user_id)
        self._sanctions.erased(title_id, user_id)
        self._sessions.apply(revocation)
        self._outbox.wake()

    async def erase_person(self, user_id: UserId) -> list[TitleId]:
        """Erase somebody from the whole deployment at once; returns the titles that they were in. Raises AccountNotFound."""
        revocations = await self._db.write_durable(self._erase_person_in, user_id)
        for revocation in revocations:
            self._sanctions.erased(revocation.title_id, user_id)
            self._sessions.apply(revocation)
        self._outbox.wake()
        return [revocation.title_id for revocation in revocations]

    def _delete_in(self, title_id: TitleId, user_id: UserId) -> Tx[Revocation]:
        is_gone = yield from self._store.delete(title_id, user_id)
        yield from self._sanctions.erase_in(title_id, user_id)
        yield from self._outbox.record(AccountDeleted(title_id, user_id))
        if is_gone:
            yield from self._sanctions.erase_in(EVERYWHERE, user_id)
            yield from self._outbox.record(PersonErased(user_id))
        return (yield from self._sessions.revoke_user_in(title_id, user_id))

    def _erase_person_in(self, user_id: UserId) -> Tx[list[Revocation]]:
        titles = yield from self._store.titles(user_id)
        if not titles:
            raise AccountNotFound
        revocations = []
        for title_id in titles:
            revocation = yield from self._delete_in(title_id, user_id)
            revocations.append(revocation)
        return revocations
