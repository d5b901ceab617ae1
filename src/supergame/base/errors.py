"""The one tree of expected trouble.

    SupergameError
    ├── InvalidArgument        the request itself is wrong
    │   ├── MalformedBody, MalformedCursor, PayloadTooLarge, HeadTooLarge ...
    ├── Unauthenticated        who are you?            (401)
    ├── PermissionDenied       you may not             (403)
    ├── NotFound               there is no such thing  (404)
    ├── AlreadyExists          somebody else holds it  (409)
    ├── FailedPrecondition     not in this state       (400)
    ├── ResourceExhausted      too much or too often   (429)
    │   └── Overloaded         a bounded queue is full
    ├── Unimplemented          known, but not offered  (501)
    ├── Unavailable            try again later         (503)
    └── Internal               our fault               (500)

A feature derives its own sentences from these in its `model`. The first line of a class's docstring is what the client
reads; `code` never changes and has a page under `docs/errors/`. `routing` alone turns errors into wire codes.
"""

from enum import IntEnum
from typing import ClassVar


class Status(IntEnum):
    """gRPC status codes, the numbers that Nakama's clients see. Source: grpc/grpc, doc/statuscodes.md."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class SupergameError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "unknown"
    status: ClassVar[Status] = Status.UNKNOWN

    def __init__(self, message: str = "") -> None:
        super().__init__(message or type(self).sentence())

    @classmethod
    def sentence(cls) -> str:
        """What the client reads when the raiser has nothing more precise to say."""
        return (cls.__doc__ or "").partition("\n")[0]

    @property
    def message(self) -> str:
        return str(self.args[0])


class InvalidArgument(SupergameError):
    """The request has an invalid value."""

    code, status = "invalid_argument", Status.INVALID_ARGUMENT


class MalformedBody(InvalidArgument):
    """The body is not JSON of the expected form."""

    code = "malformed_body"


class MalformedQuery(InvalidArgument):
    """A query parameter has the wrong form."""

    code = "malformed_query"


class MalformedCursor(InvalidArgument):
    """The cursor is not one of this list, or the list's filters changed since it was given out."""

    code = "malformed_cursor"


class Unauthenticated(SupergameError):
    """A valid key or session token is required."""

    code, status = "unauthenticated", Status.UNAUTHENTICATED


class PermissionDenied(SupergameError):
    """This is not allowed."""

    code, status = "permission_denied", Status.PERMISSION_DENIED


class NotFound(SupergameError):
    """There is no such thing."""

    code, status = "not_found", Status.NOT_FOUND


class AlreadyExists(SupergameError):
    """It exists already."""

    code, status = "already_exists", Status.ALREADY_EXISTS


class FailedPrecondition(SupergameError):
    """The server is not in a state in which this could be done."""

    code, status = "failed_precondition", Status.FAILED_PRECONDITION


class ResourceExhausted(SupergameError):
    """Too many requests; slow down."""

    code, status = "resource_exhausted", Status.RESOURCE_EXHAUSTED


class Overloaded(ResourceExhausted):
    """The server has too much work waiting; try again shortly."""

    code = "overloaded"


class Unimplemented(SupergameError):
    """This method is not offered here."""

    code, status = "unimplemented", Status.UNIMPLEMENTED


class Unavailable(SupergameError):
    """The service is unavailable just now; try again."""

    code, status = "unavailable", Status.UNAVAILABLE


class Internal(SupergameError):
    """Something went wrong on the server."""

    code, status = "internal", Status.INTERNAL
