"""Functions over the socket."""

from __future__ import annotations

from supergame.base.errors import InvalidArgument
from supergame.features.rpc.service import Functions
from supergame.routing.rt import Call, Messages
from supergame.wire.api import Rpc


def messages(functions: Functions) -> Messages:
    messages = Messages()

    @messages.on("rpc")
    async def rpc(call: Call, request: Rpc) -> Rpc:
        if not request.id:
            raise InvalidArgument("A function has a name.")
        return Rpc(id=request.id, payload=await functions.call(call.ctx, request.id, request.payload))

    return messages
