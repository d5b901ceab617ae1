"""How a message of Nakama's API is declared: one struct, each field with its protobuf number.

    class AccountDevice(Message):
        id: Annotated[str, field(1)] = ""
        vars: Annotated[dict[str, str], field(2)] = {}

The number serves the protobuf format; `Int64` fields travel as texts in JSON; `T | None` is protobuf's wrapper type, present when
set even to zero. Every field has its protobuf default, so that defaults are left out when encoded.
"""

from typing import Annotated

import msgspec


class Message(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that is sent or received. Unknown fields make the fast decoder step aside, see `codec_json`."""


Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
"""A 32-bit integer: a number in JSON."""

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1, extra={"kind": "int64"})]
"""A 64-bit integer: a text in JSON, for JavaScript's numbers end at 2**53."""


def field(number: int) -> msgspec.Meta:
    """The protobuf number of a field."""
    return msgspec.Meta(extra={"number": number})
