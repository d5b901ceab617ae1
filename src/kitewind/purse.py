"""What stays with a player: coins, hats and feathers. Everybody has a purse in storage, which the server alone changes."""

from __future__ import annotations

from typing import Any, Final

from kitewind.people import Person
from supergame.game import StorageAccess

COLLECTION: Final = "kitewind"
KEY: Final = "purse"


async def settle(storage: StorageAccess, person: Person) -> None:
    """Put what somebody has earned, bought and found into their purse, and learn what is in it.

    Raises the platform's `WriteRefused` when their purse was changed meanwhile; what they have earned is then still theirs to settle.
    """
    stored = await storage.read(COLLECTION, KEY, user_id=person.user_id)
    before: dict[str, Any] = stored.value if stored else {"coins": 0}
    earned, has_chosen = person.earned, person.has_chosen
    person.feathers |= before.get("feathers", 0)
    person.wares |= before.get("wares", 0)
    if not has_chosen:
        person.wears = before.get("wears", "")
    after = _purse(max(before["coins"] + earned, 0), person)
    if after != before:
        await storage.write(
            COLLECTION,
            KEY,
            after,
            user_id=person.user_id,
            version=stored.version if stored else "*",
            permission_read=1,
            permission_write=0,
        )
    person.kept, person.earned = after["coins"], person.earned - earned
    person.is_known = True


def _purse(coins: int, person: Person) -> dict[str, Any]:
    """What is not there is left out: a purse of before there were hats is as good as any."""
    rest = {"feathers": person.feathers, "wares": person.wares, "wears": person.wears}
    return {"coins": coins, **{name: value for name, value in rest.items() if value}}
