"""What can be wrong with a client, and who gets which release (rules RLS1 to RLS9 in docs/spec/releases.md)."""

from __future__ import annotations

from typing import Annotated, Final

from supergame.base.errors import FailedPrecondition, Overloaded
from supergame.content.channels import Channel
from supergame.wire.message import Int64, Message, field

DEFAULT_CHANNEL: Final = "live"
CLIENT_VAR: Final = "sg_client"
CHANNEL_VAR: Final = "sg_channel"


class ClientOutdated(FailedPrecondition):
    """This version of the game is not played any more; the update is where the message says."""

    code = "client.outdated"


class ContentBusy(Overloaded):
    """The server has as many downloads under way as it can hold; try again shortly."""

    code = "content.busy"


class ReleaseInfo(Message):
    """A release for a player. `manifest` names every byte of it; `size` and `download_size` are bytes installed and to be fetched anew."""

    channel: Annotated[str, field(1)] = ""
    version: Annotated[str, field(2)] = ""
    manifest: Annotated[str, field(3)] = ""
    size: Annotated[Int64, field(4)] = 0
    download_size: Annotated[Int64, field(5)] = 0
    address: Annotated[str, field(6)] = ""
    """Of the channel, for `supergame sync`, relative to the server's own."""


def address_of(channel: Channel) -> str:
    return f"/content/channels/{channel.title}/{channel.name}"
