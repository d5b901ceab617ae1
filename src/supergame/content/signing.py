"""Who may say what is released: Ed25519 keys in two roles, and The Update Framework's guard that every key can be replaced.

A *signer* signs channel files, day by day. A *root* signs key sets, which name the signers and roots from then on: number n is signed
by a root of number n - 1, and by one of its own. A stolen signer is replaced by a new key set, and every player's copy learns of it
with the next channel file. The root's key need not lie on the machine that publishes.
"""

from __future__ import annotations

import binascii
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from supergame.base.ids import Chance
from supergame.content.model import KeyMissing, NotInStore, SignatureInvalid
from supergame.content.objects import Source, Store, write_whole

SIGNED_BYTES_MAX: Final = 1 << 20
KEYSETS_MAX: Final = 200
KEYS_MAX: Final = 8
SIGNATURES_MAX: Final = 16


class Signature(msgspec.Struct, frozen=True):
    key: str
    signature: str


class Envelope(msgspec.Struct, frozen=True):
    """The signed bytes as they are, so that nobody has to write JSON twice in the same way."""

    signed: str
    signatures: list[Signature]


class Keyset(msgspec.Struct, frozen=True):
    """Public keys in hexadecimal digits."""

    number: int
    roots: list[str]
    signers: list[str]


class Keyring(msgspec.Struct):
    """The private keys of a publisher, as seeds in hexadecimal digits. Without `root`, key sets are made elsewhere."""

    signer: str
    root: str = ""


def sign(kind: str, payload: bytes, *seeds: str) -> bytes:
    """A signed file. `kind` is part of what is signed: a key set is never taken for a channel."""
    keys = [SigningKey(bytes.fromhex(seed)) for seed in dict.fromkeys(seeds)]
    message = _message(kind, payload)
    signatures = [Signature(bytes(key.verify_key).hex(), key.sign(message).signature.hex()) for key in keys]
    return msgspec.json.encode(Envelope(binascii.b2a_base64(payload, newline=False).decode(), signatures))


def _message(kind: str, payload: bytes) -> bytes:
    return f"supergame {kind}\n".encode() + payload


def opened(file: bytes) -> tuple[bytes, list[Signature]]:
    """What a signed file says, not yet to be believed. Raises SignatureInvalid."""
    try:
        if len(file) > SIGNED_BYTES_MAX:
            raise ValueError
        envelope = msgspec.json.decode(file, type=Envelope)
        return binascii.a2b_base64(envelope.signed, strict_mode=True), envelope.signatures[:SIGNATURES_MAX]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise SignatureInvalid("This is no signed file.") from None


def is_signed_by(kind: str, payload: bytes, signatures: list[Signature], keys: list[str]) -> bool:
    """Whether one of the keys has signed it."""
    return any(item.key in keys and _holds(item, _message(kind, payload)) for item in signatures)


def _holds(item: Signature, message: bytes) -> bool:
    try:
        VerifyKey(bytes.fromhex(item.key)).verify(message, bytes.fromhex(item.signature))
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def public_key(seed: str) -> str:
    return bytes(SigningKey(bytes.fromhex(seed)).verify_key).hex()


# --- the publisher's side


@dataclass
class Keys:
    """A publisher's keys in a file that its owner alone may read."""

    path: Path
    chance: Chance

    def load(self) -> Keyring:
        """Raises KeyMissing: no file, one that others may read, or a damaged one."""
        try:
            if os.name == "posix" and self.path.stat().st_mode & 0o077:
                raise KeyMissing(f"{self.path} can be read by others: chmod 600, then change the keys.")
            ring = msgspec.json.decode(self.path.read_bytes(), type=Keyring)
            public_key(ring.signer)
        except FileNotFoundError:
            raise KeyMissing(f"There is no release key in {self.path}.") from None
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
            raise KeyMissing(f"{self.path} is damaged; bring back a copy.") from None
        return ring

    def load_or_make(self, store: Store) -> Keyring:
        """At the first publishing to a store, draw keys and write key set 1.

        Raises:
            KeyMissing: the store has key sets already, and this machine not their keys.
        """
        if not self.path.exists():
            if store.has("keys/1"):
                raise KeyMissing(f"This store is signed with keys that are not in {self.path}.")
            self._save(Keyring(self.chance.secret(), self.chance.secret()))
        ring = self.load()
        self._announce(store, ring)
        return ring

    def replace_signer(self, store: Store) -> Keyset:
        """A new signer, and a key set by which everybody learns that the old one is trusted no more. Raises KeyMissing."""
        ring = self.load()
        if not ring.root:
            raise KeyMissing("A new signer needs the root key, which is not in this file.")
        fresh = Keyring(self.chance.secret(), ring.root)
        self._save(fresh)
        return self._announce(store, fresh)

    def _announce(self, store: Store, ring: Keyring) -> Keyset:
        """The key set that names our signer, written now if there is none: also after a crash in the middle of a replacement."""
        signer, latest = public_key(ring.signer), latest_keyset(store)
        if latest is not None and signer in latest.signers:
            return latest
        if not ring.root:
            raise KeyMissing("The signer of this file is not trusted by the store, and the root key is not here.")
        keyset = Keyset(latest.number + 1 if latest else 1, latest.roots if latest else [public_key(ring.root)], [signer])
        store.write(f"keys/{keyset.number}", sign("keys", msgspec.json.encode(keyset), ring.root))
        return keyset

    def _save(self, ring: Keyring) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, msgspec.json.encode(ring), mode=0o600)


def latest_keyset(store: Source) -> Keyset | None:
    """The publisher's own store is believed."""
    latest: Keyset | None = None
    for number in range(1, KEYSETS_MAX):
        try:
            latest = msgspec.json.decode(opened(store.read(f"keys/{number}"))[0], type=Keyset)
        except NotInStore:
            break
    return latest


# --- the player's side


def next_keyset(file: bytes, number: int, trusted_roots: list[str]) -> Keyset:
    """Key set `number`, believed by the roots of the one before; of the first, by its own.

    Raises:
        SignatureInvalid.
    """
    payload, signatures = opened(file)
    try:
        keyset = msgspec.json.decode(payload, type=Keyset)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SignatureInvalid("This is no key set.") from None
    if keyset.number != number or not 0 < len(keyset.roots) <= KEYS_MAX or not 0 < len(keyset.signers) <= KEYS_MAX:
        raise SignatureInvalid("The key set has another number than asked for, or too many keys.")
    before = trusted_roots or keyset.roots
    if not (is_signed_by("keys", payload, signatures, before) and is_signed_by("keys", payload, signatures, keyset.roots)):
        raise SignatureInvalid("The key set is not signed by a root that is trusted here.")
    return keyset
