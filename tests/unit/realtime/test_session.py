"""The registry of sockets: found by sign-in, by person, or all at once, each within its title."""

from __future__ import annotations

from supergame.base.ids import TitleId, TokenId, UserId
from supergame.realtime.session import CloseCode, SessionRegistry

MAIN, BETA = TitleId("main"), TitleId("beta")


class Socket:
    """Takes itself out of the registry while it is closed, as real ones do."""

    def __init__(self, registry: SessionRegistry, user: str, token: str, title: TitleId = MAIN) -> None:
        self.session_id = f"{title}/{user}/{token}/{id(self)}"
        self.title_id, self.user_id, self.token_id = title, UserId(user), TokenId(token)
        self.closed: list[tuple[CloseCode, str]] = []
        self._registry = registry
        registry.add(self)

    def send(self, frame: bytes) -> None: ...

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append((code, reason))
        self._registry.remove(self)


def test_the_sockets_of_one_sign_in_are_closed() -> None:
    registry = SessionRegistry()
    first, second = Socket(registry, "ada", "t1"), Socket(registry, "ada", "t1")
    elsewhere, bob = Socket(registry, "ada", "t2"), Socket(registry, "bob", "t3")
    registry.close_token(MAIN, TokenId("t1"), "logged out")
    assert first.closed == second.closed == [(CloseCode.NORMAL, "logged out")]
    assert elsewhere.closed == bob.closed == []
    assert len(registry) == 2


def test_all_sockets_of_a_person_are_closed() -> None:
    registry = SessionRegistry()
    one, other, bob = Socket(registry, "ada", "t1"), Socket(registry, "ada", "t2"), Socket(registry, "bob", "t3")
    registry.close_user(MAIN, UserId("ada"), "banned")
    assert one.closed == other.closed == [(CloseCode.NORMAL, "banned")]
    assert bob.closed == []


def test_titles_are_apart_even_with_equal_ids() -> None:
    registry = SessionRegistry()
    here, there = Socket(registry, "ada", "t1"), Socket(registry, "ada", "t1", BETA)
    registry.close_user(BETA, UserId("ada"), "banned")
    registry.close_token(BETA, TokenId("t1"), "logged out")
    assert here.closed == []
    assert len(there.closed) == 1


def test_all_are_closed_with_the_code_given() -> None:
    registry = SessionRegistry()
    sockets = [Socket(registry, f"user-{number % 3}", f"t{number}") for number in range(9)]
    registry.close_all(CloseCode.GOING_AWAY, "stopping")
    assert all(socket.closed == [(CloseCode.GOING_AWAY, "stopping")] for socket in sockets)
    assert len(registry) == 0


def test_what_has_left_leaves_nothing_behind() -> None:
    registry = SessionRegistry()
    socket = Socket(registry, "ada", "t1")
    registry.remove(socket)
    registry.remove(socket)
    assert registry.get(socket.session_id) is None
    assert (len(registry), dict(registry._by_token), dict(registry._by_user)) == (0, {}, {})


def test_a_socket_is_found_by_its_id() -> None:
    registry = SessionRegistry()
    socket, other = Socket(registry, "ada", "t1"), Socket(registry, "bob", "t2")
    assert registry.get(socket.session_id) is socket
    assert registry.get(other.session_id) is other
    assert registry.get("nobody") is None


def test_closing_nobody_is_fine() -> None:
    registry = SessionRegistry()
    registry.close_token(MAIN, TokenId("t1"), "")
    registry.close_user(MAIN, UserId("ada"), "")
    registry.close_all(CloseCode.NORMAL, "")
    assert len(registry) == 0
