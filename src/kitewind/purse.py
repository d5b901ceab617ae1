"""Coins that stay with a player: everybody has a purse in storage, which the server alone changes."""

from __future__ import annotations

from typing import Final

from kitewind.people import Person
from supergame.game import StorageAccess

COLLECTION: Final = "kitewind"
KEY: Final = "purse"


async def settle(storage: StorageAccess, person: Person) -> None:
    """Put what somebody has earned into their purse, and learn what is in it.

    Raises the platform's `WriteRefused` when their purse was changed meanwhile; what they have earned is then still theirs to settle.
    """
    stored = await storage.read(COLLECTION, KEY, user_id=person.user_id)
    kept, earned = stored.value["coins"] if stored else 0, person.earned
    if earned:
        await storage.write(
            COLLECTION,
            KEY,
            {"coins": kept + earned},
            user_id=person.user_id,
            version=stored.version if stored else "*",
            permission_read=1,
            permission_write=0,
        )
    person.kept, person.earned = kept + earned, person.earned - earned
