"""How a status looks over REST. Source: Nakama's HTTP gateway (grpc-gateway's HTTPStatusFromCode)."""

import msgspec

from supergame.base.errors import Status, SupergameError

HTTP_STATUS: dict[Status, int] = {
    Status.OK: 200,
    Status.CANCELLED: 499,
    Status.UNKNOWN: 500,
    Status.INVALID_ARGUMENT: 400,
    Status.DEADLINE_EXCEEDED: 504,
    Status.NOT_FOUND: 404,
    Status.ALREADY_EXISTS: 409,
    Status.PERMISSION_DENIED: 403,
    Status.RESOURCE_EXHAUSTED: 429,
    Status.FAILED_PRECONDITION: 400,
    Status.ABORTED: 409,
    Status.OUT_OF_RANGE: 400,
    Status.UNIMPLEMENTED: 501,
    Status.INTERNAL: 500,
    Status.UNAVAILABLE: 503,
    Status.DATA_LOSS: 500,
    Status.UNAUTHENTICATED: 401,
}


def error_body(error: SupergameError) -> bytes:
    """The body of every refused request."""
    return msgspec.json.encode({"code": int(error.status), "message": error.message})


def rpc_error_body(error: SupergameError) -> bytes:
    """The body of a refused or failed function call, which has the sentence twice."""
    return msgspec.json.encode({"error": error.message, "message": error.message, "code": int(error.status)})
