"""Friends in the database. A relation has two sides, a row each; a transaction that changes one locks both people first."""

from __future__ import annotations

from supergame.base.clock import WallMicros
from supergame.base.ids import UserId
from supergame.db.port import Row, Statement, Tx
from supergame.features.friends.model import Edge, State

_LOCK = Statement(
    "friends.lock",
    "SELECT person_id FROM persons WHERE person_id IN (?, ?) ORDER BY person_id",
    postgres="SELECT person_id FROM persons WHERE person_id IN (?, ?) ORDER BY person_id FOR UPDATE",
)
_EDGE = "other_id, state, metadata, updated_at"
_GET = Statement("friends.get", f"SELECT {_EDGE} FROM friend_edges WHERE person_id = ? AND other_id = ?")
_PUT = Statement(
    "friends.put",
    "INSERT INTO friend_edges (person_id, other_id, state, metadata, updated_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (person_id, other_id) DO UPDATE "
    "SET state = excluded.state, metadata = excluded.metadata, updated_at = excluded.updated_at",
)
_DELETE = Statement("friends.delete", "DELETE FROM friend_edges WHERE person_id = ? AND other_id = ?")
_FORGET = Statement("friends.forget", "DELETE FROM friend_edges WHERE person_id = ? OR other_id = ?")
_COUNT = Statement("friends.count", "SELECT COUNT(*) FROM friend_edges WHERE person_id = ?")
_COUNT_FRIENDS = Statement("friends.count_friends", "SELECT COUNT(*) FROM friend_edges WHERE person_id = ? AND state = 0")
_PAGE = Statement(
    "friends.page",
    f"SELECT {_EDGE} FROM friend_edges WHERE person_id = ? AND (state, updated_at, other_id) > (?, ?, ?) "
    "ORDER BY state, updated_at, other_id LIMIT ?",
)
_PAGE_OF_STATE = Statement(
    "friends.page_of_state",
    f"SELECT {_EDGE} FROM friend_edges WHERE person_id = ? AND (state, updated_at, other_id) > (?, ?, ?) AND state = ? "
    "ORDER BY state, updated_at, other_id LIMIT ?",
)
_FRIENDS_OF_FRIENDS = Statement(
    "friends.of_friends",
    "SELECT theirs.other_id, mine.other_id FROM friend_edges mine "
    "JOIN friend_edges theirs ON theirs.person_id = mine.other_id AND theirs.state = 0 "
    "WHERE mine.person_id = ? AND mine.state = 0 AND theirs.other_id <> ? AND (theirs.other_id, mine.other_id) > (?, ?) "
    "AND NOT EXISTS (SELECT 1 FROM friend_edges own WHERE own.person_id = ? AND own.other_id = theirs.other_id) "
    "AND NOT EXISTS (SELECT 1 FROM friend_edges back WHERE back.person_id = theirs.other_id AND back.other_id = ?) "
    "ORDER BY theirs.other_id, mine.other_id LIMIT ?",
)

Position = tuple[int, int, str]
START: Position = (-1, 0, "")


class FriendStore:
    def lock(self, one: UserId, other: UserId) -> Tx[bool]:
        """Nobody else changes what these two are to each other until the end. False when one of them is nobody."""
        rows = yield _LOCK(one, other)
        return len(rows) == 2

    def edge(self, person: UserId, other: UserId) -> Tx[Edge | None]:
        rows = yield _GET(person, other)
        return _edge(rows[0]) if rows else None

    def put(self, person: UserId, other: UserId, state: State, metadata: str, now: WallMicros) -> Tx[None]:
        yield _PUT(person, other, int(state), metadata, now)

    def delete(self, person: UserId, other: UserId) -> Tx[None]:
        yield _DELETE(person, other)

    def forget(self, person: UserId) -> Tx[None]:
        """All that somebody is to others, and others to them."""
        yield _FORGET(person, person)

    def count(self, person: UserId) -> Tx[int]:
        """All relations of a person, whatever their state."""
        rows = yield _COUNT(person)
        return int(rows[0][0])

    def count_friends(self, person: UserId) -> Tx[int]:
        rows = yield _COUNT_FRIENDS(person)
        return int(rows[0][0])

    def page(self, person: UserId, state: int | None, after: Position, count: int) -> Tx[list[Edge]]:
        """By state, those of long standing first."""
        rows = yield (_PAGE(person, *after, count) if state is None else _PAGE_OF_STATE(person, *after, state, count))
        return [_edge(row) for row in rows]

    def of_friends(self, person: UserId, after: tuple[str, str], count: int) -> Tx[list[tuple[UserId, UserId]]]:
        """Friends of friends to whom the person is nothing yet, each with the friend in between."""
        rows = yield _FRIENDS_OF_FRIENDS(person, person, *after, person, person, count)
        return [(UserId(row[0]), UserId(row[1])) for row in rows]


def _edge(row: Row) -> Edge:
    return Edge(*row)
