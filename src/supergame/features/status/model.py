"""What can be wrong about a status (rules STA1 to STA8 in docs/spec/status.md)."""

from __future__ import annotations

from supergame.base.errors import InvalidArgument, ResourceExhausted


class StatusInvalid(InvalidArgument):
    """A status has at most 2,048 bytes."""

    code = "status.invalid"


class TooManyFollowed(ResourceExhausted):
    """This socket follows and has joined as much as it may."""

    code = "status.too_many_followed"
