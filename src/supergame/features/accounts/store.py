"""People and profiles in the database."""

from __future__ import annotations

import msgspec

from supergame.base.clock import WallMicros, as_datetime
from supergame.base.ids import TitleId, UserId
from supergame.base.names import name_key
from supergame.db.port import Row, Statement, Tx, UniqueViolation
from supergame.features.accounts.model import (
    AccountNotFound,
    Found,
    Identity,
    IdentityTaken,
    LastIdentity,
    Person,
    TooManyDevices,
    UsernameTaken,
    Wallet,
)
from supergame.wire.api import Account, AccountDevice, UpdateAccountRequest, User

_FIND_BY = {
    "device": Statement(
        "accounts.find_by_device",
        "SELECT d.person_id, p.username FROM person_devices d "
        "LEFT JOIN profiles p ON p.title_id = ? AND p.user_id = d.person_id WHERE d.device_id = ?",
    ),
    "custom": Statement(
        "accounts.find_by_custom",
        "SELECT h.person_id, p.username FROM persons h "
        "LEFT JOIN profiles p ON p.title_id = ? AND p.user_id = h.person_id WHERE h.custom_id = ?",
    ),
    "email": Statement(
        "accounts.find_by_email",
        "SELECT h.person_id, p.username FROM persons h "
        "LEFT JOIN profiles p ON p.title_id = ? AND p.user_id = h.person_id WHERE h.email = ?",
    ),
    "username": Statement(
        "accounts.find_by_username",
        "SELECT user_id, username FROM profiles WHERE title_id = ? AND username_key = ?",
    ),
}
_PASSWORD = Statement("accounts.password", "SELECT password_hash FROM persons WHERE person_id = ?")
_INSERT_PERSON = Statement(
    "accounts.insert_person",
    "INSERT INTO persons (person_id, custom_id, email, password_hash, created_at) VALUES (?, ?, ?, ?, ?)",
)
_INSERT_DEVICE = Statement("accounts.insert_device", "INSERT INTO person_devices (device_id, person_id, created_at) VALUES (?, ?, ?)")
_INSERT_PROFILE = Statement(
    "accounts.insert_profile",
    "INSERT INTO profiles (title_id, user_id, username, username_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
)
_PROFILE = (
    "p.user_id, p.username, p.display_name, p.avatar_url, p.lang_tag, p.location, p.timezone, p.metadata, p.created_at, p.updated_at, "
    "(SELECT e.edge_count FROM persons e WHERE e.person_id = p.user_id)"
)
_ACCOUNT = Statement(
    "accounts.account",
    f"SELECT {_PROFILE}, p.wallet, h.email, h.custom_id, d.device_id FROM profiles p "
    "JOIN persons h ON h.person_id = p.user_id LEFT JOIN person_devices d ON d.person_id = p.user_id "
    "WHERE p.title_id = ? AND p.user_id = ?",
)
_USERS = Statement(
    "accounts.users",
    f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? AND (p.user_id IN (SELECT value FROM json_each(?)) "
    "OR p.username_key IN (SELECT value FROM json_each(?)))",
    postgres=f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? "
    "AND (p.user_id = ANY (ARRAY(SELECT jsonb_array_elements_text(?::text::jsonb))) "
    "OR p.username_key = ANY (ARRAY(SELECT jsonb_array_elements_text(?::text::jsonb))))",
)
_NEWEST = Statement(  # ids of people sort by time (decision 10), so no index is needed for this alone
    "accounts.newest",
    f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? AND p.user_id < ? ORDER BY p.user_id DESC LIMIT ?",
)
_SEARCH = Statement(
    "accounts.search",
    f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? AND p.user_id IN (SELECT CAST(? AS TEXT) "
    "UNION SELECT person_id FROM person_devices WHERE device_id = ? UNION SELECT person_id FROM persons WHERE custom_id = ? "
    "UNION SELECT person_id FROM persons WHERE email = ?)",
)
_NAMED = Statement(
    "accounts.named",
    f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? AND p.username_key >= ? AND p.username_key < ? "
    "ORDER BY p.username_key LIMIT ?",
    postgres=f"SELECT {_PROFILE} FROM profiles p WHERE p.title_id = ? AND starts_with(p.username_key, ?) AND ?::text IS NOT NULL "
    "ORDER BY p.username_key LIMIT ?",  # where collations differ, comparing says nothing of prefixes
)
_PEOPLE = Statement(
    "accounts.people",
    f"SELECT {_PROFILE}, p.title_id FROM profiles p WHERE p.user_id IN (SELECT value FROM json_each(?)) "
    "ORDER BY CASE WHEN p.title_id = ? THEN 0 ELSE 1 END, p.created_at, p.title_id",
    postgres=f"SELECT {_PROFILE}, p.title_id FROM profiles p "
    "WHERE p.user_id = ANY (ARRAY(SELECT jsonb_array_elements_text(?::text::jsonb))) "
    "ORDER BY CASE WHEN p.title_id = ? THEN 0 ELSE 1 END, p.created_at, p.title_id",
)
_SET_EDGE_COUNT = Statement("accounts.set_edge_count", "UPDATE persons SET edge_count = ? WHERE person_id = ?")
_WALLET = Statement("accounts.wallet", "SELECT wallet, wallet_id FROM profiles WHERE title_id = ? AND user_id = ?")
_LOCK_WALLET = Statement("accounts.lock_wallet", _WALLET.sql, postgres=f"{_WALLET.sql} FOR UPDATE")
_SET_WALLET = Statement("accounts.set_wallet", "UPDATE profiles SET wallet = ?, wallet_id = ? WHERE title_id = ? AND user_id = ?")
_UPDATE = Statement(
    "accounts.update",
    "UPDATE profiles SET username = COALESCE(?, username), username_key = COALESCE(?, username_key), "
    "display_name = COALESCE(?, display_name), avatar_url = COALESCE(?, avatar_url), lang_tag = COALESCE(?, lang_tag), "
    "location = COALESCE(?, location), timezone = COALESCE(?, timezone), updated_at = ? "
    "WHERE title_id = ? AND user_id = ? RETURNING user_id",
)
_EXISTS = Statement("accounts.exists", "SELECT 1 FROM profiles WHERE title_id = ? AND user_id = ?")
_TITLES = Statement("accounts.titles", "SELECT title_id FROM profiles WHERE user_id = ? ORDER BY title_id")
_DELETE_PROFILE = Statement("accounts.delete_profile", "DELETE FROM profiles WHERE title_id = ? AND user_id = ? RETURNING user_id")
_DELETE_PERSON = Statement(
    "accounts.delete_person",
    "DELETE FROM persons WHERE person_id = ? AND NOT EXISTS (SELECT 1 FROM profiles WHERE user_id = ?) RETURNING person_id",
)
_IDENTITIES = Statement(
    "accounts.identities",
    "SELECT custom_id, email FROM persons WHERE person_id = ?",
    postgres="SELECT custom_id, email FROM persons WHERE person_id = ? FOR UPDATE",
)
_DEVICES = Statement("accounts.devices", "SELECT device_id FROM person_devices WHERE person_id = ? ORDER BY created_at, device_id")
_DELETE_DEVICE = Statement("accounts.delete_device", "DELETE FROM person_devices WHERE device_id = ? AND person_id = ?")
_SET_CUSTOM = Statement("accounts.set_custom", "UPDATE persons SET custom_id = ? WHERE person_id = ?")
_SET_EMAIL = Statement("accounts.set_email", "UPDATE persons SET email = ?, password_hash = ? WHERE person_id = ?")

LAST = "z"
"""Sorts behind every id, in every collation."""
LAST_LETTER = "\U0010ffff"
"""No name has it; every name that begins with `a` sorts before `a` and it."""


class AccountStore:
    def find(self, title_id: TitleId, identity: Identity) -> Tx[Found | None]:
        """Who signs in with this, and their profile in the title."""
        rows = yield _FIND_BY[identity.kind](title_id, identity.key)
        return Found(*rows[0]) if rows else None

    def password_hash(self, user_id: UserId) -> Tx[str | None]:
        rows = yield _PASSWORD(user_id)
        return rows[0][0] if rows else None

    def create_person(self, user_id: UserId, identity: Identity, password_hash: str | None, now: WallMicros) -> Tx[None]:
        """Raises IdentityTaken when somebody was faster."""
        custom_id = identity.key if identity.kind == "custom" else None
        email = identity.key if identity.kind == "email" else None
        try:
            yield _INSERT_PERSON(user_id, custom_id, email, password_hash, now)
            if identity.kind == "device":
                yield _INSERT_DEVICE(identity.key, user_id, now)
        except UniqueViolation:
            raise IdentityTaken from None

    def create_profile(self, title_id: TitleId, user_id: UserId, username: str, now: WallMicros) -> Tx[None]:
        """Raises UsernameTaken."""
        try:
            yield _INSERT_PROFILE(title_id, user_id, username, name_key(username), now, now)
        except UniqueViolation:
            raise UsernameTaken from None

    def account(self, title_id: TitleId, user_id: UserId) -> Tx[Account | None]:
        rows = yield _ACCOUNT(title_id, user_id)
        return _account(rows) if rows else None

    def users(self, title_id: TitleId, ids: list[str], usernames: list[str]) -> Tx[list[User]]:
        names = [name_key(name) for name in usernames]
        rows = yield _USERS(title_id, msgspec.json.encode(ids).decode(), msgspec.json.encode(names).decode())
        return [_user(row) for row in rows]

    def newest(self, title_id: TitleId, before: str, count: int) -> Tx[list[User]]:
        rows = yield _NEWEST(title_id, before or LAST, count)
        return [_user(row) for row in rows]

    def search(self, title_id: TitleId, text: str, count: int) -> Tx[list[User]]:
        """Who has this for an identity, then those whose user name begins with it, in the order of names."""
        rows = yield _SEARCH(title_id, text, text, text, text.lower())
        key = name_key(text)
        rows += [row for row in (yield _NAMED(title_id, key, key + LAST_LETTER, count)) if row not in rows]
        return [_user(row) for row in rows[:count]]

    def people(self, title_id: TitleId, ids: list[UserId]) -> Tx[dict[UserId, Person]]:
        """Their profiles in the title, or where there is none their oldest one."""
        rows = yield _PEOPLE(msgspec.json.encode(ids).decode(), title_id)
        return {UserId(row[0]): Person(TitleId(row[11]), _user(row)) for row in reversed(rows)}

    def set_edge_count(self, user_id: UserId, count: int) -> Tx[None]:
        yield _SET_EDGE_COUNT(count, user_id)

    def wallet(self, title_id: TitleId, user_id: UserId, lock: bool = False) -> Tx[Wallet]:
        """With `lock` nobody else changes it until the transaction ends. Raises AccountNotFound."""
        rows = yield (_LOCK_WALLET if lock else _WALLET)(title_id, user_id)
        if not rows:
            raise AccountNotFound
        return Wallet(*rows[0])

    def set_wallet(self, title_id: TitleId, user_id: UserId, wallet: Wallet) -> Tx[None]:
        yield _SET_WALLET(*wallet, title_id, user_id)

    def update(self, title_id: TitleId, user_id: UserId, change: UpdateAccountRequest, now: WallMicros) -> Tx[None]:
        key = None if change.username is None else name_key(change.username)
        texts = (change.display_name, change.avatar_url, change.lang_tag, change.location, change.timezone)
        try:
            rows = yield _UPDATE(change.username, key, *texts, now, title_id, user_id)
        except UniqueViolation:
            raise UsernameTaken from None
        if not rows:
            raise AccountNotFound

    def check_exists(self, title_id: TitleId, user_id: UserId) -> Tx[None]:
        """Raises AccountNotFound."""
        if not (yield _EXISTS(title_id, user_id)):
            raise AccountNotFound

    def titles(self, user_id: UserId) -> Tx[list[TitleId]]:
        """Where a person has a profile."""
        rows = yield _TITLES(user_id)
        return [TitleId(row[0]) for row in rows]

    def delete(self, title_id: TitleId, user_id: UserId) -> Tx[bool]:
        """The profile, and the person with all identities when it was the last profile: then True."""
        rows = yield _DELETE_PROFILE(title_id, user_id)
        if not rows:
            raise AccountNotFound
        return bool((yield _DELETE_PERSON(user_id, user_id)))

    def link_device(self, user_id: UserId, device_id: str, devices_max: int, now: WallMicros) -> Tx[None]:
        devices = yield _DEVICES(user_id)
        if (device_id,) in devices:
            return
        if len(devices) >= devices_max:
            raise TooManyDevices
        try:
            yield _INSERT_DEVICE(device_id, user_id, now)
        except UniqueViolation:
            raise IdentityTaken from None

    def link_custom(self, user_id: UserId, custom_id: str) -> Tx[None]:
        try:
            yield _SET_CUSTOM(custom_id, user_id)
        except UniqueViolation:
            raise IdentityTaken from None

    def link_email(self, user_id: UserId, email: str, password_hash: str) -> Tx[None]:
        try:
            yield _SET_EMAIL(email, password_hash, user_id)
        except UniqueViolation:
            raise IdentityTaken from None

    def unlink(self, user_id: UserId, kind: str, key: str) -> Tx[None]:
        """Take a way to sign in from a person, never the last. An empty key means whichever is linked."""
        custom_id, email = (yield _IDENTITIES(user_id))[0]
        devices = [row[0] for row in (yield _DEVICES(user_id))]
        linked = {"custom": [custom_id] if custom_id else [], "email": [email] if email else [], "device": devices}
        if not key and not linked[kind]:
            return
        if (key and key not in linked[kind]) or sum(map(len, linked.values())) < 2:
            raise LastIdentity
        if kind == "custom":
            yield _SET_CUSTOM(None, user_id)
        elif kind == "email":
            yield _SET_EMAIL(None, None, user_id)
        else:
            yield _DELETE_DEVICE(key, user_id)


def _user(row: Row) -> User:
    user_id, username, display_name, avatar_url, lang_tag, location, timezone, metadata, created_at, updated_at, edges = row[:11]
    return User(
        id=user_id,
        username=username,
        display_name=display_name,
        avatar_url=avatar_url,
        lang_tag=lang_tag,
        location=location,
        timezone=timezone,
        metadata=metadata,
        edge_count=edges,
        create_time=as_datetime(created_at),
        update_time=as_datetime(updated_at),
    )


def _account(rows: list[Row]) -> Account:
    """One row per device."""
    wallet, email, custom_id = rows[0][11:14]
    return Account(
        user=_user(rows[0]),
        wallet=wallet,
        email=email or "",
        devices=[AccountDevice(id=row[14]) for row in rows if row[14] is not None],
        custom_id=custom_id or "",
    )
